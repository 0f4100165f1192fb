"""A process that reads a whole archive does not grow with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.enrich.enricher import Enricher
from pipeline.settings import Settings
from pipeline.sources import find, read
from tests.documents import random_prefix
from tests.newsroom import varied_article, write_shards

REPOSITORY = Path(__file__).parents[1]


def articles(paths: Iterable[Path]) -> list[Article]:
    return [item for file in find(paths) for item in read(file, Settings()) if isinstance(item, Article)]


def test_words_that_only_one_batch_has_are_forgotten_with_it(tmp_path: Path) -> None:
    enricher = Enricher()
    (path,) = write_shards(tmp_path, 1, 20, varied_article)
    batch = articles([path])
    found = list(enricher.enrich(batch))
    invented = {word for article in batch for word in re.findall(r"\w{10,}", article.text.splitlines()[-1])}
    assert invented
    assert not invented & set(enricher.nlp.vocab.strings)
    assert list(enricher.enrich(batch)) == found


@pytest.mark.soak
def test_memory_is_flat_from_the_second_shard_of_an_archive_to_the_last(elasticsearch_url: str, tmp_path: Path) -> None:
    shards = write_shards(tmp_path, 20, 250, varied_article)
    environment = {"WHOSAID_ELASTICSEARCH_URL": elasticsearch_url, "WHOSAID_INDEX_PREFIX": random_prefix()}
    run = subprocess.run(
        [sys.executable, "-m", "tests.reading_shards", *shards],
        env=os.environ | environment, cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    peaks: dict[str, int] = {}
    for line in run.stdout.splitlines():
        shard, _, size = line.rpartition(" ")
        peaks[shard] = max(peaks.get(shard, 0), int(size))
    megabytes = [size >> 20 for size in peaks.values()]
    print(megabytes)
    assert len(megabytes) == 20
    assert max(megabytes[1:]) <= 1.1 * megabytes[1], megabytes
