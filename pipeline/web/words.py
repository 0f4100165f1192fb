"""How codes, dates and numbers are told to people."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import urlsplit

LABELS = {
    "speaker": "Speaker",
    "mentions": "Mentioning",
    "role": "Role",
    "said": "Said",
    "about": "About",
    "since": "From",
    "until": "To",
    "min_confidence": "Confidence at least",
    "negated": "Negated",
    "fold": "Copies",
    "articles": "Article",
    "stories": "Story",
    "speakers": "Speaker",
    "speaker_kinds": "Kind of speaker",
    "speaker_countries": "Speaker’s country",
    "actors": "Mentioned",
    "countries": "Country mentioned",
    "outlets": "Outlet",
    "outlet_countries": "Outlet’s country",
    "kinds": "Kind of quote",
    "acts": "How it was put",
}
VALUES = {
    "speaker_kinds": {
        "person": "People", "organization": "Organisations", "government": "Governments", "group": "Groups",
        "unnamed": "Unnamed", "unknown": "Unknown",
    },
    "kinds": {"direct": "Word for word", "indirect": "Reported", "mixed": "Partly word for word"},
    "acts": {"speech": "Spoken", "writing": "Written", "thought": "Thought"},
    "speakers": {"unknown": "Nobody named"},
    "negated": {"true": "denied only", "false": "without what was denied"},
    "fold": {"true": "left out"},
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
COUNTRIES = frozenset({"speaker_countries", "countries", "outlet_countries"})


class Country(NamedTuple):
    """A country for people and for the map."""

    name: str
    x: int
    y: int
    """About its middle, in units of `static/world.svg`."""
    drawn: bool
    """Whether the map has its shape; others are too small and get a dot."""


@cache
def countries() -> dict[str, Country]:
    """All countries by ISO 3166-1 alpha-2 code."""
    rows = json.loads(files("pipeline.web").joinpath("countries.json").read_text(encoding="utf-8"))
    return {code: Country(*row) for code, row in rows.items()}


def country_name(code: str) -> str:
    """The country's English name, or the code where it is none that is known."""
    known = countries().get(code)
    return known.name if known else code


def label(name: str) -> str:
    """What a parameter is called."""
    return LABELS[name]


def value_label(name: str, value: str) -> str:
    """What a facet's value is called."""
    return country_name(value) if name in COUNTRIES else VALUES.get(name, {}).get(value, value)


def day(moment: date | datetime) -> str:
    """2 December 2022."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def short_day(moment: date | datetime) -> str:
    """2 Dec 2022."""
    return f"{moment.day} {MONTHS[moment.month - 1][:3]} {moment.year}"


def plural(number: int, one: str, more: str | None = None) -> str:
    """1 quote, 2,000 quotes."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def web_address(url: str | None) -> str | None:
    """The address when it leads into the web; whatever else an article may bring (`javascript:`) is no link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
