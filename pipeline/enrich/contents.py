"""Where the indirect content of a verbal cue stands: its clause, from its first word to its last.

One function a construction, tried in the order of `RULES`; the first that applies decides. Each takes a `Case` and gives
ranges of words, both ends inclusive: one, or two where the cue stands in the middle of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.enrich.cues import lexicon
from pipeline.enrich.extents import Case, Range, cut, to_sentence_end, with_coordinated
from pipeline.enrich.paragraph import Word

_ADVERBIAL_MARKS = {"after", "before", "when", "while", "though", "although", "because", "as", "since", "compared",
                    "referring", "following"}  # fmt: skip
_QUESTION_WORDS = {"when", "where", "how", "why", "who", "what", "whether", "if", "which", "whose"}
_CONJUNCTIONS = {
    "and",
    "but",
    "as",
    "when",
    "while",
    "after",
    "before",
    "if",
    "because",
    "who",
    "which",
    "though",
    "although",
}
_PRONOUNS = {"it", "him", "her", "them", "us", "me", "himself", "herself", "itself", "themselves", "reporters", "you", "this",
             "that", "these", "those", "so", "one", "what", "which", "who"}  # fmt: skip
_SUBORDINATE = {"acl:relcl", "advcl"}
_COMPLEMENTS = {"xcomp", "ccomp", "advcl", "acl"}
_ADVERBIALS = {"obl", "advmod", "obl:unmarked", "iobj"}
_ABSTRACT = re.compile(
    r".(?:tion|sion|ment|ance|ence|ancy|ency|ity|ness|ism|ship|sure|ings?|age|acy|dom|sis|rawal|roval|usal|posal)s?$"
    r"|^(?:attack|ban|bid|boost|cap|change|charge|cost|crackdown|cut|death|decline|delay|drop|end|fall|freeze|halt|help"
    r"|hike|increase|inquiry|launch|law|loss|move|need|pause|peace|probe|push|raid|release|return|review|rise|risk|role|sale"
    r"|search|shift|strike|support|surge|talk|tax|transfer|trial|use|victory|violence|visit|vote|war|work|wrongdoing)s?$"
)
"""Nouns of actions and states, by their ending or from a list of the common ones that have none."""
_LONGEST_TAIL = 6
"""Words between a cue at its sentence's end and that end: “…, he said in a statement on Friday.”"""


def contents(case: Case) -> tuple[str, list[Range]] | None:
    """The rule that applies and the word ranges of the content; nothing when the cue introduces none."""
    if any(c.tag == "VBG" and c.i in case.uses and c.introducer("as") for c in case.word.children):
        return None  # “was cited as saying”: the participle is the cue
    for rule in RULES:
        found = rule(case)
        if found:
            return rule.__name__, found
    return None


def interposed(case: Case) -> list[Range] | None:
    """“S1, X said, S2.”: both halves."""
    source, words, cue = case.source, case.words, case.word
    if not _reports(case) or source is None or abs(source.i - cue.i) >= 12:
        return None
    start, end = case.sentence
    adverbials = [c.last for c in cue.children if c.dep in (*_ADVERBIALS, "obj", "nsubj") and c.i - cue.i < 6]
    lead, last = min(cue.i, source.first), max([*adverbials, cue.i])
    if lead - 1 <= start or last + 1 >= end - 1 or words[lead - 1].text != "," or words[last + 1].text != ",":
        return None
    if any(w.is_finite and w is not cue for w in words[lead : last + 1]):
        return None
    if not any(w.dep.startswith(("nsubj", "expl")) for w in words[start : lead - 1]):
        return None
    after = words[last + 2]
    if after.tag == "VBG" or after.lower in _CONJUNCTIONS or case.holds_quotation(start, lead - 1):
        return None
    first = max([start] + [w.i + 1 for w in words[start : lead - 1] if w.text == ";"])
    return [(first, lead - 2), (last + 2, end)]


def _reports(case: Case) -> bool:
    """A finite verb of saying with nothing of its own to say but the sentence around it."""
    cue = case.word
    finite = cue.tag in ("VBD", "VBZ", "VBP", "NNS", "NNP", "NNPS") or (cue.tag == "VBN" and not cue.child("aux:pass"))
    if case.governs or not case.said or not case.strong or not finite or not case.takes("that", "quote", "person_that"):
        return False
    if cue.dep == "acl:relcl" or cue.child("mark"):
        return False
    person = case.takes("person_that")
    return person or not any(c.dep == "obj" and c is not case.source for c in cue.children)


def postposed(case: Case) -> list[Range] | None:
    """“S, X said (on Friday)”, “S, said X”: read off the words, since parsers often go wrong here."""
    cue, words = case.word, case.words
    if not _reports(case):
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
    before, between = words[start:comma], words[comma + 1 : cue.i]
    finite = sum(w.is_finite for w in before)
    if not finite and not any(w.dep.startswith("nsubj") for w in before):
        return None
    if before[0].lower in ("as", "when", "after", "while", "asked") and finite < 2:
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
    if case.use.cue.lemma == "mean" and case.source is not None and not _is_person(case.source):
        return None  # “The agreement means that …” explains
    before = None
    for child in [*case.word.children, *_below_person(case)]:
        masked = child.quotation is not None and child.quotation.clausal
        if masked or child is case.source:
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


def _below_person(case: Case) -> list[Word]:
    """“asked the witness whether S”: a clause that the parser hung on the person."""
    people = [c for c in case.word.children if c.dep in ("obj", "iobj") and c.i > case.word.i]
    return [
        g
        for person in people
        for g in person.children
        if g.dep in ("acl", "acl:relcl")
        and ((case.takes("whether") and g.introducer("whether", "if")) or (case.takes("person_that") and _that_clause(g)))
    ]


def _question(case: Case, child: Word) -> bool:
    """“would not say when …”: a question that the parser took for an adverbial."""
    first = case.words[child.first]
    return (
        case.takes("whether") and child.dep == "advcl" and first.i == case.word.i + 1 and first.lower in _QUESTION_WORDS
    )


def _that_clause(child: Word) -> bool:
    """“is angry that …”: a complement that the parser took for an adverbial."""
    that = child.introducer("that")
    return child.dep in ("advcl", "acl") and that is not None and that.is_complementizer


def _complement_after(case: Case, clause: Word) -> Range | None:
    words, cue = case.words, case.word
    first, last = max(clause.first, cue.i + 1), clause.last
    first = _after_addressee(case, first, min(first + 7, clause.i))
    marks = {c.lower for c in clause.children if c.dep == "mark" and c.i < clause.i} | {words[first].lower}
    if marks & _ADVERBIAL_MARKS and not (marks & _QUESTION_WORDS and case.takes("whether")):
        return None
    comma = words[first - 1].text == ","
    if comma and clause.tag == "VBG" and clause.subject is None:
        return None
    if case.governs and comma and first - cue.i > 1 and "that" not in marks:
        return None
    masked = next((w.i for w in words[clause.i : last + 1] if w.quotation is not None and w.quotation.clausal), None)
    if masked is not None:  # what another cue introduces is not this cue's
        last = masked - 1
    if case.said:
        last = to_sentence_end(case, last)
    return first, cut(case, first, with_coordinated(case, last))


def _after_addressee(case: Case, first: int, stop: int) -> int:
    """Past the person whom the parser put into the clause: “asked [the witness] whether”, “ordered [the company] to”."""
    wanted = _QUESTION_WORDS if case.takes("whether") else set()
    wanted = wanted | {"that"} if case.takes("that", "person_that") else wanted
    wanted = wanted | {"to"} if case.takes("person_to") else wanted
    for i in range(first, stop):
        word = case.words[i]
        if word.is_verb or word.tag == "MD":
            break
        if (
            i > first
            and word.lower in wanted
            and (word.lower != "to" or word.dep == "mark")
            and (word.lower != "that" or word.is_complementizer)
        ):
            return i
    return first


def _complement_before(case: Case, clause: Word) -> Range | None:
    lead = min(case.word.i, case.source.first if case.source is not None else case.word.i)
    first, last = clause.first, min(clause.last, lead - 1)
    if last - first < 2 or case.holds_quotation(first, last) or case.words[last + 1].is_word:
        return None
    return first, last


def paratactic(case: Case) -> list[Range] | None:
    """“S, X said.” where the cue hangs on S."""
    cue, head = case.word, case.word.head
    if cue.dep != "parataxis" or not _reports(case) or case.source is None or cue.last - cue.first > 10:
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
    """“X said S” where the parser saw no complement: after the cue and its adverbials to the end, if a clause is there."""
    source, words, cue = case.source, case.words, case.word
    if case.governs or (source is not None and source.i > cue.i and case.use.source.how != "agent"):
        return None
    if not case.takes("that", "person_that"):
        return None
    end = case.sentence[1]
    first = cue.i + 1
    if first > end:
        return None
    that = next((w.i for w in words[first : min(cue.i + 14, end)] if w.is_complementizer), None)
    if words[first].lower == "that" and first + 2 <= end and words[first + 1].is_word:
        that = first
    if that is not None:
        if any(w.is_verb or w.tag == "MD" for w in words[first:that]):
            return None
        first = that
    else:
        if source is None or not case.said or not case.strong or cue.tag == "VBG" or cue.dep in ("acl", "acl:relcl"):
            return None
        if any(c.dep == "obj" and c.first == first for c in cue.children) and _and_before_verb(words, first, end):
            return None
        first = _after_adverbials(case, first, end)
        if first is None:
            return None
    if first > end or case.holds_quotation(first, end) or words[first].lower in _CONJUNCTIONS:
        return None
    if that is None and not any(_is_clause_verb(w) for w in words[first : end + 1]):
        return None
    if that is None and case.takes("object") and not _begins_clause(words, first, end):
        return None
    return [(first, cut(case, first, end))]


def _after_adverbials(case: Case, first: int, end: int) -> int | None:
    """Where content can begin after “told reporters on Friday”; nothing if a comma parts it from the cue."""
    words, cue = case.words, case.word
    person = case.takes("person_that")
    for child in cue.children:
        adverbial = child.dep in _ADVERBIALS or (person and child.dep == "obj")
        near = child.first <= first or (words[first].text == "," and child.first == first + 1)
        if adverbial and child.i > cue.i and near and child.last - first < 8:
            if not any(w.dep == "nsubj" for w in words[child.first : child.last + 1]):
                first = max(first, child.last + 1)
    while first <= end and (not words[first].is_word or words[first].lower in ("earlier", "later", "today")):
        first += 1
    return first if first == cue.i + 1 or words[first - 1].text != "," else None


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
            return subject is not None and first <= subject.i and (subject.first <= first + 5 or word.i - first <= 10)
    return False


def _is_clause_verb(word: Word) -> bool:
    if not word.is_finite:
        return False
    verb = word.head if word.dep in ("aux", "cop", "aux:pass") else word
    return verb.subject is not None


def named(case: Case) -> list[Range] | None:
    """“X called the plan a gift”, “described him as a liar”: the object and what it is called."""
    cue = case.word
    if not case.takes("call", "as") or case.source is None:
        return None
    things = [c for c in cue.children if c.dep in ("obj", "nsubj:pass") and c.i > cue.i]
    names = [c for c in cue.children if c.dep in ("xcomp", "obl", "ccomp", "advcl") and c.i > cue.i]
    if not things or not names or names[0].i < things[0].i:
        return None
    if not (
        case.takes("as") if names[0].introducer("as") else case.takes("call") and names[0].dep in ("xcomp", "ccomp")
    ):
        return None
    quoted = next(
        (w.quotation for w in case.words[names[0].first : names[0].last + 1] if w.quotation is not None), None
    )
    if quoted is not None and sum(w.is_word for w in case.words[names[0].first : quoted.first]) <= 3:
        return [(quoted.first, quoted.last)]
    thing, last = things[0], max(names[0].last, things[0].last)
    last = cut(case, thing.first, last, clause=False)
    if thing.first == thing.last and thing.lower in _PRONOUNS:
        as_word = names[0].introducer("as")
        return [(as_word.i + 1 if as_word else max(names[0].first, thing.i + 1), last)]
    return [(thing.first, last)]


def infinitive(case: Case) -> list[Range] | None:
    """“X vowed to stay”, “wants to leave”: from “to”."""
    if case.source is None or not case.takes("to") or case.use.cue.negative or not (case.said or case.strong):
        return None  # what somebody wants, plans, refuses or decides to do is no quote
    if case.use.cue.lemma in ("agree", "undertake", "commit"):
        return None
    for child in case.word.children:
        if child.dep in ("xcomp", "ccomp", "advcl") and child.i > case.word.i and child.quotation is None:
            to = child.introducer("to")
            if child.i in case.uses and case.uses[child.i].cue.strength == "strong" and _says_more(child):
                return None  # “is proud to announce that …”, “wants to say: …”: the inner verb speaks
            if to is not None and child.tag == "VB" and (child.dep == "xcomp" or to.i == case.word.i + 1):
                first = max(child.first, case.word.i + 1)
                return [(first, cut(case, first, child.last, clause=False))]
    return None


def _says_more(verb: Word) -> bool:
    return any(
        (c.dep == "ccomp" and c.i > verb.i) or (c.quotation is not None and c.quotation.clausal) for c in verb.children
    )


def directive(case: Case) -> list[Range] | None:
    """“X urged voters to stay away”: what is asked, from “to”."""
    cue = case.word
    if case.source is None or not case.takes("person_to"):
        return None
    for word in case.words[cue.i + 1 : min(cue.last + 1, cue.i + 14)]:
        if word.dep in _COMPLEMENTS and word.head.i >= cue.i:
            to = word.introducer("to")
            infinitive = to is not None and (word.tag == "VB" or to.tag == "TO")
            if to is not None and infinitive and (to.i > cue.i + 1 or cue.child("aux:pass")):
                return [(to.i, cut(case, to.i, word.last, clause=False))]
    return None


def is_propositional(noun: Word) -> bool:
    """Whether a noun phrase stands for a clause: an action, a state or a claim (“the closure of …”, “plans to …”, “charges”).

    What is only a thing or a person (“announced a new factory”, “praised the volunteers”) is no content.
    """
    if any(
        c.i > noun.i and (c.dep in ("ccomp", "csubj") or (c.dep == "acl" and c.introducer("to", "that")))
        for c in noun.children
    ):
        return True
    return noun.tag in ("NN", "NNS") and (
        bool(_ABSTRACT.search(noun.lower)) or lexicon().form(noun.lower, "noun") in lexicon().nouns
    )


def _is_person(source: Word) -> bool:
    """A name or a personal pronoun: a weak cue is taken at its word only from somebody."""
    return source.tag in ("NNP", "NNPS") or source.lower in ("he", "she", "they", "we", "i")


def thing(case: Case) -> list[Range] | None:
    """“X denied the charges”, “called for a ban”: the object."""
    cue, source, particle = case.word, case.source, case.use.particle
    if (
        source is None
        or not case.takes("object")
        or case.governs
        or (case.use.source and case.use.source.how == "quoted")
    ):
        return None
    if case.use.cue.strength == "weak" and not _is_person(source):
        return None
    for child in cue.children:
        wanted = child.dep == "obl" if particle is not None and particle.head is child else child.dep == "obj"
        if not wanted or child.i < cue.i or child is source or (child.quotation is not None and child.quotation.clausal):
            continue
        if (child.first == child.last and child.lower in _PRONOUNS) or not is_propositional(child):
            continue
        last = child.last
        for other in cue.children:
            reason = other.dep in ("obl", "advcl", "xcomp", "nmod") and case.words[other.first].lower in (
                "as",
                "for",
                "over",
                "to",
            )
            if reason and child.i < other.i and other.first <= last + 2:
                last = max(last, other.last)
                break
        first = particle.i + 1 if particle is not None and particle.head is child else child.first
        return [(first, cut(case, first, last, clause=False))]
    return None


def prepositional(case: Case) -> list[Range] | None:
    """“X warned of floods”, “accused the authorities of holding …”: what follows the preposition."""
    if case.source is None:
        return None
    cue = case.word
    children = [*cue.children, *(g for c in cue.children if c.dep in ("obj", "iobj") for g in c.children)]
    for child in children:
        if child.dep in ("obl", "advcl", "nmod", "acl") and child.i > cue.i:
            links = [
                c for c in child.children if c.dep in ("case", "mark") and c.i < child.i and _takes_link(case, c.lower)
            ]
            of_person = child.head is not cue
            if (
                links
                and links[-1].i < child.last
                and (child.is_verb or is_propositional(child))
                and (not of_person or (case.takes("person_of") and links[-1].lower in ("of", "about")))
            ):
                first = links[-1].i + 1
                return [(first, cut(case, first, child.last, clause=False))]
    return None


def _takes_link(case: Case, preposition: str) -> bool:
    if preposition == "to":
        return case.takes("to_object")
    return case.takes(preposition) or (preposition == "of" and case.takes("person_of"))


def gerund(case: Case) -> list[Range] | None:
    """“X admitted having lied”, “suggested waiting”."""
    if case.source is None or not case.takes("ing"):
        return None
    for child in case.word.children:
        if child.tag == "VBG" and child.dep in ("xcomp", "ccomp", "advcl", "obj") and child.first == case.word.i + 1:
            return [(child.first, cut(case, child.first, child.last, clause=False))]
    return None


def parenthetical(case: Case) -> list[Range] | None:
    """“As X said, S”, “S, as X noted”: the rest of the sentence."""
    cue, words = case.word, case.words
    if case.source is None or case.governs or not case.strong or not case.takes("that") or not cue.introducer("as"):
        return None
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


RULES: tuple[Callable[[Case], list[Range] | None], ...] = (
    parenthetical, interposed, postposed, complement, paratactic, unlabelled, named, infinitive, directive, gerund, thing, prepositional,
)  # fmt: skip
