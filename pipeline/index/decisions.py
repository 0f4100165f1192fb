"""What people decided, kept for every later run: `decisions`.

A decision is about articles, quotes, actors or an outlet; `kind` says what is decided of them and `payload` holds what
the kind needs besides. Made again about the same targets, the later one replaces the earlier. One that is undone is
kept, and honoured by nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.elastic import alias
from pipeline.index.bulk import send
from pipeline.index.patience import patiently
from pipeline.index.plain import iso, without_unknown
from pipeline.index.reading import read
from pipeline.settings import Settings

TARGETS = ("article_id", "quote_id", "actor_id", "outlet")
FIELDS = ("kind", *TARGETS, "payload", "made_at", "by", "reason")
SPEAKER, EXTENT, NO_QUOTE = "speaker", "extent", "no_quote"
UNDONE = "undone"
CORRECTIONS = (SPEAKER, EXTENT, NO_QUOTE)
"""Kinds that are about one quote of one article, and hold its words."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; its targets say what it is about."""

    kind: str
    """`takedown`, `same_actor`, `different_actors` or one of `CORRECTIONS`: one word for one way of honouring it."""
    article_id: tuple[str, ...] = ()
    quote_id: tuple[str, ...] = ()
    actor_id: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    """Whatever the kind needs; stored, not searchable."""
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    by: str | None = None
    reason: str | None = None

    @property
    def id(self) -> str:
        """SHA-256 of kind and targets: the same decision has the same id."""
        said = [self.kind, *(sorted(getattr(self, target)) for target in TARGETS)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @property
    def undone(self) -> bool:
        """Whether it was taken back."""
        return UNDONE in self.payload

    @property
    def changed_at(self) -> datetime:
        """When it was made, or taken back."""
        return datetime.fromisoformat(self.payload[UNDONE]["at"]) if self.undone else self.made_at

    def taken_back(self, *, by: str | None) -> Decision:
        """The same decision, undone by somebody."""
        return replace(self, payload=self.payload | {UNDONE: {"at": iso(datetime.now(UTC)), "by": by}})


class Decisions:
    """Reads and writes decisions."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._index = alias(settings, "decisions")

    def record(self, decisions: Sequence[Decision]) -> None:
        """Write them; of two about the same targets the later stands. Raises `Unreachable`."""
        send(
            self._client,
            self._settings,
            [
                {
                    "_op_type": "index",
                    "_index": self._index,
                    "_id": decision.id,
                    "_version": int(decision.made_at.timestamp() * 1000),
                    "_version_type": "external_gte",
                    "_source": _document(decision),
                }
                for decision in decisions
            ],
        )

    def show(self) -> None:
        """Let searches see what has been recorded. Raises `Unreachable`."""
        patiently(self._settings, lambda: self._client.indices.refresh(index=self._index))

    def made(self, ids: Collection[str]) -> dict[str, Decision]:
        """Those of these ids that have ever been made, as of this moment. Raises `Unreachable`."""
        found = read(self._client, self._settings, self._index, ids, FIELDS)
        return {id_: _decision(source) for id_, source in found.items()}

    def standing(self, ids: Collection[str]) -> dict[str, Decision]:
        """Those of these ids that have been made and stand, as of this moment. Raises `Unreachable`."""
        return {id_: decision for id_, decision in self.made(ids).items() if not decision.undone}

    def of_kind(self, kind: str) -> Iterator[Decision]:
        """All of one kind that stand, in no order. Raises `Unreachable`."""
        self.show()
        yield from (found for found in map(_read, self._found({"term": {"kind": kind}})) if not found.undone)

    def corrections(self, article_ids: Collection[str]) -> dict[str, list[Decision]]:
        """What stands of what was corrected in these articles, by article, the oldest first. Raises `Unreachable`."""
        of: dict[str, list[Decision]] = {}
        if article_ids:
            for decision in map(_read, self._found(_corrections(article_ids))):
                if not decision.undone:
                    of.setdefault(decision.article_id[0], []).append(decision)
        return {id_: sorted(found, key=lambda one: (one.made_at, one.id)) for id_, found in of.items()}

    def newest(
        self, size: int, *, article_id: str | None = None, kinds: Collection[str] | None = None
    ) -> list[Decision]:
        """The last `size`, also undone ones, of all or about one article; the newest first. Raises `Unreachable`.

        `kinds` leaves out the others.
        """
        wanted: list[dict[str, Any]] = [{"term": {"article_id": article_id}}] if article_id else []
        wanted += [{"terms": {"kind": sorted(kinds)}}] if kinds is not None else []
        query = {"bool": {"filter": wanted}}
        order: list[dict[str, Any]] = [{"made_at": "desc"}, {"id": "asc"}]
        found = patiently(
            self._settings, lambda: self._client.search(index=self._index, query=query, sort=order, size=size)
        )
        return [_read(hit) for hit in found["hits"]["hits"]]

    def all(self) -> Iterator[Decision]:
        """Every decision, also undone ones, in no order. Raises `Unreachable`."""
        self.show()
        yield from map(_read, self._found({"match_all": {}}))

    def forget(self, article_ids: Collection[str]) -> None:
        """Delete what was corrected in these articles: it holds their words. Raises `Unreachable`."""
        self.show()
        delete = [
            {
                "_op_type": "delete",
                "_index": self._index,
                "_id": hit["_id"],
                "_version": hit["_version"],
                "_version_type": "external_gte",
            }
            for hit in self._found(_corrections(article_ids))
        ]
        send(self._client, self._settings, delete)

    def _found(self, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The hits of all that a query finds; pages go by id."""
        after = None
        search = partial(
            self._client.search, index=self._index, query=query, sort=[{"id": "asc"}], size=PAGE, version=True,
            allow_partial_search_results=False,
        )  # fmt: skip
        while True:
            hits = patiently(self._settings, partial(search, search_after=after))["hits"]["hits"]
            yield from hits
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]


def _corrections(article_ids: Collection[str]) -> dict[str, Any]:
    about = {"terms": {"article_id": sorted(article_ids)}}
    return {"bool": {"filter": [about, {"terms": {"kind": list(CORRECTIONS)}}]}}


def _read(hit: dict[str, Any]) -> Decision:
    return _decision(hit["_source"])


def _document(decision: Decision) -> dict[str, Any]:
    targets = {target: list(getattr(decision, target)) for target in TARGETS}
    said = {"id": decision.id, "kind": decision.kind, "by": decision.by, "reason": decision.reason}
    payload = {"payload": decision.payload} if decision.payload else {}
    return without_unknown(said | targets | payload | {"made_at": iso(decision.made_at)})


def _decision(source: dict[str, Any]) -> Decision:
    targets = {target: tuple(source.get(target, ())) for target in TARGETS}
    return Decision(
        kind=source["kind"],
        payload=source.get("payload", {}),
        made_at=datetime.fromisoformat(source["made_at"]),
        by=source.get("by"),
        reason=source.get("reason"),
        **targets,
    )
