"""Whatever bytes a file holds, reading ends, never raises, loses no line, and gives what can be stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BufferedReader, BytesIO

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import File, read
from pipeline.sources.lines import lines

SETTINGS = Settings(max_article_bytes=2_000)
SEED = "“We’ll win,” said Zoë Kääriäinen – twice.\r\nThe Kremlin denied it.\n"

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2022-12-02", "http://a.example/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(
    ["text", "body", "url", "title", "authors", "outlet", "language", "outlet_country", "published_at", "modified_at"]
)
records = st.dictionaries(names | st.text(max_size=5), json_values, max_size=8).map(lambda it: json.dumps(it).encode())
pieces = (
    st.binary(max_size=200)
    | records
    | st.sampled_from(
        [SEED.encode(code) for code in ("utf-8", "utf-16", "cp1252", "utf-32-be")]
        + [b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\0" * 9]
    )
)
wild = st.lists(pieces, max_size=12).map(b"\n".join) | st.lists(pieces, max_size=6).map(b"".join)


def items(name: str, data: bytes) -> list[Article | DeadLetter]:
    file = File(name, len(data), datetime(2024, 1, 1, tzinfo=UTC), lambda: BufferedReader(BytesIO(data)))
    return list(read(file, SETTINGS))


@given(wild)
def test_any_text_file_gives_one_article_or_one_reason(data: bytes) -> None:
    (item,) = items("a.txt", data)
    json.dumps([item.text, item.title] if isinstance(item, Article) else item.message, ensure_ascii=False).encode()


@given(wild)
def test_any_json_lines_file_gives_one_item_for_each_line_that_says_something(data: bytes) -> None:
    found = items("a.jsonl", data)
    for item in found:
        values = item.__getstate__() if isinstance(item, Article) else [item.message]
        json.dumps([str(value) for value in values], ensure_ascii=False).encode()
    whole = [item for item in found if item.source_member is None]
    if not whole:  # neither binary nor empty, nor UTF-16 that breaks off
        numbers = [int(str(item.source_member).removeprefix("line ")) for item in found]
        assert numbers == sorted(set(numbers))


@given(st.lists(records, max_size=20))
def test_every_record_is_an_article_or_a_dead_letter(rows: list[bytes]) -> None:
    found = items("a.jsonl", b"\n".join(rows))
    assert len(found) == max(len(rows), 1)


@given(st.binary(max_size=300) | st.lists(st.sampled_from([b"\n", b"\r\n", b"ab"])).map(b"".join), st.integers(1, 20))
def test_lines_are_those_of_the_bytes_and_long_ones_are_named_with_their_size(data: bytes, limit: int) -> None:
    found = list(lines(BufferedReader(BytesIO(data)), limit))
    expected = [(number, plain) for number, plain in enumerate(data.split(b"\n"), start=1) if plain]
    assert [line.number for line in found] == [number for number, _ in expected]
    for line, (_, plain) in zip(found, expected, strict=True):
        assert data[line.offset : line.offset + len(plain)] == plain
        assert line.data == plain.removesuffix(b"\r") if line.data is not None else line.size == len(plain) > limit
