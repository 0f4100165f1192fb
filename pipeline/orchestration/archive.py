"""A backfill's side of the corridor: plan what comes next, ingest shards that are not done."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.account import Account
from pipeline.backlog import backlog, is_done
from pipeline.index import FileRecord
from pipeline.ingest import Corridor, Progress, ingest
from pipeline.settings import Settings
from pipeline.sources import find

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """One run's part of an archive."""

    chunks: list[list[str]]
    """Shards (paths) for each task."""
    shards: int
    """Of the whole archive."""
    done: int
    """Before this run."""
    later: int
    """Those that wait for a later run."""


def plan_archive(
    settings: Settings, *, paths: Sequence[str], chunk: int, tasks: int, newest_first: bool, run: str
) -> Plan:
    """The next shards of the archive, `chunk` for each of at most `tasks` tasks. Raises `Unreadable`, `Unreachable`."""
    corridor = Corridor.open(settings)
    found = backlog(
        [Path(path).expanduser() if "://" not in path else path for path in paths],
        corridor.manifest, corridor.enricher.fingerprint, most=chunk * tasks, newest_first=newest_first, run=run,
    )  # fmt: skip
    uris = [file.uri for file in found.next]
    log.info("%d of %d shards are done, %d come next, %d later", found.done, found.total, len(found.next), found.later)
    chunks = [uris[at : at + chunk] for at in range(0, len(uris), chunk)]
    return Plan(chunks, shards=found.total, done=found.done, later=found.later)


def ingest_shards(shards: Sequence[str], settings: Settings, *, progress: Progress | None = None) -> dict[str, int]:
    """Ingest those of the shards that are not done yet; returns the account of them all and how many are done.

    The account comes from the shards' records, so it is whole also when an earlier try at this task did some of them.
    `progress` is as for `ingest`.
    """
    corridor = Corridor.open(settings)
    enrichment = corridor.enricher.fingerprint
    files = {file.uri: file for file in find(shards)}
    records = corridor.manifest.files(list(files))
    due = [uri for uri, file in files.items() if not is_done(file, records.get(uri), enrichment)]
    if len(due) < len(files):
        log.info("%d of %d shards are done already and not read again", len(files) - len(due), len(files))
    ingest(due, settings, enricher=corridor.enricher, progress=progress)
    records = corridor.manifest.files(list(files))
    account = sum((_account(one) for one in records.values()), Account())
    done = sum(is_done(file, records.get(uri), enrichment) for uri, file in files.items())
    return account.as_dict() | {"shards": done}


def _account(record: FileRecord) -> Account:
    names = asdict(Account()).keys()
    return Account(**{name: getattr(record, name) for name in names if hasattr(record, name)})
