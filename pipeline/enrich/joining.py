"""The rules and the learned reader, joined. `docs/decisions/reading.md` says what decides what, and why.

The rules read a parse and know the lexicon: they are exact where a sentence is built as most are. The reader has seen
many ways of saying things and gives each answer a probability: it drops what the rules should not have found, mends
contents that they cut wrongly, and finds what they miss.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.article import Act, Span
from pipeline.enrich.anchors import CUE, MARK
from pipeline.enrich.attribution import Attribution, Reading
from pipeline.enrich.encoder_input import CLAUSAL
from pipeline.enrich.heard import (
    NOBODY,
    describe,
    is_quotation,
    known_cue,
    source_of_answer,
    union,
    without_beginnings,
    words_of,
)
from pipeline.enrich.reader import CONTENT, Answer, Reader

WEAK_RULES = frozenset(
    {"infinitive", "directive", "gerund", "named", "thing", "prepositional", "noun", "parenthetical", "unlabelled"}
    | {"fragment", "fragment of a cue", "paratactic"}
)
"""Rules that are often wrong; the reader overrules them sooner."""
WEAK_GROUNDS = frozenset(
    {"none", "carried over", "same paragraph", "subject before", "cue, nearest noun", "same paragraph, later"}
)
"""How a quotation's source was found where syntax did not tell."""
_BE = frozenset({"was", "were", "been", "being", "is", "are", "be"})
_STRETCH = 32
"""Words of a stretch, by which `_Taken` looks contents up."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which the reader decides; measured on the development passages."""

    likely_cue: float = 0.3
    """Words that are asked at although no rule spoke."""
    no_cue: float = 0.02
    """Below this a rule's cue is none, and nothing is asked: of 1,489 texts none lost a content that is right."""
    drop: float = 0.3
    """Rules' contents are dropped below this, by their likeliest word."""
    drop_nested: float = 0.03
    """The same for what is told within a quotation in marks, which the reader was seldom asked about."""
    drop_weak: float = 0.8
    """The same for weak rules."""
    agree: float = 0.5
    """Words in common, of all, below which the reader's content is taken if it is sure enough."""
    sure: float = 0.75
    own: float = 0.9
    """Contents of its own."""
    own_source: float = 0.85
    other_source: float = 0.65
    """Sources instead of the rules', which it thinks unlikely."""
    unlikely_source: float = 0.2
    weak_source: float = 0.7
    """Sources of quotations in marks that have none or one on weak grounds, once speakers were carried over."""
    anybody: float = 0.6
    """Words in marks below this are nobody’s."""
    said: float = 0.8
    """Words in marks that have no source get one only if they are somebody's words at all."""
    addressee: float = 0.6
    """Sources that are whom it is said to: “Parents were told that …”."""


def join(readings: Sequence[Reading], nested: list[Attribution], reader: Reader, t: Thresholds) -> None:
    """Let the reader drop, mend and add, before speakers are carried over; `nested` is changed in place too."""
    found = [a for reading in readings for a in (*reading.direct, *reading.indirect)] + nested
    at = {id(a): word for a in found if a.cue is not None and (word := reader.at_cue(a.cue)) is not None}
    likely, cues = set(reader.likely_cues(t.likely_cue)), set(at.values())
    never = {
        id(a)
        for a in found
        if (word := at.get(id(a))) is not None and reader.encoded.cues[word] < t.no_cue
        if not _is_by_agent(a, reader)
    }
    for reading in readings:
        for a in reading.direct:
            if id(a) in never and a.rule != "noun beside":
                _unsay(a)
        reading.indirect = [a for a in reading.indirect if id(a) not in never]
    nested[:] = [a for a in nested if id(a) not in never]
    settled = [*nested, *(a for reading in readings for a in reading.indirect)]  # others are heard at their marks
    by_cue = {at[id(a)] for a in settled if id(a) in at}
    quoted = reader.marks.intersection(reader.within(a.pieces[0]).start for a in found if a.quotation is not None)
    reader.ask([*((word, CUE) for word in by_cue | (likely - cues)), *((word, MARK) for word in quoted)])
    for reading in readings:
        reading.direct = [a for a in reading.direct if not _is_nobodys(a, reader, t)]
        for a in reading.direct:
            if a.source is not None and a.rule not in WEAK_GROUNDS:
                _hear(a, reader, t)
        reading.indirect = [kept for a in reading.indirect if (kept := _settle(a, at.get(id(a)), reader, t))]
        _disown(reading.indirect)
    nested[:] = [kept for a in nested if (kept := _settle(a, at.get(id(a)), reader, t, extents=False))]
    _add(readings, sorted(likely - cues), reader, t, _Taken(readings, reader))


def settle_sources(readings: Iterable[Reading], reader: Reader, t: Thresholds) -> None:
    """After speakers were carried over: the reader's source where the grounds are weak."""
    before: Attribution | None = None
    for reading in readings:
        for a in reading.direct:
            if a.source is None or a.rule in WEAK_GROUNDS:
                asked = before.source if a.rule == "answer" and before is not None else None
                _hear(a, reader, t, asked)
            elif (
                a.rule == "continued"
                and a.quotation is not None
                and a.quotation.region.continues
                and before is not None
            ):
                a.source = before.source or a.source
            before = a


def _unsay(a: Attribution) -> None:
    """A quotation in marks stays one when its cue is none: who says it is open again."""
    a.rule, a.source, a.cue, a.lemma, a.addressee = "none", None, None, None, None
    a.act, a.negated = Act.SPEECH, False


def _is_nobodys(a: Attribution, reader: Reader, t: Thresholds) -> bool:
    """Whether words in marks are more likely nobody's: a title, a term, a mark that pairs with a stranger's."""
    words = reader.within(a.pieces[0])
    if not words or a.quotation is None or a.quotation.region.continues:
        return False
    return reader.answer(words.start, MARK).holds(words) < t.anybody


def _hear(a: Attribution, reader: Reader, t: Thresholds, asked: Span | None = None) -> None:
    """A quotation in marks: the source that the reader hears at its opening mark, where the rules are less sure.

    Whoever `asked` what it answers is not.
    """
    words = reader.within(a.pieces[0])
    if not words or a.quotation is None:
        return
    answer = reader.answer(words.start, MARK)
    weak = a.source is None or a.rule in WEAK_GROUNDS
    if not weak and not _is_unlikely(a, answer, reader, t):
        return
    span, sure = source_of_answer(answer, reader)
    if span is None or span == asked or answer.holds(words) < (t.said if a.source is None else 0.5):
        return
    if sure >= (t.weak_source if weak else t.other_source) and not _same(span, a.source):
        _unsay(a)
        a.source, a.rule = span, "reader"
        _take_cue(a, words, reader, t)


def _take_cue(a: Attribution, words: range, reader: Reader, t: Thresholds) -> None:
    """The likely cue whose content these words are, nearest first."""
    cues = reader.likely_cues(t.likely_cue)
    near = cues[max(0, bisect_left(cues, words.start) - 2) : bisect_left(cues, words.start)]
    near = near + cues[bisect_left(cues, words.stop) : bisect_left(cues, words.stop) + 2]
    for word in sorted(near, key=lambda i: min(abs(i - words.start), abs(i - words.stop))):
        answer = reader.answer(word, CUE)
        if word not in words and answer.first <= words.start and answer.holds(words) >= 0.5:
            describe(a, word, None, reader, answer)
            return


def _is_unlikely(a: Attribution, answer: Answer, reader: Reader, t: Thresholds) -> bool:
    """Whether the reader does not think that the source is one; so with none."""
    return a.source is None or answer.names(reader.within(a.source)) < t.unlikely_source


def _same(one: Span, other: Span | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end


def _settle(
    a: Attribution, at: int | None, reader: Reader, t: Thresholds, *, extents: bool = True
) -> Attribution | None:
    """A content that the rules found: nothing if the reader sees none there, with its content if that is another."""
    answer = _answer_for(a, at, reader)
    if answer is None:
        return a
    heard = answer.highest
    words = reader.within(a.pieces[0])
    if a.rule == "named" and words.start in reader.marks:  # “called it ‘a miracle’”: the mark tells more than the verb
        heard = max(heard, reader.answer(words.start, MARK).holds(words))
    by_agent = _is_by_agent(a, reader)
    drop = t.drop_weak if a.rule in WEAK_RULES else t.drop if extents else t.drop_nested
    if heard < drop and not by_agent:
        return None
    if extents:
        a.pieces = _mended(a, answer, reader, t)
    agentless = a.source is None and (a.addressee is not None or a.rule == "impersonal")
    if not agentless and not by_agent and _is_unlikely(a, answer, reader, t):
        span, likely = source_of_answer(answer, reader)
        if span is not None and likely >= t.other_source and not _same(span, a.addressee):
            a.source = span
        elif a.rule == "fragment":
            return None  # the subject of a verb that is no cue, and the reader does not hear it
        elif a.source is not None and _is_told(a, answer, reader) >= t.addressee:
            a.source, a.addressee = None, a.source
    return a


def _disown(found: Sequence[Attribution]) -> None:
    """“X denied claims that S”: whoever denies a claim did not make it, whatever the reader hears."""
    for denied in (a for a in found if a.negated):
        for a in found:
            inner = a.rule == "noun" and a is not denied and _same(a.pieces[0], denied.pieces[0])
            if inner and denied.source is not None and _same(denied.source, a.source):
                a.source = None


def _is_by_agent(a: Attribution, reader: Reader) -> bool:
    """“Hailed as “a door left ajar” by X”, “praised by X for …”: the reader has seen too few of these to judge them.

    What things are named is another matter: mostly nobody says it.
    """
    after = a.source is not None and a.cue is not None and a.source.start > a.cue.end
    if not after or a.rule not in ("named", "prepositional") or a.lemma in _NAMING:
        return False
    return reader.within(a.pieces[0]).start in reader.marks


_NAMING = frozenset({"call", "dub", "name", "nickname", "term", "title"})


def _is_told(a: Attribution, answer: Answer, reader: Reader) -> float:
    """How likely the source of a passive cue is whom it is said to: “Parents were told that …”."""
    if a.source is None or answer.anchor == 0 or reader.lowers[answer.anchor - 1] not in _BE:
        return 0.0
    words = reader.within(a.source)
    return answer.told(words) if words.stop <= answer.anchor else 0.0


def _mended(a: Attribution, answer: Answer, reader: Reader, t: Thresholds) -> list[Span]:
    """The content as the rules have it, or the reader's: where few words agree, and it is sure of those in dispute."""
    own = words_of(a.pieces, reader)
    runs = answer.runs(CONTENT)
    if len(runs) == 1 and _agree(own, union(runs), t):
        return a.pieces  # however sure it is
    runs = [run for run in runs if answer.holds(run) >= t.sure and not is_quotation(run, reader)]
    read = union(runs)
    if not runs or _agree(own, read, t) or _agree(words_of(a.pieces[-1:], reader), read, t):
        return a.pieces  # all of it, or all but the condition before it
    if any(map(reader.is_finite, own)) and not any(map(reader.is_finite, read)):
        return a.pieces  # a clause is not cut down to what has no verb
    for_it = [answer.holds(range(i, i + 1)) for i in read - own] + [
        1 - answer.holds(range(i, i + 1)) for i in own - read
    ]
    shorter = max(own if own < read else read)
    if (own < read or read < own) and reader.lowers[shorter + 1 : shorter + 2] == ["and"]:
        return a.pieces  # “said the pool was unsafe and left”: the rules weigh tenses and subjects
    pieces = [span for run in runs if (span := reader.span(run)) is not None]
    return pieces if pieces and sum(for_it) >= t.sure * len(for_it) else a.pieces


def _agree(own: Set[int], read: Set[int], t: Thresholds) -> bool:
    """Whether the rules' words and the reader's are enough the same."""
    return len(own & read) >= t.agree * len(own | read)


def _answer_for(a: Attribution, at: int | None, reader: Reader) -> Answer | None:
    if at is not None:
        return reader.answer(at, CUE)
    if a.quotation is None:
        return None
    first = reader.within(a.pieces[0]).start
    return reader.answer(first, MARK) if first in reader.marks else None


def _add(readings: Sequence[Reading], cues: Sequence[int], reader: Reader, t: Thresholds, taken: _Taken) -> None:
    """What the reader finds at cues where the rules found nothing."""
    bounds = [reading.bounds.start for reading in readings]
    for word in cues:
        n = bisect_right(bounds, reader.starts[word]) - 1
        if n < 0 or reader.words.marks[word] == CLAUSAL:
            continue
        if reader.tags[word] == "RP" or (word and reader.lowers[word - 1] == "without"):
            continue  # “took down the sign”, “it goes without saying that …”
        answer = reader.answer(word, CUE)
        speaks = known_cue(reader.lowers[word]) is not None  # “it said”, but not “it emerged”
        source, likely = source_of_answer(answer, reader, NOBODY - {"it"} if speaks else NOBODY)
        if source is None or likely < t.own_source:
            continue
        reading = readings[n]
        runs = [without_beginnings(run, reader) for run in answer.runs(CONTENT) if word not in run]
        runs = [run for run in runs if not is_quotation(run, reader)]
        runs = [run for run in runs if answer.holds(run) >= t.own and len(run) >= 2]
        pieces = [span for run in runs if (span := reader.span(run)) is not None]
        if not pieces or taken.same(pieces):
            continue
        a = Attribution(pieces, "reader", source)
        describe(a, word, reading.uses.get(reader.starts[word]), reader, answer)
        reading.indirect.append(a)
        taken.add(pieces)


class _Taken:
    """The contents found so far, by the stretches of some words each that they touch."""

    def __init__(self, readings: Sequence[Reading], reader: Reader) -> None:
        self._reader = reader
        self._by_stretch: dict[int, list[list[range]]] = defaultdict(list)
        for reading in readings:
            for a in (*reading.direct, *reading.indirect):
                self.add(a.pieces)

    def add(self, pieces: Sequence[Span]) -> None:
        """One more."""
        runs = [self._reader.within(piece) for piece in pieces]
        for run in runs:
            for stretch in range(run.start // _STRETCH, run.stop // _STRETCH + 1):
                self._by_stretch[stretch].append(runs)

    def _at(self, word: int) -> Iterator[list[range]]:
        """The contents that hold a word, as runs of words."""
        for runs in self._by_stretch.get(word // _STRETCH, ()):
            if any(word in run for run in runs):
                yield runs

    def same(self, pieces: Sequence[Span]) -> bool:
        """Whether one of them is about the same words: it then holds one of the three in the middle."""
        words = words_of(pieces, self._reader)
        middle = sorted(words)[max(0, len(words) // 2 - 1) : len(words) // 2 + 2]
        near = (runs for word in middle for runs in self._at(word))
        return any(2 * len(words & theirs) > len(words | theirs) for theirs in map(union, near))
