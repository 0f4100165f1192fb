from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from importlib.util import find_spec

import pytest

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from tests.sources.packing import LINK, tar, zipped

LINES = b'{"text": "First."}\n{"text": "Second."}\n'
COMPRESSIONS = [
    ".gz",
    ".bz2",
    ".xz",
    pytest.param(".zst", marks=pytest.mark.skipif(not find_spec("backports"), reason="no zstd")),
]


def compress(suffix: str, data: bytes) -> bytes:
    if suffix == ".zst":
        from backports import zstd  # noqa: PLC0415

        return zstd.compress(data)
    return {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[suffix](data)


def told(items: list[object]) -> list[tuple[str | None, str]]:
    """Where each item is, and its text or the reason why there is none."""
    return [(item.source_member, item.text if isinstance(item, Article) else item.reason) for item in items]


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_a_compressed_file_is_read_as_what_it_holds(read_bytes, suffix: str) -> None:
    assert told(read_bytes(f"a.jsonl{suffix}", compress(suffix, LINES))) == [
        ("line 1", "First."),
        ("line 2", "Second."),
    ]
    assert told(read_bytes(f"a.txt{suffix}", compress(suffix, b"Hello."))) == [(None, "Hello.")]
    appended = compress(suffix, LINES) + compress(suffix, b'{"text": "Third."}')
    assert told(read_bytes(f"b.jsonl{suffix}", appended))[2:] == [("line 3", "Third.")]


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_of_a_file_that_is_cut_off_what_came_before_is_kept_and_the_loss_reported(read_bytes, suffix: str) -> None:
    items = read_bytes(f"a.jsonl{suffix}", compress(suffix, LINES) + compress(suffix, b"x" * 100_000)[:-9])
    assert [reason for _, reason in told(items)][-1] == "damaged"
    assert "fetch or make it again" in items[-1].message


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.txz", "a.zip", "A.ZIP"])
def test_the_members_of_an_archive_are_read_like_the_files_of_a_folder(read_bytes, name: str) -> None:
    members = [("2020/a.jsonl", LINES), ("b.txt", b"Text."), ("c.jsonl.gz", gzip.compress(LINES)), ("read.me", b"?")]
    members += [(".hidden.txt", b"x"), ("__MACOSX/._b.txt", b"x")]
    data = zipped(*members) if name.lower().endswith("zip") else tar(*members)
    for suffix, pack in {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}.items():
        data = pack(data) if name.endswith(suffix) else data
    items = read_bytes(name, data)
    assert told(items) == [
        ("2020/a.jsonl, line 1", "First."),
        ("2020/a.jsonl, line 2", "Second."),
        ("b.txt", "Text."),
        ("c.jsonl.gz, line 1", "First."),
        ("c.jsonl.gz, line 2", "Second."),
    ]
    assert {item.source_time.date().isoformat() for item in items} == {"2020-09-13"}, (
        "the member's time, not the archive's"
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
def test_zips_that_are_packed_in_other_ways_are_read(read_bytes, method: int) -> None:
    assert told(read_bytes("a.zip", zipped(("a.txt", b"Text."), method=method))) == [("a.txt", "Text.")]


def test_archives_in_archives_are_read_down_to_a_depth(read_bytes) -> None:
    inner = zipped(("deep/a.txt", b"Text."))
    assert told(read_bytes("a.tar.gz", gzip.compress(tar(("in.zip", inner))))) == [("in.zip/deep/a.txt", "Text.")]
    data, name = b"Text.", "a.txt"
    for _ in range(7):
        data, name = tar((name, data)), "a.tar"
    ((place, reason),) = told(read_bytes("a.tar", data))
    assert reason == "nested" and place == "/".join(["a.tar"] * 6)


@pytest.mark.parametrize("pack", [tar, zipped])
@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("../climbs.txt", b"x", "path"),
        ("a/../../climbs", b"x", "path"),
        ("/etc/absolute.txt", b"x", "path"),
        ("C:\\windows.txt", b"x", "path"),
        ("d/" * 1_000 + "deep.txt", b"x", "path"),
        ("link.txt", LINK, "link"),
        ("binary.txt", bytes(range(256)), "binary"),
    ],
)
def test_a_member_that_could_do_harm_is_refused_by_name_and_the_next_is_read(
    read_bytes, pack, path: str, content: bytes, reason: str
) -> None:
    bad, good = read_bytes("a.zip" if pack is zipped else "a.tar", pack((path, content), ("good.txt", b"Good.")))
    assert isinstance(bad, DeadLetter) and bad.reason == reason
    assert bad.source_member is not None and path.startswith(bad.source_member) and bad.source_member in bad.message
    assert told([good]) == [("good.txt", "Good.")]


def test_ten_thousand_nested_folders_are_refused(read_bytes) -> None:
    deep = "folder/" * 10_000 + "a.txt"
    for name, data in {"a.tar": tar((deep, b"x")), "a.zip": zipped(("d/" * 10_000 + "a.txt", b"x"))}.items():
        ((_, reason),) = told(read_bytes(name, data))
        assert reason == "path"


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.xz", "a.zip", "a.tar.bz2"])
def test_a_bomb_is_refused_as_a_whole(read_bytes, name: str) -> None:
    blank = b"\n" * 20_000_000
    data = {
        "a.jsonl.gz": lambda: gzip.compress(blank),
        "a.jsonl.xz": lambda: lzma.compress(blank, preset=0),
        "a.zip": lambda: zipped(("a.txt", b"Good."), ("b.txt", b"x"), ("c.jsonl", b"\n" * 100_000_000)),
        "a.tar.bz2": lambda: bz2.compress(tar(("a.txt", b"Good."), ("c.jsonl", b"\n" * 60_000_000)), 1),
    }[name]()
    items = read_bytes(name, data)
    assert items[-1].reason == "bomb" and "WHOSAID_MAX_EXPANDED_BYTES" in items[-1].message


def test_the_limit_on_what_an_archive_may_expand_to_is_a_setting(read_bytes) -> None:
    data = tar(*((f"{number}.txt", b"word " * 1_000) for number in range(200)))
    items = read_bytes("a.tar.gz", gzip.compress(data), Settings(max_expanded_bytes=500_000))
    assert [reason for _, reason in told(items)][-1] == "bomb" and isinstance(items[0], Article)


def test_a_broken_header_in_the_middle_of_a_tar_is_not_taken_for_its_end(read_bytes) -> None:
    data = bytearray(tar(("a.txt", b"One."), ("b.txt", b"Two."), ("c.txt", b"Three.")))
    data[1024 + 100 : 1024 + 160] = b"?" * 60
    assert told(read_bytes("a.tar", bytes(data))) == [("a.txt", "One."), (None, "damaged")]
    assert told(read_bytes("a.tar", tar(("a.txt", b"One."))[:1024])) == [("a.txt", "One."), (None, "damaged")]


def test_a_checksum_that_does_not_fit_is_reported(read_bytes) -> None:
    data = bytearray(gzip.compress(tar(("a.txt", b"One."))))
    data[-6] ^= 1
    assert told(read_bytes("a.tar.gz", bytes(data)))[-1] == (None, "damaged")
    data = bytearray(zipped(("a.txt", b"One."), ("b.txt", b"Two."), method=zipfile.ZIP_STORED))
    data[data.index(b"One.")] ^= 1
    assert told(read_bytes("a.zip", bytes(data))) == [("a.txt", "damaged"), ("b.txt", "Two.")]


def test_an_encrypted_member_and_an_empty_archive_say_so(read_bytes) -> None:
    data = bytearray(zipped(("a.txt", b"One.")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert told(read_bytes("a.zip", bytes(data))) == [("a.txt", "encrypted")]
    assert told(read_bytes("b.zip", zipped())) == [(None, "empty")]
    assert told(read_bytes("c.tar", tar(("photo.jpg", b"x")))) == [(None, "empty")]
