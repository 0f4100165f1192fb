"""All that a query finds, in constant memory: page after page, each beginning where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from elasticsearch import Elasticsearch

from pipeline.search.asking import ask
from pipeline.search.names import known
from pipeline.search.query import Query
from pipeline.search.request import counted, page_of_all
from pipeline.search.result import Hit, hit
from pipeline.settings import Settings

COLUMNS = (
    "speaker", "speaker_role", "speaker_country", "text", "cue", "speaker_mention", "kind", "act", "negated",
    "confidence", "published_at", "outlet", "outlet_country", "title", "url", "context_before", "context_after",
    "speaker_kind", "speaker_id", "addressee", "actors", "countries", "article_id", "start", "end", "id", "story_id",
    "copy_of",
)  # fmt: skip
"""Of `Hit`, in the order in which tables show them."""
PAGE = 1000
"""Quotes in memory at once."""


def count(client: Elasticsearch, settings: Settings, query: Query) -> int:
    """How many quotes the query finds, exactly. Raises `BadQuery`, `Unreachable`."""
    body = counted(query, known(client, settings, query))
    (answer,) = ask(client, settings, [("quotes", body)], point=query.snapshot)
    return int(answer["hits"]["total"]["value"])


def everything(client: Elasticsearch, settings: Settings, query: Query) -> Iterator[Hit]:
    """All quotes that the query finds, in its order, whatever its `size`; from `after` on where it has that.

    With a snapshot (`Query.snapshot`) they are those of one moment, each once. Raises `BadQuery`, `Unreachable`.
    """
    names = known(client, settings, query)
    while True:
        (answer,) = ask(client, settings, [("quotes", page_of_all(query, names, PAGE))], point=query.snapshot)
        page = answer["hits"]["hits"]
        yield from (hit(raw, "<", ">") for raw in page)
        if len(page) < PAGE:
            return
        query = replace(query, after=tuple(page[-1]["sort"]), snapshot=answer.get("pit_id"))
