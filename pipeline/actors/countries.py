"""The country of a mention in its context, countries' names, and where to put them on a map.

A mention's country is decided in this order; the first rule that speaks decides:

1. longer names around it (“Papua New *Guinea*”, “Northern *Ireland*”, “Gulf of *Mexico*”);
2. the place named after it (“Paris, Texas”, “Birmingham, Alabama”);
3. it is a person (“Michael Jordan”, “Chad Smith”), a language (“in English”) or a bird (“Thanksgiving turkey”);
4. the name means one country only;
5. of several, what else the article says: words that go with one of them, countries found already, size.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.actors import lexicon, persons
from pipeline.actors.lexicon import Place, PlaceKind
from pipeline.actors.names import fold, folded

_NEAR = 200
"""Characters on each side of a mention within which a cue counts three times."""
_FAR = 20_000
"""Characters of an article, from its beginning, in which cues count once."""
_CONTEXT = Path(__file__).with_name("context.yaml")
_WORDS_LEFT, _WORDS_RIGHT = 4, 2
"""How far a longer name may reach beyond a mention."""
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
_LANGUAGE_BEFORE = re.compile(
    r"\b(?:speak|speaks|spoke|spoken|speaking|in|into|fluent|fluently|learn|learned|learning|teach|taught|broken|from)\s$",
    re.I,
)
_LANGUAGE_AFTER = re.compile(
    r"^(?:[.,;:!?)”\"]|\s(?:and|or|but|on|at|with|for|to|by|that|as|is|was|language|rather|instead|when|during|before|after)\b|$)",
    re.I,
)
_BIRD = re.compile(
    r"\b(?:thanksgiving|roast|roasted|stuffing|stuffed|cranberry|gobble|poultry|pardon\w*|deli|wild)\b", re.I
)


def name(code: str) -> str | None:
    """A country's common English name; nothing for an unknown code."""
    country = lexicon.countries().get(code)
    return country.name if country else None


def centroid(code: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of about the middle of a country; nothing for an unknown code."""
    country = lexicon.countries().get(code)
    return country.point if country else None


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
    if label == "PERSON" or not any(character.isupper() for character in mention):
        return None
    before, after = text[max(0, start - 80) : start], text[end : end + 60]
    longer = _longer_name(mention, before, after)
    if longer is not None:
        if fold(longer) in _misleading():
            return None
        mention, before, after = longer, "", after if after.strip().startswith(",") else ""
    if place := _named_after(mention, after):
        return place
    found = _places(mention, label)
    if not found:
        return None
    kinds = {place.kind for place in found}
    if persons.is_person(mention, text, start, end) and kinds != {PlaceKind.PEOPLE}:
        return None
    if kinds == {PlaceKind.PEOPLE} and _LANGUAGE_BEFORE.search(before) and _LANGUAGE_AFTER.match(after):
        return None
    if fold(mention) == "turkey" and _BIRD.search(text[max(0, start - 60) : end + 60]) and "TR" not in others:
        return None
    return _decide(mention, found, text, start, end, others)


def _longer_name(mention: str, before: str, after: str) -> str | None:
    """The longest known name around a mention, of up to four words before and two after it; nothing if it is itself."""
    left = re.findall(r"\S+", re.split(r"[.,;:!?()“”\"\n]\s|[,;:()“”\"\n]", before)[-1])[-_WORDS_LEFT:]
    if before and not before[-1].isspace() and before[-1] != "-":
        left = []
    reach = re.match(r"(?:-\w+)?(?:[ ][\w'’-]+){0,2}", after)
    tail = reach[0] if reach else ""
    ends = ["", *[tail[: match.end()] for match in re.finditer(r"-?[\w'’]+", tail)][:_WORDS_RIGHT]]
    for taken in range(len(left), -1, -1):
        for ending in sorted(ends, key=len, reverse=True):
            if not taken and not ending:
                continue
            candidate = " ".join([*left[len(left) - taken :], mention]) + ending
            if before.endswith("-") and taken:
                continue
            known = fold(candidate)
            if known.startswith("the ") or known == fold(mention):
                continue
            if known in _misleading() or (candidate[0].isupper() and lexicon.places(candidate)):
                return candidate
    return None


def _named_after(mention: str, after: str) -> str | None:
    """The country of what follows after a comma, where that says which place is meant: “Paris, Texas”."""
    if "," in mention:
        city, _, whole = mention.rpartition(",")
        return _wider(city, whole.strip(" ."), listed=False)
    cities = lexicon.places(mention)
    if _american_state().match(after) and not any(
        place.kind is PlaceKind.COUNTRY and place.code != "GE" for place in cities
    ):
        return "US"
    match = re.match(r",\s((?:the )?[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,2})(,| and\b|\b)", after)
    if match is None:
        return None
    words = match[1].rstrip(".").split()
    for length in range(len(words), 0, -1):
        if found := _wider(mention, " ".join(words[:length]), listed=bool(re.match(r"[^.]*?,? and [A-Z]", after))):
            return found
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
    if listed or any(own.kind is PlaceKind.COUNTRY for own in here):
        return None
    parts = [place.code for place in wholes if place.kind in {PlaceKind.AREA, PlaceKind.REGION}]
    if here:  # a city that we know elsewhere: only a part of a country says that another is meant
        return parts[0] if parts else None
    states = [place.code for place in wholes if place.kind is PlaceKind.COUNTRY]
    return next(iter(parts or states), None)


def _places(mention: str, label: str | None) -> tuple[Place, ...]:
    if _is_word(mention):
        return ()
    bare = _PLACE_OF.sub("", mention)
    forms = [mention, _DIRECTION.sub("", mention), bare, _DIRECTION.sub("", bare), re.sub(r"['’]s?$", "", mention)]
    forms.append(_KIND_AFTER.sub("", mention))
    for form in forms:
        if form and (found := lexicon.places(form)):
            return found
    if re.search("[-–]", mention):  # "Russian-backed", "US-led", "pro-Ukrainian", "Cuban-American"
        parts = [part for part in re.split(r"[-–]", mention) if part[:1].isupper() and lexicon.places(part)]
        if len(parts) == 1 or label == "NORP":
            return lexicon.places(parts[-1]) if parts else ()
        return ()
    return _inside(mention) if label in {"ORG", "NORP", "LOC", "GPE", None} and " " in mention else ()


def _is_word(mention: str) -> bool:
    """Whether a short name is only a word here: “us”, “Us”, “Car”, “Roc” stand for countries in capitals alone."""
    return not mention.isupper() and fold(mention) in _context()["capitals_alone"]


def _inside(mention: str) -> tuple[Place, ...]:
    """Countries named in an organisation's name: “German Foreign Office”, “Bank of Japan”."""
    words = mention.split()
    if fold(mention) in _misleading() or words[0] in {"Jordan", "Chad", "Georgia", "New", "Washington"}:
        return ()
    parts = [mention.rpartition(" of ")[2] if " of " in mention else "", *(" ".join(words[:n]) for n in (3, 2, 1))]
    parts += [word for word in words[1:] if any(place.kind is PlaceKind.PEOPLE for place in lexicon.places(word))]
    for part in parts:
        found = tuple(
            place for place in lexicon.places(part) if place.kind in {PlaceKind.COUNTRY, PlaceKind.PEOPLE}
        )  # fmt: skip
        if part and part != mention and found:
            return found
    return ()


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
    leaders = [code for code in codes if scores[code] == best]
    return leaders[0]


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
    country = lexicon.countries()[code]
    return frozenset({fold(country.name), fold(country.adjective)}) - {"georgia", "us", "guinea"}


@cache
def _context() -> dict[str, list[str]]:
    words: dict[str, list[str]] = yaml.safe_load(_CONTEXT.read_text(encoding="utf-8"))
    return words


@cache
def _misleading() -> frozenset[str]:
    return frozenset(map(fold, _context()["misleading"]))


@cache
def _american_state() -> re.Pattern[str]:
    """American states as news agencies and the post shorten them, after a town: “, Mass.”, “, TX”."""
    agencies = "|".join(map(re.escape, _context()["american_states"]))
    return re.compile(rf"^,? (?:{agencies})\.|^, (?:{'|'.join(_context()['american_post'])})\b")


@cache
def _ambiguity() -> dict[str, Any]:
    rules = yaml.safe_load(Path(__file__).with_name("ambiguity.yaml").read_text(encoding="utf-8"))
    return {fold(place): rule for place, rule in rules.items()}
