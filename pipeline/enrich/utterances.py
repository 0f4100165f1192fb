"""From attributions to the quotes of an article: pieces joined to utterances, doubles removed, nested ones linked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.article import Quote, QuoteKind, Span, Speaker, SpeakerKind
from pipeline.enrich.attribution import Attribution, Reading
from pipeline.enrich.confidence import CONFIDENCE
from pipeline.enrich.marks import Region

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_JOINED = {"same paragraph", "continued", "carried over"}
"""Rules by which a quotation may go on with the one before rather than begin a new utterance."""


def quotes_of(text: str, readings: Sequence[Reading], regions: Sequence[Region]) -> tuple[Quote, ...]:
    """The quotes of an article in order of their first character."""
    found = _joined(text, [a for reading in readings for a in reading.direct if a.source is not None])
    taken = {tuple(a.pieces) for a in found}
    for attribution in (a for reading in readings for a in reading.indirect):
        if tuple(attribution.pieces) not in taken:
            taken.add(tuple(attribution.pieces))
            found.append(attribution)
    found.sort(key=lambda a: (a.pieces[0].start, -a.pieces[-1].end))
    return tuple(
        Quote(
            pieces=tuple(a.pieces),
            kind=kind_of(text, a.pieces, regions),
            act=a.act,
            cue=a.cue,
            cue_lemma=a.lemma,
            speaker=_speaker(text, a.source),
            addressee=text[a.addressee.start : a.addressee.end] if a.addressee else None,
            negated=a.negated,
            confidence=CONFIDENCE.get(a.rule, 0.5),
            nested_in=_holder(found, i),
        )
        for i, a in enumerate(found)
    )


def kind_of(text: str, pieces: Sequence[Span], regions: Sequence[Region]) -> QuoteKind:
    """Direct with nine words in ten in marks, indirect with none, else mixed."""
    starts = [region.start for region in regions]
    words = marked = 0
    for start, end in pieces:
        for match in _WORD.finditer(text, start, end):
            at = bisect_right(starts, match.start()) - 1
            words += 1
            marked += at >= 0 and match.end() <= regions[at].end
    if not marked:
        return QuoteKind.INDIRECT
    return QuoteKind.DIRECT if marked >= 0.9 * words else QuoteKind.MIXED


def _joined(text: str, direct: list[Attribution]) -> list[Attribution]:
    """Interrupted quotations as one utterance each: the pieces that have no cue of their own join those before."""
    joined: list[Attribution] = []
    for attribution in direct:
        before = joined[-1] if joined else None
        if before is not None and attribution.rule in _JOINED and attribution.source == before.source:
            gap = text[before.pieces[-1].end : attribution.pieces[0].start]
            if not _WORD.search(gap) and "\n" not in gap:
                before.pieces[-1] = Span(before.pieces[-1].start, attribution.pieces[-1].end)
                continue
            if attribution.rule != "carried over":
                before.pieces += attribution.pieces
                continue
        joined.append(attribution)
    return joined


def _holder(found: Sequence[Attribution], i: int) -> int | None:
    """The innermost quote that a quote stands in: the latest before it with a piece that holds all of it."""
    start, end = found[i].pieces[0].start, found[i].pieces[-1].end
    for j in range(i - 1, max(-1, i - 20), -1):
        for piece in found[j].pieces:
            if piece.start <= start and end <= piece.end and found[j].pieces != found[i].pieces:
                return j
    return None


def _speaker(text: str, source: Span | None) -> Speaker | None:
    if source is None:
        return None
    words = text[source.start : source.end]
    return Speaker(source.start, source.end, words, name=words, kind=SpeakerKind.UNKNOWN)
