"""How much of a quote stands in quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.article import QuoteKind, Span
from pipeline.enrich.marks import Region

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def kind_of(text: str, pieces: Sequence[Span], regions: Sequence[Region]) -> QuoteKind:
    """Direct with more than nine words in ten in marks, indirect with none, else mixed."""
    starts = [region.start for region in regions]
    words = marked = 0
    for start, end in pieces:
        for match in _WORD.finditer(text, start, end):
            at = bisect_right(starts, match.start()) - 1
            words += 1
            marked += at >= 0 and match.end() <= regions[at].end
    if not marked:
        return QuoteKind.INDIRECT
    return QuoteKind.DIRECT if marked > 0.9 * words else QuoteKind.MIXED
