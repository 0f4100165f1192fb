"""Taking articles down: a tombstone first, then all that is stored of them.

A writer looks for tombstones before it enriches and once more after it wrote. So where a writer and a takedown meet,
either the writer's second look finds the tombstone and takes back what it wrote, or it looked before the tombstone
stood, and then its article was written before the takedown looked for it. Only a writer that is killed between writing
and looking leaves something; the next run over the file, the same takedown again, and `enforce` remove it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.article import Article
from pipeline.elastic import alias
from pipeline.index.bulk import send
from pipeline.index.decisions import Decision, Decisions
from pipeline.index.manifest import Manifest, Reference
from pipeline.index.patience import patiently
from pipeline.index.reading import answered
from pipeline.index.rewriting import change, scan
from pipeline.index.versions import drop_old
from pipeline.settings import Settings

TAKEDOWN = "takedown"
PAGE = 500


@dataclass(frozen=True, slots=True)
class Removed:
    """What a takedown removed."""

    articles: int = 0
    quotes: int = 0
    dead_letters: int = 0

    def __add__(self, other: Removed) -> Removed:
        return Removed(
            self.articles + other.articles, self.quotes + other.quotes, self.dead_letters + other.dead_letters
        )


def tombstone(*, article_id: str | None = None, outlet: str | None = None, **given: Any) -> Decision:
    """The decision that takes down one article, by id, or all of an outlet, by its name exactly as it is stored."""
    return Decision(
        TAKEDOWN, article_id=(article_id,) if article_id else (), outlet=(outlet,) if outlet else (), **given
    )


class Takedowns:
    """What is taken down, and stays out."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._decisions = Decisions(client, settings)
        self._manifest = Manifest(client, settings)
        self._articles = alias(settings, "articles")
        self._quotes = alias(settings, "quotes")

    def refused(self, articles: Iterable[Article]) -> set[str]:
        """The ids of those articles that are taken down, as of this moment. Raises `Unreachable`."""
        stones: dict[str, set[str]] = {}
        for article in articles:
            stones.setdefault(tombstone(article_id=article.id).id, set()).add(article.id)
            if article.outlet:
                stones.setdefault(tombstone(outlet=article.outlet).id, set()).add(article.id)
        return {id_ for stone in self._decisions.standing(stones) for id_ in stones[stone]}

    def take_down(self, stone: Decision) -> Removed:
        """Write the tombstone, then remove all that is stored of what it covers; safe to run again.

        Older versions of the indices, which a rebuild has left, go as a whole: they hold the same articles.
        Raises `Unreachable`.
        """
        self._decisions.record([stone])
        drop_old(self._client, self._settings)
        return self._clear(stone)

    def enforce(self) -> Removed:
        """Remove whatever is stored under any tombstone. Raises `Unreachable`."""
        return sum((self._clear(stone) for stone in self._decisions.of_kind(TAKEDOWN)), Removed())

    def count(self, stone: Decision) -> int:
        """How many articles are stored of what the tombstone would cover. Raises `Unreachable`."""

        def found() -> int:
            self._client.indices.refresh(index=self._articles)
            query = {"terms": {"id": list(stone.article_id)} if stone.article_id else {"outlet": list(stone.outlet)}}
            return int(self._client.count(index=self._articles, query=query)["count"])

        return patiently(self._settings, found)

    def remove(self, ids: Collection[str]) -> Removed:
        """Remove these articles, their quotes and dead letters, and where the manifest names them."""
        removed = Removed(dead_letters=self._manifest.resolve_articles(ids))
        self._decisions.forget(ids)
        while articles := self._stored(ids):  # again, until no writer has put back a newer version
            references = [(hit["_source"]["source_file"], hit["_source"].get("source_member")) for hit in articles]
            removed += Removed(dead_letters=self._forget(references))
            removed += Removed(articles=self._delete(articles))
            self._reopen({hit["_source"].get("story_id", hit["_id"]) for hit in articles})
        while quotes := self._hits(self._quotes, {"terms": {"article_id": sorted(ids)}}):
            removed += Removed(quotes=self._delete(quotes))
        return removed

    def _clear(self, stone: Decision) -> Removed:
        if stone.article_id:
            return self.remove(stone.article_id)
        removed = Removed()
        while ids := self._of_outlets(stone.outlet):
            removed += self.remove(ids)
        return removed

    def _of_outlets(self, outlets: Collection[str]) -> set[str]:
        """A page of the ids of articles of these outlets, those among them whose quotes alone are stored."""
        of_outlet = {"terms": {"outlet": sorted(outlets)}}
        articles = self._hits(self._articles, of_outlet)
        quotes = self._hits(self._quotes, of_outlet)
        return {hit["_id"] for hit in articles} | {hit["_routing"] for hit in quotes}

    def _forget(self, references: list[Reference]) -> int:
        self._manifest.forget_articles(references)
        return self._manifest.resolve(references)

    def _reopen(self, stories: Collection[str]) -> None:
        """Have the next pass over copies look at what is left of these stories."""
        left = scan(self._client, self._settings, "articles", {"terms": {"story_id": sorted(stories)}}, ())
        change(self._client, self._settings, "articles", ((hit, {"story_pending": True}) for hit in left))

    def _stored(self, ids: Collection[str]) -> list[dict[str, Any]]:
        def found() -> list[dict[str, Any]]:
            return answered(self._settings, self._client.mget(index=self._articles, ids=sorted(ids))["docs"])

        return [document for document in patiently(self._settings, found) if document["found"]]

    def _hits(self, index: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        def found() -> list[dict[str, Any]]:
            self._client.indices.refresh(index=index)
            answer = self._client.search(
                index=index, query=query, source=False, version=True, size=PAGE, allow_partial_search_results=False
            )
            return list(answer["hits"]["hits"])

        return patiently(self._settings, found)

    def _delete(self, hits: Collection[dict[str, Any]]) -> int:
        """Delete these documents as they were found; how many went. One that is newer by now is found again."""
        answers = send(self._client, self._settings, list(_deletions(self._settings, hits)))
        return sum(answer.status < 300 for answer in answers)


def _deletions(settings: Settings, hits: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for hit in hits:
        name = "quotes" if "_routing" in hit else "articles"  # only quotes are routed
        operation = {
            "_op_type": "delete",
            "_index": alias(settings, name),
            "_id": hit["_id"],
            "_version": hit["_version"],
            "_version_type": "external_gte",
        }
        yield operation | ({"_routing": hit["_routing"]} if "_routing" in hit else {})
