"""What words say about a person: titles before a name, gender, and the nouns that are roles."""

from __future__ import annotations

from functools import cache
from pathlib import Path

MALE = frozenset("mr mr. sir lord king prince duke father brother baron monsieur m. herr señor sheikh emir sultan pope".split())
FEMALE = frozenset("mrs mrs. ms ms. miss lady dame queen princess duchess sister baroness madame mme. frau señora".split())
RANKS = frozenset(
    "president premier chancellor senator sen. sen representative rep. rep governor gov. gov general gen. gen colonel col. col captain capt. capt "
    "major maj. lieutenant lt. sergeant sgt. admiral adm. judge justice professor prof. prof dr dr. doctor reverend rev. rev bishop archbishop "
    "cardinal secretary minister mayor speaker ambassador congressman congresswoman councillor chairman imam ayatollah rabbi commissioner".split()
)
TITLES = MALE | FEMALE | RANKS
PART_OF_NAME = frozenset("king queen pope prince princess emperor empress sheikh lord lady".split())
"""Titles that stay with a single name: "Pope Francis", "King Charles"."""

_DATA = Path(__file__).parent


@cache
def role_nouns() -> frozenset[str]:
    """Nouns for what a person is or does, in lower case."""
    return frozenset(word.casefold() for line in _lines("role_nouns.txt") for word in line.split())


@cache
def _first_names() -> dict[str, str]:
    return {name.casefold(): line[0] for line in _lines("first_names.txt") for name in line.split()[1:]}


def _lines(name: str) -> list[str]:
    return [line for line in (_DATA / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def gender_of_name(first_name: str) -> str:
    """`m`, `f`, or nothing when the name does not tell."""
    return _first_names().get(first_name.casefold(), "")


def gender_of_word(word: str) -> str:
    """`m` or `f` for titles and roles that tell ("Mr", "spokeswoman", "actress"), else nothing."""
    word = word.casefold()
    if word in FEMALE or word.endswith(("woman", "ess")) or word in {"mother", "wife", "daughter", "widow", "aunt", "niece", "nun"}:
        return "f"
    if word in MALE or (word.endswith("man") and word not in {"german", "roman", "human", "ottoman", "norman"}):
        return "m"
    return "m" if word in {"husband", "son", "uncle", "nephew", "monk", "dad"} else ""
