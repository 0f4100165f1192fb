"""Where an outlet is at home."""

import pytest

from pipeline.actors import lexicon, outlets
from pipeline.actors.outlets import outlet_country


@pytest.mark.parametrize(
    ("outlet", "code"),
    [
        ("https://www.bbc.co.uk/news/world-1", "GB"),
        ("https://edition.cnn.com/2020/01/01/x.html", "US"),
        ("The Guardian", "GB"),
        ("guardian", "GB"),
        ("dw.com", "DE"),
        ("El País", "ES"),
        ("https://news.example.co.nz/", "NZ"),
        ("http://zeitung.example.at/artikel", "AT"),
        ("https://www.whitehouse.gov/briefing", "US"),
        ("example.uk", "GB"),
    ],
)
def test_known_outlets_by_name_or_address_and_others_by_their_domain(outlet: str, code: str) -> None:
    assert outlet_country(outlet) == code


@pytest.mark.parametrize(
    "outlet", ["https://example.com/", "startup.io", "blog.tv", "Inkford Gazette", "", "http://[", "example.eu"]
)
def test_what_cannot_be_told_is_left_open(outlet: str) -> None:
    assert outlet_country(outlet) is None


def test_there_are_more_than_150_outlets_in_real_countries() -> None:
    assert len(outlets._domains()) > 150
    assert set(outlets._domains().values()) <= set(lexicon.countries())
