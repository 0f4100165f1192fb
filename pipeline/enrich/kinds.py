"""How much of a quote stands in quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from pipeline.article import QuoteKind, Span
from pipeline.enrich.marks import Region

_START = attrgetter("start")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def kind_of(text: str, pieces: Sequence[Span], regions: Sequence[Region]) -> QuoteKind:
    """Direct with more than nine words in ten in marks, indirect with none, else mixed.

    `regions`: the text's quotation-marked strings, in order.
    """
    touched = [_touched(piece, regions) for piece in pieces]
    if not any(touched):
        return QuoteKind.INDIRECT
    words = marked = 0
    for piece, own in zip(pieces, touched, strict=True):
        start, end = piece
        count = len(_WORD.findall(text, start, end))
        words += count
        if own and own[0].start <= start and end <= own[0].end:
            marked += count
        else:
            marked += _count_marked(text, piece, own)
    if not marked:
        return QuoteKind.INDIRECT
    return QuoteKind.DIRECT if marked > 0.9 * words else QuoteKind.MIXED


def _touched(piece: Span, regions: Sequence[Region]) -> Sequence[Region]:
    """The strings that share a character with a piece."""
    start, end = piece
    low = max(bisect_right(regions, start, key=_START) - 1, 0)
    return [region for region in regions[low : bisect_left(regions, end, key=_START)] if region.end > start]


def _count_marked(text: str, piece: Span, regions: Sequence[Region]) -> int:
    """The words of a piece that stand in one of `regions`."""
    count = at = 0
    if regions:
        for word in _WORD.finditer(text, *piece):
            start, end = word.span()
            while at + 1 < len(regions) and regions[at + 1].start <= start:
                at += 1
            count += regions[at].start <= start and end <= regions[at].end
    return count
