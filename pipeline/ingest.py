"""The corridor: read → enrich → index, each article counted once. Command line, DAGs and benchmarks all walk it."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.elastic import connect
from pipeline.enrich.enricher import GENERATION, Enricher
from pipeline.errors import PassingFailure
from pipeline.index import FileRecord, FileState, Manifest, Outcome, State, Writer, create
from pipeline.settings import Settings
from pipeline.sources import File, find, read

BATCH_CHARACTERS = 2_000_000
"""Characters of text that are enriched together at most; the parse takes about a kilobyte for each ten of them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the articles: `read == indexed + unchanged + failed`, always."""

    read: int = 0
    indexed: int = 0
    unchanged: int = 0
    failed: int = 0
    quotes: int = 0
    """Quotes of the indexed articles."""

    def __add__(self, other: Account) -> Account:
        return Account(
            *(mine + theirs for mine, theirs in zip(asdict(self).values(), asdict(other).values(), strict=True))
        )

    def __str__(self) -> str:
        return (
            f"read {self.read:,} = indexed {self.indexed:,} ({self.quotes:,} quotes)"
            f" + unchanged {self.unchanged:,} + failed {self.failed:,}"
        )

    def as_dict(self) -> dict[str, int]:
        """The counts by name, to be stored or sent."""
        return asdict(self)


Progress = Callable[[Account, File], None]


def ingest(
    paths: Iterable[str | Path],
    settings: Settings,
    *,
    enricher: Enricher | None = None,
    progress: Progress | None = None,
) -> Account:
    """Ingest every article of the files, folders and globs; returns what became of them.

    `progress` is told the account so far and the file at hand, after each batch. It may be ended at any moment: run
    again, it goes on, and what is indexed already counts as unchanged.

    Raises:
        PassingFailure: Elasticsearch or a file is out of reach; all else was done, and running again does the rest.
        Unreadable: a path does not exist.
        MappingMismatch: the indices are set up otherwise than this version expects.
    """
    files = find(paths)
    client = connect(settings)
    create(client, settings)
    writer = Writer(client, settings, generation=GENERATION)
    corridor = _Corridor(enricher or Enricher(settings.model), writer, Manifest(client, settings), settings)
    total = Account()
    for account, file in corridor.walk(files):
        total += account
        if progress:
            progress(total, file)
    if corridor.postponed:
        raise PassingFailure(
            f"{len(corridor.postponed)} files could not be read now, the first: {corridor.postponed[0]}. {total}"
        )
    return total


@dataclass(slots=True)
class _Walk:
    """One file on its way, and what has become of its articles so far."""

    file: File
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    account: Account = Account()
    failed_members: list[str] = field(default_factory=list)
    reason: str | None = None

    def count(self, outcome: Outcome) -> None:
        letter = outcome.dead_letter
        self.account += Account(
            read=1,
            indexed=outcome.state is State.INDEXED,
            unchanged=outcome.state is State.UNCHANGED,
            failed=outcome.state is State.FAILED,
            quotes=outcome.quotes,
        )
        if letter:
            self.reason = self.reason or letter.reason
            if letter.source_member:
                self.failed_members.append(letter.source_member)


class _Corridor:
    def __init__(self, enricher: Enricher, writer: Writer, manifest: Manifest, settings: Settings) -> None:
        self.enricher = enricher
        self.writer = writer
        self.manifest = manifest
        self.settings = settings
        self.run = uuid.uuid4().hex
        self.postponed: list[PassingFailure] = []

    def walk(self, files: Iterable[File]) -> Iterator[tuple[Account, File]]:
        """The account of each batch; a batch may span files, and a file batches."""
        batch: list[tuple[_Walk, Article | DeadLetter]] = []
        finished: list[_Walk] = []
        room = BATCH_CHARACTERS
        for file in files:
            walk = _Walk(file)
            try:
                for item in read(file, self.settings):
                    batch.append((walk, item))
                    room -= len(item.text) if isinstance(item, Article) else 0
                    if len(batch) >= self.settings.batch_size or room <= 0:
                        yield self._settle(batch, finished), file
                        batch, finished, room = [], [], BATCH_CHARACTERS
            except PassingFailure as failure:  # the other files need not wait for this one
                log.warning("%s", failure)
                self.postponed.append(failure)
            else:
                finished.append(walk)
        if batch or finished:
            yield self._settle(batch, finished), (batch[-1][0] if batch else finished[-1]).file

    def _settle(self, batch: list[tuple[_Walk, Article | DeadLetter]], finished: list[_Walk]) -> Account:
        """Take a batch to its end: every item has its outcome, and the files that ended with it their record."""
        outcomes = self._outcomes([item for _, item in batch])
        before = sum((walk.account for walk in _distinct(batch)), Account())
        for (walk, _), outcome in zip(batch, outcomes, strict=True):
            walk.count(outcome)
        after = sum((walk.account for walk in _distinct(batch)), Account())
        letters = [outcome.dead_letter for outcome in outcomes if outcome.dead_letter]
        for letter in letters:
            log.warning("%s", letter.message)
        self.manifest.bury(letters, run=self.run)
        self.manifest.resolve([
            (item.source_file, item.source_member)
            for (_, item), outcome in zip(batch, outcomes, strict=True)
            if not outcome.dead_letter
        ])  # fmt: skip
        self._record(finished)
        return Account(*(now - then for now, then in zip(asdict(after).values(), asdict(before).values(), strict=True)))

    def _outcomes(self, items: list[Article | DeadLetter]) -> list[Outcome]:
        """One outcome for each item, in order; only what is new is enriched, each article once."""
        known = self.writer.known({item.id for item in items if isinstance(item, Article)})
        fingerprint = self.enricher.fingerprint
        due = [
            item
            for item in items
            if isinstance(item, Article) and self.writer.supersedes(item, fingerprint, known.get(item.id))
        ]
        enriched = list(self.enricher.enrich(due))
        written = iter(self.writer.write([one for one in enriched if isinstance(one, EnrichedArticle)]))
        settled = {
            id(article): _failed(one) if isinstance(one, DeadLetter) else next(written)
            for article, one in zip(due, enriched, strict=True)
        }
        return [
            _failed(item) if isinstance(item, DeadLetter) else settled.get(id(item), Outcome(item.id, State.UNCHANGED))
            for item in items
        ]

    def _record(self, walks: list[_Walk]) -> None:
        """Write the files' records; a file that failed before and is whole now has no dead letters left."""
        earlier = self.manifest.files([walk.file.uri for walk in walks])
        for walk in walks:
            if walk.file.uri in earlier and earlier[walk.file.uri].failed:
                self.manifest.resolve_file(walk.file.uri, before=walk.started_at)
        self.manifest.record([self._file_record(walk) for walk in walks])

    def _file_record(self, walk: _Walk) -> FileRecord:
        account = walk.account
        digest = None
        with contextlib.suppress(OSError):  # gone meanwhile: its articles are indexed all the same
            digest = walk.file.sha256()
        return FileRecord(
            path=walk.file.uri,
            state=FileState.FAILED if account.failed else FileState.INDEXED if account.indexed else FileState.UNCHANGED,
            started_at=walk.started_at,
            finished_at=datetime.now(UTC),
            run=self.run,
            hash=digest,
            size=walk.file.size,
            modified_at=walk.file.modified,
            reason=walk.reason,
            failed_members=tuple(walk.failed_members),
            enrichment=self.enricher.fingerprint,
            **account.as_dict(),
        )


def _failed(letter: DeadLetter) -> Outcome:
    return Outcome(letter.article_id or "", State.FAILED, dead_letter=letter)


def _distinct(batch: list[tuple[_Walk, Article | DeadLetter]]) -> list[_Walk]:
    return list({id(walk): walk for walk, _ in batch}.values())
