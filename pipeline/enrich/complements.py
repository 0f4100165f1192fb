"""Indirect content that is less than a clause: what somebody vows to do, calls a thing, denies or warns of.

One function a construction, as in `clauses.py`.
"""

from __future__ import annotations

import re

from pipeline.enrich.cues import lexicon
from pipeline.enrich.extents import Case, Range, cut
from pipeline.enrich.masking import is_title
from pipeline.enrich.paragraph import Quotation, Word, word_set
from pipeline.enrich.sources import is_person, is_told

_PRONOUNS = word_set(
    "it him her them us me himself herself itself themselves reporters you this that these those so one what which who"
)
_ANONYMOUS = word_set("named identified anonymous")
_BEFORE_TO = word_set("not never what which who whom whether how when where")
"""“told him *what* to do”."""
_RELATIVE = word_set("which what that whom who")
_INFINITIVE_DEPS = word_set("xcomp ccomp advcl acl")
_ABSTRACT = re.compile(
    r".(?:tion|sion|ment|ance|ence|ancy|ency|ity|ness|ism|ship|sure|ings?|age|acy|dom|sis|rawal|roval|usal|posal)s?$"
    r"|^(?:attack|ban|bid|boost|cap|change|charge|cost|crackdown|cut|death|decline|delay|drop|end|fall|freeze|halt|help"
    r"|hike|increase|inquiry|launch|law|loss|move|need|pause|peace|probe|push|raid|release|return|review|rise|risk|role|sale"
    r"|search|shift|strike|support|surge|talk|tax|transfer|trial|use|victory|violence|visit|vote|war|work|wrongdoing)s?$"
)
"""Nouns of actions and states, by their ending or from a list of the common ones that have none."""


def named(case: Case) -> list[Range] | None:
    """“X called the plan a gift”, “described him as a liar”: the object and what it is called."""
    cue = case.word
    if not case.takes("call", "as") or case.source is None:
        return None
    things = [c for c in cue.children if c.dep in ("obj", "nsubj:pass") and c.i > cue.i]
    names = [c for c in cue.children if c.dep in ("xcomp", "obl", "ccomp", "advcl") and c.i > cue.i]
    before = not things and _is_named_before(case)
    if things and not names and (far := _quoted_as(case, things[0])) is not None:
        return _names(case.words, far)
    if not names or not (before or (things and names[0].i > things[0].i)):
        return None
    if not (
        case.takes("as") if names[0].introducer("as") else case.takes("call") and names[0].dep in ("xcomp", "ccomp")
    ):
        return None
    quoted = next(
        (w.quotation for w in case.words[names[0].first : names[0].last + 1] if w.quotation is not None), None
    )
    if quoted is not None and sum(w.is_word for w in case.words[names[0].first : quoted.first]) <= 3:
        itself = things and things[0].lower.endswith(("self", "selves"))
        title = is_title([w.text for w in case.words[quoted.first : quoted.last + 1] if w.is_word])
        return None if itself and title else _names(case.words, quoted)
    thing, last = (names if before else things)[0], max(child.last for child in (names[0], *things[:1]))
    last = cut(case, thing.first, last, clause=False)
    if before or (thing.first == thing.last and thing.lower in _PRONOUNS):
        as_word = names[0].introducer("as")
        after = names[0].first if before else max(names[0].first, thing.i + 1)
        return [(as_word.i + 1 if as_word else after, last)]
    return [(thing.first, last)]


def _quoted_as(case: Case, thing: Word) -> Quotation | None:
    """“described the raids, which it ordered in May, as “a blow””: the quotation after an “as” hung elsewhere.

    Not that of a clause within commas, or of a verb that takes one: “the man who once worked as “a clown””.
    """
    if not case.takes("as"):
        return None
    for word in case.words[thing.i + 1 : case.sentence[1] + 1]:
        if word.i in case.uses:
            return None
        if word.quotation is not None and word.i == word.quotation.first:
            between = case.words[thing.i + 1 : max(word.i - 1, thing.i + 1)]
            verbs = [w.lower for w in between if w.is_verb]
            whole = not sum(w.text == "," for w in between) % 2 and not (verbs and verbs[-1] in _BEING)
            return word.quotation if whole and case.words[word.i - 1].lower == "as" else None
    return None


_BEING = word_set(
    "acted acting acts appeared appearing appears billed known marketed posed posing released served serves serving "
    "sold used worked working works"
)
"""“Who served as “the third man””, “known as “the Bear””."""


def _names(words: list[Word], quoted: Quotation) -> list[Range]:
    """One or more names close together: “as a ‘thief’ and an ‘enemy of the people’”, “of ‘calm’, of ‘patience’”."""
    found = [(quoted.first, quoted.last)]
    while more := next((w.quotation for w in words[quoted.last + 1 : quoted.last + 5] if w.quotation), None):
        between = words[quoted.last + 1 : more.first]
        if not between or any(w.lower not in _BETWEEN_NAMES for w in between):
            break
        if words[more.first].sentence != words[quoted.first].sentence:
            break
        quoted = more
        found.append((quoted.first, quoted.last))
    return found


_BETWEEN_NAMES = word_set("and or but as of for to with a an the its his her their ,")


def _is_named_before(case: Case) -> bool:
    """“the plan, *which* he called a gift”, “*what* he called lies”, “*the law*, dubbed a gag by opponents”."""
    asked = any(c.dep == "obj" and c.i < case.word.i and c.lower in _RELATIVE for c in case.word.children)
    agent = case.use.source is not None and case.use.source.how == "agent"
    return asked or agent or (case.word.dep == "acl:relcl" and case.word.head.lower == "what")


def infinitive(case: Case) -> list[Range] | None:
    """“X vowed to stay”, “wants to leave”: from “to”."""
    if case.source is None or not case.takes("to") or case.use.cue.negative or not (case.said or case.strong):
        return None  # what somebody wants, plans, refuses or decides to do is no quote
    if case.use.cue.lemma in ("agree", "undertake", "commit"):
        return None
    for child in case.word.children:
        masked = child.quotation is not None and child.quotation.clausal
        if child.dep in ("xcomp", "ccomp", "advcl") and child.i > case.word.i and not masked:
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
    """“X urged voters to stay away”, “voters were urged to stay away”: what is asked, from “to”."""
    cue = case.word
    told = _nobody_tells(cue)
    if (case.source is None and not told) or not case.takes("person_to"):
        return None
    for word in case.words[cue.i + 1 : min(cue.last + 1, cue.i + 14)]:
        if word.dep in _INFINITIVE_DEPS and word.head.i >= cue.i:
            to = word.introducer("to")
            if word.lower in _ANONYMOUS:
                return None  # “asked not to be named”
            infinitive = to is not None and (word.tag == "VB" or to.tag == "TO")
            if to is not None and infinitive and (told or to.i > cue.i + 1 or cue.child("aux:pass")):
                first = to.i - 1 if case.words[to.i - 1].lower in _BEFORE_TO else to.i
                if not case.said:  # “believed *the pool* to be safe”
                    first = next((c.first for c in cue.children if c.dep == "obj" and cue.i < c.i < first), first)
                return [(first, cut(case, first, word.last, clause=False))]
    return None


def _nobody_tells(cue: Word) -> bool:
    """“Voters were urged to stay”, “urged to stay, she left”: who is told is named, not who tells."""
    return is_told(cue) or bool(cue.child("aux:pass") and cue.child("nsubj:pass"))


def is_propositional(noun: Word) -> bool:
    """Whether a noun phrase stands for a clause: an action, a state or a claim (“the closure of …”, “charges”).

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
    if case.use.cue.strength == "weak" and not is_person(source):
        return None
    for child in cue.children:
        wanted = child.dep == "obl" if particle is not None and particle.head is child else child.dep == "obj"
        if (
            not wanted
            or child.i < cue.i
            or child is source
            or (child.quotation is not None and child.quotation.clausal)
        ):
            continue
        if (child.first == child.last and child.lower in _PRONOUNS) or not is_propositional(child):
            continue
        last = _before_relative(case, child)
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


def _before_relative(case: Case, noun: Word) -> int:
    """The last word of a noun phrase without what a comma and “which” or “who” add to it."""
    for clause in noun.children:
        if clause.dep == "acl:relcl" and clause.first > noun.i and case.words[clause.first - 1].text == ",":
            return clause.first - 2
        if clause.dep == "acl:relcl" and clause.first > noun.i and case.words[clause.first].text == ",":
            return clause.first - 1
    return noun.last


def prepositional(case: Case) -> list[Range] | None:
    """“X warned of floods”, “accused the authorities of holding …”: what follows the preposition."""
    cue = case.word
    if case.source is None and not (case.takes("person_of") and _nobody_tells(cue)):
        return None
    if case.takes("person_of") and (of := _of_doing(case)) is not None:
        return [(of.i + 1, cut(case, of.i + 1, of.head.last, clause=False))]
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
                and (child.is_verb or child.quotation or is_propositional(child) or _is_feared(case, child))
                and (not of_person or (case.takes("person_of") and links[-1].lower in ("of", "about")))
            ):
                first = links[-1].i + 1
                if child.quotation is not None:  # “boasted of “record sums” in a speech”
                    return [(first, child.quotation.last), *_names(case.words, child.quotation)[1:]]
                return [(first, cut(case, first, child.last, clause=False))]
    return None


def _is_feared(case: Case, noun: Word) -> bool:
    """“warned of snow”, “of famine”: that it will come."""
    return case.use.cue.lemma == "warn" and noun.tag in ("NN", "NNS")


def _of_doing(case: Case) -> Word | None:
    """The “of” of “accused the shop down the road *of* having lied”, wherever the parser hung it."""
    cue = case.word
    for word in case.words[cue.i + 1 : min(case.sentence[1], cue.i + 20)]:
        if word.is_finite or word.quotation is not None:
            return None
        if word.lower == "of" and word.dep == "mark" and word.head.i > word.i and word.head.tag in ("VBG", "VBN"):
            return word
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
