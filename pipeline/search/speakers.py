"""Who is quoted in what a query finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.search.asking import ask
from pipeline.search.names import known
from pipeline.search.query import MAX_CHOICES, Query
from pipeline.search.request import counted
from pipeline.settings import Settings

NOBODY = "unknown"
"""The speaker of quotes that their article ascribes to nobody by name."""
_TOLD = {name: {"terms": {"field": f"speaker_{name}", "size": 1}} for name in ("id", "kind", "role", "country")}
_WHEN = {"first": {"min": {"field": "published_at"}}, "last": {"max": {"field": "published_at"}}}


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker, by canonical name, with what most of the quotes found say of them."""

    name: str
    quotes: int
    id: str | None
    kind: str | None
    role: str | None
    country: str | None
    first: datetime | None
    """When the first of the articles appeared."""
    last: datetime | None


def speakers(client: Elasticsearch, settings: Settings, query: Query) -> tuple[Voice, ...]:
    """The `facet_size` named speakers of most quotes among those that the query finds, most quoted first.

    Raises `BadQuery`, `Unreachable`.
    """
    size = max(1, min(query.facet_size, MAX_CHOICES))
    names = {"field": "speaker", "size": size, "shard_size": 10 * size + 100, "exclude": [NOBODY]}
    voices = {"terms": names, "aggs": _TOLD | _WHEN}
    body = counted(query, known(client, settings, query), {"voices": voices})
    (answer,) = ask(client, settings, [("quotes", body)], point=query.snapshot)
    return tuple(_voice(bucket) for bucket in answer["aggregations"]["voices"]["buckets"])


def _voice(bucket: dict[str, Any]) -> Voice:
    told = {name: next((value["key"] for value in bucket[name]["buckets"]), None) for name in _TOLD}
    first, last = (_moment(bucket[name]) for name in _WHEN)
    return Voice(name=bucket["key"], quotes=bucket["doc_count"], first=first, last=last, **told)


def _moment(extreme: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(extreme["value_as_string"]) if extreme.get("value") is not None else None
