"""From attributions to the quotes of an article: pieces joined to utterances, doubles removed, nested ones linked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article import Quote, Span, Speaker, SpeakerKind
from pipeline.enrich.attribution import Attribution, Reading, outside
from pipeline.enrich.confidence import confidence
from pipeline.enrich.kinds import kind_of
from pipeline.enrich.marks import Region
from pipeline.enrich.reader import Reader

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bGen)(?<!\b[A-Z])"
    r"[.?!]\s+[A-Z“\"]"
)
"""A sentence of the article's own between two quotations: they are two utterances."""
_NEAR = 20
"""Quotes before one among which the one is looked for that holds it."""


def utterances(text: str, readings: Sequence[Reading], nested: Sequence[Attribution]) -> list[Attribution]:
    """An article's attributions, those of one utterance joined, by their first character.

    `nested` are those inside quotations in marks.
    """
    found = _joined(
        text, [a for reading in readings for a in reading.direct if a.source is not None or _stands_alone(text, a)]
    )
    taken = {tuple(a.pieces) for a in found}
    for attribution in (*(a for reading in readings for a in reading.indirect), *nested):
        if tuple(attribution.pieces) not in taken:
            taken.add(tuple(attribution.pieces))
            found.append(attribution)
    for attribution in found:
        if attribution.quotation is None and attribution.kind is None:  # its words may be others than the rules'
            attribution.source = outside(attribution.pieces, attribution.source)
    found.sort(key=lambda a: (a.pieces[0].start, -a.pieces[-1].end))
    return [a for i, a in enumerate(found) if not _repeats(found, i)]


def _repeats(found: Sequence[Attribution], i: int) -> bool:
    """Whether a larger content of the same cue and source holds this one."""
    own = found[i]
    start, end = own.pieces[0].start, own.pieces[-1].end
    same = (a for a in found[max(0, i - _NEAR) : i] if a.cue == own.cue and a.source == own.source)
    return own.cue is not None and any(p.start <= start and end <= p.end for other in same for p in other.pieces)


def quotes_of(
    text: str, found: Sequence[Attribution], regions: Sequence[Region], reader: Reader | None = None
) -> tuple[Quote, ...]:
    """The quotes that utterances are, in their order; `regions` are the article's quotation-marked strings."""
    return tuple(
        Quote(
            pieces=tuple(a.pieces),
            kind=a.kind or kind_of(text, a.pieces, regions),
            act=a.act,
            cue=a.cue,
            cue_lemma=a.lemma,
            speaker=_speaker(text, a.source),
            addressee=text[a.addressee.start : a.addressee.end] if a.addressee else None,
            negated=a.negated,
            confidence=confidence(a, reader),
            nested_in=_holder(found, i),
        )
        for i, a in enumerate(found)
    )


def _stands_alone(text: str, attribution: Attribution) -> bool:
    """A quotation that nobody is named for is kept when it is a sentence of its own."""
    start, end = attribution.pieces[0]
    return (
        attribution.quotation is not None
        and attribution.quotation.floating
        and len(_WORD.findall(text[start:end])) >= 3
    )


def _joined(text: str, direct: list[Attribution]) -> list[Attribution]:
    """Interrupted quotations as one utterance each: pieces of one cue, or without one, join those before."""
    joined: list[Attribution] = []
    for attribution in direct:
        before = joined[-1] if joined else None
        if before is not None and _goes_on(text, before, attribution):
            gap = text[before.pieces[-1].end : attribution.pieces[0].start]
            if _WORD.search(gap) or "\n" in gap:
                before.pieces += attribution.pieces
            else:
                before.pieces[-1] = Span(before.pieces[-1].start, attribution.pieces[-1].end)
            continue
        joined.append(attribution)
    return joined


def _goes_on(text: str, before: Attribution, attribution: Attribution) -> bool:
    if before.source is None or attribution.source != before.source:
        return False
    if attribution.quotation is not None and attribution.quotation.region.continues:
        return True
    if attribution.cue is not None:
        return attribution.cue == before.cue
    gap = text[before.pieces[-1].end : attribution.pieces[0].start]
    if "\n" in gap or attribution.rule != "same paragraph":
        return False
    own = before.cue is not None and before.pieces[-1].end <= before.cue.start
    return not _WORD.search(gap) or (own and not _SENTENCE.search(gap.strip()[:-1]))


def _holder(found: Sequence[Attribution], i: int) -> int | None:
    """The innermost quote that a quote stands in: the latest before it with a piece that holds all of it."""
    start, end = found[i].pieces[0].start, found[i].pieces[-1].end
    for j in range(i - 1, max(-1, i - _NEAR), -1):
        for piece in found[j].pieces:
            if piece.start <= start and end <= piece.end and found[j].pieces != found[i].pieces:
                return j
    return None


def _speaker(text: str, source: Span | None) -> Speaker | None:
    if source is None:
        return None
    words = text[source.start : source.end]
    return Speaker(source.start, source.end, words, name=words, kind=SpeakerKind.UNKNOWN)
