"""One article as it is stored, with its quotes and the names in its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from pipeline.article import Mention, Span
from pipeline.elastic import alias, answering
from pipeline.search.asking import ask
from pipeline.search.request import SOURCE, TIMEOUT
from pipeline.search.result import Hit, hit
from pipeline.settings import Settings

MOST = 10_000
"""Quotes of one article that are read; Elasticsearch gives no more at once."""


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A quote and where its pieces stand."""

    hit: Hit
    pieces: tuple[Span, ...]
    """Characters of the article's text, half-open, in text order."""
    nested_in: str | None
    """Id of the quote that holds this one."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article and what was found in it."""

    id: str
    text: str | None
    """Nothing where the text is not stored (`WHOSAID_STORE_TEXT=false`)."""
    title: str | None
    url: str | None
    authors: tuple[str, ...]
    outlet: str | None
    outlet_country: str | None
    section: str | None
    language: str | None
    published_at: datetime | None
    published_at_flag: str | None
    countries: tuple[str, ...]
    source_file: str
    mentions: tuple[Mention, ...]
    quotes: tuple[StoredQuote, ...]
    """In text order."""


def read_article(client: Elasticsearch, settings: Settings, article_id: str) -> StoredArticle | None:
    """The article with this id, or nothing. Raises `BadQuery` where it takes too long, `Unreachable`."""
    try:
        with answering(settings):
            source = client.get(index=alias(settings, "articles"), id=article_id)["_source"]
    except NotFoundError:
        return None
    body = {
        "query": {"term": {"article_id": article_id}},
        "sort": [{"start": "asc"}, {"end": "desc"}, {"id": "asc"}],
        "_source": [*SOURCE, "pieces", "nested_in"],
        "size": MOST,
        "timeout": TIMEOUT,
    }
    (answer,) = ask(client, settings, [("quotes", body)], routing=article_id)
    return _article(source, tuple(_quote(raw) for raw in answer["hits"]["hits"]))


def _quote(raw: dict[str, Any]) -> StoredQuote:
    source = raw["_source"]
    pieces = tuple(Span(piece["start"], piece["end"]) for piece in source["pieces"])
    return StoredQuote(hit(raw, "<", ">"), pieces, source.get("nested_in"))


def _article(source: dict[str, Any], quotes: tuple[StoredQuote, ...]) -> StoredArticle:
    published_at = source.get("published_at")
    return StoredArticle(
        id=source["id"],
        text=source.get("text"),
        title=source.get("title"),
        url=source.get("url"),
        authors=tuple(source.get("authors", ())),
        outlet=source.get("outlet"),
        outlet_country=source.get("outlet_country"),
        section=source.get("section"),
        language=source.get("language"),
        published_at=datetime.fromisoformat(published_at) if published_at else None,
        published_at_flag=source.get("published_at_flag"),
        countries=tuple(source.get("countries", ())),
        source_file=source["source_file"],
        mentions=tuple(Mention(**mention) for mention in source.get("mentions", ())),
        quotes=quotes,
    )
