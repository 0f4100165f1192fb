"""What an answer of the learned reader says, in the terms of an attribution: its source, words and cue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.article import Act, Span
from pipeline.enrich.anchors import CUE, MARK
from pipeline.enrich.attribution import Attribution
from pipeline.enrich.cues import Cue, lexicon
from pipeline.enrich.encoder_input import CLAUSAL
from pipeline.enrich.reader import ADDRESSEE, SOURCE, Answer, Reader
from pipeline.enrich.uses import CueUse, act_of, is_negated

NOBODY = frozenset({"it", "there", "this", "that", "the", "a", "an"})
"""Words that are no source by themselves."""
_HALFWAY = frozenset({"DT", "IN", "CC", "TO", "PRP$"})
"""Tags of words that no mention ends in, and no content before another word."""
_NOT = frozenset({"not", "n't", "n’t", "never", "no", "nobody"})


def words_of(pieces: Sequence[Span], reader: Reader) -> frozenset[int]:
    """The words of a content, as the reader numbers them."""
    return union(map(reader.within, pieces))


def union(runs: Iterable[range]) -> frozenset[int]:
    """The words of several runs."""
    return frozenset[int]().union(*runs)


def source_of_answer(answer: Answer, reader: Reader, nobody: frozenset[str] = NOBODY) -> tuple[Span | None, float]:
    """Who says it by the reader, and how likely; nobody where it is no more than “it” or “the”, or what happens."""
    best = answer.best(SOURCE)
    if best is None or all(reader.lowers[i] in nobody for i in best) or reader.happens(best):
        return None, 0.0
    while len(best) > 1 and reader.tags[best[-1]] in _HALFWAY:
        best = best[:-1]  # “the mother of one of the”
    return reader.span(_whole(best, answer, reader)), answer.names(best)


def _whole(run: range, answer: Answer, reader: Reader) -> range:
    """A run with the rest of the name in the midst of which the reader's sight begins or ends."""
    start, stop = run.start, run.stop
    if start == answer.first:
        while start and reader.is_within_name(start):
            start -= 1
    if stop == answer.first + len(answer.parts):
        while stop < len(reader.tags) and reader.is_within_name(stop):
            stop += 1
    return range(start, stop)


def without_beginnings(run: range, reader: Reader) -> range:
    """A run without what only begins something: the “and that” in which the reader's sight ends, “by” before a day."""
    last = len(run)
    while last > 1:
        word = run[last - 1]
        following = "".join(reader.lowers[word + 1 : word + 2])
        begins = reader.tags[word] in _HALFWAY and any(map(str.isalnum, following))
        if not begins and reader.tags[word] != "CC" and reader.lowers[word] not in ("that", ","):
            break
        last -= 1
    return run[:last]


def is_quotation(run: range, reader: Reader) -> bool:
    """Whether a run is no more than a quotation that stands for a clause: that is attributed by itself."""
    marks, texts = reader.words.marks, reader.words.texts
    return all(marks[i] == CLAUSAL or not any(map(str.isalnum, texts[i])) for i in run)


def describe(a: Attribution, word: int, use: CueUse | None, reader: Reader, answer: Answer) -> None:
    """Cue, act, negation and addressee: of the parse where that knows the cue, else of the lexicon and the reader."""
    a.cue = Span(reader.starts[word], reader.ends[word])
    known = known_cue(reader.lowers[word])
    if use is not None:
        a.lemma, a.act, a.negated = use.cue.lemma, act_of(use), is_negated(use)
    else:
        a.lemma = known.lemma if known is not None else reader.lowers[word]
        a.act = known.act if known is not None else Act.SPEECH
        a.negated = bool(_NOT & set(reader.lowers[max(0, word - 3) : word])) or (known is not None and known.negative)
    told = answer.best(ADDRESSEE)
    a.addressee = reader.span(told) if told is not None else None


def known_cue(lower: str) -> Cue | None:
    """What the lexicon knows of a lower-case word as a cue of any part of speech."""
    cues = lexicon()
    return (
        cues.verbs.get(cues.form(lower) or "")
        or cues.nouns.get(cues.form(lower, "noun") or "")
        or cues.adjectives.get(lower)
    )


def evidence(a: Attribution, reader: Reader) -> Answer | None:
    """The answer that tells most of an attribution: at its mark if it is a quotation, else at its cue."""
    if a.quotation is not None:
        first = reader.within(a.pieces[0]).start
        if first in reader.marks:
            return reader.answer(first, MARK)
    at = reader.at_cue(a.cue) if a.cue is not None else None
    return reader.answer(at, CUE) if at is not None else None
