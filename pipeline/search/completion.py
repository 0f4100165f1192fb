"""Names that complete what somebody begins to type: those of most quotes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.elastic import alias, answering
from pipeline.search.query import MAX_TEXT
from pipeline.settings import Settings

LOOKED_AT = 20_000
"""Quotes of a shard among which speakers are counted where no actors are gathered: a letter fits millions."""
TIMEOUT = "500ms"
UNNAMED = "unknown"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody whose name, or one of whose names, goes on like this."""

    name: str
    id: str | None
    kind: str | None
    country: str | None
    role: str | None
    """What most articles say that they are."""
    quotes: int
    also: str | None
    """The other name that fits, where the canonical one does not."""


def complete(client: Elasticsearch, settings: Settings, begun: str, *, size: int = 8) -> tuple[Suggestion, ...]:
    """Up to `size` names with a word for each word of `begun`, the last one perhaps unfinished; accents do not count.

    They come from the gathered actors (`whosaid actors update`) and, where these do not fill the list, from the
    speakers of quotes. Nothing for what holds no word. Raises `Unreachable`.
    """
    words = begun[:MAX_TEXT].split()
    if not words or not size:
        return ()
    text = " ".join(words)
    found = {suggestion.name: suggestion for suggestion in _actors(client, settings, text, size)}
    if len(found) < size:
        for suggestion in _speakers(client, settings, text, size):
            found.setdefault(suggestion.name, suggestion)
    return tuple(sorted(found.values(), key=lambda suggestion: -suggestion.quotes)[:size])


def _actors(client: Elasticsearch, settings: Settings, text: str, size: int) -> list[Suggestion]:
    fits = [
        {"match_bool_prefix": {field: {"query": text, "operator": "and"}}} for field in ("name.text", "aliases.text")
    ]
    with answering(settings):
        answer = client.search(
            index=alias(settings, "actors"),
            query={"bool": {"filter": [{"bool": {"should": fits}}, {"range": {"quote_count": {"gt": 0}}}]}},
            sort=[{"quote_count": "desc"}, {"id": "asc"}],
            source_includes=["id", "name", "aliases", "kind", "country", "roles_told", "quote_count"],
            size=size,
            timeout=TIMEOUT,
            track_total_hits=False,
        )
    return [_actor(hit["_source"], text) for hit in answer["hits"]["hits"]]


def _actor(source: dict[str, Any], text: str) -> Suggestion:
    last = text.rsplit(maxsplit=1)[-1].casefold()
    fitting = (name for name in (source["name"], *source.get("aliases", ())) if last in name.casefold())
    also = next(fitting, source["name"])
    return Suggestion(
        name=source["name"],
        id=source["id"],
        kind=source.get("kind"),
        country=source.get("country"),
        role=next(iter(source.get("roles_told", ())), None),
        quotes=source["quote_count"],
        also=also if also != source["name"] else None,
    )


def _speakers(client: Elasticsearch, settings: Settings, text: str, size: int) -> list[Suggestion]:
    told = {
        name: {"terms": {"field": field, "size": 1}}
        for name, field in {"ids": "speaker_id", "kinds": "speaker_kind", "countries": "speaker_country",
                            "roles": "speaker_role"}.items()
    }  # fmt: skip
    names = {"terms": {"field": "speaker", "size": size, "exclude": UNNAMED}, "aggs": told}
    with answering(settings):
        answer = client.search(
            index=alias(settings, "quotes"),
            query={"match_bool_prefix": {"speaker.text": {"query": text, "operator": "and"}}},
            aggs={"some": {"sampler": {"shard_size": LOOKED_AT}, "aggs": {"names": names}}},
            size=0,
            timeout=TIMEOUT,
            track_total_hits=False,
        )
    return [_speaker(bucket) for bucket in answer["aggregations"]["some"]["names"]["buckets"]]


def _speaker(bucket: dict[str, Any]) -> Suggestion:
    most = {name: next((value["key"] for value in bucket[name]["buckets"]), None) for name in
            ("ids", "kinds", "countries", "roles")}  # fmt: skip
    return Suggestion(
        name=bucket["key"], id=most["ids"], kind=most["kinds"], country=most["countries"], role=most["roles"],
        quotes=bucket["doc_count"], also=None,
    )  # fmt: skip
