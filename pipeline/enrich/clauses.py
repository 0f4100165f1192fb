"""Indirect content that is a clause and belongs to its cue: “X said (that) S”, “asked whether S”.

One function a construction. Each takes a `Case` and gives ranges of words, both ends inclusive: one, or two where the
cue stands in the middle of what is said; nothing if the construction is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pipeline.enrich.extents import Case, Range, cut, to_sentence_end, with_coordinated
from pipeline.enrich.paragraph import Word, word_set
from pipeline.enrich.sources import ASKED, is_told
from pipeline.enrich.surrounding import CONJUNCTIONS

_ADVERBIAL_MARKS = word_set("after before when while though although because as since compared referring following")
_QUESTION_WORDS = word_set("when where how why who what whether if which whose")
_WHEN = word_set("earlier monday tuesday wednesday thursday friday saturday sunday yesterday")
_ADVERBIALS = word_set("obl advmod obl:unmarked iobj")


def complement(case: Case) -> list[Range] | None:
    """“X said (that) S”, “asked whether S”, and “S, X said” where the parser gave S to the cue."""
    if not case.takes("that", "whether", "person_that", "quote"):
        return None
    before = None
    for child in chain(case.word.children, _below_person(case)):
        masked = child.quotation is not None and child.quotation.clausal
        if masked or child is case.source or _describes_person(case, child):
            continue
        if child.i < case.word.i:
            before = before or (child if child.dep in ("ccomp", "csubj") else None)
        elif (
            child.dep in ("ccomp", "csubj")
            or _question(case, child)
            or _that_clause(child)
            or child.head is not case.word
        ):
            found = _complement_after(case, child)
            if found:
                return [*_condition(case, child), found]
    found = (
        _complement_before(case, before) if before is not None and case.takes("that", "person_that", "quote") else None
    )
    return [found] if found else None


def _condition(case: Case, clause: Word) -> list[Range]:
    """“*If she won*, she said, she would resign”: on what condition, where that stands before the source.

    It is one of what is said only if that `clause` has a modal verb and the saying none, and if it is none of asking
    or saying itself: “if anyone asked, he would say that …”, “if pressed, she says that …”.
    """
    lead = min(case.word.i, case.source.first if case.source is not None else case.word.i)
    masked = clause.quotation is not None and clause.quotation.clausal
    if not case.said or _is_modal(case.word) or not _is_modal(clause) or masked:
        return []
    return [
        (child.first, child.last)
        for child in (*case.word.children, *clause.children)
        if child.dep == "advcl" and child.last < lead and child.introducer("if", "unless") and not child.quotation
        if child.lower not in _PRESSED
        if child.i not in case.uses or case.uses[child.i].cue.strength != "strong"
        if case.words[child.first].lower in ("if", "unless", "even", "only")
    ][:1]


_PRESSED = word_set("asked challenged pressed prodded prompted pushed questioned quizzed stated")
"""“If pressed, she says …”."""


def _is_modal(verb: Word) -> bool:
    return any(child.tag == "MD" for child in verb.children)


def _below_person(case: Case) -> Iterator[Word]:
    """“asked the witness whether S”: a clause that the parser hung on the person."""
    question, told = case.takes("whether"), case.takes("person_that")
    if not (question or told):
        return
    for person in case.word.children:
        if person.dep in ("obj", "iobj") and person.i > case.word.i:
            for child in person.children:
                if child.dep in ("acl", "acl:relcl") and (
                    (question and child.introducer("whether", "if")) or (told and _that_clause(child))
                ):
                    yield child


def _describes_person(case: Case, child: Word) -> bool:
    """“told reporters *travelling with him* that S”, “told the crowd *gathered there*”: no complement."""
    bare = child.tag in ("VBG", "VBN") and child.subject is None and child.i > case.word.i + 1
    if bare and child.tag == "VBN":
        return case.takes("person_that") and not child.child("aux", "aux:pass", "mark")
    return bare and any(_that_clause(c) or (c.dep == "ccomp" and c.introducer("that")) for c in case.word.children)


def _question(case: Case, child: Word) -> bool:
    """“would not say when …”: a question that the parser took for an adverbial."""
    if child.dep != "advcl" or child.first != case.word.i + 1:
        return False
    return case.words[child.first].lower in _QUESTION_WORDS and case.takes("whether")


def _that_clause(child: Word) -> bool:
    """“is angry that …”: a complement that the parser took for an adverbial."""
    that = child.introducer("that") if child.dep in ("advcl", "acl") else None
    return that is not None and that.is_complementizer


def _complement_after(case: Case, clause: Word) -> Range | None:
    words, cue = case.words, case.word
    first, last = _after_when(words, cue.i + 1, max(clause.first, cue.i + 1)), clause.last
    first = _after_person(case, _after_addressee(case, first, min(first + 7, clause.i)), clause.i)
    if case.takes("whether") and words[cue.i + 1].lower in ASKED and words[cue.i + 1].head is cue:
        first = cue.i + 1  # “asked what made him go”: the parser hung “what” on the cue
    marks = {c.lower for c in clause.children if c.dep == "mark" and c.i < clause.i} | {words[first].lower}
    if first == last and words[first].lower in _QUESTION_WORDS:
        return None  # “nobody could say how”
    if marks & _ADVERBIAL_MARKS and not (marks & _QUESTION_WORDS and case.takes("whether")):
        return None
    comma = words[first - 1].text == ","
    if comma and clause.tag == "VBG" and clause.subject is None:
        return None
    if case.governs and comma and first - cue.i > 1 and "that" not in marks:
        return None
    masked = case.masked(clause.i, last)
    if masked is not None:  # what another cue introduces is not this cue's
        last = masked - 1
    if case.said and not is_told(cue) and cue.dep != "acl:relcl":
        last = to_sentence_end(case, last)
    return first, cut(case, first, with_coordinated(case, last))


def _after_when(words: list[Word], after_cue: int, first: int) -> int:
    """Past the day or time when it was said, where the parser put it into the clause: “said (on) Monday S”."""
    day = first + (words[first].lower == "on")
    if first != after_cue or day + 1 >= len(words) or words[day].lower not in _WHEN:
        return first
    return first if words[day].dep == "amod" else day + 1  # “said earlier attempts had failed”


def _after_addressee(case: Case, first: int, stop: int) -> int:
    """Past the person whom the parser put into the clause: “asked [the witness] whether S”."""
    wanted = _QUESTION_WORDS if case.takes("whether") else set()
    if case.words[first].lower in {"that", *wanted} or not case.takes("person_that", "person_to"):
        return first
    wanted = wanted | {"that"} if case.takes("that", "person_that") else wanted
    wanted = wanted | {"to"} if case.takes("person_to") else wanted
    for i in range(first, stop):
        word = case.words[i]
        if word.is_verb or word.tag == "MD":
            break
        if (
            i > first
            and word.lower in wanted
            and case.words[i - 1].text != ","
            and (word.lower != "to" or word.dep == "mark")
            and (word.lower != "that" or word.is_complementizer)
        ):
            return i
    return first


def _after_person(case: Case, first: int, stop: int) -> int:
    """Past the person told, where no “that” follows: “told [reporters] the boats …”, “told [X]: S”."""
    words = case.words
    if first != case.word.i + 1 or not case.takes("person_that"):
        return first
    for i in range(first, min(first + 6, stop)):
        if words[i].text == ":":
            return i + 1
        if i > first and words[i].tag in ("DT", "PDT", "PRP", "PRP$") and words[i - 1].tag in ("NNS", "NNP", "NNPS"):
            return i
        if words[i].tag[:2] not in ("NN", "DT", "JJ", "PR"):
            break
    return first


def _complement_before(case: Case, clause: Word) -> Range | None:
    lead = min(case.word.i, case.source.first if case.source is not None else case.word.i)
    first, last = clause.first, min(clause.last, lead - 1)
    if last - first < 2 or case.holds_quotation(first, lead) or case.words[last + 1].is_word or is_told(clause):
        return None
    return first, last


def unlabelled(case: Case) -> list[Range] | None:
    """“X said S” where the parser saw no complement: a clause from after the cue, and its adverbials, to the end."""
    source = case.use.source
    if case.governs or not case.takes("that", "person_that") or case.word.i >= case.sentence[1]:
        return None
    if source is not None and source.word.i > case.word.i and source.how != "agent":
        return None
    end = case.sentence[1]
    first: int | None = _after_person(case, case.word.i + 1, end)
    if first is None or case.words[first - 1].text != ":":  # “told Radio Nord: S”
        first = _that_after(case)
    if first is None:
        first = _clause_after(case)
    if first is not None:
        first = _after_person(case, first, end)
    if first is None or first > end or case.holds_quotation(first, end) or case.words[first].lower in CONJUNCTIONS:
        return None
    return [(first, cut(case, first, end))]


def _that_after(case: Case) -> int | None:
    """The “that” which brings in the content, with nothing but adverbials and persons between it and the cue."""
    words, first, end = case.words, case.word.i + 1, case.sentence[1]
    next_word = words[first]
    if next_word.lower == "that" and first + 2 <= end and words[first + 1].is_word and next_word.tag != "DT":
        return first
    told = case.takes("person_that")
    near = words[first : min(first + 13, end)]
    that = next((w.i for w in near if w.is_complementizer or (told and _brings_in(words, w))), None)
    if that is None or any(w.is_verb or w.tag == "MD" for w in words[first:that]):
        return None
    before = words[that - 1]
    of_noun = before.lower == "fact" or (before.tag in ("NN", "NNS") and before.dep in ("obj", "nmod", "nsubj"))
    return None if of_noun and not case.takes("person_that") else that


def _brings_in(words: list[Word], that: Word) -> bool:
    """A “that” after whom it is said to: “promised voters that they …”, but not “promised measures that would …”."""
    return that.lower == "that" and that.tag != "DT" and not words[that.i + 1].is_finite


def _clause_after(case: Case) -> int | None:
    """Where a clause without “that” begins; nothing unless the cue is strong and a finite verb follows."""
    words, cue, end = case.words, case.word, case.sentence[1]
    if case.source is None or not case.said or not case.strong or cue.tag == "VBG" or cue.dep in ("acl", "acl:relcl"):
        return None
    first = cue.i + 1
    if any(c.dep == "obj" and c.first == first for c in cue.children) and _and_before_verb(words, first, end):
        return None
    person = case.takes("person_that")
    for child in cue.children:
        adverbial = child.i > cue.i and (child.dep in _ADVERBIALS or (person and child.dep == "obj"))
        near = child.first <= first or (words[first].text == "," and child.first == first + 1)
        short = child.last - first < 8 and not any(w.dep == "nsubj" for w in words[child.first : child.last + 1])
        if adverbial and near and short:
            first = max(first, min(child.last + 1, end))
    while first < end and (not words[first].is_word or words[first].lower in ("earlier", "later", "today")):
        first += 1
    skipped = [w.text for w in words[cue.i + 1 : first] if not w.is_word]
    if (skipped and words[first - 1].text == ",") or not {";", "—", "–", "-", "("}.isdisjoint(skipped):
        return None
    if (
        (words[first].tag in ("IN", "TO") and words[first].dep == "case")
        or words[first].lower == "to"
        or case.use.cue.lemma == "ask"
    ):
        return None
    if not any(_is_clause_verb(w) for w in words[first : end + 1]):
        return None
    return first if not case.takes("object") or _begins_clause(words, first, end) else None


def _and_before_verb(words: list[Word], first: int, end: int) -> bool:
    """“added two goals, and Bianchi answered”: a new clause, not the cue's."""
    for i in range(first, end):
        if words[i].text == "," and words[i + 1].lower in ("and", "but"):
            return True
        if words[i].is_finite:
            return False
    return False


def _begins_clause(words: list[Word], first: int, end: int) -> bool:
    """Whether a finite verb's subject stands at, or soon after, the first word."""
    for word in words[first : end + 1]:
        if _is_clause_verb(word):
            verb = word.head if word.dep in ("aux", "cop", "aux:pass") else word
            subject = verb.subject
            return subject is not None and subject.first <= first <= subject.i and word.i - first <= 12
    return False


def _is_clause_verb(word: Word) -> bool:
    if not word.is_finite:
        return False
    verb = word.head if word.dep in ("aux", "cop", "aux:pass") else word
    return verb.subject is not None
