"""What a speaker's mention names, when it is no pronoun: a person, an institution, a place, or nobody by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from spacy.tokens import Span, Token

from pipeline.article import SpeakerKind
from pipeline.enrich.entities import POSSESSIVE, Entities, Entity
from pipeline.enrich.names_vote import INSTITUTIONS
from pipeline.enrich.wordlists import word_list

LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP"})
GOVERNING, COLLECTIVE, OUTLETS = word_list("governing"), word_list("collective"), word_list("outlet")
PARLIAMENTS = frozenset({"bundestag", "knesset", "capitol hill"})
MANY = word_list("many")
INDEFINITE = word_list("indefinite") | MANY
WITHIN_NAMES = word_list("within a name")
ROLES = word_list("role")
_JOINING = frozenset({",", "and", "both", "the"})


@dataclass(frozen=True, slots=True)
class Naming:
    """A name, what it is the name of, and the entity of the article when it is one."""

    name: str
    kind: SpeakerKind
    entity: Entity | None = None
    several: bool = False
    """Whether it names more than one, each of whom may be of another country."""


class Description(NamedTuple):
    """How a speaker is called whom the article does not name."""

    name: str
    kind: SpeakerKind
    role: str | None = None


def of_entity(entity: Entity) -> Naming:
    """An entity under its fullest name."""
    return Naming(entity.name, kind_of(entity.label, entity.words), entity)


def naming(span: Span, entities: Entities) -> Naming | None:
    """What a mention names: people in it, but no possessors or objects of prepositions, else the name that ends it."""
    people = [
        e
        for e in entities.within(span.start, span.end)
        if e.label_ == "PERSON" and not _possessor(e, span) and not _after_preposition(e, span)
    ]
    people = [ent for ent in people if entities.of(ent) is not None]
    if _are_joined(people, titled=True) and not _stand_alone(people, span):
        return None
    if (together := _together(span, people, entities)) is not None:
        return together
    found = [entity for entity in map(entities.of, people) if entity is not None]
    if found:
        return of_entity(_named_last(people, found, span))
    phrase = bare(span)
    if phrase and phrase[0].lower_ in MANY:
        return None
    for ent in entities.within(span.start, span.end):
        kept = bare(ent)
        if ent.label_ not in LABELS - {"PERSON"} or not kept or not phrase or (entity := entities.of(ent)) is None:
            continue
        if kept[-1].i == phrase[-1].i and not _after_preposition(ent, span):
            modifiers = [t for t in phrase if t.i < kept[0].i]
            if modifiers and modifiers[-1].text[:1].isupper():  # as "Russian" before "Foreign Ministry"
                return Naming(_text(phrase), kind_of(ent.label_, [t.text for t in phrase]))
            return of_entity(entity)
        if (
            kept[0].i == phrase[0].i and ent.label_ == "ORG" and phrase[-1].lower_ in OUTLETS
        ):  # "the Reuters news agency"
            return of_entity(entity)
    if phrase and all(t.text[:1].isupper() for t in phrase):
        entity = entities.called([t.text for t in phrase])
        return of_entity(entity) if entity is not None else None
    return None


def _together(span: Span, people: Sequence[Span], entities: Entities) -> Naming | None:
    """Several names and no more than what joins them: "Warsaw and Vilnius", "Fiji, Samoa and the European Union".

    Of `people` also what they are, before them and before each: "US Senators Novak and Horak", "King A and Queen B".
    """
    names = [ent for ent in entities.within(span.start, span.end) if entities.of(ent) is not None]
    if not _are_joined(names) or _words(span.doc[span.start : names[0].start], span.doc[names[-1].end : span.end]):
        names = list(people)
        if not _are_joined(names, titled=True):
            return None
    together = list(dict.fromkeys(entity.name for entity in map(entities.of, names) if entity is not None))
    if len(together) < 2:  # "Johnson and Johnson"
        return Naming(span.doc[names[0].start : names[-1].end].text, SpeakerKind.ORGANIZATION)
    return Naming(f"{', '.join(together[:-1])} and {together[-1]}", SpeakerKind.GROUP, several=True)


def _are_joined(names: Sequence[Span], *, titled: bool = False) -> bool:
    """Whether commas and at last an "and" join names; `titled` ones may have words with a capital before them."""
    gaps = [one.doc[one.end : other.start] for one, other in pairwise(names)]
    return (
        bool(gaps)
        and "and" in {token.lower_ for token in gaps[-1]}
        and all(len(gap) and all(w.text[:1].isupper() and titled for w in _words(gap)) for gap in gaps)
    )


def _words(*parts: Span) -> list[Token]:
    """The words of parts of a mention that do more than join."""
    return [token for part in parts for token in part if token.lower_ not in _JOINING]


def _stand_alone(names: Sequence[Span], span: Span) -> bool:
    """Whether people are meant, not somebody else: "the lawyer representing A and B", "A and B supporters"."""
    before, after = span.doc[span.start : names[0].start], span.doc[names[-1].end : span.end]
    last = next((t for t in reversed(before) if t.tag_.startswith(("VB", "NN"))), None)
    verb = last is not None and last.tag_.startswith("VB")  # but "the jailed activists A and B"
    return not verb and not (len(after) and after[0].tag_ in {"NN", "NNS"})


def _named_last(people: Sequence[Span], found: Sequence[Entity], span: Span) -> Entity:
    """Of several people the last before any comma: in "Trump lawyer Ada Quill, a friend of …" it is Ada Quill."""
    comma = next((token.i for token in span if token.text == ","), span.end)
    before = [entity for ent, entity in zip(people, found, strict=False) if ent.start < comma]
    return before[-1] if before else found[0]


def described(span: Span) -> Description:
    """Name (the phrase without its article) and kind of a speaker whom the article does not name."""
    phrase = core(span)
    if not phrase:
        return Description("unknown", SpeakerKind.UNKNOWN)
    name = _text(phrase)
    if phrase[0].is_sent_start and not phrase[0].ent_type_ and phrase[0].tag_ not in {"NNP", "NNPS"}:
        name = name[:1].lower() + name[1:]  # "Officials" and "officials" are one
    cut = next((i for i, t in enumerate(phrase) if i and t.tag_ in {"IN", "TO"}), len(phrase))
    head = phrase[cut - 1]
    role = name if head.lower_ in ROLES else None
    if head.lower_ in GOVERNING:
        return Description(name, SpeakerKind.GOVERNMENT)
    plural = head.tag_ in {"NNS", "NNPS"} or (len(phrase) == 1 and head.is_sent_start and head.lower_.endswith("s"))
    if phrase[0].lower_ in MANY or plural or (head.lower_ in COLLECTIVE and not head.text[:1].isupper()):
        return Description(name, SpeakerKind.GROUP)
    like_a_name = all(t.text[:1].isupper() or t.lower_ in WITHIN_NAMES for t in phrase)
    if role is None and like_a_name and head.tag_.startswith("NNP"):
        one = len(phrase) > 3 or head.lower_ in COLLECTIVE | {"agency", "association", "institute", "university"}
        return Description(name, SpeakerKind.ORGANIZATION if one else SpeakerKind.PERSON)
    return Description(name, SpeakerKind.UNNAMED, role)


def kind_of(label: str, name: Sequence[str]) -> SpeakerKind:
    """What a named entity is when it speaks: places and institutions of state speak for a government."""
    if label == "PERSON":
        return SpeakerKind.PERSON
    if label == "NORP":
        return SpeakerKind.GROUP
    lower = [word.lower() for word in name]
    stands_for_it = " ".join(lower) in INSTITUTIONS - PARLIAMENTS
    if label in {"GPE", "LOC"} or stands_for_it or not GOVERNING.isdisjoint(lower):
        return SpeakerKind.GOVERNMENT
    return SpeakerKind.ORGANIZATION


def bare(span: Span) -> list[Token]:
    """The tokens of a phrase without its article, its possessive and punctuation at its ends."""
    kept = [token for token in span if not token.is_space]
    while kept and (kept[0].lower_ in {"the", "a", "an"} or kept[0].is_punct):
        kept = kept[1:]
    while kept and (kept[-1].is_punct or kept[-1].text in POSSESSIVE):
        kept = kept[:-1]
    return kept


def core(span: Span) -> list[Token]:
    """The bare phrase without what is added to it: "a woman, who gave no name" → "woman"."""
    phrase = bare(span)
    added = (i for i, t in enumerate(phrase) if i and ((t.is_punct and t.text != "-") or t.lower_ in {"who", "which"}))
    return phrase[: next(added, len(phrase))]


def _possessor(ent: Span, span: Span) -> bool:
    after = ent.end - 1 if ent[-1].text in POSSESSIVE else ent.end
    return after < span.end - 1 and span.doc[after].text in POSSESSIVE


def _after_preposition(ent: Span, span: Span) -> bool:
    """ "a spokesman for Olaf Scholz", "police in Salem, Oregon", not "the archbishop of Canterbury, Justin Welby"."""
    before = list(span.doc[span.start : ent.start])
    hangs = any(t.tag_ in {"IN", "TO"} for t in before)
    if ent.label_ in {"GPE", "LOC"}:
        return hangs
    return (
        hangs
        and not any(t.text == "," for t in before)
        and not any(t.lower_ in {"of", "for"} and t.i + 2 < ent.start and _title(t) for t in before)
    )


def _title(preposition: Token) -> bool:
    """Whether "of" or "for" belongs to a title before a name: "Secretary of State John Kerry"."""
    doc, i = preposition.doc, preposition.i
    return i > 0 and doc[i - 1].lower_ in ROLES and doc[i + 1].text[:1].isupper() and not doc[i + 1].ent_type_


def _text(words: Iterable[Token]) -> str:
    return " ".join("".join(token.text_with_ws for token in words).split())
