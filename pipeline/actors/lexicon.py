"""Names of countries, their people, capitals, cities and regions → ISO codes, without looking at the context."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pipeline.actors.names import fold

_FOLDER = Path(__file__).parent


class PlaceKind(StrEnum):
    """What a name names."""

    COUNTRY = "country"
    PEOPLE = "people"
    """Adjectives and demonyms: “German”, “Germans”."""
    CAPITAL = "capital"
    AREA = "area"
    """A part with a government of its own that is quoted: Scotland, Texas."""
    REGION = "region"
    CITY = "city"


class Place(NamedTuple):
    """One thing that a name can mean."""

    code: str
    """ISO 3166-1 alpha-2, XK for Kosovo."""
    kind: PlaceKind
    thousands: int = 0
    """Inhabitants of a city, in thousands."""
    area: str | None = None
    """ISO 3166-2 code of an area."""


class Country(NamedTuple):
    """A country as `countries.yaml` gives it."""

    code: str
    name: str
    adjective: str
    """The name where it has none."""
    point: tuple[float, float]
    """Latitude and longitude in degrees, for maps: about its middle."""


@cache
def countries() -> dict[str, Country]:
    """All countries by their code."""
    return {
        code: Country(code, row["name"], row.get("adjectives", [row["name"]])[0], (row["at"][0], row["at"][1]))
        for code, row in _yaml("countries.yaml").items()
    }


def places(name: str) -> tuple[Place, ...]:
    """All that a name can mean, countries first, then by size; empty for unknown names. Case does not matter here."""
    key = fold(name)
    index = _index()
    found = index.get(key)
    if found is None and key.startswith(_STYLES):
        for style in _STYLES:  # "the Federal Republic of Germany"
            if key.startswith(style):
                found = tuple(place for place in index.get(key[len(style) :], ()) if place.kind is PlaceKind.COUNTRY)
                break
    return found or ()


def names() -> Iterator[str]:
    """All names that `places` knows, folded, and the styles that they can begin with."""
    yield from _index()
    yield from _STYLES


@cache
def seats() -> dict[str, str]:
    """Parliaments and seats of government (`seats.yaml`), folded, with their country’s code."""
    table = yaml.safe_load((_FOLDER / "seats.yaml").read_text(encoding="utf-8"))
    return {fold(name): code for code, names in table.items() for name in names}


def codes(name: str) -> list[str]:
    """The countries that a name can stand for, best first."""
    return list(dict.fromkeys(place.code for place in places(name)))


def areas(name: str) -> list[str]:
    """The ISO 3166-2 codes of parts of countries that go by a name."""
    return list(dict.fromkeys(place.area for place in places(name) if place.area))


def areas_of_countries() -> list[str]:
    """The ISO 3166-2 codes of all parts of countries that have a government of their own in `places.yaml`."""
    return list(_yaml("places.yaml")["areas"])


_STYLES = tuple(
    f"{style} of "
    for style in (
        "arab republic",
        "bolivarian republic",
        "co operative republic",
        "commonwealth",
        "democratic republic",
        "democratic socialist republic",
        "emirate",
        "federal republic",
        "federation",
        "grand duchy",
        "hashemite kingdom",
        "independent state",
        "islamic emirate",
        "islamic republic",
        "kingdom",
        "peoples republic",
        "plurinational state",
        "principality",
        "republic",
        "socialist republic",
        "state",
        "sultanate",
        "union",
        "united republic",
        "us state",
    )
)
"""Official styles before a country's name."""


@cache
def _index() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}

    def add(names: list[str], place: Place) -> None:
        for name in names:
            places_of_name = found.setdefault(fold(name), [])
            if all((place.code, place.area) != (other.code, other.area) for other in places_of_name):
                places_of_name.append(place)

    rows = _yaml("countries.yaml")
    parts = _yaml("places.yaml")
    for code, row in rows.items():
        add([row["name"], *row.get("also", [])], Place(code, PlaceKind.COUNTRY))
    for area, row in parts["areas"].items():
        add(row["names"], Place(row["country"], PlaceKind.AREA, area=area))
        add(_one_and_many(row.get("people", [])), Place(row["country"], PlaceKind.PEOPLE, area=area))
    for code, row in rows.items():
        add(_one_and_many([*row.get("adjectives", []), *row.get("people", [])]), Place(code, PlaceKind.PEOPLE))
        add(row.get("capitals", []), Place(code, PlaceKind.CAPITAL))
    for code, names in [*parts["regions"].items(), *parts["former"].items()]:
        add(names, Place(code, PlaceKind.REGION))
    for line in (_FOLDER / "gazetteer.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, code, thousands = line.split("\t")
        add([name], Place(code, PlaceKind.CITY, int(thousands)))
    return {key: tuple(sorted(named, key=_by_weight)) for key, named in found.items()}


def _one_and_many(people: list[str]) -> list[str]:
    """Each name of a people also for one of them (“Turks” → “Turk”) and for several (“Angolan” → “Angolans”)."""
    one = [name[:-1] for name in people if name.endswith("s") and not name.endswith(("ss", "ois"))]
    many = [f"{name}s" for name in people if name.endswith(("an", "i", "ot", "er"))]
    return [*people, *one, *many]


def _by_weight(place: Place) -> tuple[int, int]:
    return (list(PlaceKind).index(place.kind), -place.thousands)


@cache
def _yaml(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content
