"""Dead letters, tried again: of each file only the members that failed, and the file's record kept true."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from pipeline.account import Account
from pipeline.article import DeadLetter
from pipeline.enrich.enricher import Enricher
from pipeline.errors import PassingFailure, Unreadable
from pipeline.index import FileRecord, FileState
from pipeline.ingest import Corridor, Item, Progress, batches
from pipeline.settings import Settings
from pipeline.sources import File, find, read


def retry(
    settings: Settings,
    *,
    reasons: Collection[str] = (),
    stages: Collection[str] = (),
    since: datetime | None = None,
    enricher: Enricher | None = None,
    progress: Progress | None = None,
) -> Account:
    """Try again what failed for one of these reasons, in one of these stages and since then; all without any.

    What succeeds has no dead letter afterwards, nor has a member that its file no longer holds. A file that is gone
    fails as `missing`. Returns what became of the articles that were tried.

    Raises `PassingFailure` when Elasticsearch or a file is out of reach, after all else was done; `MappingMismatch`.
    """
    corridor = Corridor.open(settings, enricher)
    total = Account()
    letters = corridor.manifest.letters(reasons=reasons, stages=stages, since=since)
    for path, of_file in groupby(letters, key=lambda letter: letter.source_file):
        for account, file in _retry_file(corridor, path, list(of_file)):
            total += account
            if progress and file:
                progress(total, file)
    corridor.leave(total)
    return total


def _retry_file(corridor: Corridor, path: str, letters: list[DeadLetter]) -> Iterator[tuple[Account, File | None]]:
    try:
        (file,) = find([path])
    except Unreadable as error:
        yield _missing(corridor, path, letters, str(error)), None
        return
    members = {letter.source_member for letter in letters if letter.source_member}
    record = corridor.manifest.files([path]).get(path)
    if len(members) < len(letters) or record is None or record.failed < len(members):
        yield from corridor.walk([file])  # the file as a whole failed, or was never walked to its end
        return
    try:
        yield _retry_members(corridor, file, members, record), file
    except PassingFailure as failure:
        corridor.postponed.append(failure)


def _retry_members(corridor: Corridor, file: File, members: set[str], record: FileRecord) -> Account:
    account = Account()
    failed: list[str] = []
    wanted = (item for item in read(file, corridor.settings) if _is_wanted(item, members))
    for batch in batches(wanted, corridor.settings.batch_size, lambda item: item):
        outcomes = corridor.settle(batch)
        account += sum(map(Account.of, outcomes), Account())
        letters = [outcome.dead_letter for outcome in outcomes if outcome.dead_letter]
        failed += [letter.source_member for letter in letters if letter.source_member]
    corridor.manifest.resolve([(file.uri, member) for member in members.difference(failed)])
    corridor.manifest.record([_corrected(record, members, account, failed, corridor.run)])
    return account


def _is_wanted(item: Item, members: set[str]) -> bool:
    """Whether it is, or is in, one of these members; or says that the file cannot be read to its end."""
    within = item.source_member
    if within is None:
        return isinstance(item, DeadLetter)
    while within and within not in members:
        within = within.rpartition(", line ")[0] or within.rpartition("/")[0]
    return bool(within)


def _corrected(record: FileRecord, tried: set[str], account: Account, failed: list[str], run: str) -> FileRecord:
    """The record as if these members had been walked this way the first time."""
    left = record.failed - len(tried) + account.failed
    corrected = replace(
        record,
        finished_at=max(datetime.now(UTC), record.finished_at),  # also when the clock was set back
        run=run,
        reason=record.reason if left else None,
        read=record.read - len(tried) + account.read,
        indexed=record.indexed + account.indexed,
        unchanged=record.unchanged + account.unchanged,
        failed=left,
        quotes=record.quotes + account.quotes,
        failed_members=tuple(dict.fromkeys([*(one for one in record.failed_members if one not in tried), *failed])),
    )
    return replace(corrected, state=corrected.outcome)


def _missing(corridor: Corridor, path: str, letters: list[DeadLetter], message: str) -> Account:
    """The file is gone: its dead letters stay and say so, and so does its record."""
    corridor.manifest.bury(
        [replace(letter, stage="read", reason="missing", message=message) for letter in letters], run=corridor.run
    )
    corridor.manifest.record([replace(one, state=FileState.GONE) for one in corridor.manifest.files([path]).values()])
    return Account(read=len(letters), failed=len(letters))
