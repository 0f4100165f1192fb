"""Who the people, organisations and places of one article are beyond it: canonical name, stable id, country.

The register knows many by name, by the role they held on the day, and by the place that speaks for them. All others
keep the fullest name that the article gives, and an id made of it where it tells them from others: not a surname alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from pipeline.actors.actor import Actor
from pipeline.actors.countries import country_of
from pipeline.actors.names import fold, made_id
from pipeline.article import SpeakerKind
from pipeline.enrich.context import Context
from pipeline.enrich.entities import Entities, Entity
from pipeline.enrich.naming import kind_of
from pipeline.enrich.roles import ROLES, role_text
from pipeline.enrich.text import text_of

_CAPITALISED = re.compile(r"[A-Z][\w.’'-]*(?:\s+(?:of\s+)?(?:the\s+)?[A-Z][\w.’'-]*)*")
_ELSEWHERE = re.compile(r"\b(?:to|in|on)\b")
"""What comes after it in a role is not whose role it is: "ambassador to Ukraine"."""
_ENOUGH = 0.6
"""Share of the mentioned countries from which on an article is about one country."""


class Identity(NamedTuple):
    """Who somebody is."""

    name: str
    kind: SpeakerKind
    id: str | None = None
    country: str | None = None


class Identities:
    """Looks up the entities of one article; each once.

    Args:
        doc: with names and sentences.
        entities: its names, with roles.
        context: the register, and the date that decides who holds a role.
    """

    def __init__(self, doc: Doc, entities: Entities, context: Context) -> None:
        self._doc = doc
        self._entities = entities
        self._register = context.register
        self._on = context.published
        self._outlet_country = context.outlet_country
        self.countries = _countries(text_of(doc), entities.spans)
        """Country codes of `doc.ents`, by the position of their first token."""
        self._at = sorted(self.countries)
        self._main = self._main_country()
        self._found: dict[Entity, Identity] = {}
        self._actors: dict[Entity, Actor | None] = {}

    def of(self, entity: Entity) -> Identity:
        """Who an entity is when it acts: a place is its government."""
        if entity not in self._found:
            self._found[entity] = self._identify(entity)
        return self._found[entity]

    def holder(self, phrase: Sequence[Token]) -> Entity | None:
        """Who held the role that a phrase names when the article appeared, if the register knows."""
        if self._register is None or not phrase:
            return None
        text = "".join(token.text_with_ws for token in phrase).strip()
        actor = self._register.by_role(text, on=self._on, country=self.country_near(phrase[0].i))
        if actor is None or actor.kind is not SpeakerKind.PERSON:
            return None
        known = (entity for entity in self._entities.people() if self._actor(entity) == actor)
        return next(known, None) or self._introduce(actor)

    def body(self, name: str, kind: SpeakerKind, position: int) -> Identity:
        """Who is meant by the name of an institution, or words such as "the foreign ministry", that are no entity."""
        country = self.country_near(position)
        if self._register is not None:
            actor = self._register.government(name, country=country) or self._register.by_name(name, on=self._on)
            if actor is not None and actor.kind is not SpeakerKind.PERSON:
                return _known(actor)
        return Identity(name, kind, country=country_in(name))

    def country_near(self, position: int) -> str | None:
        """The country that words at a token leave unsaid: of its sentence, else of the article, else of the outlet."""
        sentence = self._doc[position].sent
        first, last = bisect_left(self._at, sentence.start), bisect_right(self._at, sentence.end - 1)
        here = {self.countries[start] for start in self._at[first:last]}
        if len(here) == 1:
            return next(iter(here))
        return None if here else self._main

    def _main_country(self) -> str | None:
        counts = Counter(self.countries.values())
        if not counts:
            return self._outlet_country
        code, times = counts.most_common(1)[0]
        return code if times >= _ENOUGH * counts.total() else None

    def _introduce(self, actor: Actor) -> Entity:
        """Somebody whom the article calls by the role alone, as if it had given the name."""
        gender = {"male": "m", "female": "f"}.get(actor.gender or "", "")
        entity = Entity("PERSON", tuple(actor.name.split()), gender=gender)
        self._entities.all.append(entity)
        self._actors[entity] = actor
        return entity

    def _identify(self, entity: Entity) -> Identity:
        kind = kind_of(entity.label, entity.words)
        actor = self._actor(entity)
        if actor is not None:
            return _known(actor)
        country = self._country(entity)
        tells = {"PERSON": True, "ORG": entity.words[0].lower() not in ROLES}.get(entity.label, country is not None)
        return Identity(entity.name, kind, made_id(entity.name, kind) if tells else None, country)

    def _actor(self, entity: Entity) -> Actor | None:
        if entity not in self._actors:
            self._actors[entity] = self._look_up(entity) if self._register is not None else None
        return self._actors[entity]

    def _look_up(self, entity: Entity) -> Actor | None:
        if entity.label == "PERSON":
            return self._person(entity)
        if self._register is None or entity.label == "NORP":
            return None
        country = self._country(entity)
        if entity.label == "ORG":
            if entity.words[0].lower() in ROLES:  # the model's slip: "Archbishop of Canterbury" is no organisation
                return self._register.by_role(entity.name, on=self._on, country=country or self._main)
            actor = self._register.by_name(entity.name, on=self._on, country=country or self._main)
            if actor is not None and actor.kind is not SpeakerKind.PERSON:
                return actor
        actor = self._register.government(entity.name, country=country or self._main)
        elsewhere = actor is not None and country and actor.country not in {None, country}
        return None if elsewhere else actor

    def _person(self, entity: Entity) -> Actor | None:
        """By name; else by a role that the article gives, if the one who held it bears the name."""
        assert self._register is not None  # noqa: S101 - looked up only with one
        country = self._country(entity) or self._main
        actor = self._register.by_name(entity.name, on=self._on, country=country)
        if actor is not None:
            return None if _is_another(actor, entity) else actor
        for role in entity.roles:
            actor = self._register.by_role(role.text, on=self._on, country=country)
            if actor is not None and fold(entity.words[-1]) in fold(actor.name).split():
                return actor
        return None

    def _country(self, entity: Entity) -> str | None:
        if entity.label == "PERSON":
            return country_in(role_text(entity) or "")
        codes = Counter(code for m in entity.mentions if (code := self.countries.get(m.start)))
        return codes.most_common(1)[0][0] if codes else None


def _known(actor: Actor) -> Identity:
    return Identity(actor.name, actor.kind, actor.id, actor.country)


def _is_another(actor: Actor, entity: Entity) -> bool:
    """Whether the article says that its bearer of a name is not the register's: another gender, or another occupation.

    A full name is trusted more than a surname, which is only taken where a role that the article gives fits.
    """
    if actor.kind is not SpeakerKind.PERSON:
        return True
    if entity.gender and actor.gender and entity.gender != actor.gender[0]:
        return True
    if len(entity.words) > 1 or not entity.roles:
        return False
    held = {word for role in actor.roles for word in fold(role.title).split()} | {"president", "leader", "minister"}
    return all(held.isdisjoint(role.words) for role in entity.roles)


def _countries(text: str, names: Iterable[Span]) -> dict[int, str]:
    """The country of each place, people and organisation, by the position of its first token."""
    found, others = dict[int, str](), set[str]()
    for ent in names:
        if ent.label_ == "PERSON":
            continue
        code = country_of(ent.text, label=ent.label_, text=text, start=ent.start_char, end=ent.end_char, others=others)
        if code:
            found[ent.start] = code
            others.add(code)
    return found


@lru_cache(maxsize=4096)
def country_in(words: str) -> str | None:
    """The country that a role or the words for a group name: "Italian Foreign Minister", "Ukrainian officials"."""
    return next(_codes_in(_ELSEWHERE.split(words)[0]), None)


def _codes_in(words: str) -> Iterator[str]:
    words = " ".join(words.split())
    for match in _CAPITALISED.finditer(words):
        parts = match[0].split()
        for length in range(len(parts), 0, -1):
            for first in range(len(parts) - length + 1):
                name = " ".join(parts[first : first + length])
                start = words.index(name)
                code = country_of(name, label="GPE", text=words, start=start, end=start + len(name))
                if code:
                    yield code
