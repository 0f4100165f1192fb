"""What is found, as plain data; text is never marked up, found words are spans of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.article import Span
from pipeline.search.query import After, Query
from pipeline.search.request import FACETS


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
    cue: str | None
    context_before: str
    context_after: str
    title: str | None
    url: str | None
    outlet: str | None
    outlet_country: str | None
    published_at: datetime | None
    highlights: tuple[Span, ...]
    """The words that were searched for, as characters of `text`."""


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet."""

    value: str
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
    after: After | None
    """Where the next page begins; nothing when this is the last."""


def parse(answer: dict[str, Any], query: Query, *, before: str, behind: str) -> Result:
    """The answer of `_search` to `request(query, before=before, behind=behind)`."""
    raw, total = answer["hits"]["hits"], answer["hits"]["total"]
    facets = answer.get("aggregations", {})
    return Result(
        hits=tuple(_hit(hit, before, behind) for hit in raw),
        total=Total(total["value"], total["relation"] == "eq"),
        facets={
            name: tuple(Count(bucket["key"], bucket["doc_count"]) for bucket in facets[name]["values"]["buckets"])
            for name in FACETS
            if name in facets
        },
        after=tuple(raw[-1]["sort"]) if raw and len(raw) == query.size else None,
    )


def _hit(hit: dict[str, Any], before: str, behind: str) -> Hit:
    source = hit["_source"]
    marked = hit.get("highlight", {}).get("text", [""])[0]
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
        cue=source.get("cue"),
        context_before=source.get("context_before", ""),
        context_after=source.get("context_after", ""),
        title=source.get("title"),
        url=source.get("url"),
        outlet=source.get("outlet"),
        outlet_country=source.get("outlet_country"),
        published_at=datetime.fromisoformat(published_at) if published_at else None,
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
