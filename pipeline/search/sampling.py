"""A random sample of what is indexed, each quote as likely as any other."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from pipeline.elastic import alias, answering
from pipeline.errors import BadQuery
from pipeline.search.request import SOURCE
from pipeline.search.result import Hit, hit
from pipeline.settings import Settings

MOST = 10_000
"""Elasticsearch gives no more hits at once."""


def sample(client: Elasticsearch, settings: Settings, size: int, *, seed: int) -> tuple[Hit, ...]:
    """`size` quotes at random, or all there are; the same seed gives the same ones while the index stays as it is.

    Raises `BadQuery` for a size that cannot be had, `Unreachable`.
    """
    if not 1 <= size <= MOST:
        raise BadQuery(f"A sample has 1 to {MOST:,} quotes, not {size:,}.")
    with answering(settings):
        answer = client.search(
            index=alias(settings, "quotes"),
            query={"function_score": {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}},
            source_includes=SOURCE,
            size=size,
        )
    return tuple(hit(one, "<", ">") for one in answer["hits"]["hits"])
