"""The timeline has a bar for each step, whatever dates articles give themselves."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.search import Interval, Step
from pipeline.web.pictures import MOST_BARS, timeline


def days(first: date, last: date) -> str:
    return f"{first} {last}"


def test_months_in_which_nothing_was_said_have_a_bar_too() -> None:
    drawn = timeline([Step(date(2023, 12, 1), 2), Step(date(2024, 2, 1), 4)], Interval.MONTH, days)
    assert [(bar.quotes, bar.share) for bar in drawn] == [(2, 50.0), (0, 0.0), (4, 100.0)]
    assert [bar.url for bar in drawn] == ["2023-12-01 2023-12-31", "2024-01-01 2024-01-31", "2024-02-01 2024-02-29"]


@pytest.mark.parametrize("interval", list(Interval))
def test_articles_of_the_years_1_and_9999_hide_no_others(interval: Interval) -> None:
    starts = [date(1, 1, 1), date(2023, 1, 1), date(2024, 1, 1), date(9999, 12, 31)]
    if interval is Interval.YEAR:
        starts[-1] = date(9999, 1, 1)
    drawn = timeline([Step(start, 1) for start in starts], interval, days)
    assert [bar.url.split()[0] for bar in drawn] == [str(start) for start in starts]
    assert drawn[-1].url.endswith("9999-12-31")
    many = [Step(date(year, 1, 1), year) for year in range(1, 9000, 3)]
    assert [bar.quotes for bar in timeline(many, interval, days)] == [step.quotes for step in many[-MOST_BARS:]]
