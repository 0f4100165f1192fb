"""A `Query` → who said what: the one way to the quotes for command line, page and tests."""

from __future__ import annotations

import secrets

from elasticsearch import BadRequestError, Elasticsearch

from pipeline.elastic import alias, answering, reason
from pipeline.errors import BadQuery
from pipeline.search.query import After, Query, Sort
from pipeline.search.request import request
from pipeline.search.result import Count, Hit, Result, Total, parse
from pipeline.search.sampling import sample
from pipeline.settings import Settings

__all__ = ["After", "Count", "Hit", "Query", "Result", "Sort", "Total", "sample", "search"]


def search(client: Elasticsearch, settings: Settings, query: Query) -> Result:
    """One page of what the query finds, with its facets.

    Raises `BadQuery` when Elasticsearch cannot make sense of it, `Unreachable` when it does not answer in time.
    """
    mark = secrets.token_hex(8)  # no text can hold it
    before, behind = f"<{mark}>", f"</{mark}>"
    body = request(query, before=before, behind=behind)
    try:
        with answering(settings):
            answer = client.search(index=alias(settings, "quotes"), **body)
    except BadRequestError as error:
        raise BadQuery(f"Elasticsearch cannot answer this search: {reason(error)}") from error
    return parse(answer.body, query, before=before, behind=behind)
