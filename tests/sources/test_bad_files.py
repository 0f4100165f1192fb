"""What a user sees of a file that is not what its name says: a reason, the place, the remedy; never a crash."""

from __future__ import annotations

import errno
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.article import Article, DeadLetter
from pipeline.errors import PassingFailure
from pipeline.settings import Settings
from pipeline.sources import find, read

GOOD = b'{"text": "A good line."}\n'


def dead(items: list[object]) -> DeadLetter:
    (item,) = items
    assert isinstance(item, DeadLetter), item
    assert item.stage == "read" and item.source_file in item.message and "; " in item.message
    return item


@pytest.mark.parametrize(
    ("name", "data", "reason", "says"),
    [
        ("empty.txt", b"", "empty", "no text"),
        ("blank.txt", b" \n\n", "empty", "no text"),
        ("empty.jsonl", b"\n\n", "empty", "no lines"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary", "no text"),
        ("zipped.jsonl", b"\x1f\x8b\x08\0", "binary", "no text"),
        ("latin.txt", b"One.\nThe minister \xc3\x28 said.", "encoding", "byte 0xc3 at offset 18 .*line 2"),
        ("cut.txt", "He said: “Never".encode()[:11], "encoding", "byte 0xe2 at offset 9"),
        ("half.txt", "“Hi,” said Bo.".encode("utf-16")[:-1], "encoding", "utf-16-le"),
        ("half.jsonl", b"\xff\xfe{\x00\x00\xd8", "encoding", "utf-16-le"),
        ("cut.jsonl", b'{"text": "cut of', "json", "line 1: column 10: "),
        ("list.jsonl", b"[1]", "json", "not an object"),
        ("deep.jsonl", b"[" * 200_000, "json", "too deep"),
        ("digits.jsonl", b'{"text": ' + b"9" * 9_000 + b"}", "json", "number too long"),
        ("page.html", b"<p>Hello", "format", "no source reads this format"),
    ],
)
def test_each_bad_file_has_its_reason(read_bytes, name: str, data: bytes, reason: str, says: str) -> None:
    letter = dead(read_bytes(name, data))
    assert letter.reason == reason
    assert re.search(says, letter.message), letter.message


def test_after_a_bad_line_the_next_ones_are_read(read_bytes) -> None:
    lines = GOOD + b'{"text": "damaged \xc3("}\n' + GOOD + b'{"text": 1}\n{"text": "cut\n\n' + GOOD
    items = read_bytes("a.jsonl", lines)
    assert [item.reason if isinstance(item, DeadLetter) else "good" for item in items] == [
        "good",
        "encoding",
        "good",
        "field",
        "json",
        "good",
    ]
    assert [item.source_member for item in items] == ["line 1", "line 2", "line 3", "line 4", "line 5", "line 7"]


def test_a_line_of_50_megabytes_is_refused_in_little_memory_and_the_next_line_read(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + GOOD)
    (found,) = find([path])
    tracemalloc.start()
    long, good = read(found, Settings(max_article_bytes=1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(long, DeadLetter) and long.reason == "too_large" and "50,000,012 bytes" in long.message
    assert isinstance(good, Article) and good.source_member == "line 2"
    assert peak < 5_000_000


def test_a_text_or_a_file_over_its_limit_is_refused_with_the_setting_that_raises_it(read_bytes) -> None:
    letter = dead(read_bytes("a.txt", b"x" * 2_000, Settings(max_article_bytes=1_000)))
    assert letter.reason == "too_large" and "WHOSAID_MAX_ARTICLE_BYTES" in letter.message
    letter = dead(read_bytes("a.jsonl", GOOD * 100, Settings(max_file_bytes=1_000)))
    assert letter.reason == "too_large" and "WHOSAID_MAX_FILE_BYTES" in letter.message


def test_a_file_that_vanished_is_a_dead_letter_and_a_disk_that_fails_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Hello.")
    (file,) = find([path])
    path.unlink()
    assert dead(list(read(file, Settings()))).reason == "missing"

    def fails() -> BinaryIO:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(PassingFailure, match=r"a\.txt: Input/output error"):
        list(read(replace(file, opener=fails), Settings()))
