"""Numbers → pictures, as plain data that the templates draw: bars over time, bars of a facet, a map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from pipeline.search import Count, Interval, Step
from pipeline.web.words import MONTHS, countries, short_day

SHADES = 5
MOST_BARS = 500


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; its link narrows the search to what it counts."""

    label: str
    quotes: int
    share: float
    """Of the longest bar, 0 to 100."""
    url: str
    chosen: bool = False


def bars(counts: Iterable[tuple[str, int, str, bool]]) -> list[Bar]:
    """Label, count, link and whether it is chosen → bars."""
    rows = list(counts)
    most = max((quotes for _, quotes, _, _ in rows), default=0) or 1
    return [Bar(label, quotes, round(100 * quotes / most, 1), url, chosen) for label, quotes, url, chosen in rows]


def timeline(steps: Sequence[Step], interval: Interval, url: Callable[[date, date], str]) -> list[Bar]:
    """A bar for each step from the first to the last, also where nothing was said.

    Where these were more than `MOST_BARS`, as one article of the year 1 makes them: the newest that have quotes.
    """
    if not steps:
        return []
    counts = {step.start: step.quotes for step in steps}
    starts = [steps[0].start]
    while starts[-1] < steps[-1].start and len(starts) < MOST_BARS:
        starts.append(_next(starts[-1], interval))
    if starts[-1] < steps[-1].start:
        starts = [step.start for step in steps[-MOST_BARS:]]
    return bars(
        (_told(start, interval), counts.get(start, 0), url(start, _last(start, interval)), False) for start in starts
    )


def _next(start: date, interval: Interval) -> date:
    match interval:
        case Interval.DAY:
            return start + timedelta(days=1)
        case Interval.WEEK:
            return start + timedelta(days=7)
        case Interval.MONTH:
            return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start.replace(year=start.year + 1)


def _last(start: date, interval: Interval) -> date:
    try:
        return _next(start, interval) - timedelta(days=1)
    except (ValueError, OverflowError):  # nothing follows the year 9999
        return date.max


def _told(start: date, interval: Interval) -> str:
    match interval:
        case Interval.DAY:
            return short_day(start)
        case Interval.WEEK:
            return f"week of {short_day(start)}"
        case Interval.MONTH:
            return f"{MONTHS[start.month - 1]} {start.year}"
    return str(start.year)


@dataclass(frozen=True, slots=True)
class Shape:
    """A country on the map."""

    code: str
    name: str
    quotes: int
    shade: int
    """1 to 5, each the same factor above the last: few countries have most of the quotes."""
    x: int
    y: int
    drawn: bool
    url: str


def world(counts: Sequence[Count], url: Callable[[str], str]) -> list[Shape]:
    """The countries that are counted, those of most quotes first; codes that are no country are left out."""
    most = max((count.quotes for count in counts), default=1)
    known = countries()
    return [
        Shape(count.value, place.name, count.quotes, _shade(count.quotes, most), place.x, place.y, place.drawn,
              url(count.value))
        for count in counts
        if (place := known.get(count.value))
    ]  # fmt: skip


def _shade(quotes: int, most: int) -> int:
    return SHADES if quotes >= most else 1 + int((SHADES - 1) * log(max(quotes, 1)) / log(most))
