"""All that a query finds, in constant memory: page after page, each beginning where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from elasticsearch import Elasticsearch

from pipeline.search.asking import ask
from pipeline.search.names import known
from pipeline.search.query import Query
from pipeline.search.request import Known, counted, page_of_all
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


UNHURRIED = {"timeout": "-1"}
"""Of whoever waits for all there is; the client's own timeout still ends a request."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what a query finds."""

    hits: tuple[Hit, ...]
    next: Query | None
    """What asks for the page behind it; nothing after the last one."""


def count(client: Elasticsearch, settings: Settings, query: Query) -> int:
    """How many quotes the query finds, exactly. Raises `BadQuery`, `Unreachable`."""
    body = counted(query, known(client, settings, query)) | UNHURRIED
    (answer,) = ask(client, settings, [("quotes", body)], point=query.snapshot)
    return int(answer["hits"]["total"]["value"])


def page(client: Elasticsearch, settings: Settings, query: Query, names: Known) -> Page:
    """What the query finds from `after` on, in its order, whatever its `size`; for `names` see `known`.

    Raises `BadQuery`, `Unreachable`.
    """
    body = page_of_all(query, names, PAGE) | UNHURRIED
    (answer,) = ask(client, settings, [("quotes", body)], point=query.snapshot)
    found = answer["hits"]["hits"]
    last = len(found) < PAGE
    behind = None if last else replace(query, after=tuple(found[-1]["sort"]), snapshot=answer.get("pit_id"))
    return Page(tuple(hit(raw, "<", ">") for raw in found), behind)


def everything(client: Elasticsearch, settings: Settings, query: Query) -> Iterator[Hit]:
    """All quotes that the query finds, in its order, whatever its `size`; from `after` on where it has that.

    With a snapshot (`Query.snapshot`) they are those of one moment, each once. Raises `BadQuery`, `Unreachable`.
    """
    names = known(client, settings, query)
    wanted: Query | None = query
    while wanted:
        found = page(client, settings, wanted, names)
        yield from found.hits
        wanted = found.next
