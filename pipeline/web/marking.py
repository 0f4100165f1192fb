"""An article’s text, cut wherever a quote, a name or a line begins or ends, so that whatever overlaps can be marked.

Pure: offsets are characters of the text, half-open; what lies beyond the text is not marked.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.article import Mention, Span
from pipeline.search.reading import StoredQuote
from pipeline.search.result import Hit

COLOURS = 8


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is quoted in the article."""

    number: int
    """From 1, in order of their first quotes."""
    name: str
    """The canonical name, or the article's words for somebody it does not name."""
    named: bool
    lead: Hit
    """Their first quote, for role and country."""
    quotes: tuple[Hit, ...]

    @property
    def colour(self) -> int:
        """1 to 8; further voices share colours and are told apart by their number."""
        return (self.number - 1) % COLOURS + 1


class Segment(NamedTuple):
    """A stretch of text in which nothing begins or ends."""

    start: int
    text: str
    quotes: tuple[int, ...]
    """Positions of the quotes around it, the outermost first."""
    mention: Mention | None
    begins: tuple[int, ...]
    """The quotes whose first piece begins here."""
    ends: tuple[int, ...]
    """The quotes whose last piece ends here."""


def voices(quotes: Sequence[StoredQuote]) -> list[Voice]:
    """Everybody who is quoted, in text order."""
    said: dict[str, list[Hit]] = {}
    for quote in quotes:
        said.setdefault(voice_of(quote.hit), []).append(quote.hit)
    return [
        Voice(number, name, hits[0].speaker == name, hits[0], tuple(hits))
        for number, (name, hits) in enumerate(said.items(), start=1)
    ]


def voice_of(hit: Hit) -> str:
    """Whose quote it is: people without a name are told apart by the article's words for them."""
    if hit.speaker_kind in {"unnamed", "unknown"}:
        return hit.speaker_mention or "Nobody named"
    return hit.speaker


def paragraphs(text: str, quotes: Sequence[StoredQuote], mentions: Sequence[Mention]) -> Iterator[list[Segment]]:
    """The lines of the text that hold anything, in segments."""
    size = len(text)
    pieces = [(number, piece) for number, quote in enumerate(quotes) for piece in _within(quote.pieces, size)]
    names = [mention for mention in mentions if 0 <= mention.start < mention.end <= size]
    cuts = {0, size}
    cuts.update(at for _, piece in pieces for at in piece)
    cuts.update(at for mention in names for at in (mention.start, mention.end))
    breaks = [at for at, character in enumerate(text) if character == "\n"]
    cuts.update(cut for at in breaks for cut in (at, at + 1))
    opening, closing = _by_place(pieces)
    first = {number: quote.pieces[0].start for number, quote in enumerate(quotes) if quote.pieces}
    last = {number: quote.pieces[-1].end for number, quote in enumerate(quotes) if quote.pieces}
    named = {at: mention for mention in names for at in range(mention.start, mention.end) if at in cuts}
    around: list[int] = []
    line: list[Segment] = []
    order = sorted(cuts)
    for start, end in itertools.pairwise(order):
        around = [number for number in around if number not in closing.get(start, ())] + opening.get(start, [])
        if text[start:end] == "\n":
            if line:
                yield line
            line = []
            continue
        begins = tuple(number for number in opening.get(start, ()) if first[number] == start)
        ends = tuple(number for number in reversed(around) if last[number] == end)
        line.append(Segment(start, text[start:end], tuple(around), named.get(start), begins, ends))
    if line:
        yield line


def _within(pieces: Sequence[Span], size: int) -> list[Span]:
    return [piece for piece in pieces if 0 <= piece.start < piece.end <= size]


def _by_place(pieces: Sequence[tuple[int, Span]]) -> tuple[dict[int, list[int]], dict[int, set[int]]]:
    """The quotes that open and close at each offset; of those that open together the longest first."""
    opening: dict[int, list[int]] = {}
    closing: dict[int, set[int]] = {}
    for number, piece in sorted(pieces, key=lambda one: (one[1].start, -one[1].end)):
        opening.setdefault(piece.start, []).append(number)
        closing.setdefault(piece.end, set()).add(number)
    return opening, closing
