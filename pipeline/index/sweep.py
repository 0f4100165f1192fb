"""Finds and removes quotes that no article lists: a crash between writing quotes and their article leaves them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from elasticsearch import Elasticsearch, helpers

from pipeline.elastic import alias
from pipeline.index.bulk import CONFLICT, send
from pipeline.index.patience import patiently
from pipeline.index.reading import read
from pipeline.index.rewriting import scan
from pipeline.settings import Settings

GRACE = 900.0
"""Seconds; longer than a writer with default settings waits for Elasticsearch between quotes and their article."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class _Quote:
    id: str
    article_id: str
    version: int


def sweep(client: Elasticsearch, settings: Settings, *, grace: float = GRACE) -> int:
    """Remove orphaned quotes; returns how many there were.

    A quote whose article is just being written looks like an orphan; only what is still one after `grace` seconds goes.
    Raises `Unreachable`.
    """
    suspects = patiently(settings, lambda: list(_orphans(client, settings, _all_quotes(client, settings))))
    if not suspects:
        return 0
    time.sleep(grace)
    quotes = alias(settings, "quotes")
    deletions = [
        {
            "_op_type": "delete",
            "_index": quotes,
            "_id": quote.id,
            "_routing": quote.article_id,
            "_version": quote.version,  # written again since by a newer revision, it stays
            "_version_type": "external_gte",
        }
        for quote in _orphans(client, settings, suspects)
    ]
    return sum(answer.status != CONFLICT for answer in send(client, settings, deletions))


def sweep_articles(client: Elasticsearch, settings: Settings, ids: Collection[str]) -> int:
    """Remove at once those quotes of these articles that are of the article's revision and yet not listed by it.

    Nobody may be writing these articles under the revision that they have. Returns how many. Raises `Unreachable`.
    """
    quotes = list(scan(client, settings, "quotes", {"terms": {"article_id": sorted(ids)}}, ()))
    articles = read(client, settings, alias(settings, "articles"), ids, ("quote_ids", "revision"))
    deletions = [
        {
            "_op_type": "delete",
            "_index": alias(settings, "quotes"),
            "_id": quote["_id"],
            "_routing": quote["_routing"],
            "_version": article["revision"],  # newer ones are of a writer whose article comes yet
            "_version_type": "external_gte",
        }
        for quote in quotes
        if (article := articles.get(quote["_routing"])) and quote["_id"] not in article.get("quote_ids", ())
    ]
    return sum(answer.status < 300 for answer in send(client, settings, deletions))


def _all_quotes(client: Elasticsearch, settings: Settings) -> Iterator[_Quote]:
    index = alias(settings, "quotes")
    client.indices.refresh(index=index)
    query = {"query": {"match_all": {}}, "_source": ["article_id"], "version": True}
    for hit in helpers.scan(client, index=index, query=query, size=PAGE):
        yield _Quote(hit["_id"], hit["_source"]["article_id"], hit["_version"])


def _orphans(client: Elasticsearch, settings: Settings, quotes: Iterable[_Quote]) -> Iterator[_Quote]:
    """Those that their article does not list at this moment, or whose article does not exist."""
    remaining = iter(quotes)
    while page := list(islice(remaining, PAGE)):
        articles = read(
            client, settings, alias(settings, "articles"), {quote.article_id for quote in page}, ("quote_ids",)
        )
        listed = {id_ for article in articles.values() for id_ in article.get("quote_ids", ())}
        yield from (quote for quote in page if quote.id not in listed)
