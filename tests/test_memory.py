"""A process that reads a whole archive does not grow with it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from pipeline.article import Article
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import FileState, Manifest
from pipeline.settings import Settings
from pipeline.sources import find, read
from tests.documents import all_documents, random_prefix
from tests.newsroom import varied_article, write_shards

SIZE = 250
"""Articles of a shard."""
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
@pytest.mark.parametrize("shards", [20, 80])
def test_memory_is_flat_over_an_archive_and_a_killed_backfill_reads_no_finished_shard_again(
    elasticsearch_url: str, tmp_path: Path, shards: int
) -> None:
    paths = write_shards(tmp_path, shards, SIZE, varied_article)
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    killed = Random(shards).randrange(shards // 4, shards // 2)
    first = read_shards(settings, paths, until=killed)
    manifest = Manifest(connect(settings), settings)
    finished = {one.path: one for one in manifest.every_file() if one.state is FileState.INDEXED}
    assert killed - 1 <= len(finished) <= killed + 1
    second = read_shards(settings, paths)
    records = {one.path: one for one in manifest.every_file()}
    assert {path: records[path] for path in finished} == finished
    assert not set(second) & set(finished)
    assert sum(one.read for one in records.values()) == len(all_documents(settings)["articles"]) == shards * SIZE
    for peaks in (first, second):
        megabytes = [size >> 20 for size in peaks.values()]
        print(megabytes)
        assert max(megabytes[1:]) <= 1.1 * megabytes[1], megabytes


def read_shards(settings: Settings, paths: Iterable[Path], *, until: int | None = None) -> dict[str, int]:
    """The greatest memory (bytes) of the process that reads them, shard by shard; it is killed at the `until`th."""
    knobs = {"elasticsearch_url": settings.elasticsearch_url, "index_prefix": settings.index_prefix}
    peaks: dict[str, int] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.reading_shards", *paths],
        env=os.environ | {f"WHOSAID_{name.upper()}": value for name, value in knobs.items()},
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        for line in process.stdout:
            shard, _, size = line.rpartition(" ")
            peaks[shard] = max(peaks.get(shard, 0), int(size))
            if until and len(peaks) > until:
                process.kill()
                break
    assert process.returncode == (-signal.SIGKILL if until else 0)
    return peaks
