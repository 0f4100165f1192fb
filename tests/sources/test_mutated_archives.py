"""Archives that somebody broke: reading them ends, never raises, and says what was lost."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BufferedReader, BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import File, read
from tests.sources.packing import LINK, tar, zipped

LINES = b'{"text": "First."}\n{"text": "Second.", "url": "https://a.example/"}\n'
MEMBERS = [
    ("a.txt", b"One."),
    ("d/b.jsonl", LINES),
    ("l.txt", LINK),
    ("c.jsonl.gz", gzip.compress(LINES)),
    ("é" * 90, b""),
]
MEMBERS.append(("in.zip", zipped(("q.txt", b"In zip."))))

Pack = Callable[[bytes], bytes]
KINDS: dict[str, tuple[bytes, Pack]] = {
    "a.tar": (tar(*MEMBERS), bytes),
    "a.tar.gz": (tar(*MEMBERS), gzip.compress),
    "a.tar.xz": (tar(*MEMBERS), lambda data: lzma.compress(data, preset=0)),
    "a.zip": (zipped(*MEMBERS), bytes),
    "b.zip": (zipped(*MEMBERS, method=zipfile.ZIP_STORED), bytes),
    "a.jsonl.gz": (gzip.compress(LINES), bytes),
    "a.jsonl.bz2": (bz2.compress(LINES), bytes),
    "a.jsonl.xz": (lzma.compress(LINES), bytes),
    "z.tar.gz": (gzip.compress(tar(*MEMBERS)), bytes),
    "z.zip": (zipped(("in.tar", tar(*MEMBERS))), bytes),
}
place = st.integers(0, 1 << 16)
changes = st.lists(
    st.tuples(st.just("set"), place, st.binary(min_size=1, max_size=8))
    | st.tuples(st.just("insert"), place, st.binary(min_size=1, max_size=600))
    | st.tuples(st.just("drop"), place, st.integers(1, 600))
    | st.tuples(st.just("cut"), place, st.just(0)),
    min_size=1,
    max_size=4,
)


def mutate(data: bytes, steps: list[tuple[str, int, bytes | int]]) -> bytes:
    for how, where, what in steps:
        at = where % (len(data) + 1)
        if isinstance(what, bytes):
            data = data[:at] + what + data[at + (len(what) if how == "set" else 0) :]
        else:
            data = data[:at] + (data[at + what :] if how == "drop" else b"")
    return data


@settings(max_examples=2_000, deadline=timedelta(seconds=10))
@given(st.sampled_from(sorted(KINDS)), changes)
def test_a_broken_archive_ends_with_articles_and_reasons(name: str, steps: list[tuple[str, int, bytes | int]]) -> None:
    data, pack = KINDS[name]
    broken = pack(mutate(data, steps))
    file = File(name, len(broken), datetime(2024, 1, 1, tzinfo=UTC), lambda: BufferedReader(BytesIO(broken)))
    items = list(read(file, Settings(max_article_bytes=1_000)))
    assert items, "neither an article nor a reason"
    for item in items:
        assert isinstance(item, Article | DeadLetter)
        (item.text if isinstance(item, Article) else item.message + str(item.source_member)).encode()
