"""What is found, as plain data; text is never marked up, found words are spans of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.article import Span
from pipeline.search.query import After, Interval, Query
from pipeline.search.request import FACETS, FOLDED, HITS, TIMELINE, interval

MOST_STEPS = 120
"""Months of a timeline; more are added up to years, unless months were asked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One quote."""

    id: str
    article_id: str
    text: str
    """Its pieces, joined by " … "."""
    start: int
    """Characters of the article's text, half-open."""
    end: int
    kind: str
    act: str
    negated: bool
    confidence: float
    speaker: str
    """The canonical name; `unknown` where the article names nobody."""
    speaker_kind: str
    speaker_id: str | None
    speaker_mention: str | None
    """How the article refers to the speaker here."""
    speaker_role: str | None
    speaker_country: str | None
    addressee: str | None
    cue: str | None
    context_before: str
    context_after: str
    actors: tuple[str, ...]
    """Whom the quote mentions."""
    countries: tuple[str, ...]
    """Which countries the quote mentions."""
    title: str | None
    url: str | None
    outlet: str | None
    outlet_country: str | None
    published_at: datetime | None
    story_id: str
    """The same for all copies of an article: the smallest of their ids."""
    copy_of: str | None
    """The quote of the story's first article that says this word for word."""
    highlights: tuple[Span, ...]
    """The words that were searched for, as characters of `text`."""


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet."""

    value: str
    quotes: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline that has quotes."""

    start: date
    """Its first day."""
    quotes: int


@dataclass(frozen=True, slots=True)
class Total:
    """How many quotes are found."""

    quotes: int
    exact: bool
    """False when there are more than were counted (10,000)."""

    def __str__(self) -> str:
        return f"{self.quotes:,}" if self.exact else f"more than {self.quotes:,}"


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one query."""

    hits: tuple[Hit, ...]
    total: Total
    facets: dict[str, tuple[Count, ...]]
    """By the name of the filter in `Query`; the most frequent values first. A facet's own filter does not narrow it."""
    timeline: tuple[Step, ...]
    """By date, steps without quotes left out; `since` and `until` do not narrow it."""
    interval: Interval
    """How long a step of the timeline is."""
    folded: Total | None
    """How many more are found in copies, when these are folded."""
    after: After | None
    """Where the next page begins; nothing when this is the last."""
    snapshot: str | None
    """For the next page, when the query has one."""
    did_you_mean: tuple[str, ...] = ()
    """Names that look like the speaker's, when nobody of that name has been found."""


def parse(answers: Mapping[str, dict[str, Any]], query: Query, *, before: str, behind: str) -> Result:
    """The answers to `requests(query, …, before=before, behind=behind)`, by the same names."""
    raw = answers[HITS]["hits"]["hits"]
    counted = {
        name: found["buckets"] for answer in answers.values() for name, found in answer.get("aggregations", {}).items()
    }
    step, timeline = _timeline(counted.get(TIMELINE, ()), query)
    return Result(
        hits=tuple(hit(one, before, behind) for one in raw),
        total=total(answers[HITS]),
        facets={
            name: tuple(Count(bucket["key"], bucket["doc_count"]) for bucket in counted[name])
            for name in FACETS
            if name in counted
        },
        timeline=timeline,
        interval=step,
        folded=total(answers[FOLDED]) if FOLDED in answers else None,
        after=tuple(raw[-1]["sort"]) if raw and len(raw) == query.size else None,
        snapshot=answers[HITS].get("pit_id"),
    )


def total(answer: Mapping[str, Any]) -> Total:
    """How many an answer of `_search` says there are."""
    counted = answer["hits"]["total"]
    return Total(counted["value"], counted["relation"] == "eq")


def _timeline(buckets: Any, query: Query) -> tuple[Interval, tuple[Step, ...]]:
    step = interval(query)
    counts = {date.fromisoformat(bucket["key_as_string"][:10]): bucket["doc_count"] for bucket in buckets}
    if query.interval is None and step is Interval.MONTH and counts and _months(min(counts), max(counts)) > MOST_STEPS:
        step, months, counts = Interval.YEAR, counts, {}
        for month, quotes in months.items():
            year = month.replace(month=1)
            counts[year] = counts.get(year, 0) + quotes
    return step, tuple(Step(start, quotes) for start, quotes in sorted(counts.items()))


def _months(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month + 1


def hit(raw: Mapping[str, Any], before: str, behind: str) -> Hit:
    """One hit of `_search`; the words that it marks between `before` and `behind` become spans."""
    source = raw["_source"]
    marked = raw.get("highlight", {}).get("text", [""])[0]
    published_at = source.get("published_at")
    return Hit(
        id=source["id"],
        article_id=source["article_id"],
        text=source["text"],
        start=source["start"],
        end=source["end"],
        kind=source["kind"],
        act=source["act"],
        negated=source["negated"],
        confidence=source["confidence"],
        speaker=source["speaker"],
        speaker_kind=source["speaker_kind"],
        speaker_id=source.get("speaker_id"),
        speaker_mention=source.get("speaker_mention"),
        speaker_role=source.get("speaker_role"),
        speaker_country=source.get("speaker_country"),
        addressee=source.get("addressee"),
        cue=source.get("cue"),
        context_before=source.get("context_before", ""),
        context_after=source.get("context_after", ""),
        actors=tuple(source.get("actors", ())),
        countries=tuple(source.get("countries", ())),
        title=source.get("title"),
        url=source.get("url"),
        outlet=source.get("outlet"),
        outlet_country=source.get("outlet_country"),
        published_at=datetime.fromisoformat(published_at) if published_at else None,
        story_id=source.get("story_id", source["article_id"]),
        copy_of=source.get("copy_of"),
        highlights=spans(marked, before, behind),
    )


def spans(marked: str, before: str, behind: str) -> tuple[Span, ...]:
    """Where the marked words stand in the text without its marks."""
    plain, *pieces = marked.split(before)
    at, found = len(plain), []
    for piece in pieces:
        word, _, rest = piece.partition(behind)
        found.append(Span(at, at + len(word)))
        at += len(word) + len(rest)
    return tuple(found)
