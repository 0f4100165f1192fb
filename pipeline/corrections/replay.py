"""What is indexed already, brought to what decisions say: read back, decided anew, written as a later run would."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.actors.actor import Actor
from pipeline.article import EnrichedArticle
from pipeline.corrections.applying import MARK, Applied, applied, as_found
from pipeline.elastic import alias
from pipeline.index import Decision, Decisions, State, Writer, patiently
from pipeline.index.bulk import send
from pipeline.index.decisions import CORRECTIONS
from pipeline.index.documents import quote_documents, with_found
from pipeline.index.rewriting import change, scan
from pipeline.index.stored import Store, Stored
from pipeline.index.sweep import sweep_articles
from pipeline.settings import Settings
from pipeline.whoswho import DIFFERENT, SAME, decided

PAGE = 100
"""Articles in memory at once."""
DOUBTED = f"{MARK}?"
"""Behind the fingerprint of an article that is to be written again; equal to no mark of decisions."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An article as it stands in the index, all decisions honoured."""

    enriched: EnrichedArticle
    has_text: bool
    """Whether its text is stored; else it is blank beside the quotes."""
    changed: bool
    """Whether it was written anew."""
    missed: tuple[Decision, ...]
    """What was corrected of words that are gone."""


@dataclass(slots=True)
class Replayed:
    """What came of it."""

    changed: int = 0
    """Articles that were written anew."""
    missed: list[Decision] = field(default_factory=list)
    """What was corrected of words that are gone."""


class Replay:
    """Honours decisions in the index. Safe to run at any time and again; everything here raises `Unreachable`."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self.decisions = Decisions(client, settings)
        self.store = Store(client, settings)

    def article(self, id_: str) -> Standing | None:
        """Honour what stands about this article, and in it; how it stands then, if it is indexed."""
        return self._page([id_], decided(self.decisions)).get(id_)

    def actors(self) -> Replayed:
        """Honour who is one with whom, where that shows or showed."""
        same = decided(self.decisions)
        return self._pages(self._with_actors(same), same)

    def everywhere(self) -> Replayed:
        """Honour all decisions in all that they touch, or touched."""
        same = decided(self.decisions)
        ids = {id_ for decision in self.decisions.all() for id_ in decision.article_id}
        return self._pages(ids.union(self._with_actors(same)), same)

    def again(self, since: datetime) -> Replayed:
        """Put in again what was decided or taken back since then, where something else has been written over it."""
        same = decided(self.decisions)
        recent = [decision for decision in self.decisions.all() if decision.changed_at >= since]
        ids = {id_ for decision in recent if decision.kind in CORRECTIONS for id_ in decision.article_id}
        if any(decision.kind in {SAME, DIFFERENT} for decision in recent):
            ids.update(self._with_actors(same))
        remaining, result = iter(sorted(ids)), Replayed()
        while page := list(islice(remaining, PAGE)):
            self._doubt(page, same)
            replayed = self._pages(page, same)
            sweep_articles(self._client, self._settings, page)
            result.changed += replayed.changed
            result.missed.extend(replayed.missed)
        if ids:
            self.show()
        return result

    def _doubt(self, ids: Collection[str], same: Mapping[str, Actor]) -> None:
        """Where quotes are not as decided, have their article not say so: its mark tells what it was written with."""
        corrections = self.decisions.corrections(ids)
        wrong = [
            ({"_id": id_}, {"enrichment": as_found(one.enriched).enrichment + DOUBTED})
            for id_, one in self.store.read(ids).items()
            if quote_documents(one.enriched)
            != quote_documents(applied(one.enriched, corrections.get(id_, ()), same).enriched)
        ]
        change(self._client, self._settings, "articles", wrong)

    def _pages(self, ids: Iterable[str], same: Mapping[str, Actor]) -> Replayed:
        result = Replayed()
        remaining = iter(ids)
        while page := list(islice(remaining, PAGE)):
            for standing in self._page(page, same).values():
                result.changed += standing.changed
                result.missed.extend(standing.missed)
        self.show()
        return result

    def _page(self, ids: Collection[str], same: Mapping[str, Actor]) -> dict[str, Standing]:
        """How these articles stand.

        Another process that corrected one of them meanwhile puts that in, unless we write after it: so we look again.
        """
        result: dict[str, Standing] = {}
        written: set[str] = set()
        while ids:
            stored = self.store.read(ids)
            corrections = self.decisions.corrections(ids)
            now = {id_: applied(one.enriched, corrections.get(id_, ()), same) for id_, one in stored.items()}
            due = {id_ for id_, one in now.items() if one.enriched.enrichment != stored[id_].enriched.enrichment}
            self._save_what_was_found(stored, {id_: now[id_] for id_ in due})
            changed = self._write(stored, {id_: now[id_] for id_ in due})
            written |= changed
            for id_, one in now.items():
                result[id_] = Standing(one.enriched, stored[id_].has_text, id_ in written, one.missed)
            meanwhile = self.decisions.corrections(changed)
            ids = {id_ for id_ in changed if meanwhile.get(id_) != corrections.get(id_)}
        return result

    def _save_what_was_found(self, stored: Mapping[str, Stored], now: Mapping[str, Applied]) -> None:
        """Before any quote is written over: killed afterwards, the next replay still knows what enrichment found."""
        articles = [
            {
                "_op_type": "index",
                "_index": alias(self._settings, "articles"),
                "_id": id_,
                "_version": stored[id_].document["revision"],
                "_version_type": "external_gte",
                "_source": stored[id_].document | with_found(one.enriched),
            }
            for id_, one in now.items()
            if one.enriched.found_quotes is not None and stored[id_].enriched.found_quotes is None
        ]
        send(self._client, self._settings, articles)

    def show(self) -> None:
        """Let searches see what has changed."""
        indices = [alias(self._settings, name) for name in ("articles", "quotes")]
        patiently(self._settings, lambda: self._client.indices.refresh(index=indices))

    def _write(self, stored: Mapping[str, Stored], now: Mapping[str, Applied]) -> set[str]:
        changed: set[str] = set()
        by_generation = sorted(now, key=lambda id_: stored[id_].generation)
        for generation, ids in groupby(by_generation, key=lambda id_: stored[id_].generation):
            of_it = list(ids)
            keep = {id_: stored[id_].keep for id_ in of_it}
            writer = Writer(self._client, self._settings, generation=generation)
            outcomes = writer.write([now[id_].enriched for id_ in of_it], keep=keep)
            changed |= {outcome.article_id for outcome in outcomes if outcome.state is State.INDEXED}
        return changed

    def _with_actors(self, same: Iterable[str]) -> Iterator[str]:
        """The ids of the articles in which one of these ids stands, or stood before it was decided otherwise."""
        self.show()
        touched: list[dict[str, Any]] = [{"exists": {"field": "replaced_ids"}}, {"terms": {"actor_ids": list(same)}}]
        query = {"bool": {"should": touched}}
        yield from (hit["_id"] for hit in scan(self._client, self._settings, "articles", query, ()))
