"""A text whose quotes are known as a unit: at each anchor, what its words are to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spacy.tokens import Doc

from pipeline.article import Span
from pipeline.enrich.anchors import CUE, MARK, anchor_of, may_be_cue
from pipeline.enrich.encoder_input import words_of
from tests.enrich.notation import Expected
from training.encoder.unit import PARTS, Anchor, Unit


@dataclass
class _Asked:
    """The words of one quote."""

    cue: list[int]
    source: set[int] = field(default_factory=set)
    content: set[int] = field(default_factory=set)
    addressee: set[int] = field(default_factory=set)


def unit(doc: Doc, quotes: Mapping[int, Expected], weight: float = 1.0) -> Unit:
    """The words of a text, and at each anchor what they are to it.

    Words of the lexicon that are no cue here are asked too, and answer nothing.
    """
    words = words_of(doc)
    lowers = [word.lower() for word in words.texts]
    asked = [_asked(doc, quote) for quote in quotes.values()]
    at_cue: dict[int, _Asked] = {}
    for quote in asked:
        at = anchor_of(lowers, quote.cue) if quote.cue else _colon(lowers, quote)
        if at is not None:
            at_cue[at] = quote
    cues = [int(i in at_cue) for i in range(len(lowers))]
    anchors = [Anchor(at, CUE, _parts(quote, len(lowers)), weight) for at, quote in at_cue.items()]
    silent = (i for i, lower in enumerate(lowers) if i not in at_cue and may_be_cue(lower))
    anchors += [Anchor(i, CUE, [0] * len(lowers), weight) for i in silent]
    for first, last in words.regions:
        inside = set(range(first, last + 1))
        holding = [quote for quote in asked if 2 * len(quote.content & inside) > len(inside)]
        innermost = min(holding, key=lambda quote: len(quote.content), default=None)
        parts = _parts(innermost, len(lowers)) if innermost is not None else [0] * len(lowers)
        anchors.append(Anchor(first, MARK, parts, weight))
    return Unit(words, cues=cues, anchors=anchors)


def _asked(doc: Doc, quote: Expected) -> _Asked:
    numbers = {token.i: n for n, token in enumerate(token for token in doc if not token.is_space)}

    def within(spans: list[Span]) -> list[int]:
        found = (doc.char_span(a, b, alignment_mode="expand") for a, b in spans)
        return [numbers[token.i] for span in found if span is not None for token in span if token.i in numbers]

    addressee = within([quote.addressee]) if quote.addressee else []
    return _Asked(within(quote.cues), set(within(quote.speakers)), set(within(quote.pieces)), set(addressee))


def _colon(lowers: list[str], quote: _Asked) -> int | None:
    """The colon before a content that has no cue."""
    before = min(quote.content) - 1 if quote.content else -1
    return before if before > 0 and lowers[before] == ":" else None


def _parts(quote: _Asked, n: int) -> list[int]:
    parts = [0] * n
    for letter, marked in (("C", quote.content), ("A", quote.addressee), ("S", quote.source)):
        for i in sorted(marked):
            begins = i - 1 not in marked
            if letter == "S" and i in quote.content:
                continue  # “… the words of whom it is”: content first
            parts[i] = PARTS.index(f"{'B' if begins else 'I'}-{letter}")
    return parts
