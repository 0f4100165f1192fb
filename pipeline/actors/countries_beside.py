"""The place beside a mention that says which one is meant: “Paris, Texas”, “Lagos, in the Algarve”, “Rome, Georgia”."""

from __future__ import annotations

import re
from functools import cache

from pipeline.actors import countries_senses as senses
from pipeline.actors import lexicon
from pipeline.actors.lexicon import Place, PlaceKind

_IN_AFTER = re.compile(
    r"^(?P<comma>,?) (?:[a-z]+ )?(?:in|on|near) (?:the )?(?:[a-z-]+ (?:of|part of) (?:the )?)?"
    r"(?P<names>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2})"
)
_LIST = re.compile(r"^(?:,\s(?:the )?[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*)*)+,?\s(?:and|or)\s(?:the )?[A-Z]")
_SHORTENED_AFTER = re.compile(r"[A-Z][\w’'-]+, $")
_NAMED_NEXT = re.compile(r",\s((?:the )?[A-Z][\w.’'-]*(?:\s(?:and\s)?[A-Z][\w.’'-]*){0,2})")
_TOWN_ENDS = re.compile(r"[,.;)]|$")
_TOWN_BEFORE = re.compile(r"\b(?:in|at|near|from|to|of|around|outside) ((?:[A-Z][\w.’'-]* ?){1,3}), $")
_NO_CITIES = frozenset({PlaceKind.COUNTRY, PlaceKind.PEOPLE, PlaceKind.AREA})
_TOWNS_NAMED_AFTER_STATES = frozenset({"US", "CA", "AU"})


def shortened_part(mention: str, before: str) -> str | None:
    """The country of a state or province in short after a town: “Atlanta, [Ga.]”, “Victoria, [B.C.]”."""
    code = _shortened().get(mention.rstrip("."))
    return code if code is not None and _SHORTENED_AFTER.search(before) else None


def town_before(mention: str, before: str, after: str) -> str | None:
    """“In Rome, Georgia, …”: a state of America where the town before it lies in no country of that name."""
    parts = [place for place in lexicon.places(mention) if place.kind is PlaceKind.AREA]
    if not parts or not _TOWN_ENDS.match(after):
        return None
    town = _TOWN_BEFORE.search(before)
    if town is None:
        return None
    towns = lexicon.places(town[1])
    state = lexicon.places(mention)[0]
    if any(place.kind is PlaceKind.COUNTRY or place.code == state.code for place in towns):
        return None
    return parts[0].code


def named_after(mention: str, after: str) -> str | None:
    """The country of what follows after a comma, where that says which place is meant: “Paris, Texas”."""
    if "," in mention:
        city, _, whole = mention.rpartition(",")
        return _wider(city, whole.strip(" ."), listed=False)
    if not after.startswith((",", " ")):
        return None
    cities = lexicon.places(mention)
    a_country = any(place.kind is PlaceKind.COUNTRY and place.code != "GE" for place in cities)
    if not a_country and _american_state().match(after):
        return "US"
    if inside := _inside_of(cities, after):
        return inside
    match = _NAMED_NEXT.match(after)
    if match is None:
        return None
    words = match[1].rstrip(".").split()
    for length in range(len(words), 0, -1):
        whole = " ".join(words[:length])
        if found := _wider(mention, whole, listed=" and " not in whole and bool(_LIST.match(after))):
            return found
    return None


def _inside_of(cities: tuple[Place, ...], after: str) -> str | None:
    """“Lagos, in the Algarve”, “Hyderabad in Sindh”: without a comma only where we know such a city there."""
    if not cities or cities[0].kind in _NO_CITIES:
        return None
    match = _IN_AFTER.match(after)
    if match is None:
        return None
    words = re.sub(r"['’]s?\b", "", match["names"]).split()
    for length in range(len(words), 0, -1):
        for place in lexicon.places(" ".join(words[:length])):
            if place.kind not in {PlaceKind.COUNTRY, PlaceKind.AREA, PlaceKind.REGION}:
                continue
            if match["comma"] or any(city.code == place.code for city in cities):
                return place.code
    return None


def _wider(city: str, whole: str, *, listed: bool) -> str | None:
    """The country of `whole` if it can hold `city`; in a list (“Ohio, Texas and Utah”) only a known city of it."""
    here = lexicon.places(city)
    if any(place.kind is PlaceKind.PEOPLE for place in here):
        return None
    wholes = [place for place in lexicon.places(whole) if place.kind not in {PlaceKind.CITY, PlaceKind.PEOPLE}]
    for place in wholes:
        if any(own.code == place.code and own.kind is not PlaceKind.AREA for own in here):
            return place.code
    parts = [place.code for place in wholes if place.kind in {PlaceKind.AREA, PlaceKind.REGION}]
    if listed:
        return None
    if any(own.kind is PlaceKind.COUNTRY for own in here):  # “Peru, Indiana”
        return next((code for code in parts if len(parts) == len(wholes) and code in _TOWNS_NAMED_AFTER_STATES), None)
    if here:  # a city that we know elsewhere: only a part of a country says that another is meant
        return parts[0] if parts else None
    states = [place.code for place in wholes if place.kind is PlaceKind.COUNTRY]
    return next(iter(parts or states), None)


@cache
def _shortened() -> dict[str, str]:
    """“Ga” → US, “B.C” → CA: parts of countries in short, without the last full stop."""
    parts = {"US": senses.context()["american_states"], **senses.context()["shortened_parts"]}
    return {short: code for code, shorts in parts.items() for short in shorts}


@cache
def _american_state() -> re.Pattern[str]:
    """American states as news agencies and the post shorten them, after a town: “, Mass.”, “, TX”."""
    agencies = "|".join(map(re.escape, senses.context()["american_states"]))
    return re.compile(rf"^,? (?:{agencies})\.|^, (?:{'|'.join(senses.context()['american_post'])})\b")
