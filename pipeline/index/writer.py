"""Enriched articles into `articles` and `quotes`, so that whatever is interrupted or raced can be done again.

An article goes in four steps, each for the whole batch at once: its quotes, then away with the quotes that only its
older version had, then the article, then away with quotes of ours that the article that stands does not list (another
writer was newer, or the article was refused). The article comes last and only after its quotes, so it always has them
all; after a crash some quotes may have no article, which running again or `sweep` mends. Every write carries the
revision as external version, so steps of two writers may interleave: Elasticsearch keeps the newer of each document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.elastic import alias
from pipeline.index.bulk import CONFLICT, Answer, send
from pipeline.index.documents import Document, article_document, quote_documents
from pipeline.index.reading import read
from pipeline.index.revision import Known, revision, supersedes
from pipeline.index.takedown import Takedowns
from pipeline.settings import Settings

KNOWN_FIELDS = (
    "revision",
    "content_hash",
    "enrichment",
    "source_file",
    "source_member",
    "quote_ids",
    "ingested_at",
    "story_id",
    "actor_ids",
    "replaced_ids",
)
NOTHING: Document = {}


class State(StrEnum):
    """What became of an article."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REFUSED = "refused"
    """Taken down: it stays out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article of a batch."""

    article_id: str
    state: State
    quotes: int = 0
    """Quotes written with it."""
    dead_letter: DeadLetter | None = None
    """Why it failed."""


class Writer:
    """Writes batches of articles; safe to use in several processes at once. Nothing is kept between batches."""

    def __init__(self, client: Elasticsearch, settings: Settings, *, generation: int) -> None:
        """`generation` counts the changes of what enrichment finds, by hand, up to 1,023: the later one wins."""
        self._client = client
        self._settings = settings
        self._generation = generation
        self._articles = alias(settings, "articles")
        self._quotes = alias(settings, "quotes")
        self._takedowns = Takedowns(client, settings)

    def refused(self, articles: Collection[Article]) -> set[str]:
        """The ids of those articles that are taken down; whatever is stored of them goes. Raises `Unreachable`."""
        refused = self._takedowns.refused(articles)
        if left := self.known(refused):  # by a writer that was killed before it could look again
            self._takedowns.remove(left)
        return refused

    def known(self, ids: Collection[str]) -> dict[str, Known]:
        """What the index holds of these articles at this moment, by id. Raises `Unreachable`."""
        found = read(self._client, self._settings, self._articles, ids, KNOWN_FIELDS)
        return {id_: _known(source) for id_, source in found.items()}

    def supersedes(self, article: Article, enrichment: str, known: Known | None) -> bool:
        """Whether the article needs enriching and writing: it is neither what is known already nor older than that."""
        return supersedes(article, revision(article.source_time, self._generation), enrichment, known)

    def write(self, batch: Sequence[EnrichedArticle], *, keep: Mapping[str, Document] = NOTHING) -> list[Outcome]:
        """One outcome for each article, in their order.

        `keep` holds, by the article's id, fields of its document that stand as they are: what its text gave, where
        that is not stored any more.

        A document that Elasticsearch refuses makes its article a dead letter and stops no other. Raises `Unreachable`
        when Elasticsearch stays out of reach; what was written stays, and writing the batch again completes it.
        """
        outcomes: dict[int, Outcome] = {}
        for positions in _without_repeats(batch):
            written = self._write_distinct([batch[position] for position in positions], keep)
            outcomes.update(zip(positions, written, strict=True))
        return [outcomes[position] for position in range(len(batch))]

    def _write_distinct(self, batch: Sequence[EnrichedArticle], keep: Mapping[str, Document]) -> list[Outcome]:
        known = self.known([enriched.article.id for enriched in batch])
        drafts = [
            self._draft(enriched, known.get(enriched.article.id)) for enriched in batch if self._is_due(enriched, known)
        ]
        failures = self._write_quotes(drafts)
        now = self.known([draft.id for draft in drafts])  # again: another writer may have been here meanwhile
        due = [draft for draft in drafts if draft.id not in failures and self._is_due(draft.enriched, now)]
        self._delete_stale(due, known, now)
        indexed, refused = self._write_articles(due, known, now, keep)
        self._withdraw(drafts)
        failures |= refused
        taken_down = self._take_back(batch)
        return [
            Outcome(enriched.article.id, State.REFUSED)
            if enriched.article.id in taken_down
            else _outcome(enriched, indexed, failures)
            for enriched in batch
        ]

    def _draft(self, enriched: EnrichedArticle, known: Known | None) -> _Draft:
        story = known.story_id if known else None
        quotes = quote_documents(enriched, store_text=self._settings.store_text, story_id=story)
        return _Draft(enriched, revision(enriched.article.source_time, self._generation), quotes, story)

    def _take_back(self, batch: Sequence[EnrichedArticle]) -> set[str]:
        """Remove what has been taken down while it was written; see `takedown` for why a second look suffices."""
        taken_down = self._takedowns.refused([enriched.article for enriched in batch])
        if taken_down:
            self._takedowns.remove(taken_down)
        return taken_down

    def _is_due(self, enriched: EnrichedArticle, known: dict[str, Known]) -> bool:
        return self.supersedes(enriched.article, enriched.enrichment, known.get(enriched.article.id))

    def _write_quotes(self, drafts: Sequence[_Draft]) -> dict[str, str]:
        """Why quotes were refused, by article."""
        failures: dict[str, str] = {}
        owners = [(draft, quote) for draft in drafts for quote in draft.quotes]
        answers = self._send(
            _operation(self._quotes, quote["id"], draft.revision, quote, routing=draft.id) for draft, quote in owners
        )
        for (draft, quote), answer in zip(owners, answers, strict=True):
            if not answer.ok:
                failures.setdefault(draft.id, f"quote {quote['id']}: {answer.error}")
        return failures

    def _delete_stale(self, drafts: Sequence[_Draft], *known: dict[str, Known]) -> None:
        self._delete_quotes(
            (draft, {id_ for seen in known if draft.id in seen for id_ in seen[draft.id].quote_ids} - draft.quote_ids)
            for draft in drafts
        )

    def _write_articles(
        self,
        drafts: Sequence[_Draft],
        known: dict[str, Known],
        now: dict[str, Known],
        keep: Mapping[str, Document],
    ) -> tuple[dict[str, int], dict[str, str]]:
        """How many quotes the written articles have, and why others were refused."""
        clock = datetime.now(UTC)
        first = {id_: seen.ingested_at for id_, seen in (known | now).items()}
        answers = self._send(
            _operation(
                self._articles,
                draft.id,
                draft.revision,
                article_document(
                    draft.enriched,
                    revision=draft.revision,
                    ingested_at=first.get(draft.id, clock),
                    store_text=self._settings.store_text,
                    story_id=draft.story_id,
                )
                | keep.get(draft.id, NOTHING),
            )
            for draft in drafts
        )
        indexed: dict[str, int] = {}
        refused: dict[str, str] = {}
        for draft, answer in zip(drafts, answers, strict=True):
            if not answer.ok:
                refused[draft.id] = answer.error
            elif answer.status != CONFLICT:
                indexed[draft.id] = len(draft.quotes)
        return indexed, refused

    def _withdraw(self, drafts: Sequence[_Draft]) -> None:
        """Delete what we wrote for articles that stand without it: we lost a race, or were refused."""
        standing = self.known([draft.id for draft in drafts])
        self._delete_quotes(
            (draft, draft.quote_ids.difference(standing[draft.id].quote_ids if draft.id in standing else ()))
            for draft in drafts
        )

    def _delete_quotes(self, doomed: Iterator[tuple[_Draft, Collection[str]]]) -> None:
        self._send(
            _operation(self._quotes, id_, draft.revision, None, routing=draft.id)
            for draft, ids in doomed
            for id_ in sorted(ids)
        )

    def _send(self, operations: Iterator[dict[str, Any]]) -> list[Answer]:
        return send(self._client, self._settings, list(operations))


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article on its way into the index."""

    enriched: EnrichedArticle
    revision: int
    quotes: list[Document]
    story_id: str | None

    @property
    def id(self) -> str:
        return self.enriched.article.id

    @property
    def quote_ids(self) -> set[str]:
        return {quote["id"] for quote in self.quotes}


def _operation(
    index: str, id_: str, version: int, document: Document | None, *, routing: str | None = None
) -> dict[str, Any]:
    """A full write of the document, or a deletion where there is none; either way the newer version stands."""
    operation: dict[str, Any] = {
        "_op_type": "delete" if document is None else "index",
        "_index": index,
        "_id": id_,
        "_version": version,
        "_version_type": "external_gte",
    }
    if routing is not None:
        operation["_routing"] = routing
    if document is not None:
        operation["_source"] = document
    return operation


def _known(source: Document) -> Known:
    return Known(
        revision=source["revision"],
        content_hash=source["content_hash"],
        enrichment=source["enrichment"],
        source_file=source["source_file"],
        source_member=source.get("source_member"),
        quote_ids=tuple(source.get("quote_ids", ())),
        ingested_at=source["ingested_at"],
        story_id=source.get("story_id"),
        actor_ids=(*source.get("actor_ids", ()), *source.get("replaced_ids", ())),
    )


def _outcome(enriched: EnrichedArticle, indexed: dict[str, int], failures: dict[str, str]) -> Outcome:
    article = enriched.article
    if article.id in indexed:
        return Outcome(article.id, State.INDEXED, quotes=indexed[article.id])
    if article.id not in failures:
        return Outcome(article.id, State.UNCHANGED)
    place = f"{article.source_file} ({article.source_member})" if article.source_member else article.source_file
    letter = DeadLetter(
        source_file=article.source_file,
        source_member=article.source_member,
        stage="index",
        reason="rejected",
        message=f"{place}: Elasticsearch refuses {failures[article.id]}. Correct the article and ingest the file again",
        article_id=article.id,
    )
    return Outcome(article.id, State.FAILED, dead_letter=letter)


def _without_repeats(batch: Sequence[EnrichedArticle]) -> Iterator[list[int]]:
    """Positions in groups that hold no article twice: the second version of an article must see the first."""
    rounds: list[list[int]] = []
    times: dict[str, int] = {}
    for position, enriched in enumerate(batch):
        turn = times.get(enriched.article.id, 0)
        times[enriched.article.id] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(position)
    yield from rounds
