"""Two hundred thousand quotes taken away: each once, and memory stays flat."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable

import psutil
import pytest
from elasticsearch import helpers
from rich.console import Console

from benchmarks.search import PER_ARTICLE, made
from pipeline.cli.exporting import export
from pipeline.elastic import alias, connect
from pipeline.index import create
from pipeline.search import Query
from pipeline.settings import Settings
from tests.documents import random_prefix

QUOTES = 200_000
MAY_GROW = 24
"""Megabytes between an eighth of the way and its end."""


class Counted(io.TextIOBase):
    """A file that counts its rows and the different ones, and looks how much memory the process has on the way."""

    def __init__(self) -> None:
        self.rows = 0
        self.memory: list[int] = []
        self._seen = bytearray(QUOTES)
        self._process = psutil.Process(os.getpid())

    def write(self, text: str) -> int:
        *_, row = csv.reader(io.StringIO(text, newline=""))
        article, _, place = row[-3].partition(":")
        if place:  # and no header
            self._seen[int(article, 16) * PER_ARTICLE + int(place.partition("-")[0]) // 300] = 1
            self.rows += 1
            if self.rows % (QUOTES // 8) == 0:
                self.memory.append(self._process.memory_info().rss >> 20)
        return len(text)

    @property
    def different(self) -> int:
        return sum(self._seen)


@pytest.mark.soak
def test_an_export_of_two_hundred_thousand_quotes_has_each_once_in_flat_memory(elasticsearch_url: str) -> None:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix(), elasticsearch_timeout=300)
    client = connect(settings)
    create(client, settings)
    index = alias(settings, "quotes")
    operations: Callable[[], object] = lambda: (  # noqa: E731
        {"_index": index, "_id": one["id"], "_routing": one["article_id"], "_source": one} for one in made(0, QUOTES)
    )
    for _ in helpers.parallel_bulk(client, operations(), thread_count=2, chunk_size=2000):  # type: ignore[arg-type]
        pass
    client.indices.refresh(index=index)
    file = Counted()
    assert export(client, settings, Query(), file, Console(file=io.StringIO()), as_json=False) == QUOTES  # type: ignore[arg-type]
    print(f"{file.rows:,} rows, {file.different:,} different, memory {file.memory} MB")
    assert file.rows == file.different == QUOTES
    assert file.memory[-1] - file.memory[0] < MAY_GROW
