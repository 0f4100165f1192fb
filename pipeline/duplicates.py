"""Likely duplicates among actors, for people to decide: one surname and role, one spelling, one company.

Only within blocks of one surname or of one rough spelling, so that the work grows with the actors, not their square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pipeline.actors.names import distance, fold, skeleton

LARGEST_BLOCK = 200
"""Of more common surnames only the actors that are mentioned most are compared."""
LONG_ENOUGH = 8
"""Letters from which on a name may differ in two of them and be the same; in one from five."""
SHARED = 0.3
"""Part of the company of two actors that is common to both, from which on it speaks for one actor."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors who may be one."""

    keep: Mapping[str, Any]
    """The document of the one whose name should stay: the register's, else the one who is mentioned most."""
    other: Mapping[str, Any]
    why: str


def likely(
    actors: Iterable[Mapping[str, Any]],
    company: Callable[[str], frozenset[str]],
    decided: Collection[frozenset[str]] = (),
) -> Iterator[Pair]:
    """Pairs of actors' documents that may be one actor and that nobody has decided, those mentioned most first."""
    blocks = defaultdict(list)
    for actor in actors:
        for key in _keys(actor):
            blocks[key].append(actor)
    found: dict[frozenset[str], Pair] = {}
    for block in blocks.values():
        block.sort(key=_weight, reverse=True)
        for keep, other in combinations(block[:LARGEST_BLOCK], 2):
            ids = frozenset((keep["id"], other["id"]))
            if (
                ids not in found
                and ids not in decided
                and _possible(keep, other)
                and (why := _why(keep, other, company))
            ):
                found[ids] = Pair(keep, other, why)
    yield from sorted(found.values(), key=lambda pair: _weight(pair.other), reverse=True)


def _weight(actor: Mapping[str, Any]) -> tuple[bool, int, str]:
    return actor["registered"], actor["article_count"], actor["id"]


def _keys(actor: Mapping[str, Any]) -> Iterator[str]:
    words = fold(actor["name"]).split()
    if words:
        yield f"{actor['kind']} {words[-1]}"
        yield f"{actor['kind']} {words[0][0]} {_consonants(skeleton(' '.join(words)))}"


def _consonants(name: str) -> str:
    return "".join(letter for letter in name if letter not in "aeiouh ")[:4]


def _possible(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The register tells its own apart, and nobody is of two countries."""
    countries = {one.get("country"), other.get("country")} - {None}
    return not (one["registered"] and other["registered"]) and len(countries) < 2


def _why(one: Mapping[str, Any], other: Mapping[str, Any], company: Callable[[str], frozenset[str]]) -> str | None:
    a, b = fold(one["name"]), fold(other["name"])
    if _alike(a, b):
        return "spelt alike"
    first, second = a.split(), b.split()
    if first[-1] != second[-1] or one["kind"] != "person":
        return None
    if _shortened(first[0], second[0]):
        return "one surname, a first name shortened"
    if roles := _roles(one) & _roles(other):
        return f"one surname and role: {min(roles)}"
    ours, theirs = company(one["id"]), company(other["id"])
    if len(ours & theirs) >= 2 and len(ours & theirs) >= SHARED * len(ours | theirs):
        return "one surname, mentioned with the same others"
    return None


def _alike(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    allowed = 2 if shorter >= LONG_ENOUGH else 1 if shorter >= 5 else 0
    return abs(len(a) - len(b)) <= allowed and distance(a, b) <= allowed


def _shortened(a: str, b: str) -> bool:
    """ "J" for "John", "Tom" for "Tommaso"."""
    short, long = sorted((a, b), key=len)
    return len(short) < len(long) and long.startswith(short)


def _roles(actor: Mapping[str, Any]) -> set[str]:
    told: Sequence[str] = actor.get("roles_told", ())
    return {fold(role) for role in told} | {fold(role["title"]) for role in actor.get("roles", ())}
