"""The files in `pipeline/actors/register` are what they claim: held here, so that a careless edit is noticed."""

from collections import defaultdict
from itertools import combinations

import pytest

from pipeline.actors import governments, lexicon, titles
from pipeline.actors.actor import Actor, Role
from pipeline.actors.names import fold
from pipeline.actors.readers import read
from pipeline.actors.register import SHIPPED


@pytest.fixture(scope="module")
def actors() -> list[Actor]:
    return [actor for file in sorted(SHIPPED.glob("*.yaml")) for actor in read(file)]


def test_there_are_more_than_four_hundred_each_once(actors: list[Actor]) -> None:
    ids = [actor.id for actor in actors]
    assert len(ids) > 400
    assert len(ids) == len(set(ids))
    assert not [actor_id for actor_id in ids if actor_id.startswith("gov-")], "governments are made, not listed"


def test_countries_and_owners_of_roles_exist(actors: list[Actor]) -> None:
    ids = {actor.id for actor in actors}
    areas = set(lexicon.areas_of_countries())
    owners = {role.of for actor in actors for role in actor.roles}
    unknown = [
        owner
        for owner in owners
        if owner not in ids | areas and owner not in lexicon.countries() and governments.made(owner) is None
    ]
    assert not unknown
    assert {actor.country for actor in actors if actor.country} <= set(lexicon.countries())


def test_an_office_has_one_holder_at_a_time(actors: list[Actor]) -> None:
    offices: dict[tuple[str, str], list[tuple[Role, Actor]]] = defaultdict(list)
    for actor in actors:
        for role in actor.roles:
            offices[titles.canonical(role.title, role.of), role.of].append((role, actor))
    both = [
        f"{office}: {first[1].name} and {second[1].name} from {second[0].start.first}"
        for office, held in offices.items()
        for first, second in combinations(sorted(held, key=lambda one: one[0].start.last), 2)
        if first[0].end is None or first[0].end.first > second[0].start.last
    ]
    assert not both


def test_a_name_of_two_actors_is_decided_by_their_countries(actors: list[Actor]) -> None:
    bearers: dict[str, dict[str, Actor]] = defaultdict(dict)
    for actor in actors:
        for name in actor.names:
            bearers[fold(name)][actor.id] = actor
    undecided = [
        name
        for name, actors_of_name in bearers.items()
        if len({actor.country for actor in actors_of_name.values()}) < len(actors_of_name)
    ]
    assert not undecided
    assert "" not in bearers


def test_people_have_a_gender_and_organisations_none(actors: list[Actor]) -> None:
    assert not [actor.id for actor in actors if (actor.kind == "person") != (actor.gender is not None)]


def test_no_place_or_common_word_is_an_actor_s_name(actors: list[Actor]) -> None:
    places = {
        name
        for actor in actors
        for name in actor.names
        if any(place.kind in {"country", "people"} for place in lexicon.places(name))
        and actor.id not in {"holy-see", "houthis", "taliban"}
    }
    assert not places
