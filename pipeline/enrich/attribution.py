"""One paragraph's attributions, before anything is carried over from its neighbours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from pipeline.article import Act, QuoteKind, Span
from pipeline.enrich.contents import contents
from pipeline.enrich.direct import Governed, adjacent_cue, closing_cue, governing_cue, noun_beside
from pipeline.enrich.extents import Case
from pipeline.enrich.fragments import governor_of
from pipeline.enrich.masking import MARKS, is_title
from pipeline.enrich.paragraph import Paragraph, Quotation, Word
from pipeline.enrich.phrases import Phrase, phrases
from pipeline.enrich.sources import is_told, mention, nearest_nominal
from pipeline.enrich.titles import gender_of_word
from pipeline.enrich.uses import CueUse, act_of, addressee_of, cue_uses, is_negated
from pipeline.enrich.wordlists import word_list

Range = tuple[int, int]
_CUES_BEFORE = 4
"""Cues before a quotation, one of which may have it in its content."""
_PRESS = frozenset({"reporters", "journalists", "newsmen", "correspondents"})
"""Who is told things somewhere; others are told who they are by where they are: “a receptionist in Graz”."""
PRONOUNS = frozenset({"he", "she", "they"})
"""Subjects that are people."""
_ROLES = word_list("role")


@dataclass(eq=False, slots=True)
class Attribution:
    """Pieces of the article's text and whom they are attributed to."""

    pieces: list[Span]
    rule: str = "none"
    source: Span | None = None
    cue: Span | None = None
    lemma: str | None = None
    act: Act = Act.SPEECH
    negated: bool = False
    addressee: Span | None = None
    quotation: Quotation | None = None
    """The string in marks that it is, if it is one."""
    kind: QuoteKind | None = None
    """What its marks do not show: a transcript's turn is direct without any."""


@dataclass(eq=False)
class Reading:
    """What one paragraph says, and what its neighbours need to know of it."""

    paragraph: Paragraph
    cues: list[CueUse]
    """Whether or not they have a content."""
    direct: list[Attribution] = field(default_factory=list)
    """One for each clausal quotation, with or without a source, in order."""
    indirect: list[Attribution] = field(default_factory=list)
    colon: Span | None = None
    """The source, if the paragraph ends in a colon: the next one is what it says."""

    @property
    def bounds(self) -> Span:
        """The paragraph in the article."""
        return self.paragraph.bounds

    @cached_property
    def uses(self) -> dict[int, CueUse]:
        """The cues by where they begin in the article. The reader's own contents alone ask for them."""
        return {self.paragraph.span(use.word.i, use.word.i).start: use for use in self.cues}

    @cached_property
    def subjects(self) -> list[Span]:
        """People as subjects, by name, role or “he”: who else might be speaking. Few paragraphs are asked for them."""
        return [
            _mention(self.paragraph, word)
            for word in self.paragraph.words
            if word.dep in ("nsubj", "nsubj:pass") and word.quotation is None and word.head.is_verb
            if word.tag == "NNP" or word.lower in PRONOUNS or word.lower in _ROLES or gender_of_word(word.lower)
        ]


def read(text: str, paragraph: Paragraph) -> Reading:
    """Direct, indirect and mixed attributions of a paragraph, each with its cue and source where syntax tells them."""
    uses = cue_uses(paragraph)
    reading = Reading(paragraph, uses)
    governing = _direct(paragraph, uses, reading)
    silent = _indirect(paragraph, uses, governing, reading)
    reading.direct = [a for a in reading.direct if not _is_held(a, reading.indirect)]
    for phrase in phrases(paragraph):
        _phrase(paragraph, phrase, reading)
    if paragraph.quotations:
        _adjacent(text, paragraph, silent, reading)
        _fragments(text, paragraph, uses, reading)
    reading.colon = _before_colon(text, paragraph, uses, reading)
    return reading


def _direct(paragraph: Paragraph, uses: list[CueUse], reading: Reading) -> set[int]:
    """Fill in the quotations that stand for clauses; gives the positions of the cues that govern one."""
    governing = set()
    for quotation in paragraph.quotations:
        if quotation.clausal:
            found = governing_cue(paragraph, quotation, uses)
        else:
            found = closing_cue(paragraph, quotation, uses)
            if found is None:
                continue
        attribution = Attribution([Span(*quotation.region[:2])], quotation=quotation)
        if found is not None:
            governing.add(found.use.word.i)
            _attribute(attribution, paragraph, found)
        elif (noun := noun_beside(paragraph, quotation)) is not None:
            attribution.source, attribution.rule = _mention(paragraph, noun.source), "noun beside"
            attribution.cue, attribution.lemma = paragraph.span(noun.word.i, noun.word.i), noun.lemma
        reading.direct.append(attribution)
    return governing


def _is_held(closed: Attribution, indirect: list[Attribution]) -> bool:
    """Whether a cue before has the words in its content: “Warning that it was “a trap,” he urged them to go”.

    `indirect` are in the order of their cues.
    """
    if closed.rule != "closing cue" or closed.cue is None:
        return False
    start, end = closed.pieces[0]
    before = bisect_right(indirect, start, key=lambda other: other.cue.end if other.cue is not None else 0)
    near = (piece for other in indirect[max(0, before - _CUES_BEFORE) : before] for piece in other.pieces)
    return start < closed.cue.start and any(piece.start < start and end <= piece.end for piece in near)


def _indirect(paragraph: Paragraph, uses: list[CueUse], governing: set[int], reading: Reading) -> list[CueUse]:
    """Fill in the contents of the verbal cues; gives the cues that have none."""
    by_position = {use.word.i: use for use in uses}
    silent = []
    for use in uses:
        found = contents(Case(paragraph, use, use.word.i in governing, by_position))
        pieces = _pieces(paragraph, found[1]) if found is not None else []
        if found is None or not pieces:
            silent.append(use)
            continue
        source = use.source.word if use.source else None
        if source is None and use.cue.lemma != "hear" and _may_have_lost_its_source(use.word):
            source = nearest_nominal(paragraph, use.word, use.takes("person_that"))
        attribution = Attribution(pieces)
        _attribute(attribution, paragraph, Governed(use, source, found[0]))
        attribution.source = outside(pieces, attribution.source)
        reading.indirect.append(attribution)
    return silent


def outside(pieces: list[Span], source: Span | None) -> Span | None:
    """A source unless it is part of what is said: nobody says “Suppose *the mayor* resigned”."""
    if source is None or any(piece.start <= source.start and source.end <= piece.end for piece in pieces):
        return None
    return source


def _may_have_lost_its_source(cue: Word) -> bool:
    """Whether a cue is a verb that should have a subject, though the parser gave it none."""
    bare = cue.tag == "VB" and not cue.introducer("to") and not cue.child("aux")
    verbal = cue.is_finite or bare or cue.tag in ("NN", "VBN")
    return verbal and not cue.child("nsubj:pass", "expl") and not is_told(cue)


def _phrase(paragraph: Paragraph, phrase: Phrase, reading: Reading) -> None:
    first, last = phrase.cue
    source = _mention(paragraph, phrase.source, range(first, last + 1)) if phrase.source is not None else None
    cue = paragraph.span(*phrase.cue)
    pieces = _pieces(paragraph, phrase.content)
    if phrase.rule == "noun" and any(_same_start(a, pieces) for a in reading.indirect):
        return  # “said in a statement that …”: the verb has it
    if phrase.rule == "according to":
        start, end = paragraph.sentence(paragraph.words[phrase.cue[0]])
        low = bisect_left(reading.direct, start, key=_position)
        for attribution in reading.direct[low : bisect_right(reading.direct, end, key=_position)]:
            if attribution.rule in ("none", "cue, nearest noun"):
                attribution.source, attribution.cue = source, cue
                attribution.lemma, attribution.act, attribution.rule = phrase.lemma, phrase.act, phrase.rule
                pieces = []
    if pieces:
        source = outside(pieces, source)
        reading.indirect.append(Attribution(pieces, phrase.rule, source, cue, phrase.lemma, phrase.act))


def _same_start(attribution: Attribution, pieces: list[Span]) -> bool:
    return bool(pieces) and attribution.pieces[0].start == pieces[0].start


def _position(attribution: Attribution) -> int:
    return attribution.quotation.first if attribution.quotation is not None else -1


def _adjacent(text: str, paragraph: Paragraph, silent: list[CueUse], reading: Reading) -> None:
    """Words in marks right after a cue that has no other content: “told me ‘go home’”."""
    taken = {attribution.pieces[0].start for attribution in (*reading.direct, *reading.indirect)}
    for quotation in paragraph.quotations:
        words = text[quotation.region.start : quotation.region.end].strip(MARKS + " ").split()
        if quotation.clausal or quotation.region.start in taken or is_title(words):
            continue
        found = adjacent_cue(paragraph, quotation, silent)
        if found is not None:
            attribution = Attribution([Span(*quotation.region[:2])], quotation=quotation)
            _attribute(attribution, paragraph, found)
            reading.indirect.append(attribution)


def _fragments(text: str, paragraph: Paragraph, uses: list[CueUse], reading: Reading) -> None:
    """Quoted fragments outside every content found so far, whose sentence names somebody who speaks."""
    taken = sorted(span for attribution in (*reading.indirect, *reading.direct) for span in attribution.pieces)
    reach = list(accumulate((span.end for span in taken), max))
    for quotation in paragraph.quotations:
        start, end = quotation.region[:2]
        before = bisect_right(taken, start + 1, key=lambda span: span.start)
        if quotation.clausal or (before and reach[before - 1] >= end - 2):
            continue
        found = governor_of(text, paragraph, quotation, uses)
        if found is None:
            continue
        attribution = Attribution(
            [Span(start, end)], found.rule, _mention(paragraph, found.source), quotation=quotation
        )
        if found.use is not None:
            _attribute(attribution, paragraph, Governed(found.use, found.source, found.rule))
        reading.indirect.append(attribution)


def _before_colon(text: str, paragraph: Paragraph, uses: list[CueUse], reading: Reading) -> Span | None:
    if not text[paragraph.bounds.start : paragraph.bounds.end].rstrip().endswith(":"):
        return None
    speaking = [use.source for use in uses if use.source is not None and use.said]
    if speaking:
        return _mention(paragraph, speaking[-1].word)
    return reading.subjects[-1] if reading.subjects else None


def _attribute(attribution: Attribution, paragraph: Paragraph, found: Governed) -> None:
    use = found.use
    attribution.rule = found.rule
    attribution.cue = paragraph.span((use.first or use.word).i, use.word.i)
    attribution.lemma, attribution.act = use.cue.lemma, act_of(use)
    if found.source is not None:
        attribution.source = _mention(paragraph, found.source, range((use.first or use.word).i, use.word.i + 1))
    named = found.rule == "named" and use.cue.negative  # “dismissed it as a joke”: that it is one is not denied
    attribution.negated = is_negated(use) and not named
    addressee = addressee_of(use)
    told = _told(paragraph, addressee) if addressee is not None else None
    if told is not None and not any(told.start < p.end and p.start < told.end for p in attribution.pieces):
        attribution.addressee = told  # “promised a vote”: nobody is told


def _mention(paragraph: Paragraph, word: Word, cue: range = range(0)) -> Span:
    """The mention of a source, on its own side of the words of its cue."""
    first, last = mention(paragraph, word)
    if cue.stop <= word.i:
        first = max(first, cue.stop)
    elif word.i < cue.start:
        last = min(last, cue.start - 1)
    while last > word.i and paragraph.words[last].tag == "CC":
        last -= 1
    return paragraph.span(first, last)


def _told(paragraph: Paragraph, word: Word) -> Span:
    """The mention of an addressee, without where and when: “reporters on the quay”, “journalists in Abuja”."""
    first, last = mention(paragraph, word)
    scene = ("on", "in", "at") if word.lower in _PRESS else ("on",)
    aside = next((c for c in word.children if c.i > word.i and c.introducer(*scene)), None)
    return paragraph.span(first, last if aside is None else min(last, aside.first - 1))


def _pieces(paragraph: Paragraph, ranges: list[Range]) -> list[Span]:
    """Spans of the ranges without a leading “(only) that”; none for what is no more than a masked quotation.

    What begins a clause and has none after it is no part of them: “such a price *that*, …”.
    """
    words = paragraph.words
    pieces = []
    for start, end in ranges:
        first, last = start, end
        while first < last and (not words[last].is_word or words[last].tag == "CC" or words[last].is_complementizer):
            last -= 1
        if words[start].lower in ("only", "just", "merely", "simply") and words[min(start + 1, last)].lower == "that":
            first += 1
        while first <= last and (
            not words[first].is_word or (words[first].lower == "that" and words[first].tag != "DT")
        ):
            first += 1
        if any(w.is_word and not (w.quotation is not None and w.quotation.clausal) for w in words[first : last + 1]):
            pieces.append(paragraph.span(first, last))
    return pieces
