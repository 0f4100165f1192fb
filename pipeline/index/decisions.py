"""What people decided, kept for every later run: `decisions`.

A decision is about articles, quotes, actors or an outlet; `kind` says what is decided of them and `payload` holds what
the kind needs besides. Made again about the same targets, the later one replaces the earlier.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch, helpers

from pipeline.elastic import alias
from pipeline.index.bulk import send
from pipeline.index.patience import patiently
from pipeline.index.plain import iso, without_unknown
from pipeline.index.reading import read
from pipeline.settings import Settings

TARGETS = ("article_id", "quote_id", "actor_id", "outlet")
FIELDS = ("kind", *TARGETS, "payload", "made_at", "by", "reason")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; its targets say what it is about."""

    kind: str
    """`takedown`, and whatever later stages decide: one word for one way of honouring it."""
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

    def standing(self, ids: Collection[str]) -> dict[str, Decision]:
        """Those of these ids that have been made, as of this moment. Raises `Unreachable`."""
        found = read(self._client, self._settings, self._index, ids, FIELDS)
        return {id_: _decision(source) for id_, source in found.items()}

    def of_kind(self, kind: str) -> Iterator[Decision]:
        """All of one kind, in no order. Raises `Unreachable`."""

        def found() -> list[dict[str, Any]]:
            self._client.indices.refresh(index=self._index)
            query = {"query": {"term": {"kind": kind}}}
            return [hit["_source"] for hit in helpers.scan(self._client, index=self._index, query=query)]

        yield from map(_decision, patiently(self._settings, found))


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
