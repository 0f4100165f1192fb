from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.sources.identity import article_id, canonical_url, content_hash

PAGE = "https://news.example/World/a-story/?a=1&b=2"


@pytest.mark.parametrize(
    "same",
    [
        "HTTP://News.Example:80/World/a-story/?a=1&b=2",
        "https://user:secret@news.example:443/World/a-story/?b=2&a=1#comments",
        " https://news.example./World/%61-story/?utm_source=x&a=1&fbclid=y&b=2 ",
    ],
)
def test_addresses_of_one_page_are_one_article(same: str) -> None:
    assert canonical_url(same) == PAGE
    assert article_id(same, "An Outlet", "one text") == article_id(PAGE, None, "another")


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/world/a-story/?a=1&b=2",
        "https://news.example/World/a-story?a=1&b=2",
        "https://www.news.example/World/a-story/?a=1&b=2",
        "https://news.example:8080/World/a-story/?a=1&b=2",
        "https://news.example/World%2Fa-story/?a=1&b=2",
        "https://news.example/World/a-story/?a=1",
    ],
)
def test_addresses_that_may_be_another_page_stay_apart(other: str) -> None:
    assert canonical_url(other) != PAGE


def test_hosts_and_paths_in_any_script_have_one_form() -> None:
    assert canonical_url("http://BÜCHER.example/straße") == "https://xn--bcher-kva.example/stra%C3%9Fe"
    assert canonical_url("http://[2001:DB8::1]:80") == "https://[2001:db8::1]/"


@given(st.text() | st.builds("http://{}".format, st.text()) | st.from_regex(r"https?://[a-z.]{1,9}(:\d{1,6})?/\S*"))
@example("HTTP://..")
@example("HTTP://0․")  # U+2024, which is a full stop in a host
@example("HTTP://․")
def test_a_canonical_address_is_its_own_canonical_address(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except ValueError:
        return
    assert canonical_url(canonical) == canonical


def test_without_an_address_outlet_and_words_make_the_article() -> None:
    assert article_id(None, "Daily", "Café\nopens. ") == article_id(None, "Daily", "Cafe\u0301  opens.")
    assert article_id(None, "Daily", "One.") != article_id(None, "Weekly", "One.")


def test_the_order_of_what_a_source_says_makes_no_difference() -> None:
    assert content_hash({"a": 1, "b": ["x"]}) == content_hash({"b": ["x"], "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})
