"""Who a speaker is: what the actors' index knows of them, and what the quotes that are indexed say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from pipeline.elastic import alias, answering
from pipeline.search.asking import ask
from pipeline.search.request import TIMEOUT
from pipeline.search.result import Count
from pipeline.settings import Settings

FORMS = 8
"""Roles, and ways to refer to the speaker, that are shown: those seen most."""


@dataclass(frozen=True, slots=True)
class Office:
    """A role that the register knows, with its dates as they are written there: a day, a month or a year."""

    title: str
    of: str
    """A country, a part of one, or the id of an actor."""
    start: str | None
    end: str | None
    """Nothing while it is held, as far as the register knows."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A speaker, by canonical name."""

    name: str
    id: str | None
    """Of most of the quotes; nothing where no article tells them from others of the name."""
    kind: str | None
    country: str | None
    quotes: int
    articles: int
    """How many quote the speaker, about."""
    first: datetime | None
    last: datetime | None
    roles: tuple[Count, ...]
    """What articles say that the speaker is."""
    forms: tuple[Count, ...]
    """The words by which articles name the speaker."""
    aliases: tuple[str, ...] = ()
    offices: tuple[Office, ...] = field(default=())
    """Newest first."""


def profile(client: Elasticsearch, settings: Settings, name: str) -> Profile | None:
    """Who is quoted under this canonical name, exactly; nothing where nobody is.

    Raises `BadQuery` where it takes too long, `Unreachable`.
    """
    most = {"ids": "speaker_id", "kinds": "speaker_kind", "countries": "speaker_country", "roles": "speaker_role"}
    body = {
        "query": {"term": {"speaker": name}},
        "aggs": {
            **{name: {"terms": {"field": field, "size": FORMS}} for name, field in most.items()},
            "named": {
                "filter": {"term": {"speaker_evidence": "name"}},
                "aggs": {"forms": {"terms": {"field": "speaker_mention", "size": FORMS}}},
            },
            "articles": {"cardinality": {"field": "article_id"}},
            "first": {"min": {"field": "published_at"}},
            "last": {"max": {"field": "published_at"}},
        },
        "size": 0,
        "timeout": TIMEOUT,
        "track_total_hits": True,
    }
    (answer,) = ask(client, settings, [("quotes", body)])
    quotes, found = answer["hits"]["total"]["value"], answer["aggregations"]
    if not quotes:
        return None
    actor_id = _first(found["ids"])
    actor = _actor(client, settings, actor_id) if actor_id else {}
    return Profile(
        name=name,
        id=actor_id,
        kind=actor.get("kind") or _first(found["kinds"]),
        country=actor.get("country") or _first(found["countries"]),
        quotes=quotes,
        articles=found["articles"]["value"],
        first=_moment(found["first"]),
        last=_moment(found["last"]),
        roles=_counts(found["roles"]),
        forms=_counts(found["named"]["forms"]),
        aliases=tuple(actor.get("aliases", ())),
        offices=tuple(
            sorted(map(_office, actor.get("roles", ())), key=lambda office: office.start or "", reverse=True)
        ),
    )


def _actor(client: Elasticsearch, settings: Settings, actor_id: str) -> dict[str, Any]:
    try:
        with answering(settings):
            return dict(client.get(index=alias(settings, "actors"), id=actor_id)["_source"])
    except NotFoundError:
        return {}


def _office(role: dict[str, Any]) -> Office:
    return Office(role["title"], role["of"], role.get("from"), role.get("to"))


def _counts(terms: dict[str, Any]) -> tuple[Count, ...]:
    return tuple(Count(bucket["key"], bucket["doc_count"]) for bucket in terms["buckets"])


def _first(terms: dict[str, Any]) -> str | None:
    return next((bucket["key"] for bucket in terms["buckets"]), None)


def _moment(extreme: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(extreme["value_as_string"]) if extreme.get("value") is not None else None
