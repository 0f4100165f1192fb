"""The country of a mention in its context, countries' names, and where to put them on a map.

A mention's country is decided in this order; the first rule that speaks decides:

1. longer names around it (“Papua New *Guinea*”, “Northern *Ireland*”, “Gulf of *Mexico*”);
2. the place named after it (“Paris, Texas”, “Birmingham, Alabama”);
3. it is a person (“Michael Jordan”), a language (“in English”), a thing (“Brazil nuts”), a river or a word;
4. the name means one country only, or is that of its parliament or seat of government (`seats.yaml`);
5. of several, what else the article says: words that go with one of them, countries found already, size.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.actors import countries_beside as beside
from pipeline.actors import countries_senses as senses
from pipeline.actors import lexicon, persons
from pipeline.actors.countries_longer import longer_name
from pipeline.actors.lexicon import Place, PlaceKind
from pipeline.actors.names import fold, folded

_NEAR = 200
"""Characters on each side of a mention within which a cue counts three times."""
_FAR = 20_000
"""Characters of an article, from its beginning, in which cues count once."""
_DIRECTION = re.compile(
    r"^(?:(?:(?:north|south|east|west|central|mid|north-?east|north-?west|south-?east|south-?west)(?:ern)?|upper|lower|greater"
    r"|downtown|inner|outer|rural|mainland|occupied|continental|modern|modern-day|government-held|rebel-held|southernmost"
    r"|nearby|neighbou?ring|communist|imperial|war-torn|Russian-occupied|Russian-annexed|Russian-controlled"
    r"|post-Soviet|pre-war|post-war|coastal)[ -])+",
    re.IGNORECASE,
)
_PLACE_OF = re.compile(
    r"^(?:the )?(?:\w+ )?(?:city|town|village|province|region|state|port|island|capital|district|county|republic"
    r"|peninsula|oblast|suburb|municipality|enclave|territory|border|government|people|nation"
    r"|country|kingdom|coast) of ",
    re.IGNORECASE,
)
_KIND_AFTER = re.compile(
    r"(?: (?:Province|Region|Oblast|City|State|Governorate|Prefecture|District|County|Republic"
    r"|Peninsula|Border|Coast))+$",
    re.IGNORECASE,
)
_NONE = "none"
"""Among the cues of `ambiguity.yaml`: no country at all."""


def name(code: str) -> str | None:
    """A country's common English name; nothing for an unknown code."""
    country = lexicon.countries().get(code)
    return country.name if country else None


def centroid(code: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of about the middle of a country; nothing for an unknown code."""
    country = lexicon.countries().get(code)
    return country.point if country else None


def centroids(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The centroid of each country that has one, in the order of their codes."""
    return {code: point for code in sorted(set(codes)) if (point := centroid(code))}


def country_of(
    mention: str, *, label: str | None, text: str, start: int, end: int, others: Collection[str] = ()
) -> str | None:
    """The ISO 3166-1 alpha-2 code (XK for Kosovo) of the country that a mention is of, or nothing.

    Args:
        mention: The name as the article has it, or its fullest form.
        label: `PERSON`, `ORG`, `GPE`, `LOC`, `NORP` or nothing.
        text: The article, or at least the sentence.
        start: Where the mention stands in `text`, in characters.
        end: The character after it.
        others: Codes found in the article so far.

    """
    mention = mention.strip()
    if label == "PERSON":
        return None
    before, after = text[max(0, start - 80) : start], text[end : end + 100]
    if _no_country(mention):
        return None
    if shortened := beside.shortened_part(mention, before):
        return shortened
    longer = longer_name(mention, before, after)
    if longer is not None:
        if _no_country(longer):
            return None
        mention, before, after = longer, "", after if after.strip().startswith(",") else ""
    if place := beside.named_after(mention, after) or beside.town_before(mention, before, after):
        return place
    named, found = _places(mention, label)
    if not found:
        return None
    people = {place.kind for place in found} == {PlaceKind.PEOPLE}
    if not people and persons.is_person(mention, text, start, end):
        return None
    if senses.is_somebody(mention, before, after, people=people) or senses.is_thing(mention, before, after):
        return None
    if senses.is_language(mention, before, after) or senses.is_river(mention, before, after):
        return None
    if senses.speaks_for_the_union(mention, before, after):
        return None
    if senses.is_word(mention, before, after) and not _spoken_of(found, text[:start] + text[end:]):
        return None
    return _decide(named, found, text, start, end, others)


def _spoken_of(found: tuple[Place, ...], text: str) -> bool:
    """Whether a text names a country, or its people, in which one of the places lies."""
    words = f" {_words(text[:_FAR])} "
    return any(f" {word} " in words for place in found for word in _own_words(place.code))


@lru_cache(maxsize=4096)
def _no_country(mention: str) -> bool:
    """Whether a name is one of no country whatever stands around it."""
    known = fold(mention)
    if not any(character.isupper() for character in mention):
        return True
    if known in senses.listed("misleading") or known in senses.listed("fallen_apart"):
        return True
    return (
        " " in mention and not lexicon.places(mention) and known not in lexicon.seats() and senses.is_borrowed(mention)
    )


@lru_cache(maxsize=4096)
def _places(mention: str, label: str | None) -> tuple[str, tuple[Place, ...]]:
    """What a mention can name, and which of its words said so."""
    if _is_word(mention):
        return mention, ()
    if code := lexicon.seats().get(fold(mention)):
        return mention, (Place(code, PlaceKind.REGION),)
    bare = _PLACE_OF.sub("", mention)
    forms = [mention, _DIRECTION.sub("", mention), bare, _DIRECTION.sub("", bare), re.sub(r"['’]s?$", "", mention)]
    forms.append(_KIND_AFTER.sub("", mention))
    for form in forms:
        if form and (found := _of_today(form)):
            return mention, found
    if re.search("[-–]", mention) and not mention.endswith(("speaking", "language")):
        # "Russian-backed", "US-led", "pro-Ukrainian", "Cuban-American"
        parts = [part for part in re.split(r"[-–]", mention) if part[:1].isupper() and _of_today(part)]
        if len(parts) == 1 or (label == "NORP" and parts):
            return mention, _of_today(parts[-1])
        if " " not in mention:
            return mention, ()
    return _inside(mention) if label in {"ORG", "NORP", "LOC", "GPE", None} and " " in mention else (mention, ())


def _of_today(name: str) -> tuple[Place, ...]:
    return () if fold(name) in senses.listed("fallen_apart") else lexicon.places(name)


def _is_word(mention: str) -> bool:
    """Whether a short name is only a word here: “us”, “Us”, “Car”, “Roc” stand for countries in capitals alone."""
    return not mention.isupper() and fold(mention) in senses.listed("capitals_alone")


def _inside(mention: str) -> tuple[str, tuple[Place, ...]]:
    """The place in an organisation's name, and its words: “Bank of Japan”, “Air India”, “Chicago Bulls”."""
    words = mention.split()
    whole = _is_organisation(words)
    if not whole and words[0] in {"Jordan", "Chad", "Georgia", "New", "Washington"}:
        return mention, ()
    parts = [mention.rpartition(" of ")[2] if " of " in mention else "", *(" ".join(words[:n]) for n in (3, 2, 1))]
    parts += [words[-1]] if whole else []
    parts += [word for word in words[1:] if any(place.kind is PlaceKind.PEOPLE for place in _of_today(word))]
    for part in parts:
        found = tuple(
            place for place in _of_today(part) if whole or place.kind in {PlaceKind.COUNTRY, PlaceKind.PEOPLE}
        )
        if part and part != mention and found and not _is_word(part):
            return part, found
    return mention, ()


def _is_organisation(words: list[str]) -> bool:
    """Whether a name of several words is that of a body or a team: “Paris Saint-Germain”, “Texas Rangers”."""
    first, last = words[0], words[-1]
    if any(fold(word) in senses.listed("organisations") for word in words):
        return True
    team = last[:1].isupper() and last.endswith("s") and not last.endswith(("ss", "is", "us", "'s", "’s"))
    return team and first[:1].isupper() and fold(last) not in senses.listed("borrowers") and not lexicon.places(last)


def _decide(
    mention: str, found: tuple[Place, ...], text: str, start: int, end: int, others: Collection[str]
) -> str | None:
    rule = _ambiguity().get(fold(mention))
    codes = list(dict.fromkeys(place.code for place in found))
    if rule is None:
        if len(codes) == 1 or found[0].kind in {PlaceKind.COUNTRY, PlaceKind.PEOPLE}:
            return codes[0]
        cues: dict[str, list[str]] = {}
        default = codes[0]
    else:
        cues, default = rule["cues"], rule["default"]
        codes = list(dict.fromkeys([*cues, *([default] if default else [])]))
    near = f" {_words(text[max(0, start - _NEAR) : start])} {_words(text[end : end + _NEAR])} "
    far = f" {_article(text[:_FAR])} "
    scores = {code: _score(code, cues.get(code, []), near, far, others) for code in codes}
    best = max(scores.values(), default=0)
    if not best or (default in scores and scores[default] == best):
        return default
    leader = next(code for code in codes if scores[code] == best)
    return None if leader == _NONE else leader


def _score(code: str, cues: list[str], near: str, far: str, others: Collection[str]) -> float:
    words = set(cues) | _own_words(code)
    points = sum(3 for cue in words if f" {cue} " in near)
    points += sum(1 for cue in words if f" {cue} " in far)
    return points + (2 if code in others else 0)


def _words(text: str) -> str:
    return folded(re.sub(r"['’]s\b", "", text))


@lru_cache(maxsize=4)
def _article(text: str) -> str:
    return _words(text)


@cache
def _own_words(code: str) -> frozenset[str]:
    """What a country and its people are called, for names of cities that several countries have."""
    if code == _NONE:
        return frozenset()
    country = lexicon.countries()[code]
    return frozenset({fold(country.name), fold(country.adjective)}) - {"georgia", "us", "guinea"}


@cache
def _ambiguity() -> dict[str, Any]:
    rules = yaml.safe_load(Path(__file__).with_name("ambiguity.yaml").read_text(encoding="utf-8"))
    return {fold(place): rule for place, rule in rules.items()}
