"""The corridor: read → enrich → index, each article counted once. Command line, DAGs and benchmarks all walk it."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from elasticsearch import Elasticsearch

from pipeline.account import Account
from pipeline.actors.register import of_settings
from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.corrections import applied, expected_enrichment, told
from pipeline.elastic import connect
from pipeline.enrich.enricher import GENERATION, Enricher
from pipeline.errors import PassingFailure
from pipeline.index import Decision, Decisions, FileRecord, FileState, Known, Manifest, Outcome, State, Writer, create
from pipeline.settings import Settings
from pipeline.sources import File, find, read
from pipeline.whoswho import decided

BATCH_CHARACTERS = 2_000_000
"""Characters of text that are enriched together at most; the parse takes about a kilobyte for each ten of them."""

Item = Article | DeadLetter
"""What a source gives: an article, or why there is none."""
Corrected = Mapping[str, Sequence[Decision]]
"""What was corrected in articles, by their ids."""
T = TypeVar("T")

log = logging.getLogger(__name__)

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
    corridor = Corridor.open(settings, enricher)
    total = Account()
    for account, file in corridor.walk(files):
        total += account
        if progress:
            progress(total, file)
    corridor.leave(total)
    return total


@dataclass(slots=True)
class _Walk:
    """One file on its way, and what has become of its articles so far."""

    file: File
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    account: Account = field(default_factory=Account)
    failed_members: list[str] = field(default_factory=list)
    reason: str | None = None
    taken_down: bool = False
    """Whether the file is one article, and that is taken down."""

    def count(self, item: Item, outcome: Outcome) -> None:
        letter = outcome.dead_letter
        self.account += Account.of(outcome)
        self.taken_down = outcome.state is State.REFUSED and item.source_member is None
        if letter:
            self.reason = self.reason or letter.reason
            if letter.source_member:
                self.failed_members.append(letter.source_member)


class Corridor:
    """The way of articles, once the rooms along it are open. Ingestion, retries and reprocessing walk the same one."""

    def __init__(self, enricher: Enricher, client: Elasticsearch, settings: Settings) -> None:
        self.enricher = enricher
        self.client = client
        self.writer = Writer(client, settings, generation=GENERATION)
        self.manifest = Manifest(client, settings)
        self.decisions = Decisions(client, settings)
        self.same = decided(self.decisions)
        """Who stands for whom, as people decided before this run."""
        self.settings = settings
        self.run = uuid.uuid4().hex
        self.postponed: list[PassingFailure] = []
        """The files that could not be read now."""

    @classmethod
    def open(cls, settings: Settings, enricher: Enricher | None = None) -> Corridor:
        """Connect, set up what is missing and load the model. Raises `Unreachable`, `MappingMismatch`."""
        client = connect(settings)
        create(client, settings)
        return cls(enricher or Enricher(settings.model, of_settings(settings)), client, settings)

    def walk(self, files: Iterable[File]) -> Iterator[tuple[Account, File]]:
        """The account of each batch, and the file it ends in; a batch may span files, and a file batches."""
        for batch in batches(self._steps(files), self.settings.batch_size, lambda step: step[1]):
            steps = [(walk, item) for walk, item in batch if item]
            outcomes = self.settle([item for _, item in steps])
            for (walk, item), outcome in zip(steps, outcomes, strict=True):
                walk.count(item, outcome)
            self._record([walk for walk, item in batch if item is None])
            yield sum(map(Account.of, outcomes), Account()), batch[-1][0].file

    def _steps(self, files: Iterable[File]) -> Iterator[tuple[_Walk, Item | None]]:
        """What is in each file, and nothing at its end; one that cannot be read now does not stop the others."""
        for file in files:
            walk = _Walk(file)
            try:
                for item in read(file, self.settings):
                    yield walk, item
            except PassingFailure as failure:
                log.warning("%s", failure)
                self.postponed.append(failure)
            else:
                yield walk, None

    def leave(self, total: Account) -> None:
        """At the end of a run: raises `PassingFailure` where files could not be read now."""
        if self.postponed:
            raise PassingFailure(
                f"{len(self.postponed)} files could not be read now, the first: {self.postponed[0]}. {total}"
            )

    def settle(self, items: Sequence[Item]) -> list[Outcome]:
        """One outcome for each item, in order; afterwards what failed has a dead letter, and what did not has none."""
        outcomes = self._outcomes(items)
        letters = [outcome.dead_letter for outcome in outcomes if outcome.dead_letter]
        for letter in letters:
            log.warning("%s", letter.message)
        self.manifest.bury(letters, run=self.run)
        self.manifest.resolve([
            (item.source_file, item.source_member)
            for item, outcome in zip(items, outcomes, strict=True)
            if not outcome.dead_letter
        ])  # fmt: skip
        return outcomes

    def _outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        """One outcome for each item, in order; only what is new is enriched, each article once."""
        articles = [item for item in items if isinstance(item, Article)]
        ids = {article.id for article in articles}
        refused = self.writer.refused(articles)
        known = self.writer.known(ids)
        corrections = self.decisions.corrections(ids)
        due = [
            article
            for article in articles
            if article.id not in refused
            and self.writer.supersedes(article, self._expected(article, corrections, known), known.get(article.id))
        ]
        enriched = list(self.enricher.enrich(due))
        written = iter(self._write([one for one in enriched if isinstance(one, EnrichedArticle)], corrections))
        settled = {
            id(article): _failed(one) if isinstance(one, DeadLetter) else next(written)
            for article, one in zip(due, enriched, strict=True)
        }
        return [
            _failed(item)
            if isinstance(item, DeadLetter)
            else settled.get(id(item)) or Outcome(item.id, State.REFUSED if item.id in refused else State.UNCHANGED)
            for item in items
        ]

    def _expected(self, article: Article, corrections: Corrected, known: Mapping[str, Known]) -> str:
        """The `enrichment` of the article if it were indexed as this run would write it."""
        actor_ids = known[article.id].actor_ids if article.id in known else ()
        return expected_enrichment(self.enricher.fingerprint, corrections.get(article.id, ()), actor_ids, self.same)

    def _write(self, found: Sequence[EnrichedArticle], corrections: Corrected) -> list[Outcome]:
        """Write what was found, with what was corrected in it.

        A correction that is made meanwhile is put in by whoever makes it, unless we write after that; so we look again.
        """
        outcomes = self.writer.write([self._corrected(one, corrections) for one in found])
        meanwhile = self.decisions.corrections({one.article.id for one in found})
        late = [one for one in found if meanwhile.get(one.article.id) != corrections.get(one.article.id)]
        if late:
            self.writer.write([self._corrected(one, meanwhile) for one in late])
        return outcomes

    def _corrected(self, found: EnrichedArticle, corrections: Corrected) -> EnrichedArticle:
        result = applied(found, corrections.get(found.article.id, ()), self.same)
        for decision in result.missed:
            log.warning("%s: the words are gone of which it was decided: %s", found.article.id, told(decision))
        return result.enriched

    def _record(self, walks: list[_Walk]) -> None:
        """Write the files' records; a file that failed before and is whole now has no dead letters left."""
        earlier = self.manifest.files([walk.file.uri for walk in walks])
        for walk in walks:
            if walk.file.uri in earlier and earlier[walk.file.uri].failed:
                self.manifest.resolve_file(walk.file.uri, before=walk.started_at)
        self.manifest.record([self._file_record(walk, earlier.get(walk.file.uri)) for walk in walks])

    def _file_record(self, walk: _Walk, earlier: FileRecord | None) -> FileRecord:
        account = walk.account
        now = datetime.now(UTC)
        digest = None
        with contextlib.suppress(OSError, PassingFailure):  # gone meanwhile: its articles are indexed all the same
            digest = walk.file.sha256()
        record = FileRecord(
            path=walk.file.uri,
            state=FileState.REFUSED,
            started_at=walk.started_at,
            finished_at=max(now, earlier.finished_at) if earlier else now,  # also when the clock was set back
            run=self.run,
            hash=digest,
            size=walk.file.size,
            modified_at=walk.file.modified,
            reason=walk.reason,
            failed_members=tuple(walk.failed_members),
            enrichment=self.enricher.fingerprint,
            **{name: count for name, count in account.as_dict().items() if name != "refused"},
        )
        return record if walk.taken_down else replace(record, state=record.outcome)


def _failed(letter: DeadLetter) -> Outcome:
    return Outcome(letter.article_id or "", State.FAILED, dead_letter=letter)


def batches(
    steps: Iterable[T], size: int, article: Callable[[T], Item | None], characters: int = BATCH_CHARACTERS
) -> Iterator[list[T]]:
    """Steps in lists of at most `size`, shorter where their articles together reach so many characters of text."""
    batch: list[T] = []
    room = characters
    for step in steps:
        batch.append(step)
        item = article(step)
        room -= len(item.text) if isinstance(item, Article) else 0
        if len(batch) >= size or room <= 0:
            yield batch
            batch, room = [], characters
    if batch:
        yield batch
