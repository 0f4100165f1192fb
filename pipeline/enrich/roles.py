"""What the article says people and organisations are: "Kremlin spokesman Dmitry Peskov", "the charity Oxfam".

A role introduced once is how the same one is called later: "the Kremlin spokesman", "the German leader", "the charity".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span, Token

from pipeline.enrich.entities import POSSESSIVE, Entities, Entity, Role
from pipeline.enrich.titles import gender_of_word
from pipeline.enrich.wordlists import countries, word_list

LEADERS, GENERIC, CHANGING, VAGUE = word_list("leader"), word_list("generic"), word_list("changing"), word_list("vague")
ROLES, DAYS = word_list("role"), word_list("day")
NOUNS = {"PERSON": ROLES, "ORG": word_list("organisation")}
EITHER = ROLES | NOUNS["ORG"]
COPULAS = frozenset({"is", "was", "became", "remains", "’s", "'s"})
SAME = {"spokeswoman": "spokesman", "spokesperson": "spokesman", "chairwoman": "chairman", "chairperson": "chairman"}
SAME |= {"ceo": "executive", "mp": "lawmaker", "legislator": "lawmaker", "attorney": "lawyer", "premier": "minister"}
SAME |= {"organization": "organisation", "start-up": "startup", "theater": "theatre", "broadcaster": "channel"}
MADE = frozenset({"become", "remain", "name", "appoint", "elect", "make", "call", "crown"})
"""Verbs that make somebody what their object says."""
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD", "WP", "WDT"})
ENDINGS = ("ian", "ean", "ese", "ish", "an", "en", "n", "i", "a", "y", "e", "ia", "o")


def find_roles(doc: Doc, entities: Entities) -> None:
    """Add to each person and organisation of an article the roles that stand with the name, or in it."""
    for entity in entities.all:
        if entity.label not in NOUNS:
            continue
        nouns = NOUNS[entity.label]
        for mention in entity.mentions:
            places = (_before, _apposition_before, _apposition_after, _copula, _predicate)
            found = [place(doc, mention) for place in places]
            entity.roles.extend(role for role in found if role is not None and _fits(role, entity.label))
        if entity.label == "ORG":  # "Harwick Bank" is a bank
            lower = [word.lower() for word in entity.words]
            entity.roles.extend(Role(entity.name, word, frozenset(lower)) for word in lower if word in nouns)
        elif not entity.gender:
            entity.gender = next(filter(None, (gender_of_word(role.head) for role in entity.roles)), "")


def _fits(role: Role, label: str) -> bool:
    """Whether a role is one of people, who may be anything (a "beekeeper"), or one of organisations."""
    return role.head in NOUNS[label] or (label == "PERSON" and role.head not in NOUNS["ORG"])


def role_text(person: Entity) -> str | None:
    """How the article introduces a person: the first full role that says more than "counterpart" or "leader"."""
    telling = [role for role in person.roles if role.head not in VAGUE]
    listed = [role for role in telling if role.head in ROLES] or telling
    full = [role for role in listed if len(role.words) > 1] or listed
    return full[0].text if full else None


def entity_called(tokens: Sequence[Token], entities: Entities, position: int) -> Entity | None:
    """Whom a phrase at token `position`, such as "the Kremlin spokesman", means, if somebody was introduced so.

    All its words must have been said of the one meant, its head noun as a role. The one named last before it wins.
    """
    phrase = _role(tokens, any_noun=True)
    if phrase is None:
        return None
    found = []
    for person in entities.all:
        before = [-1] if person.in_headline else []
        before += [mention.start for mention in person.mentions if mention.start < position]
        if before and any(_means(phrase, role, person.roles) for role in person.roles):
            exact = any(phrase.words == role.words for role in person.roles)
            changed = not CHANGING.isdisjoint({w for role in person.roles for w in role.words} - phrase.words)
            found.append((exact, not changed, before[-1], person))
    return max(found, key=lambda item: item[:3])[-1] if found else None


def _means(phrase: Role, role: Role, roles: Sequence[Role]) -> bool:
    said = {word for other in roles for word in other.words}
    if not (phrase.words & CHANGING) <= said:
        return False
    head = SAME.get(phrase.head, phrase.head)
    if head == "leader" and _is_leader(role, roles):
        said.add("leader")
    elif head != SAME.get(role.head, role.head):
        return False
    return all(
        word in GENERIC or word == phrase.head or any(_alike(word, other) for other in said) for word in phrase.words
    )


def _is_leader(role: Role, roles: Sequence[Role]) -> bool:
    if role.head == "counterpart":  # of whom is not known: another of the roles must say
        return any(_is_leader(other, ()) for other in roles if other.head != "counterpart")
    return role.head in LEADERS or {"prime", "minister"} <= role.words


def _alike(a: str, b: str) -> bool:
    """The same word, or a country and its people: "german" and "germany"."""
    a, b = (SAME.get(word, countries().get(word, word)) for word in (a, b))
    return a == b or (len(a) > 3 and len(b) > 3 and a[:3] == b[:3] and not _stems(a).isdisjoint(_stems(b)))


def _stems(word: str) -> set[str]:
    return {word} | {word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 2}


def _role(tokens: Iterable[Token], *, any_noun: bool = False) -> Role | None:
    """Make a role of a noun phrase: its head is the last noun before "of", "for", a comma or the end.

    With `any_noun` that may be a noun that no list holds, where the phrase is one of a person for sure.
    """
    kept = [t for t in tokens if not t.is_space]
    while kept and (
        kept[0].tag_ in {"DT", "PRP$", "CC", "IN", "``"}
        or kept[0].lower_ in {"the", "a", "an"} | DAYS
        or kept[0].is_punct
    ):
        kept = kept[1:]
    while kept and (kept[-1].is_punct or kept[-1].text in POSSESSIVE or kept[-1].tag_ in {"CC", "IN", "TO", "DT"}):
        kept = kept[:-1]
    cut = next(
        (i for i, t in enumerate(kept) if i and t.lower_ in {"of", "for", "at", "in", "to", "on", "who", ","}),
        len(kept),
    )
    nouns = [t for t in kept[:cut] if t.lower_ in EITHER or (any_noun and t.tag_ == "NN" and t.is_lower)]
    if not nouns or nouns[-1].i != kept[cut - 1].i:
        return None
    end = next((i for i, t in enumerate(kept) if t.lower_ in {"who", "which", ",", "that"}), len(kept))
    told = frozenset(t.lower_ for t in kept[:end] if t.text[0].isalnum() and t.tag_ not in {"DT", "IN", "PRP$", "POS"})
    text = kept[0].doc[kept[0].i : kept[end - 1].i + 1].text
    return Role(" ".join(text.split()), nouns[-1].lower_, told)


def _before(doc: Doc, mention: Span) -> Role | None:
    """ "US Secretary of State John Kerry", "Putin's spokesman Dmitry Peskov": nouns and adjectives up to the name."""
    start, end = mention.start, _title_end(mention)
    while start > 0 and mention.start - start < 10 and not doc[start].is_sent_start:
        token = doc[start - 1]
        if token.lower_ in {"of", "for"} and start > 1 and doc[start - 2].lower_ in ROLES and doc[start].is_title:
            start -= 2
        elif token.lower_ not in DAYS and (
            token.tag_.startswith(("NN", "JJ", "VBN", "HYPH")) or token.text in POSSESSIVE or token.lower_ in EITHER
        ):
            start -= 1
        else:
            break
    if start >= end:
        return None
    last = doc[end - 1]
    return _role(
        doc[start:end], any_noun=last.dep_ in {"compound", "appos", "flat"} and last.head in doc[end : mention.end]
    )


def _title_end(mention: Span) -> int:
    """Where the name begins, when a title stands within the mention: "President Putin"."""
    end = mention.start
    while end < mention.end - 1 and mention.doc[end].lower_ in ROLES:
        end += 1
    return end


def _apposition_before(doc: Doc, mention: Span) -> Role | None:
    """ "the archbishop of Canterbury, Justin Welby": back from the comma to the article or possessive."""
    comma = mention.start - 1
    if comma < 1 or doc[comma].text != ",":
        return None
    for start in range(comma - 1, max(-1, comma - 9), -1):
        token = doc[start]
        if token.tag_ in {"DT", "PRP$"}:
            return _role(doc[start:comma], any_noun=start == 0 or doc[start].is_sent_start is True)
        if token.is_punct or token.tag_.startswith("VB") or token.is_space:
            return None
    return None


def _apposition_after(doc: Doc, mention: Span) -> Role | None:
    """ "Justin Welby, the archbishop of Canterbury, said", "Ana Diaz, a doctor", "Ana Diaz (chief economist)"."""
    start = mention.end + 1
    if start >= len(doc) or doc[start - 1].text not in {",", "("}:
        return None
    if doc[start].tag_.startswith(("VB", "W", "CC", "IN")) or doc[start].tag_ == "PRP":
        return None
    end = start
    while end < min(len(doc), start + 13) and not (doc[end].is_punct or doc[end].tag_ in FINITE):
        end += 1
    return _role(doc[start:end], any_noun=doc[start].lower_ in {"a", "an", "the"})


def _copula(doc: Doc, mention: Span) -> Role | None:
    """ "Ana Diaz is the mayor of Lima", "Ana Diaz, who was a nurse, …"."""
    start = mention.end
    while start < min(len(doc), mention.end + 2) and doc[start].lower_ in {",", "who"}:
        start += 1
    if start + 1 >= len(doc) or doc[start].lower_ not in COPULAS or doc[start + 1].tag_ not in {"DT", "PRP$"}:
        return None
    end = start + 1
    while end < min(len(doc), start + 10) and not (doc[end].is_punct or doc[end].tag_ in FINITE):
        end += 1
    return _role(doc[start + 1 : end], any_noun=doc[start + 1].lower_ in {"a", "an"})


def _predicate(doc: Doc, mention: Span) -> Role | None:
    """ "Ana Diaz has been a nurse since May", "Ana Diaz, elected mayor in May", "Ana Diaz works as a nurse"."""
    subject = mention.root
    if not subject.dep_.startswith("nsubj"):
        return None
    verb = subject.head
    found = [verb] if verb.lower_ in ROLES else []
    for child in verb.children:
        as_what = any(token.lower_ == "as" for token in child.lefts)
        if child.lower_ in ROLES and child.i > mention.end and (as_what or verb.lemma_ in MADE):
            found.append(child)
    if not found:
        return None
    noun = found[0]
    first = min([noun.i, *(t.i for t in noun.lefts if t.dep_ in {"compound", "amod", "nmod", "nummod", "nmod:poss"})])
    last = next(
        (t.right_edge.i for t in noun.rights if t.dep_ == "nmod" and t.left_edge.lower_ in {"of", "for"}), noun.i
    )
    return _role(doc[first : min(last, first + 9) + 1])
