"""Everybody who is quoted or mentioned: `actors`, gathered from `articles` and `quotes` by a pass of its own.

What is said of an actor there depends on many articles, so it is not written with them. The pass goes through the ids
page by page; memory holds one page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.elastic import alias
from pipeline.index.bulk import send
from pipeline.index.patience import patiently
from pipeline.index.plain import without_unknown
from pipeline.index.reading import read
from pipeline.index.rewriting import scan
from pipeline.settings import Settings

PAGE = 500
"""Actors that are gathered by one request."""
FORMS = 20
"""Aliases, and roles, of one actor that are kept: those seen most."""
COMPANY = 20
"""Others that an actor is mentioned with most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What articles and quotes say of one actor id."""

    id: str
    name: str
    """The form that most quotes give, else that of one mention."""
    articles: int
    quotes: int
    kind: str | None
    country: str | None
    aliases: tuple[str, ...]
    """The words by which quotes name the speaker, most frequent first."""
    roles: tuple[str, ...]
    """What articles say that the speaker is, most frequent first."""
    first: str | None
    """When the first article appeared, ISO 8601."""
    last: str | None


class ActorIndex:
    """Gathers, writes and reads actors. Everything here raises `Unreachable`."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._articles = alias(settings, "articles")
        self._quotes = alias(settings, "quotes")
        self._actors = alias(settings, "actors")

    def seen(self) -> Iterator[list[Seen]]:
        """Everybody who has an id, in pages."""
        self._refresh(self._articles, self._quotes)
        after: dict[str, str] | None = None
        while True:
            by_id: dict[str, Any] = {"size": PAGE, "sources": [{"id": {"terms": {"field": "actor_ids"}}}]}
            by_id |= {"after": after} if after else {}
            buckets = self._search(self._articles, {"actors": {"composite": by_id, "aggs": _DATES | _A_MENTION}})
            page = buckets["actors"]["buckets"]
            if not page:
                return
            spoken = self._spoken([bucket["key"]["id"] for bucket in page])
            yield [_seen(bucket, spoken.get(bucket["key"]["id"])) for bucket in page]
            after = buckets["actors"].get("after_key")

    def _spoken(self, ids: Sequence[str]) -> dict[str, Any]:
        aggregations = {
            "actors": {"terms": {"field": "speaker_id", "include": list(ids), "size": len(ids)}, "aggs": _SPOKEN}
        }
        found = self._search(self._quotes, aggregations, {"terms": {"speaker_id": list(ids)}})
        return {bucket["key"]: bucket for bucket in found["actors"]["buckets"]}

    def write(self, documents: Sequence[dict[str, Any]]) -> None:
        """Write actors in full, over those of the same ids."""
        send(
            self._client,
            self._settings,
            [
                {
                    "_op_type": "index",
                    "_index": self._actors,
                    "_id": document["id"],
                    "_source": without_unknown(document),
                }
                for document in documents
            ],
        )

    def forget_all_but(self, run: str) -> int:
        """Delete the actors that a pass did not see; returns how many."""
        self._refresh(self._actors)
        query = {"bool": {"must_not": {"term": {"run": run}}}}
        gone = [hit["_id"] for hit in scan(self._client, self._settings, "actors", query, ())]
        self.forget(gone)
        return len(gone)

    def all(self) -> Iterator[dict[str, Any]]:
        """All actors' documents, in no order."""
        self._refresh(self._actors)
        for hit in scan(self._client, self._settings, "actors", {"match_all": {}}, ("*",)):
            yield hit["_source"]

    def company(self, actor_id: str) -> frozenset[str]:
        """Ids of those who are mentioned most in the same articles."""
        others = {"terms": {"field": "actor_ids", "size": COMPANY + 1}}
        found = self._search(self._articles, {"others": others}, {"term": {"actor_ids": actor_id}})
        return frozenset(bucket["key"] for bucket in found["others"]["buckets"]) - {actor_id}

    def get(self, actor_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """The documents of those of these ids that have one, as of this moment."""
        return read(self._client, self._settings, self._actors, actor_ids, ())

    def called(self, name: str) -> list[dict[str, Any]]:
        """The documents of those who go by exactly this name: by their own before aliases, registered ones first."""
        exactly: list[dict[str, Any]] = [
            {"constant_score": {"filter": {"term": {"name": name}}, "boost": 2}},
            {"constant_score": {"filter": {"term": {"aliases": name}}}},
        ]
        order: list[Any] = ["_score", {"registered": "desc"}, {"quote_count": "desc"}, {"id": "asc"}]
        answer = patiently(
            self._settings,
            lambda: self._client.search(
                index=self._actors, query={"dis_max": {"queries": exactly}}, sort=order, size=10
            ),
        )
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    def forget(self, actor_ids: Collection[str]) -> None:
        """Delete these actors’ documents."""
        delete = [{"_op_type": "delete", "_index": self._actors, "_id": actor_id} for actor_id in actor_ids]
        send(self._client, self._settings, delete)

    def _refresh(self, *indices: str) -> None:
        patiently(self._settings, lambda: self._client.indices.refresh(index=list(indices)))

    def _search(self, index: str, aggregations: dict[str, Any], query: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = patiently(
            self._settings,
            lambda: self._client.search(
                index=index, size=0, query=query, aggs=aggregations, allow_partial_search_results=False
            ),
        )
        return dict(answer["aggregations"])


_DATES = {"first": {"min": {"field": "published_at"}}, "last": {"max": {"field": "published_at"}}}
_A_MENTION = {"article": {"top_hits": {"size": 1, "_source": ["mentions"], "sort": [{"id": "asc"}]}}}
_SPOKEN = {
    "names": {"terms": {"field": "speaker", "size": 1}},
    "kinds": {"terms": {"field": "speaker_kind", "size": 1}},
    "countries": {"terms": {"field": "speaker_country", "size": 1}},
    "roles": {"terms": {"field": "speaker_role", "size": FORMS}},
    "named": {
        "filter": {"term": {"speaker_evidence": "name"}},
        "aggs": {"forms": {"terms": {"field": "speaker_mention", "size": FORMS}}},
    },
}


def _seen(bucket: dict[str, Any], spoken: dict[str, Any] | None) -> Seen:
    actor_id = bucket["key"]["id"]
    mentions = (hit["_source"].get("mentions", []) for hit in bucket["article"]["hits"]["hits"])
    mentioned: dict[str, Any] = next((m for found in mentions for m in found if m.get("actor_id") == actor_id), {})
    name, kind, country = (_most(spoken, field) for field in ("names", "kinds", "countries"))
    return Seen(
        id=actor_id,
        name=name or mentioned.get("name", actor_id),
        articles=bucket["doc_count"],
        quotes=spoken["doc_count"] if spoken else 0,
        kind=kind,
        country=country,
        aliases=_keys(spoken["named"]["forms"]) if spoken else (),
        roles=_keys(spoken["roles"]) if spoken else (),
        first=bucket["first"].get("value_as_string"),
        last=bucket["last"].get("value_as_string"),
    )


def _most(spoken: dict[str, Any] | None, field: str) -> str | None:
    return next(iter(_keys(spoken[field])), None) if spoken else None


def _keys(terms: dict[str, Any]) -> tuple[str, ...]:
    return tuple(bucket["key"] for bucket in terms["buckets"])
