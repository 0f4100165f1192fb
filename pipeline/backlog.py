"""What of an archive is still to be done: its files held against the manifest, page by page.

The manifest is the index `files`: every worker reaches it, it survives them all, and a file that a record calls whole
is not read again. So a backfill needs no memory of its own; whoever ends it and starts another one goes on.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.index import FileRecord, FileState, Manifest
from pipeline.sources import UNKNOWN_TIME, File, find

PAGE = 500
WHOLE = {FileState.INDEXED, FileState.UNCHANGED, FileState.REFUSED}
NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class Backlog:
    """An archive as it is now, and what to do next."""

    total: int
    """Files in the archive."""
    done: int
    next: list[File]
    """What to do next, in that order."""
    untried: int = 0
    """Files that are not done and have not failed."""

    @property
    def later(self) -> int:
        """Files that wait for a later run; of those that failed only a run that somebody starts takes up more."""
        return max(0, self.untried - len(self.next))


def backlog(
    paths: Iterable[str | Path], manifest: Manifest, enrichment: str, *, most: int, newest_first: bool, run: str
) -> Backlog:
    """Look through the whole archive, record new files as planned and pick the `most` that come next.

    Files go by the numbers in their paths (dates, shards), from the lowest or the highest; those that failed before
    come last. Memory holds a page of the archive and what is picked. Raises `Unreadable`, `Unreachable`.
    """
    found = Backlog(total=0, done=0, next=[])

    def due() -> Iterator[tuple[bool, float, tuple[int, ...], str, File]]:
        for file, record in _recorded(find(paths), manifest, run):
            found.total += 1
            if is_done(file, record, enrichment):
                found.done += 1
                continue
            failed = record is not None and record.state is FileState.FAILED
            found.untried += not failed
            # Of the failed those come first that were tried longest ago, so that each has its turn.
            tried = record.finished_at.timestamp() if record and failed else 0.0
            yield failed is not newest_first, -tried if newest_first else tried, _numbers(file.uri), file.uri, file

    pick = heapq.nlargest if newest_first else heapq.nsmallest
    found.next = [file for *_, file in pick(most, due(), key=lambda one: one[:4])]
    return found


def is_done(file: File, record: FileRecord | None, enrichment: str) -> bool:
    """Whether the file, as it is now, was read to its end by this enrichment and nothing in it failed.

    One elsewhere whose server does not say when it changed is never done: it may hold something else by now.
    """
    return (
        record is not None
        and record.state in WHOLE
        and record.enrichment == enrichment
        and record.size == file.size
        and file.modified != UNKNOWN_TIME
        and record.modified_at == file.modified.replace(microsecond=file.modified.microsecond // 1000 * 1000)
    )


def _recorded(files: Iterable[File], manifest: Manifest, run: str) -> Iterator[tuple[File, FileRecord | None]]:
    remaining = iter(files)
    while page := list(islice(remaining, PAGE)):
        records = manifest.files([file.uri for file in page])
        new = [file for file in page if file.uri not in records]
        manifest.plan([(file.uri, file.size, file.modified) for file in new], run=run)
        yield from ((file, records.get(file.uri)) for file in page)


def _numbers(path: str) -> tuple[int, ...]:
    return tuple(int(number) for number in NUMBER.findall(path))
