"""Quotes written into their text, as `docs/quotes.md` explains: `{S Maria Keller} {C said} {Q it would open}.`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.article import Act, EnrichedArticle, Quote, Span
from pipeline.enrich.kinds import kind_of
from pipeline.enrich.marks import quoted_regions


@dataclass(slots=True)
class _Part:
    """A marked part of the text: source, cue or content of these quotes."""

    span: Span
    letter: str
    numbers: list[int] = field(default_factory=list)
    flags: str = ""


def example(enriched: EnrichedArticle, wanted: Sequence[Sequence[Span]]) -> Iterator[str]:
    """The paragraphs that hold these pieces, with all quotes in them marked; each paragraph once.

    A quote is marked as a whole, with its source, so a paragraph brings along those in which the rest of it stands.
    """
    done: set[Span] = set()
    for pieces in wanted:
        whole = _whole(enriched, Span(pieces[0].start, pieces[-1].end))
        if whole not in done:
            done.add(whole)
            written = _written(enriched, whole)
            if written:
                yield written


def _whole(enriched: EnrichedArticle, span: Span) -> Span:
    """The lines of a span, and of all quotes that begin or end in them."""
    text = enriched.article.text
    before = None
    while before != span:
        before = span
        parts = [part.span for part in _parts(enriched, span)] + [span]
        start, end = min(part.start for part in parts), max(part.end for part in parts)
        line_end = text.find("\n", end)
        span = Span(text.rfind("\n", 0, start) + 1, len(text) if line_end < 0 else line_end)
    return span


def _parts(enriched: EnrichedArticle, within: Span) -> list[_Part]:
    text = enriched.article.text
    regions = quoted_regions(text)
    parts: dict[tuple[Span, str], _Part] = {}
    here = [one for one in enriched.quotes if one.start < within.end and within.start < one.end]
    for number, quote in enumerate(here, start=1):
        spans = [(piece, "Q") for piece in quote.pieces]
        spans += [(quote.cue, "C")] if quote.cue else []
        spans += (
            [(Span(quote.speaker.start, quote.speaker.end), "S")] if quote.speaker and quote.speaker.mention else []
        )
        for span, letter in spans:
            part = parts.setdefault((span, letter), _Part(span, letter))
            part.numbers.append(number)
            if letter == "Q" and span == quote.pieces[0]:
                part.flags = _flags(quote, kind_of(text, quote.pieces, regions) == quote.kind)
    return sorted(parts.values(), key=lambda part: (part.span.start, -part.span.end))


def _flags(quote: Quote, as_marked: bool) -> str:
    """What the quotation marks do not show."""
    kind = "" if as_marked else f":{quote.kind}"
    act = "" if quote.act is Act.SPEECH else f":{quote.act}"
    return f"{kind}{act}{':negated' if quote.negated else ''}"


def _written(enriched: EnrichedArticle, within: Span) -> str | None:
    """The text with its parts marked, without empty lines; nothing where the notation cannot write it."""
    text = enriched.article.text
    if "{" in text[within.start : within.end] or "}" in text[within.start : within.end]:
        return None
    written, at = "", within.start
    open_until: list[int] = []
    for part in _parts(enriched, within):
        while open_until and open_until[-1] <= part.span.start:
            written, at = written + text[at : open_until[-1]] + "}", open_until.pop()
        if open_until and part.span.end > open_until[-1]:
            return None
        numbers = "" if part.numbers == [1] else ",".join(map(str, part.numbers))
        written += f"{text[at : part.span.start]}{{{part.letter}{numbers}{part.flags} "
        at = part.span.start
        open_until.append(part.span.end)
    while open_until:
        written, at = written + text[at : open_until[-1]] + "}", open_until.pop()
    return "\n".join(line for line in (written + text[at : within.end]).splitlines() if line.strip())
