"""`EnrichedArticle` → documents in Elasticsearch, exactly as `mappings/` says; the manifest and the dead letters."""

from pipeline.index.manifest import FileRecord, FileState, Manifest
from pipeline.index.revision import Known, revision
from pipeline.index.schema import Change, Difference, check, create
from pipeline.index.sweep import sweep
from pipeline.index.writer import Outcome, State, Writer

__all__ = [
    "Change",
    "Difference",
    "FileRecord",
    "FileState",
    "Known",
    "Manifest",
    "Outcome",
    "State",
    "Writer",
    "check",
    "create",
    "revision",
    "sweep",
]
