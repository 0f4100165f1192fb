"""An archive of any length in the memory of a short one."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from pathlib import Path

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import find, read
from tests.sources.packing import tar


def memory_along(path: Path, every: int) -> list[int]:
    """Bytes that Python holds after each so many articles."""
    (file,) = find([path])
    held = []
    tracemalloc.start()
    for number, item in enumerate(read(file, Settings()), start=1):
        assert isinstance(item, Article), item
        if number % every == 0:
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return held


def test_memory_does_not_grow_with_the_members_of_an_archive(tmp_path: Path) -> None:
    members = [(f"{number}.txt", random.Random(number).randbytes(50).hex().encode()) for number in range(3_000)]
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(tar(*members)))
    held = memory_along(path, 500)
    assert len(held) == 6 and held[-1] < held[0] * 1.1


def test_memory_does_not_grow_with_the_lines_of_a_file(tmp_path: Path) -> None:
    rng = random.Random(1)
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wt") as file:
        for _ in range(4_000):
            file.write(json.dumps({"text": rng.randbytes(2_000).hex()}) + "\n")
    held = memory_along(path, 1_000)
    assert len(held) == 4 and held[-1] < held[0] * 1.1


def test_a_line_of_a_gigabyte_in_an_archive_is_passed_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    rng = random.Random(1)  # tenfold compressed: far from a bomb
    block = gzip.compress(b"".join(rng.randbytes(5_000).hex().encode() * 10 for _ in range(100)), 1)
    with path.open("wb") as file:  # streams that follow one another are one file to gzip
        file.write(gzip.compress(b'{"text": "'))
        for _ in range(100):
            file.write(block)
        file.write(gzip.compress(b'"}\n{"text": "The next one."}\n'))
    (found,) = find([path])
    tracemalloc.start()
    long, good = read(found, Settings(max_article_bytes=1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(long, DeadLetter) and long.reason == "too_large" and "1,000,000,012 bytes" in long.message
    assert isinstance(good, Article) and good.text == "The next one."
    assert peak < 5_000_000
