"""A `Query` → who said what: the one way to the quotes for command line, page and tests."""

from __future__ import annotations

import secrets
from dataclasses import replace

from elasticsearch import Elasticsearch

from pipeline.search.asking import ask, snapshot
from pipeline.search.export import count, everything
from pipeline.search.names import known, similar
from pipeline.search.paging import from_link, to_link
from pipeline.search.query import After, Interval, Query, Sort
from pipeline.search.request import requests
from pipeline.search.result import Count, Hit, Result, Step, Total, parse
from pipeline.search.sampling import sample
from pipeline.settings import Settings

__all__ = [
    "After",
    "Count",
    "Hit",
    "Interval",
    "Query",
    "Result",
    "Sort",
    "Step",
    "Total",
    "count",
    "everything",
    "from_link",
    "sample",
    "search",
    "snapshot",
    "to_link",
]


def search(client: Elasticsearch, settings: Settings, query: Query) -> Result:
    """One page of what the query finds, with its facets and its timeline.

    Raises `BadQuery` when Elasticsearch cannot make sense of it or takes too long, `Unreachable`.
    """
    mark = secrets.token_hex(8)  # no text can hold it
    before, behind = f"<{mark}>", f"</{mark}>"
    asked = requests(query, known(client, settings, query), before=before, behind=behind)
    answers = ask(client, settings, [("quotes", body) for body in asked.values()], point=query.snapshot)
    result = parse(dict(zip(asked, answers, strict=True)), query, before=before, behind=behind)
    if query.speaker and not result.hits and query.after is None and query.size:
        return replace(result, did_you_mean=similar(client, settings, query.speaker))
    return result
