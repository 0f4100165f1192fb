"""Cues that are no verbs: “according to X”, “X's claim that …”, “reports that …”, “in X's view”."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.article import Act
from pipeline.enrich.cues import Cue, PhraseMatch, lexicon
from pipeline.enrich.paragraph import Paragraph, Word, word_set
from pipeline.enrich.sources import is_happening, is_nominal
from pipeline.enrich.surrounding import of_relative

Range = tuple[int, int]


@dataclass(eq=False, slots=True)
class Phrase:
    """A phrase that attributes: where the cue stands, the head of its source and the content's word ranges."""

    cue: Range
    lemma: str
    act: Act
    source: Word | None
    content: list[Range]
    rule: str


def phrases(paragraph: Paragraph) -> Iterator[Phrase]:
    """All of a paragraph."""
    cues = lexicon()
    lowers = [word.lower for word in paragraph.words]
    for word in paragraph.words:
        if word.lower not in cues.nominal or (word.quotation is not None and word.quotation.clausal):
            continue  # “as”, too, begins phrases
        match = cues.phrase_at(lowers, word.i)
        if match is not None and _brings_in(paragraph, match):
            found = _around(paragraph, match)
        elif word.lower == "as":
            found = _as_reported(paragraph, word)
        elif word.tag.startswith("NN") and (cue := cues.nouns.get(cues.form(word.lower, "noun") or "")):
            found = _noun(word, cue)
        else:
            found = None
        if found is not None:
            yield found


_MEASURES = word_set(
    "age ages calendar custom customs method methods need needs plan plans principle principles rank schedule season "
    "size system taste tastes theory timetable tradition type"
)
"""What things are done by, not who says so: “according to the timetable”."""


def _brings_in(paragraph: Paragraph, match: PhraseMatch) -> bool:
    """Whether a phrase attributes the sentence around it: set off by place or comma, no mere manner of speaking."""
    cue, words = match.cue, paragraph.words
    if "subject" in cue.takes or cue.takes.isdisjoint({"that", "quote"}) or cue.strength == "weak":
        return False
    start, _ = paragraph.sentence(words[match.start])
    return match.start - start < 3 or not words[match.start - 1].is_word or cue.lemma == "according to"


def _around(paragraph: Paragraph, match: PhraseMatch) -> Phrase | None:
    """“According to X, S”, “S, in the words of X” and “S1, as X put it, S2”."""
    words = paragraph.words
    if match.source is not None:
        source = _head(words, match.source[0], match.source[1])
        last = match.end - 1
    else:
        if match.end >= len(words):
            return None
        source = _head(words, match.end, min(match.end + 8, len(words)))
        last = source.last if source is not None else match.end
    if source is None or (match.cue.lemma == "according to" and source.lower in _MEASURES):
        return None
    cue = (match.start, match.end - 1)
    return Phrase(
        cue, match.cue.lemma, match.cue.act, source, _rest(paragraph, match.start, last, source), "according to"
    )


def _as_reported(paragraph: Paragraph, word: Word) -> Phrase | None:
    """“As reported by TASS, S”."""
    words, cues = paragraph.words, lexicon()
    verb = words[word.i + 1] if word.i + 2 < len(words) else None
    if verb is None or verb.tag != "VBN" or words[verb.i + 1].lower != "by" or verb.i + 2 >= len(words):
        return None
    cue = cues.verbs.get(cues.form(verb.lower) or "")
    source = _head(words, verb.i + 2, min(verb.i + 10, len(words)))
    if cue is None or source is None or "that" not in cue.takes:
        return None
    content = _rest(paragraph, word.i, source.last, source)
    return Phrase((verb.i, verb.i), cue.lemma, cue.act, source, content, "according to")


def _head(words: list[Word], start: int, end: int) -> Word | None:
    """The head of the noun phrase that begins at `start`."""
    stop = next((w.i for w in words[start:end] if w.is_finite or w.text in (",", ".", ";", ":")), end)
    word = next((w for w in words[start:stop] if w.is_word and is_nominal(w)), None)
    if word is None:
        return None
    while word.head is not word and start <= word.head.i < stop and is_nominal(word.head) and not word.head.is_verb:
        word = word.head
    return word


def _rest(paragraph: Paragraph, first: int, last: int, source: Word) -> list[Range]:
    """What is left of a sentence around a phrase from `first` to `last`: after it, before it, or both."""
    words = paragraph.words
    start, end = paragraph.sentence(words[first])
    last = min(last, source.i + 25, end)
    if first - start < 3:
        comma = next((i for i in range(last, end) if words[i].text == ","), last)
        second = next((i for i in range(comma + 1, min(comma + 8, end)) if words[i].text == ","), None)
        if second is not None and _is_apposition(words[comma + 1 : second]):
            comma = second  # “According to the doctor, Ivo Marek, the …”
        return [(comma + 1, end)] if comma < end else []
    commas = words[first - 1].text == "," and last < end and words[last + 1].text == ","
    relative = of_relative(words, first - 1 - commas, last + 1 + commas, end)
    if relative is not None:
        return [relative]
    content = [(start, first - 1)]
    governor = source.head
    if governor.i > last and governor is not source and last + 1 < end and words[last + 1].text == ",":
        content.append((last + 2, end))
    return content


def _is_apposition(words: list[Word]) -> bool:
    """A noun phrase that is no subject: “the doctor, Ivo Marek, the …”, but not “the doctor, the striker, who …”."""
    return (
        bool(words)
        and words[0].tag != "IN"
        and all(w.tag in ("NNP", "NN", "DT", "JJ", "IN", "PRP$") for w in words)
        and not any(w.dep.startswith("nsubj") and w.head.i > words[-1].i for w in words)
    )


def _noun(noun: Word, cue: Cue) -> Phrase | None:
    """“X's claim that S”, “X's claim is that S”, “a statement by X that S”, “made the promise to S”."""
    near = [*noun.children, *(g for c in noun.children if c.introducer("by", "from", "of") for g in c.children)]
    clause = next((c for c in near if c.i > noun.i and _is_content(c, cue)), None)
    that = _equated(noun) if clause is None else None
    if that is not None:
        clause = that.head
    if clause is None:
        return None
    source = noun.child("nmod:poss")
    if source is None:
        # below the noun, or below the participle of “a claim made by X”
        below = (*noun.children, *(g for c in noun.children if c.dep == "acl" and c.tag == "VBN" for g in c.children))
        links = ("by", "from") if that is None else ("by", "from", "of")
        owners = (c for c in below if c.dep.startswith(("nmod", "obl")) and c.introducer(*links))
        source = next(owners, None)
    if source is None and noun.dep in ("obj", "obl") and noun.head.is_verb:
        found = source_of_verb(noun.head)
        source = found if clause.introducer("that") or noun.head.lower in _GIVING else None
        if source is not None and (_is_refused(noun) or is_happening(source.text, source.tag)):
            source = None  # “denied claims that …”, “the incident led to claims that …”
    if source is None and (not clause.introducer("that") or cue.act is Act.THOUGHT or cue.strength == "weak"):
        return None
    return Phrase((noun.i, noun.i), cue.lemma, cue.act, source, [((that or clause).first, clause.last)], "noun")


def _equated(noun: Word) -> Word | None:
    """The “that” of “X's claim is *that* S”: a parser makes the noun a subject of S."""
    that = noun.head.introducer("that") if noun.dep.startswith("nsubj") and noun.head.child("cop") else None
    return that if that is not None and noun.i < that.i < noun.head.i else None


def _is_refused(noun: Word) -> bool:
    known = lexicon().verbs.get(lexicon().form(noun.head.lower) or "")
    return known is not None and known.negative


_GIVING = word_set("made gave issued make makes give gives repeated renewed took has had have")


def source_of_verb(verb: Word) -> Word | None:
    """The subject of the verb that a noun cue is the object of: “issued a statement saying …”."""
    return verb.child("nsubj")


def _is_content(clause: Word, cue: Cue) -> bool:
    if clause.dep not in ("acl", "ccomp", "acl:relcl", "appos", "xcomp"):
        return False
    that = clause.introducer("that")
    if that is not None:
        return that.is_complementizer
    return (
        cue.act is not Act.THOUGHT and "to" in cue.takes and clause.introducer("to") is not None and clause.tag == "VB"
    )
