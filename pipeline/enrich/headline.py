"""The headline as evidence: the full name of whom the text calls by surname, and roles told only there."""

from __future__ import annotations

from spacy.tokens import Doc

from pipeline.enrich.entities import Entities, Entity, is_form_of
from pipeline.enrich.roles import find_roles


def add_headline(entities: Entities, headline: Doc) -> None:
    """Add what the headline tells of an article’s entities, and the people and organisations that only it names."""
    told = Entities(headline)
    find_roles(headline, told)
    for other in told.all:
        same = [entity for entity in entities.all if is_form_of(entity, other)]
        if len(same) == 1:
            _add_to(same[0], other)
        elif not same and other.label in {"PERSON", "ORG"}:
            entities.all.append(
                Entity(other.label, other.words, roles=other.roles, gender=other.gender, in_headline=True)
            )


def _add_to(entity: Entity, other: Entity) -> None:
    if len(other.words) > len(entity.words):
        entity.words = other.words
    entity.in_headline = True
    entity.roles.extend(other.roles)
    entity.gender = entity.gender or other.gender
