"""One correction put into an article's quotes: found again by the words it was made about, wherever they stand now.

A newer enrichment may find other ends, or nothing; a newer text may have moved the words. So a quote is recognised by
overlap, and what a person saw to be a quote is put back where it is no longer found. Where the words themselves are
gone the correction has nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.article import EnrichedArticle, Evidence, Mention, Quote, Span, Speaker, SpeakerKind
from pipeline.enrich.kinds import kind_of
from pipeline.enrich.marks import quoted_regions
from pipeline.index import Decision
from pipeline.index.decisions import EXTENT, NO_QUOTE, SPEAKER
from pipeline.index.plain import whole
from pipeline.index.stored import quote_of

SHARED = 0.5
"""Share of the shorter one's characters from which on two spans are taken for the same words."""
ROLE_BY_MENTION = frozenset({Evidence.ROLE, Evidence.OFFICE, Evidence.NEAREST, Evidence.DESCRIPTION})


def corrected(decision: Decision, quotes: Sequence[Quote], enriched: EnrichedArticle) -> list[Quote] | None:
    """The quotes after a correction; nothing where the article no longer has the words that it is about."""
    text, payload = whole(enriched.article.text), decision.payload
    seen = quote_of(payload["quote"])
    pieces = moved(text, seen.pieces, payload["words"])
    ends = moved(text, _pieces(payload["now"]), payload["now"]["words"]) if decision.kind == EXTENT else pieces
    if pieces is None or ends is None:
        return None
    seen = _at(seen, pieces, text)
    at = same_words(quotes, seen)
    if at is None and decision.kind == EXTENT:
        at = same_words(quotes, replace(seen, pieces=ends))
    if decision.kind == NO_QUOTE:
        return list(quotes) if at is None else without(quotes, at)
    after = list(quotes)
    if at is None:  # put back by itself: what held it may not be there either
        after.append(replace(seen, nested_in=None))
        at = len(quotes)
    if decision.kind == SPEAKER:
        speaker = _speaker(after[at], payload["now"], quotes, enriched)
        after[at] = replace(after[at], speaker=speaker, confidence=1.0)
    else:
        kind = kind_of(text, ends, quoted_regions(text))
        after[at] = replace(after[at], pieces=ends, kind=kind, confidence=1.0)
    return _nested_where_they_stand(after)


def about(decision: Decision) -> Quote:
    """The quote that a correction was about, with its new ends if it was about these and stands."""
    seen = quote_of(decision.payload["quote"])
    if decision.kind == EXTENT and not decision.undone:
        return replace(seen, pieces=_pieces(decision.payload["now"]))
    return seen


def moved(text: str, pieces: Sequence[Span], words: Sequence[str]) -> tuple[Span, ...] | None:
    """Where these words stand in the text: in their old place, else nearest to it; nothing where they are not."""
    found: list[Span] = []
    shift = 0
    for piece, said in zip(pieces, words, strict=True):
        wanted = piece.start + shift
        after = found[-1].end if found else 0
        behind, before = (
            text.find(said, max(wanted, after)),
            text.rfind(said, after, max(wanted + len(said) - 1, after)),
        )
        places = [place for place in (behind, before) if place >= 0]
        if not places:
            return None
        start = min(places, key=lambda place: abs(place - wanted))
        shift = start - piece.start
        found.append(Span(start, start + len(said)))
    return tuple(found)


def same_words(quotes: Sequence[Quote], seen: Quote) -> int | None:
    """The position of the quote that holds most of what was seen and least besides, if any is the same utterance.

    What is nested is another utterance than what holds it, unless both have nearly the same ends.
    """
    best, score = None, 0.0
    for at, quote in enumerate(quotes):
        shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in quote.pieces for b in seen.pieces)
        lengths = [sum(piece.end - piece.start for piece in one.pieces) for one in (quote, seen)]
        alike = shared / (sum(lengths) - shared)
        level = (quote.nested_in is None) == (seen.nested_in is None)
        if shared >= SHARED * min(lengths) and (level or alike >= SHARED) and alike > score:
            best, score = at, alike
    return best


def without(quotes: Sequence[Quote], at: int) -> list[Quote]:
    """The quotes without one; what was nested in it is nested in what holds it."""
    holder = quotes[at].nested_in
    moved_up = [replace(quote, nested_in=holder) if quote.nested_in == at else quote for quote in quotes]
    return [
        replace(quote, nested_in=quote.nested_in - 1) if quote.nested_in is not None and quote.nested_in > at else quote
        for quote in (*moved_up[:at], *moved_up[at + 1 :])
    ]


def in_order(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes as enrichment orders them: by their first character, the longer one first."""
    order = sorted(range(len(quotes)), key=lambda at: (quotes[at].start, -quotes[at].end))
    now = {old: new for new, old in enumerate(order)}
    return [
        quotes[at] if (holder := quotes[at].nested_in) is None else replace(quotes[at], nested_in=now[holder])
        for at in order
    ]


def _nested_where_they_stand(quotes: Sequence[Quote]) -> list[Quote]:
    """What is no longer inside the quote that held it is nested no more."""

    def inside(quote: Quote) -> bool:
        holder = None if quote.nested_in is None else quotes[quote.nested_in]
        return holder is not None and any(a <= quote.start and quote.end <= b for a, b in holder.pieces)

    return [quote if quote.nested_in is None or inside(quote) else replace(quote, nested_in=None) for quote in quotes]


def _at(seen: Quote, pieces: tuple[Span, ...], text: str) -> Quote:
    """A quote as it was seen, where its words stand now; the mention of its speaker moves along where it can."""
    shift = pieces[0].start - seen.start
    speaker = seen.speaker
    if speaker is not None:
        mention = Span(speaker.start + shift, speaker.end + shift)
        kept = bool(speaker.mention) and text[mention.start : mention.end] == speaker.mention
        start, end, said = (*mention, speaker.mention) if kept else (0, 0, "")
        speaker = replace(speaker, start=start, end=end, mention=said)
    return replace(seen, pieces=pieces, cue=None if shift else seen.cue, speaker=speaker)


def _speaker(
    quote: Quote, now: dict[str, Any] | None, quotes: Sequence[Quote], enriched: EnrichedArticle
) -> Speaker | None:
    """Who a person says it was, called as the article calls them there: by the old mention unless it names another."""
    if now is None:
        return None
    name, actor_id = now["name"], now.get("id")

    def is_who(one: Mention | Speaker | None, id_: str | None) -> bool:
        return one is not None and (id_ == actor_id if id_ and actor_id else one.name == name)

    old = quote.speaker
    start, end, words = (old.start, old.end, old.mention) if old else (0, 0, "")
    names = [one for one in enriched.mentions if old and one.start < old.end and old.start < one.end]
    kept = bool(words) and (not names or any(is_who(one, one.actor_id) for one in names))
    if not kept:
        own = [one for one in enriched.mentions if is_who(one, one.actor_id)]
        nearest = min(own, key=lambda one: (abs(one.start - quote.start), one.start), default=None)
        start, end = (nearest.start, nearest.end) if nearest else (0, 0)
        words = enriched.article.text[start:end].strip()  # blank where the text is not stored
    told = (one.speaker.role for one in quotes if one.speaker and is_who(one.speaker, one.speaker.id))
    role = next((role for role in told if role), None)
    if role is None and kept and old is not None and old.evidence in ROLE_BY_MENTION:
        role = old.role
    kind, country = SpeakerKind(now["kind"]), now.get("country")
    return Speaker(start, end, words, name, kind, actor_id, role, country, Evidence.DECISION)


def _pieces(now: dict[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(piece["start"], piece["end"]) for piece in now["pieces"])
