"""What readers write into an address or a form is taken as they mean it."""

from __future__ import annotations

import pytest

from pipeline.article import Span
from pipeline.errors import BadQuery
from pipeline.web.correcting import MOST_WORDS, REACH, located
from pipeline.web.parameters import LISTS, read


def test_a_country_is_the_same_in_small_letters() -> None:
    asked = [(name, code) for name in ("countries", "speaker_countries", "outlet_countries") for code in ("de", "DE")]
    found = read(asked)
    assert found.countries == found.speaker_countries == found.outlet_countries == ["DE"]
    assert {"countries", "speakers"} <= LISTS


def test_words_are_found_where_they_are_nearest_to_the_quote() -> None:
    text = "It is late. " + "x" * REACH + " It is  late. It is late."
    near = text.index("It", REACH)
    assert located(text, [Span(near + 2, near + 9)], ["It is late."]) == [Span(near, near + 12)]
    with pytest.raises(BadQuery, match="near the quote"):
        located("It is late. " + "x" * REACH + " far away", [Span(2, 9)], ["far away"])
    with pytest.raises(BadQuery, match="2,000"):
        located("a " * 10_000, [Span(0, 1)], ["a " * (MOST_WORDS + 1)])
