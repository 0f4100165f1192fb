"""A thousand hostile searches: each answered, limited or refused in words, none of them slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.elastic import connect
from pipeline.errors import BadQuery
from pipeline.index import Writer, create
from pipeline.search import Interval, Query, Result, Sort, from_link, search
from pipeline.settings import Settings
from tests.documents import random_prefix
from tests.search import corpus

LONGEST = 5.0
"""Seconds that a search may take."""

texts = st.one_of(
    st.text(min_size=1, max_size=500),
    st.text('*?~^"()[]{}|+-\\/&!:<> a', min_size=1, max_size=500),
    st.text(st.characters(categories=["Mn", "Cf", "Co", "So", "Zs"]), min_size=1, max_size=200),
    st.sampled_from([
        "(a+)+" * 100, ".*" * 250, "*" * 500, "?" * 500, "((((" * 125, "a* b* c* " * 50, "peace~9999 " * 40,
        "-x " * 160, '"peace talks"~2147483647', "[* TO *]", "text:*", "_exists_:speaker", "/(a|a)*b/", "\0",
        "𝕏 ﷽ \u202e", "a" * 500, "peace | " * 60, "talk " * 100, '"' + "the " * 100 + '"', "{{7*7}}",
        "'; DROP TABLE quotes; --", "../../etc/passwd", "<script>alert(1)</script>", "${jndi:ldap://x}", "\ud800",
        "ﬀ" * 250, "İ" * 500, "ß" * 500, " " * 30,
    ]),
)  # fmt: skip
keys = st.one_of(
    texts, st.none(), st.integers(-(2**70), 2**70), st.floats(), st.booleans(), st.just(10**400), st.just("9" * 500)
)
values = st.lists(texts, max_size=120).map(tuple)
queries = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("speaker", "mentions", "role", "said", "about"), texts),
        **dict.fromkeys(
            ("speakers", "actors", "outlets", "speaker_ids", "articles", "stories", "kinds", "acts"), values
        ),
        **dict.fromkeys(
            ("speaker_countries", "countries", "outlet_countries"), st.lists(st.text(max_size=3)).map(tuple)
        ),
        **dict.fromkeys(("since", "until"), st.dates()),
        "min_confidence": st.floats(),
        "negated": st.booleans(),
        "fold": st.booleans(),
        "sort": st.sampled_from(Sort),
        "interval": st.sampled_from(Interval),
        "size": st.integers(-10, 10**9) | st.integers(0, 100),
        "facet_size": st.integers(-10, 10**9) | st.integers(0, 100),
        "after": st.lists(keys, max_size=8).map(tuple),
        "snapshot": texts,
    },
)


@pytest.fixture(scope="module")
def ask(elasticsearch_url: str) -> Callable[[Query], Result]:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    client: Elasticsearch = connect(settings)
    create(client, settings)
    Writer(client, settings, generation=1).write(corpus.corpus()[:200])
    client.indices.refresh(index=f"{settings.index_prefix}quotes")
    return lambda query: search(client, settings, query)


def answered_or_refused(ask: Callable[[Query], Result], given: dict[str, Any]) -> float:
    """Seconds until there was an answer, or a refusal in words."""
    begun = time.perf_counter()
    try:
        assert isinstance(ask(Query(**given)), Result)
    except BadQuery as refusal:
        assert 10 < len(str(refusal)) < 2000
    return time.perf_counter() - begun


anything = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@hypothesis_settings(anything, max_examples=100)
@given(given=queries)
def test_anything_is_answered_or_refused_in_words(ask: Callable[[Query], Result], given: dict[str, Any]) -> None:
    answered_or_refused(ask, given)


@pytest.mark.soak
@hypothesis_settings(anything, max_examples=1000)
@given(given=queries)
def test_a_thousand_hostile_searches_are_never_slow(ask: Callable[[Query], Result], given: dict[str, Any]) -> None:
    assert answered_or_refused(ask, given) < LONGEST


@hypothesis_settings(anything, max_examples=200)
@given(text=texts | st.text("abcXYZ019-_=", max_size=60))
def test_any_text_in_the_place_of_a_page_is_refused_in_words(text: str) -> None:
    try:
        assert isinstance(from_link(text), tuple)
    except BadQuery as refusal:
        assert "first page" in str(refusal)


def test_ranges_to_the_ends_of_time_are_answered_in_every_step(ask: Callable[[Query], Result]) -> None:
    for interval in Interval:
        result = ask(Query(since=date.min, until=date.max, interval=interval))
        assert sum(step.quotes for step in result.timeline) > 0
