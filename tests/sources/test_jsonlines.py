from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import find, read


def line(**fields: object) -> bytes:
    return json.dumps({"text": "Hello there.", **fields}).encode() + b"\n"


def test_the_invented_seeds_are_read_with_all_they_say() -> None:
    (file,) = find([Path(__file__).parents[2] / "seeds" / "invented.jsonl"])
    first, second, third, fourth = read(file, Settings())
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.outlet, first.outlet_country, first.section) == ("Harbour Courier", "GB", "Business")
    assert (first.source_member, first.published_at) == ("line 1", datetime(2024, 3, 14, 6, 40, tzinfo=UTC))
    assert second.authors == ("Desmond Achterberg", "Lina Farouk")
    assert second.published_at == datetime(2024, 5, 2, 15, 5, tzinfo=UTC)
    assert second.source_time == datetime(2024, 5, 3, 8, 15, tzinfo=UTC), "the time of its last change, not the file's"
    assert isinstance(third, Article) and third.source_time == file.modified
    assert isinstance(fourth, Article) and (fourth.url, fourth.authors) == (None, ("Staff",))


def test_a_text_stays_as_it_is_so_that_offsets_of_other_tools_hold(read_bytes) -> None:
    text = "  A line\nwrapped here, “NFD e\u0301”.\t\u00a0 \n"
    (found,) = read_bytes("a.jsonl", line(text=text))
    assert found.text == text


def test_characters_that_nothing_can_store_are_replaced_one_by_one(read_bytes) -> None:
    (found,) = read_bytes("a.jsonl", rb'{"text": "a\u0000b\ud800c\ud83d\ude00d", "title": "\udfff t", "\ud800": 1}')
    assert (found.text, found.title) == ("a b\ufffdc😀d", "\ufffd t")
    json.dumps([found.text, found.title], ensure_ascii=False).encode()


def test_names_that_other_tools_give_the_fields_are_understood(read_bytes) -> None:
    item = {
        "body": "Hello.",
        "headline": "T",
        "byline": "Ann Lee",
        "source": "Daily",
        "publishedAt": "2020-01-02",
        "x": [1],
    }
    (found,) = read_bytes("a.ndjson", json.dumps(item).encode())
    assert (found.text, found.title, found.authors, found.outlet) == ("Hello.", "T", ("Ann Lee",), "Daily")
    assert found.published_at == datetime(2020, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "at", "flag"),
    [
        ("Fri, 02 Dec 2022 18:00:00 GMT", "2022-12-02T18:00:00+00:00", None),
        (1670004000, "2022-12-02T18:00:00+00:00", None),
        (1670004000000, "2022-12-02T18:00:00+00:00", None),
        (20221202, "2022-12-02T00:00:00+00:00", None),
        ("0001-01-01T00:00:00+14:00", None, "unparsable"),
        ("1066-10-14", "1066-10-14T00:00:00+00:00", "before_1600"),
        ("2999-01-01", "2999-01-01T00:00:00+00:00", "future"),
        ("last Tuesday", None, "unparsable"),
        (1e300, None, "unparsable"),
        (None, None, None),
    ],
)
def test_an_absurd_date_is_flagged_and_the_article_kept(
    read_bytes, value: object, at: str | None, flag: str | None
) -> None:
    (found,) = read_bytes("a.jsonl", line(published_at=value))
    assert (found.published_at and found.published_at.isoformat(), found.published_at_flag) == (at, flag)


def test_a_time_of_change_that_cannot_be_does_not_win_over_every_later_correction(read_bytes, tmp_path: Path) -> None:
    found = read_bytes(
        "a.jsonl", line(modified_at="9999-01-01") + line(modified_at="1899-01-01") + line(modified_at="?")
    )
    (file,) = find([tmp_path / "a.jsonl"])
    assert {item.source_time for item in found} == {file.modified}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("text", 5, "field 'text'"),
        ("text", None, "field 'text': missing"),
        ("url", "javascript:alert(1)", "field 'url': not an http or https address"),
        ("url", "https://[::1", "field 'url'"),
        ("authors", [1], "field 'authors'"),
        ("outlet_country", "Germany", "ISO 3166-1"),
        ("language", "English", "ISO 639-1"),
        ("published_at", ["2020"], "field 'published_at'"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_the_next_line_is_read(
    read_bytes, field: str, value: object, says: str
) -> None:
    bad, good = read_bytes("a.jsonl", line(**{field: value}) + line())
    assert isinstance(bad, DeadLetter) and (bad.stage, bad.reason, bad.source_member) == ("read", "field", "line 1")
    assert f"a.jsonl, line 1: {says}" in bad.message or says in bad.message
    assert isinstance(good, Article) and good.source_member == "line 2"
