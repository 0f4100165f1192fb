"""`EnrichedArticle` → documents in Elasticsearch, exactly as `mappings/` says; the manifest and the dead letters."""

from pipeline.index.decisions import Decision, Decisions
from pipeline.index.manifest import FileRecord, FileState, Manifest
from pipeline.index.patience import patiently
from pipeline.index.rebuild import Rebuilt, rebuild
from pipeline.index.revision import GENERATIONS, Known, revision
from pipeline.index.schema import Change, Difference, check, create
from pipeline.index.sweep import sweep
from pipeline.index.takedown import Removed, Takedowns, tombstone
from pipeline.index.versions import drop_old
from pipeline.index.writer import Outcome, State, Writer

__all__ = [
    "GENERATIONS",
    "Change",
    "Decision",
    "Decisions",
    "Difference",
    "FileRecord",
    "FileState",
    "Known",
    "Manifest",
    "Outcome",
    "Rebuilt",
    "Removed",
    "State",
    "Takedowns",
    "Writer",
    "check",
    "create",
    "drop_old",
    "patiently",
    "rebuild",
    "revision",
    "sweep",
    "tombstone",
]
