"""Where the indirect content of a verbal cue begins and ends: its clause, from its first word to its last.

One function a construction, tried in the order of `RULES`; the first that applies decides. Each takes a `Case` and gives
ranges of words, both ends inclusive: one, or two where the cue stands in the middle of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipeline.article import Act
from pipeline.enrich.direct import CueUse
from pipeline.enrich.paragraph import Paragraph, Word

Range = tuple[int, int]

_ADVERBIAL_MARKS = set("after before when while though although because as since compared referring following".split())
_WH_CUES = {"see", "recall", "remember", "describe", "know", "explain", "understand", "ask", "wonder", "tell", "learn"}
_CONTRAST = {"but", "though", "although", "while"}
_NEW_CLAUSE = re.compile(
    r"\W*(but|while|although|though|after|as|when|before|adding|and (then|later|has|had|is|was|will))\b"
)
_LOOSE_WORDS = set("and but while as when after before during in on at because although though to with by".split())
_PRONOUN_OBJECTS = set(
    "it him her them us me himself herself itself themselves reporters you this that these those so one what which who".split()
)
_SUBORDINATE = {"acl:relcl", "advcl"}
_COMPLEMENTS = {"xcomp", "ccomp", "advcl", "acl"}
_ADVERBIALS = {"obl", "advmod", "obl:unmarked", "iobj"}
_AFTER_COMMA = set("as who which after when adding a the in referring while".split())


@dataclass(eq=False)
class Case:
    """One verbal cue in its paragraph."""

    paragraph: Paragraph
    use: CueUse
    governs: bool
    """Its quotation in marks is found already."""
    cues: frozenset[int]
    """Positions of all verbal cues of the paragraph."""

    @property
    def word(self) -> Word:
        """The cue."""
        return self.use.word

    @property
    def words(self) -> list[Word]:
        """The paragraph's words."""
        return self.paragraph.words

    @property
    def source(self) -> Word | None:
        """The head of the source, if there is one."""
        return self.use.source.word if self.use.source else None

    @property
    def strong(self) -> bool:
        """Speech or writing rather than thought."""
        return self.use.cue.act is not Act.THOUGHT

    @cached_property
    def sentence(self) -> Range:
        """First and last word of the cue's sentence."""
        return self.paragraph.sentence(self.word)

    @cached_property
    def lead(self) -> int:
        """Where cue and source begin."""
        return min(self.word.i, self.source.first) if self.source and self.source.head is self.word else self.word.i

    def holds_quotation(self, first: int, last: int) -> bool:
        """Whether a clausal quotation stands among these words."""
        return any(w.quotation is not None and w.quotation.clausal for w in self.words[max(first, 0) : last + 1])

    def takes(self, *complements: str) -> bool:
        """Whether the cue takes one of these complements."""
        return self.use.takes(*complements)


def contents(case: Case) -> tuple[str, list[Range]] | None:
    """The rule that applies and the word ranges of the content; nothing when the cue introduces none."""
    for rule in RULES:
        found = rule(case)
        if found:
            return rule.__name__, found
    return None


def interposed(case: Case) -> list[Range] | None:
    """“S1, X said, S2.”: both halves."""
    source, words = case.source, case.words
    if not case.strong or source is None or case.governs or abs(source.i - case.word.i) >= 12 or case.word.dep == "acl:relcl":
        return None
    start, end = case.sentence
    last = max([c.last for c in case.word.children if c.dep in (*_ADVERBIALS, "obj", "nsubj") and c.i - case.word.i < 6] + [case.word.i])
    lead = min(case.word.i, source.first)
    if lead - 1 <= start or last + 2 >= len(words) or last + 1 >= end - 1:
        return None
    after = words[last + 2]
    if words[lead - 1].text != "," or words[last + 1].text != "," or after.tag == "VBG":
        return None
    if after.lower in _CONTRAST or after.lower in ("and", "as", "when", "after", "who", "which"):
        return None
    if case.holds_quotation(start, lead - 1):
        return None
    first = max([start] + [w.i + 1 for w in words[start : lead - 1] if w.text == ";"])
    return [(first, lead - 2), (last + 2, end)]


def complement(case: Case) -> list[Range] | None:
    """“X said (that) S”, and “S, X said” where the parser gave S to the cue."""
    if not case.takes("that", "whether", "person_that", "quote"):
        return None
    for child in case.word.children:
        if child.dep not in ("ccomp", "csubj") or child.quotation is not None and child.quotation.clausal or child is case.source:
            continue
        found = _complement_after(case, child) if child.i > case.word.i else _complement_before(case, child)
        if found:
            return [found]
    return None


def _complement_after(case: Case, clause: Word) -> Range | None:
    words, cue = case.words, case.word
    first, last = max(clause.first, cue.i + 1), clause.last
    marks = {c.lower for c in clause.children if c.dep == "mark" and c.i < clause.i} | {words[first].lower}
    if marks & _ADVERBIAL_MARKS and case.use.cue.lemma not in _WH_CUES:
        return None
    comma = words[first - 1].text == ","
    if comma and clause.tag == "VBG" and not any(c.dep.startswith("nsubj") for c in clause.children):
        return None
    if case.governs and comma and first - cue.i > 1 and "that" not in marks:
        return None
    for quotation in case.paragraph.quotations:  # what another cue introduces is not this cue's
        if quotation.clausal and clause.i < quotation.first <= last:
            last = quotation.first - 1
            break
    return first, _contrast(case, first, _tail(case, last)) if case.strong else last


def _tail(case: Case, last: int) -> int:
    """The sentence's end instead, when nothing but words that the parser could not attach is left up to there."""
    words, end = case.words, case.sentence[1]
    if last >= end:
        return last
    rest = words[last + 1 : end + 1]
    if any(w.i in case.cues or w.lower == "according" for w in rest) or case.holds_quotation(last + 1, end):
        return last
    text = case.paragraph.between(last + 1, end)
    if not _NEW_CLAUSE.match(text):
        return end
    return last


def _contrast(case: Case, first: int, last: int) -> int:
    """Content ends before “, but …”: there the article itself goes on."""
    words = case.words
    for i in range(first + 4, last - 1):
        if words[i].text == "," and words[i + 1].lower in _CONTRAST:
            return i - 1
    return last


def _complement_before(case: Case, clause: Word) -> Range | None:
    last = min(clause.last, case.word.i - 1, case.lead - 1)
    if case.source is not None:
        last = min(last, case.source.first - 1)
    first = clause.first
    if last - first < 2 or case.holds_quotation(first, last):
        return None
    return first, last


def paratactic(case: Case) -> list[Range] | None:
    """“S, X said.” where the cue hangs on S."""
    cue, head = case.word, case.word.head
    if cue.dep != "parataxis" or not case.strong or case.source is None or case.governs:
        return None
    left, right = (head.first, cue.first - 1), (cue.last + 1, head.last)
    if left[1] - left[0] < 2 or case.holds_quotation(*left):
        return None
    return [left, right] if right[1] - right[0] >= 3 else [left]


def final(case: Case) -> list[Range] | None:
    """“S, X said.” at the end of a sentence, whatever the parser made of it."""
    source, words = case.source, case.words
    if source is None or case.governs or case.use.cue.strength != "strong" or case.word.dep in _SUBORDINATE:
        return None
    start, end = case.sentence
    after = sum(w.is_word for w in words[max(case.word.i, source.i) + 1 : end + 1])
    last = min(case.word.i, source.first) - 1
    if after > 6 or last - start < 3 or words[last].text != "," or case.holds_quotation(start, last):
        return None
    return [(start, last - 1)]


def unlabelled(case: Case) -> list[Range] | None:
    """“X said S” where the parser saw no complement: after the cue and its adverbials to the end, if a finite verb is there."""
    source, words, cue, lemma = case.source, case.words, case.word, case.use.cue.lemma
    if case.governs or source is None or source.i > cue.i or not case.strong or not case.takes("that", "person_that"):
        return None
    end = case.sentence[1]
    to_person = case.takes("person_that", "person_to")
    if not to_person and any(c.dep == "obj" and c.first == cue.i + 1 for c in cue.children):
        direct_object = True
    else:
        direct_object = False
    first = cue.i + 1
    that = next((w.i for w in words[first : min(cue.i + 10, end)] if w.lower == "that" and w.dep == "mark"), None)
    for child in cue.children:
        adverbial = child.dep in _ADVERBIALS or (to_person and child.dep == "obj")
        if adverbial and child.i > cue.i and child.first <= first + 1 and child.last - first < 8:
            if not any(w.dep == "nsubj" for w in words[child.first : child.last + 1]):
                first = max(first, child.last + 1)
    while first <= end and (not words[first].is_word or words[first].lower in ("earlier", "later", "today")):
        first += 1
    if that is not None:
        first = that
    if first > end or (direct_object and that is None) or case.holds_quotation(first, end):
        return None
    if not any(_is_clause_verb(w) for w in words[first : end + 1]):
        return None
    if words[first].lower in ("and", "but", "as", "when", "while", "after", "before", "if", "because") or lemma == "ask":
        return None
    if first == cue.i + 1 or that is not None or words[first - 1].text != ",":
        return [(first, end)]
    return None


def _is_clause_verb(word: Word) -> bool:
    if not word.is_finite:
        return False
    verb = word.head if word.dep in ("aux", "cop", "aux:pass") else word
    return any(c.dep.startswith(("nsubj", "expl")) for c in verb.children)


def named(case: Case) -> list[Range] | None:
    """“X called the plan a gift”, “described him as a liar”: the object and what it is called."""
    cue = case.word
    if not case.takes("call", "as") or case.source is None:
        return None
    things = [c for c in cue.children if c.dep in ("obj", "nsubj:pass") and c.i > cue.i]
    names = [c for c in cue.children if c.dep in ("xcomp", "obl", "ccomp", "advcl") and c.i > cue.i]
    if not things or not names or names[0].i < things[0].i:
        return None
    if not (case.takes("as") if names[0].introducer("as") else case.takes("call") and names[0].dep in ("xcomp", "ccomp")):
        return None
    thing = things[0]
    if thing.first == thing.last and thing.lower in _PRONOUN_OBJECTS:
        as_word = names[0].introducer("as")
        return [(as_word.i + 1 if as_word else names[0].first, names[0].last)]
    return [(thing.first, max(names[0].last, thing.last))]


def infinitive(case: Case) -> list[Range] | None:
    """“X vowed to stay”, “wants to leave”: from “to”."""
    if case.source is None or not case.takes("to"):
        return None
    for child in case.word.children:
        if child.dep == "xcomp" and child.i > case.word.i and child.quotation is None and child.introducer("to"):
            return [(max(child.first, case.word.i + 1), child.last)]
    return None


def directive(case: Case) -> list[Range] | None:
    """“X urged voters to stay away”: what is asked, from “to”."""
    cue = case.word
    if case.source is None or not case.takes("person_to"):
        return None
    for word in case.words[cue.i + 1 : min(cue.last + 1, cue.i + 12)]:
        if word.tag == "VB" and word.dep in _COMPLEMENTS and word.head.i >= cue.i:
            to = word.introducer("to")
            if to is not None:
                return [(to.i, word.last)]
    return None


def thing(case: Case) -> list[Range] | None:
    """“X denied the charges”: the object."""
    cue, source = case.word, case.source
    if source is None or not case.takes("object") or case.governs or (case.use.source and case.use.source.how == "quoted"):
        return None
    particle = case.use.particle
    for child in cue.children:
        wanted = child.dep == "obj" if particle is None or particle.head is not child else child.dep == "obl"
        if not wanted or child.i < cue.i or child is source or child.quotation is not None and child.quotation.clausal:
            continue
        if child.first == child.last and child.lower in _PRONOUN_OBJECTS:
            continue
        last = child.last
        for other in cue.children:
            reason = other.dep in ("obl", "advcl", "xcomp", "nmod") and case.words[other.first].lower in ("as", "for", "over")
            if reason and child.i < other.i and other.first <= last + 2:
                last = max(last, other.last)
                break
        first = child.first if particle is None or particle.head is not child else particle.i + 1
        return [(first, last)]
    return None


def prepositional(case: Case) -> list[Range] | None:
    """“X called for calm”, “warned of floods”: what follows the preposition."""
    if case.source is None:
        return None
    for child in case.word.children:
        if child.dep in ("obl", "advcl", "nmod") and child.i > case.word.i:
            links = [c for c in child.children if c.dep in ("case", "mark") and _link(c.lower) in case.use.cue.takes]
            if links and links[-1].i < child.last:
                return [(links[-1].i + 1, child.last)]
    return None


def _link(preposition: str) -> str:
    return "to_object" if preposition == "to" else preposition


def surface(case: Case) -> list[Range] | None:
    """“S, NP said.” read off the words alone, for sentences that the parser got wrong."""
    cue, words = case.word, case.words
    if case.governs or case.use.cue.strength != "strong" or cue.tag not in ("VBD", "VBZ", "VBP", "NNS", "NNP", "NNPS", "VBN"):
        return None
    start, end = case.sentence
    comma = cue.i - 1
    while comma > start and cue.i - comma < 14 and words[comma].text not in (",", ".", ";", ":"):
        comma -= 1
    if words[comma].text != "," or comma - start < 4 or case.holds_quotation(start, cue.i - 1):
        return None
    if words[comma + 1].lower in ("who", "which", "and", "but", "as") or comma + 1 == cue.i:
        return None
    stop = next((w.i for w in words[cue.i + 1 : end + 1] if w.text == ","), end + 1)
    tail = words[cue.i + 1 : stop]
    if sum(w.is_word for w in tail) > 5 or any(w.is_finite for w in tail) or not any(w.is_finite for w in words[start:comma]):
        return None
    if stop <= end and stop + 1 < len(words) and words[stop + 1].lower not in _AFTER_COMMA:
        return None
    return [(start, comma - 1)]


RULES: tuple[Callable[[Case], list[Range] | None], ...] = (
    interposed, complement, paratactic, final, unlabelled, named, infinitive, directive, thing, prepositional, surface,
)  # fmt: skip
