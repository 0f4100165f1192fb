"""Indirect content that is a clause of its own: “X said (that) S”, “S, X said”, “S1, X said, S2”, “As X said, S”.

One function a construction. Each takes a `Case` and gives ranges of words, both ends inclusive: one, or two where the
cue stands in the middle of what is said; nothing if the construction is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pipeline.enrich.extents import Case, Range, cut, to_sentence_end, with_coordinated
from pipeline.enrich.paragraph import Word, word_set
from pipeline.enrich.sources import ASKED, is_told

_ADVERBIAL_MARKS = word_set("after before when while though although because as since compared referring following")
_QUESTION_WORDS = word_set("when where how why who what whether if which whose")
_CONJUNCTIONS = word_set("and but as when while after before if because who which though although")
_DAYS = word_set("earlier monday tuesday wednesday thursday friday saturday sunday yesterday")
_ADVERBIALS = word_set("obl advmod obl:unmarked iobj")
_BESIDE = _ADVERBIALS | {"obj", "nsubj"}
_LONGEST_TAIL = 6
"""Words between a cue at its sentence's end and that end: “…, he said in a statement on Friday.”"""


def interposed(case: Case) -> list[Range] | None:
    """“S1, X said, S2.”: both halves."""
    source, words, cue = case.source, case.words, case.word
    if not case.reports or source is None or abs(source.i - cue.i) >= 12:
        return None
    start, end = case.sentence
    lead = min(cue.i, source.first)
    if lead - 1 <= start or words[lead - 1].text != ",":
        return None
    last = max([cue.i, *(c.last for c in cue.children if c.dep in _BESIDE and c.i - cue.i < 6)])
    if last + 1 >= end - 1 or words[last + 1].text != ",":
        return None
    if any(w.is_finite and w is not cue for w in words[lead : last + 1]):
        return None
    if not any(w.dep.startswith(("nsubj", "expl")) for w in words[start : lead - 1]):
        return None
    after = words[last + 2]
    if (
        after.tag == "VBG"
        or after.lower == "without"
        or after.lower in _CONJUNCTIONS
        or case.holds_quotation(start, lead - 1)
    ):
        return None
    first = max([start] + [w.i + 1 for w in words[start : lead - 1] if w.text == ";"])
    return [(first, lead - 2), (last + 2, end)]


def postposed(case: Case) -> list[Range] | None:
    """“S, X said (on Friday)”, “S, said X”: read off the words, since parsers often go wrong here."""
    cue, words = case.word, case.words
    if not case.reports:
        return None
    start, end = case.sentence
    comma = cue.i - 1
    while comma > start and cue.i - comma < 14 and words[comma].text not in (",", ".", ";", ":", "—", "–"):
        comma -= 1
    aside = _apposition(words, start, comma)
    comma = aside if aside is not None else comma
    if words[comma].text != "," or comma - start < 3 or case.holds_quotation(start, cue.i - 1):
        return None
    if case.source is not None and case.source.i < comma:
        return None
    if any(c.dep == "obl" and c.first <= start < c.i < comma <= c.last + 1 for c in cue.children):
        return None  # “In the interview in which they spoke, X admitted to it”
    before, between = words[start:comma], words[comma + 1 : cue.i]
    finite = sum(w.is_finite for w in before)
    if not finite and not any(w.dep.startswith("nsubj") for w in before):
        return None
    if is_told(before[0]) or (before[0].lower in ("as", "when", "after", "while", "asked") and finite < 2):
        return None
    stop = next(
        (w.i for w in words[cue.i + 1 : end + 1] if w.text in (",", ";") and not _inside_mention(case, w)), end + 1
    )
    tail = words[cue.i + 1 : stop]
    if between and (
        between[0].lower in _CONJUNCTIONS or not any(w.tag[:2] in ("NN", "PR", "DT", "CD", "WP") for w in between)
    ):
        return None
    if not between and not any(w.tag[:2] in ("NN", "PR", "DT") for w in tail):
        return None
    if not _plain_tail(case, tail, bool(between)):
        return None
    if (
        stop < end
        and case.source is None
        and words[stop + 1].lower not in _CONJUNCTIONS
        and words[stop + 1].tag != "VBG"
    ):
        return None
    return [(start, comma - 1)]


def impersonal(case: Case) -> list[Range] | None:
    """“S, it was feared (yesterday)”: nobody is named."""
    cue, words = case.word, case.words
    start, end = case.sentence
    it = next((i for i in range(cue.i - 1, max(start + 3, cue.i - 5), -1) if words[i].lower == "it"), None)
    if it is None or cue.tag != "VBN" or words[it - 1].text != "," or not case.takes("that", "quote"):
        return None
    passive = all(w.dep.startswith(("aux", "cop", "advmod")) for w in words[it + 1 : cue.i])
    clause = any(w.is_finite for w in words[start:it]) and not case.holds_quotation(start, it)
    if not passive or not clause or not _plain_tail(case, words[cue.i + 1 : end + 1], True):
        return None
    return [(start, it - 2)]


def _plain_tail(case: Case, tail: list[Word], after_source: bool) -> bool:
    """Nothing follows the cue but when, where, to whom or (inverted) who."""
    if any(w.is_finite or w.is_complementizer for w in tail):
        return False
    if not after_source:
        return sum(w.is_word for w in tail) <= 2 * _LONGEST_TAIL
    about = bool(tail) and tail[0].lower in ("about", "of", "for", "against", "with")
    return not about and sum(w.is_word for w in tail) <= _LONGEST_TAIL


def _apposition(words: list[Word], start: int, comma: int) -> int | None:
    """“S, Paul Renner, its director, said”: the comma before the whole mention, for the comma that ends its aside."""
    if words[comma].text != "," or comma - start < 6:
        return None
    if words[comma].i + 1 < len(words) and not words[comma + 1].is_verb:
        return None  # the words right before the cue are the source
    for i in range(comma - 1, max(start + 3, comma - 14), -1):
        if words[i].text == ",":
            before = next((k for k in range(i - 1, max(start + 3, i - 8), -1) if words[k].text == ","), None)
            if before is not None and not any(w.is_finite for w in words[before + 1 : i]):
                return before
            return None
    return None


def _inside_mention(case: Case, comma: Word) -> bool:
    """A comma in the source that follows its cue: “said Oleg, a fisherman”."""
    source = case.source
    return source is not None and source.i > case.word.i and source.first <= comma.i <= source.last


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
                return [found]
    found = (
        _complement_before(case, before) if before is not None and case.takes("that", "person_that", "quote") else None
    )
    return [found] if found else None


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
    first, last = _after_day(words, cue.i + 1, max(clause.first, cue.i + 1)), clause.last
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


def _after_day(words: list[Word], after_cue: int, first: int) -> int:
    """Past the day on which it was said, where the parser put it into the clause: “said (on) Monday S”."""
    day = first + (words[first].lower == "on")
    if first != after_cue or day + 1 >= len(words) or words[day].lower not in _DAYS:
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


def paratactic(case: Case) -> list[Range] | None:
    """“S, X said.” where the cue hangs on S."""
    cue, head = case.word, case.word.head
    if cue.dep != "parataxis" or not case.reports or case.source is None or cue.last - cue.first > 10:
        return None
    lead = min(cue.first, case.source.first)
    if (
        lead < 1
        or case.words[lead - 1].text not in (",", "—", "–", "-")
        or any(w.is_finite and w is not cue for w in case.words[lead : cue.last + 1])
    ):
        return None
    left, right = (head.first, cue.first - 1), (cue.last + 1, head.last)
    if left[1] - left[0] < 2 or case.holds_quotation(*left):
        return None
    return [left, right] if right[1] - right[0] >= 3 else [left]


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
    if first is None or first > end or case.holds_quotation(first, end) or case.words[first].lower in _CONJUNCTIONS:
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


def parenthetical(case: Case) -> list[Range] | None:
    """“As X said, S”, “S, as X noted”: the rest of the sentence."""
    cue, words = case.word, case.words
    if case.source is None or case.governs or not case.strong or not case.takes("that") or not cue.introducer("as"):
        return None
    if any(c.dep == "obj" and c.i > cue.i and c is not case.source for c in cue.children):
        return None  # “as the city reports thunder”
    start, end = case.sentence
    first = min(cue.first, case.source.first)
    if first - start < 2:
        comma = next(
            (i for i in range(max(cue.i, case.source.last), min(cue.i + 10, end)) if words[i].text == ","), None
        )
        return [(comma + 1, end)] if comma is not None else None
    if words[first - 1].text == "," or words[first - 1].lower == ",":
        return [(start, first - 2)]
    return None
