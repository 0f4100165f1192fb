"""What can be asked, checked: whatever cannot be answered is refused here, in words, before Elasticsearch sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from pipeline.errors import BadQuery

MAX_TEXT = 500
"""Characters of one search text."""
MAX_CHOICES = 100
"""Values of one filter."""
MAX_SIZE = 100
"""Hits on one page."""
MAX_KEYS = 6
"""Values by which hits are put in order."""
MAX_SNAPSHOT = 20_000
"""Characters of a snapshot's id, which grows with the number of shards."""
COUNTRY = re.compile(r"[A-Z]{2}")

After = tuple[str | int | float | None, ...]
"""Where a page ends, as `Result.after` gives it; the next page begins there."""


class Sort(StrEnum):
    """What comes first."""

    DATE = "date"
    """The newest."""
    OLDEST = "oldest"
    RELEVANCE = "relevance"


class Interval(StrEnum):
    """How long one step of the timeline is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which quotes to find; whatever is left out does not narrow the search.

    Values of one filter are alternatives, filters narrow one another. Raises `BadQuery`.
    """

    speaker: str | None = None
    """Words of any name of the speaker, or their id: "Peskov" finds Dmitry Peskov however a text refers to him.

    All words stand in the canonical name, in the article's own words for the speaker, or in a name or alias that the
    index of actors knows.
    """
    mentions: str | None = None
    """Words of any name of somebody whom the quote mentions; found like `speaker`."""
    role: str | None = None
    """Words of the speaker's role or of how the article refers to them: "foreign minister"."""
    said: str | None = None
    """Words of the quote, stemmed; `"…"` a phrase, `|` or, `-` not, `( )` groups."""
    about: str | None = None
    """Words of the quote, of what stands around it or of the article's title; written like `said`."""
    since: date | None = None
    """First day of publication (UTC)."""
    until: date | None = None
    """Last day of publication (UTC)."""
    min_confidence: float | None = None
    """0 to 1."""
    negated: bool | None = None
    """Only what the article says was *not* said, or only the rest."""
    fold: bool = False
    """Leave out what repeats an earlier article of the same story word for word, as copies of wire reports do."""

    speakers: tuple[str, ...] = ()
    """Canonical names, exactly."""
    speaker_kinds: tuple[str, ...] = ()
    speaker_countries: tuple[str, ...] = ()
    """Countries in ISO 3166-1 alpha-2, in either case."""
    actors: tuple[str, ...] = ()
    """Mentioned in the quote."""
    countries: tuple[str, ...] = ()
    """Mentioned in the quote."""
    outlets: tuple[str, ...] = ()
    outlet_countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    speaker_ids: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    """Ids of articles."""
    stories: tuple[str, ...] = ()
    """Ids of stories: `Hit.story_id`."""

    sort: Sort | None = None
    """By relevance when words are searched for, else by date, unless set."""
    size: int = 20
    after: After | None = None
    """`Result.after` of the page before. Without a snapshot, what is indexed between two pages moves them."""
    snapshot: str | None = None
    """The id that `snapshot()` gives, or the last page's `Result.snapshot`: pages of one moment."""
    facet_size: int = 10
    """Values of each facet; 0 for neither facets nor timeline."""
    interval: Interval | None = None
    """Of the timeline; by what `since` and `until` leave unless set."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                _check_text(field.name, value, MAX_SNAPSHOT if field.name == "snapshot" else MAX_TEXT)
            elif isinstance(value, tuple) and field.name != "after":
                _check_choices(field.name, value)
        for name in ("speaker_countries", "countries", "outlet_countries"):
            object.__setattr__(self, name, tuple(_country(name, code) for code in getattr(self, name)))
        _check_range("size", self.size, 0, MAX_SIZE)
        _check_range("facet_size", self.facet_size, 0, MAX_CHOICES)
        if self.min_confidence is not None:
            _check_range("min_confidence", self.min_confidence, 0, 1)
        if self.after is not None and (len(self.after) > MAX_KEYS or any(_is_long(key) for key in self.after)):
            raise BadQuery("after is not where a page ended; begin with the first page")
        if self.since and self.until and self.since > self.until:
            raise BadQuery(f"since {self.since} is after until {self.until}; exchange them")

    @property
    def has_words(self) -> bool:
        """Whether hits can be more or less relevant."""
        return bool(self.said or self.about)


def _is_long(key: object) -> bool:
    return isinstance(key, str) and len(key) > MAX_TEXT


def _check_text(name: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise BadQuery(f"{name} is longer than {limit:,} characters; shorten it")
    if not value.strip():
        raise BadQuery(f"{name} is empty; leave it out, or say what to search for")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadQuery(f"{name} holds half of a surrogate pair, which is no text; write it again") from None


def _check_choices(name: str, values: tuple[str, ...]) -> None:
    if len(values) > MAX_CHOICES:
        raise BadQuery(f"{name} has more than {MAX_CHOICES} values; choose fewer")
    for value in values:
        _check_text(name, value, MAX_TEXT)


def _country(name: str, code: str) -> str:
    upper = code.upper()
    if not COUNTRY.fullmatch(upper):
        raise BadQuery(f"{name}: {code!r} is no country code; write two letters, such as DE (ISO 3166-1 alpha-2)")
    return upper


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise BadQuery(f"{name} is {value}; it goes from {low} to {high}")
