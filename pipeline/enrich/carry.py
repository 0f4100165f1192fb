"""Sources that stand elsewhere: in a signature, a transcript's name, the same paragraph or the one before."""

from __future__ import annotations

import re

from pipeline.article import Span
from pipeline.enrich.attribution import Attribution, Reading
from pipeline.enrich.masking import count_words

_NAME = r"(?:[A-Z][\w.’'-]*|de|von|van|al|bin)(?:\s+(?:[A-Z][\w.’'-]*|de|von|van|al|bin|\w\.)){0,4}"
_SIGNATURE = re.compile(rf"\s*[―—–-]{{1,2}}\s*({_NAME})\s*(?:,[^.“\"]{{0,80}})?\.?\s*$")
_TRANSCRIPT = re.compile(r"[\"“]?\s*([A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})\s*(?:\([^)]{0,40}\))?:\s")
_REACH = 2
"""Paragraphs that a speaker is carried over without speaking."""


def carry_over(text: str, readings: list[Reading]) -> None:
    """Give a source to direct quotations that have none, by the strongest ground that there is; weak ones stay unknown."""
    for reading in readings:
        for attribution in reading.direct:
            _signature(text, reading, attribution)
    last: Span | None = None
    last_at = -9
    before: Reading | None = None
    for k, reading in enumerate(readings):
        previous: Attribution | None = None
        first = next((a.source for a in reading.direct if a.source is not None), None)
        for attribution in reading.direct:
            if attribution.source is None:
                found = _ground(text, reading, attribution, previous, first, before, last if k - last_at <= _REACH else None)
                if found is not None:
                    attribution.source, attribution.rule = found
            if attribution.source is not None:
                previous, last, last_at = attribution, attribution.source, k
        if not reading.direct:
            spoken = [a for a in reading.indirect if a.source is not None and a.act != "thought"]
            if spoken:
                last, last_at = spoken[-1].source, k
        before = reading


def _ground(
    text: str,
    reading: Reading,
    attribution: Attribution,
    previous: Attribution | None,
    first: Span | None,
    before: Reading | None,
    last: Span | None,
) -> tuple[Span, str] | None:
    start, end = attribution.pieces[0].start, attribution.pieces[-1].end
    words = count_words(text[start:end])
    opens = start - reading.bounds.start < 3
    if previous is not None and previous.source is not None:
        return previous.source, "same paragraph"
    floating = attribution.quotation is not None and attribution.quotation.floating
    if first is not None and words >= 3 and floating:
        return first, "same paragraph, later"
    if opens and before is not None:
        if before.direct and before.direct[-1].quotation and not before.direct[-1].quotation.region.closed:
            source = before.direct[-1].source
            if source is not None:
                return source, "continued"
        if before.colon is not None:
            return before.colon, "colon"
    if words < 4 or not floating:
        return None
    subjects = [span for span in reading.subjects if span.start < start]
    if subjects:
        return subjects[-1], "subject before"
    if last is not None:
        return last, "carried over"
    if before is not None and before.subjects:
        return before.subjects[-1], "subject of the paragraph before"
    return None


def _signature(text: str, reading: Reading, attribution: Attribution) -> None:
    """“…” — Name, and NAME: … of a transcript."""
    start, end = attribution.pieces[0].start, attribution.pieces[-1].end
    if attribution.source is None:
        match = _SIGNATURE.match(text, end, reading.bounds.end)
        if match:
            attribution.source, attribution.rule = Span(*match.span(1)), "signature"
            return
    match = _TRANSCRIPT.match(text, start, end)
    if match and start - reading.bounds.start < 2:
        attribution.source, attribution.rule = Span(*match.span(1)), "transcript"
        attribution.pieces = [Span(match.end(), end)]
