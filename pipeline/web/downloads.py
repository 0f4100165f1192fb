"""The rows of a search to take away: all its pages, in their order, up to a limit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain

from pipeline.search import Hit
from pipeline.search.desk import Desk
from pipeline.search.export import COLUMNS
from pipeline.search.query import MAX_SIZE
from pipeline.spreadsheet import line
from pipeline.web.parameters import Parameters

MOST = 10_000
"""Rows of one download."""


def hits(desk: Desk, parameters: Parameters) -> Iterator[Hit]:
    """All that is found, at most `MOST`. Raises what `Desk.search` raises before the first row is given."""
    query = parameters.query(size=MAX_SIZE, facet_size=0, after=None)
    first = desk.search(query)

    def rest() -> Iterator[Hit]:
        after, left = first.after, MOST - len(first.hits)
        while after and left > 0:
            result = desk.search(parameters.query(size=min(MAX_SIZE, left), facet_size=0, after=after))
            yield from result.hits
            after, left = result.after, left - len(result.hits)

    return chain(first.hits, rest())


def csv_lines(hits: Iterable[Hit]) -> Iterator[str]:
    """A header and a line for each quote; no cell is one that a spreadsheet takes for a formula."""
    yield line(COLUMNS)
    for hit in hits:
        yield line(getattr(hit, column) for column in COLUMNS)


def json_lines(hits: Iterable[Hit]) -> Iterator[str]:
    """A JSON object for each quote."""
    for hit in hits:
        yield json.dumps(asdict(hit), default=str, ensure_ascii=False) + "\n"
