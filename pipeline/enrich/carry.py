"""Sources that stand elsewhere: in a signature, a transcript's name, the same paragraph or the one before."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate

from pipeline.article import Act, QuoteKind, Span
from pipeline.enrich.attribution import PRONOUNS, Attribution, Reading
from pipeline.enrich.masking import MARKS, count_words

_NAME = r"(?:[A-Z][\w.’'-]*|de|von|van|al|bin)(?:\s+(?:[A-Z][\w.’'-]*|de|von|van|al|bin|\w\.)){0,4}"
_SIGNATURE = re.compile(rf"\s*[―—–-]{{1,2}}\s*({_NAME})\s*(?:,[^.“\"]{{0,80}})?\.?\s*$")
_TRANSCRIPT = re.compile(r"[\"“]?\s*([A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})\s*(?:\([^)]{0,40}\))?:\s")
_TURN = re.compile(r"\s*([A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})(?: \([^)]{0,40}\))?:\s+([^\s\"“].*)", re.DOTALL)
_SPEAKS = re.compile(rf"({_NAME}):\s*")
"""“Judge Ileana Prodan: “Who told you?””"""
_STOP = re.compile(r"[.!?][”’\"']?\s")
"""Where a sentence ends."""
_REACH = 2
"""Paragraphs that a speaker is carried over without speaking."""


def carry_over(text: str, readings: list[Reading]) -> None:
    """Give a source to direct quotations that have none, by the strongest ground there is; else it stays unknown."""
    for reading in readings:
        for attribution in reading.direct:
            _signature(text, reading, attribution)
    _transcript(text, readings)
    _backward(readings)
    state = _State()
    for k, reading in enumerate(readings):
        previous: Attribution | None = None
        first = next((a.source for a in reading.direct if a.source is not None), None)
        for attribution in reading.direct:
            if attribution.source is None:
                found = _ground(text, reading, attribution, previous, first, state, k)
                if found is not None:
                    attribution.source, attribution.rule = found
            if attribution.source is not None:
                previous = attribution
                state.speaks(attribution.source, k)
        if not reading.direct:
            source = _last_speaker(reading)
            if source is not None:
                state.last, state.at = source, k
        state.turn(text, reading)
        state.before = reading


def _last_speaker(reading: Reading) -> Span | None:
    """Who spoke last without marks; not who only spoke in what another says."""
    contents = sorted(piece for a in reading.indirect for piece in a.pieces)
    reach = list(accumulate((piece.end for piece in contents), max))
    for a in sorted(reading.indirect, key=lambda a: a.pieces[0].start, reverse=True):
        if a.source is not None and a.act is not Act.THOUGHT:
            before = bisect_left(contents, a.pieces[0])
            if not before or reach[before - 1] < a.pieces[-1].end:
                return a.source
    return None


class _State:
    """Who has spoken, from paragraph to paragraph."""

    def __init__(self) -> None:
        self.last: Span | None = None
        self.at = -9
        self.before: Reading | None = None
        self.turns: list[tuple[Span | None, bool]] = []
        """The paragraphs just before that are one turn of a dialogue each: who speaks, and whether it is a question."""

    def speaks(self, source: Span, paragraph: int) -> None:
        """`source` is the last to have spoken directly."""
        self.last, self.at = source, paragraph

    def turn(self, text: str, reading: Reading) -> None:
        """Note a paragraph that is one turn: a closed quotation begins it, or a name and a colon before one."""
        quotes = reading.direct
        before = text[reading.bounds.start : quotes[0].pieces[0].start].rstrip() if quotes else ""
        named = quotes and quotes[0].source is not None and quotes[0].source.start - reading.bounds.start < 3
        whole = bool(quotes) and (len(before) < 3 or (named and before.endswith(":"))) and not reading.indirect
        if not whole or quotes[-1].quotation is None or not quotes[-1].quotation.region.closed:
            self.turns = []
            return
        self.turns.append((quotes[-1].source, any("?" in text[p.start : p.end] for q in quotes for p in q.pieces)))

    def other(self, text: str) -> Span | None:
        """Who is to speak in a dialogue: the one before last, if two take turns and one of them asks.

        Whoever asked may go on after an answer by nobody knows whom.
        """
        if len(self.turns) < 2 or not any(asks for _, asks in self.turns):
            return None
        (one, asks), (two, _) = self.turns[-2:]
        if one is None or two is None:
            return one if asks else None
        return one if text[one.start : one.end] != text[two.start : two.end] else None


def _backward(readings: list[Reading]) -> None:
    """A quotation left open over paragraphs is one: its first paragraphs have the source that its last names."""
    for before, after in zip(reversed(readings[:-1]), reversed(readings[1:]), strict=True):
        if not before.direct or not after.direct:
            continue
        opened, going_on = before.direct[-1], after.direct[0]
        if going_on.quotation is None or not going_on.quotation.region.continues or going_on.source is None:
            continue
        if opened.source is None:
            opened.source, opened.rule = going_on.source, "continued"
            opened.cue, opened.lemma, opened.act = going_on.cue, going_on.lemma, going_on.act


def _ground(
    text: str,
    reading: Reading,
    attribution: Attribution,
    previous: Attribution | None,
    first: Span | None,
    state: _State,
    paragraph: int,
) -> tuple[Span | None, str] | None:
    """Whose a quotation is that has no source, and by what rule; of an answer to nobody knows whom only the rule."""
    before = state.before
    start, end = attribution.pieces[0].start, attribution.pieces[-1].end
    words = count_words(text[start:end])
    opens = start - reading.bounds.start < 3
    floating = attribution.quotation is not None and attribution.quotation.floating
    if previous is not None and previous.source is not None:
        other = _between(text, reading, previous, start) if floating else None
        return (other, "subject before") if other is not None else (previous.source, "same paragraph")
    if first is not None and words >= 3 and floating:
        return first, "same paragraph, later"
    if opens and before is not None:
        if before.direct and before.direct[-1].quotation and not before.direct[-1].quotation.region.closed:
            source = before.direct[-1].source
            if source is not None:
                return source, "continued"
        if before.colon is not None:
            return before.colon, "colon"
    if opens and floating and (turn := state.other(text)) is not None:
        return turn, "turn"
    unknown = (None, "answer") if opens and before is not None and _ends_in_question(text, before) else None
    if not floating or (words < 4 and not (opens and before is not None and _is_said_on(text, reading, before))):
        return unknown
    subjects = bisect_left(reading.subjects, start, key=lambda span: span.start)
    if subjects and not opens:
        return reading.subjects[subjects - 1], "subject before"
    if opens and before is not None and not before.direct and _last_speaker(before) is None and before.subjects:
        return before.subjects[-1], "subject before"
    if unknown is None and state.last is not None and paragraph - state.at <= _REACH:
        return state.last, "carried over"
    return unknown  # whoever asked does not answer


def _between(text: str, reading: Reading, previous: Attribution, start: int) -> Span | None:
    """Who else speaks, or does something, in the sentences between a quotation and the one that begins at `start`.

    By name or role: “he” and “she” may be whoever spoke before.
    """
    parts = [span for span in (previous.pieces[-1], previous.source, previous.cue) if span and span.start < start]
    end = max(span.end for span in parts)
    if end > previous.pieces[-1].end or text[end - 2 : end - 1] not in ".?!":
        stop = _STOP.search(text, end - 1, start)
        if stop is None:
            return None
        end = stop.end()
    held = [piece for a in reading.indirect for piece in a.pieces]
    speaking = [(a.cue.start, a.source) for a in reading.indirect if a.cue and a.source and end < a.cue.start < start]
    doing = [
        (subject.start, subject)
        for subject in reading.subjects
        if end < subject.start < start and text[subject.start : subject.end].lower() not in PRONOUNS
        if not any(piece.start <= subject.start < piece.end for piece in held)
    ]
    other = max([*speaking, *doing], default=(0, None))[1]
    return None if other is None or text[other.start : other.end].lower() in PRONOUNS else other


def _is_said_on(text: str, reading: Reading, before: Reading) -> bool:
    """Whether a paragraph of a few words in marks goes on with what the one before reports."""
    words = text[reading.bounds.start : reading.bounds.end]
    alone = len(reading.direct) == 1 and reading.direct[0].pieces[-1].end >= reading.bounds.start + len(words.rstrip())
    return alone and "?" not in words and not before.direct and _last_speaker(before) is not None


def _ends_in_question(text: str, before: Reading) -> bool:
    """Whether a paragraph says nothing after a question in marks."""
    if not before.direct or before.indirect:
        return False
    piece = before.direct[-1].pieces[-1]
    return text[piece.start : piece.end].rstrip(MARKS + " ").endswith("?")


def _transcript(text: str, readings: list[Reading]) -> None:
    """NAME: words without marks, in at least two paragraphs."""
    turns = [(reading, _TURN.fullmatch(text, *reading.bounds)) for reading in readings]
    found = [(reading, match) for reading, match in turns if match is not None]
    if len(found) < 2:
        return
    for reading, match in found:
        turn = Attribution([Span(*match.span(2))], "transcript", Span(*match.span(1)), kind=QuoteKind.DIRECT)
        reading.direct = [turn]
        reading.indirect = [a for a in reading.indirect if a.source and a.cue and a.cue.start >= match.start(2)]


def _signature(text: str, reading: Reading, attribution: Attribution) -> None:
    """“…” — Name; Name: “…”; and NAME: … of a transcript."""
    start, end = attribution.pieces[0].start, attribution.pieces[-1].end
    if attribution.source is None:
        match = _SIGNATURE.match(text, end, reading.bounds.end)
        if match:
            attribution.source, attribution.rule = Span(*match.span(1)), "signature"
            return
        match = _SPEAKS.fullmatch(text, reading.bounds.start, start)
        if match and " " in match[1]:
            attribution.source, attribution.rule = Span(*match.span(1)), "transcript"
            return
    match = _TRANSCRIPT.match(text, start, end)
    if match and start - reading.bounds.start < 2 and any(map(str.isalnum, text[match.end() : end])):
        attribution.source, attribution.rule = Span(*match.span(1)), "transcript"
        attribution.pieces = [Span(match.end(), end)]
