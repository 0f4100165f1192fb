"""Which government or institution a phrase means: “Berlin”, “the Kremlin”, “the Russian foreign ministry”."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.actors import lexicon
from pipeline.actors.actor import Actor
from pipeline.actors.lexicon import PlaceKind
from pipeline.actors.names import fold
from pipeline.article import SpeakerKind

_OF_COUNTRY = re.compile(r"(.+?) (?:of|in) (?:the )?(.+)")


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("governments.yaml").read_text(encoding="utf-8"))
    table["kind"] = {name: kind for kind, names in table["ministries"].items() for name in names}
    return table


def government_of(code: str) -> Actor | None:
    """The government of a country: `gov-de`, “German government”; nothing for an unknown code."""
    country = lexicon.countries().get(code)
    if country is None:
        return None
    aliases = [f"government of {country.name}", f"{country.name} government", f"{country.adjective} authorities"]
    return Actor(
        id=f"gov-{code.lower()}",
        name=f"{country.adjective} government",
        aliases=tuple(aliases),
        kind=SpeakerKind.GOVERNMENT,
        country=code,
    )


def ministry_of(code: str, ministry: str) -> Actor | None:
    """A ministry of a country: `gov-ru-foreign`, “Russian foreign ministry”."""
    country = lexicon.countries().get(code)
    if country is None or ministry not in _table()["ministries"]:
        return None
    return Actor(
        id=f"gov-{code.lower()}-{ministry}",
        name=f"{country.adjective} {_table()['ministries'][ministry][0]}",
        kind=SpeakerKind.GOVERNMENT,
        country=code,
    )


def made(actor_id: str) -> Actor | None:
    """The government or ministry with that id, which is made and not written down; nothing for other ids."""
    match = re.fullmatch(r"gov-([a-z]{2})(?:-([a-z]+))?", actor_id)
    if match is None:
        return None
    code = match[1].upper()
    return ministry_of(code, match[2]) if match[2] else government_of(code)


def government_id(phrase: str, country: str | None = None) -> str | None:
    """The id of the government or ministry that a phrase means; `country` says whose where the phrase does not.

    A place name counts only where it names a country or a capital; whether a place speaks or is just a place is for
    the caller to know from the sentence. Institutions under a name of their own (“Pentagon”) are the register's.
    """
    table = _table()
    folded = fold(re.sub(r"['’]s\b", "", phrase))
    if folded in table["names"]:
        named: str | None = table["names"][folded]
        return named or (f"gov-{country.lower()}" if country else None)
    found = _ministry(folded, country) or _government(folded, country)
    return table["own"].get(found, found) if found else None


def _ministry(folded: str, country: str | None) -> str | None:
    kinds = _table()["kind"]
    if folded in kinds:
        return f"gov-{country.lower()}-{kinds[folded]}" if country else None
    words = folded.split()
    for cut in range(1, len(words)):
        ministry, owner = " ".join(words[cut:]), " ".join(words[:cut])
        if ministry in kinds and (code := _state(owner)):
            return f"gov-{code.lower()}-{kinds[ministry]}"
    for match in _all_of(folded):
        if match[0] in kinds and (code := _state(match[1])):
            return f"gov-{code.lower()}-{kinds[match[0]]}"
    return None


def _government(folded: str, country: str | None) -> str | None:
    words = _table()["words"]
    if folded in words:
        return (
            f"gov-{country.lower()}"
            if country and folded in {"government", "authorities", "regime", "cabinet"}
            else None
        )
    owner = folded
    head, _, last = folded.rpartition(" ")
    if head and last in words:
        owner = head
    else:
        for match in _all_of(folded):
            if match[0] in words:
                owner = match[1]
    bare = owner == folded
    if owner in _table()["cities"]:
        return None
    code = _state(owner, speaks_alone=bare)
    return f"gov-{code.lower()}" if code else None


def _all_of(folded: str) -> list[tuple[str, str]]:
    return [(folded[: m.start()], folded[m.end() :]) for m in re.finditer(r" (?:of|in) (?:the )?", folded)]


def _state(words: str, *, speaks_alone: bool = False) -> str | None:
    """The country that words name as a state: its name, adjective or capital; an adjective never speaks alone."""
    for place in lexicon.places(words):
        if place.kind in {PlaceKind.COUNTRY, PlaceKind.CAPITAL} or (
            place.kind is PlaceKind.PEOPLE and not speaks_alone
        ):
            return place.code
    return None
