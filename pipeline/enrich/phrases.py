"""Cues that are no verbs: “according to X”, “X's claim that …”, “reports that …”, “in X's view”."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.article import Act
from pipeline.enrich.cues import Cue, lexicon
from pipeline.enrich.paragraph import Paragraph, Word
from pipeline.enrich.sources import is_nominal

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
    nouns = lexicon()
    for word in paragraph.words:
        if word.quotation is not None and word.quotation.clausal:
            continue
        if word.lower == "according":
            found = according_to(paragraph, word)
        elif word.tag.startswith("NN") and (cue := nouns.nouns.get(nouns.form(word.lower, "noun") or "")):
            found = _noun(word, cue)
        else:
            found = None
        if found is not None:
            yield found


def according_to(paragraph: Paragraph, word: Word) -> Phrase | None:
    """“According to X, S”, “S, according to X” and “S1, according to X, S2”."""
    words = paragraph.words
    to = word.i + 1
    if to >= len(words) or words[to].lower != "to":
        return None
    source = word.head if word.head.i > to else next((c for c in word.children if c.i > to and is_nominal(c)), None)
    if source is None:
        return None
    start, end = paragraph.sentence(word)
    last = min(source.last, source.i + 25, end)
    if word.i - start < 3:
        comma = next((i for i in range(last, end) if words[i].text == ","), None)
        content = [] if comma is None else [(comma + 1, end)]
    else:
        content = [(start, word.i - 1)]
        governor = source.head
        if governor.i > last and governor is not source and last + 1 < end and words[last + 1].text == ",":
            content.append((last + 2, end))
    return Phrase((word.i, to), "according to", Act.SPEECH, source, content, "according to")


def _noun(noun: Word, cue: Cue) -> Phrase | None:
    """“X's claim that S”, “a statement by X that S”, “made the promise to S”."""
    clause = next((c for c in noun.children if c.i > noun.i and _is_content(c, cue)), None)
    if clause is None:
        return None
    source = noun.child("nmod:poss")
    if source is None:
        source = next((c for c in noun.children if c.dep.startswith("nmod") and c.introducer("by", "from")), None)
    if source is None and noun.dep in ("obj", "obl") and noun.head.is_verb:
        found = source_of_verb(noun.head)
        source = found if clause.introducer("that") or noun.head.lower in _GIVING else None
    if source is None and not clause.introducer("that"):
        return None
    return Phrase((noun.i, noun.i), cue.lemma, cue.act, source, [(clause.first, clause.last)], "noun")


_GIVING = {"made", "gave", "issued", "make", "makes", "give", "gives", "repeated", "renewed", "took", "has", "had", "have"}


def source_of_verb(verb: Word) -> Word | None:
    """The subject of the verb that a noun cue is the object of: “issued a statement saying …”."""
    return verb.child("nsubj")


def _is_content(clause: Word, cue: Cue) -> bool:
    if clause.dep not in ("acl", "ccomp", "acl:relcl", "appos", "xcomp"):
        return False
    that = clause.introducer("that")
    if that is not None:
        return that.dep == "mark" and not any(c.dep.startswith("nsubj") and c.lower == "that" for c in clause.children)
    return "to" in cue.takes and clause.introducer("to") is not None and clause.tag == "VB"
