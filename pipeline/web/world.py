"""Draws the map once, from Natural Earth: `python -m pipeline.web.world countries-110m.json`.

In: the TopoJSON of npm's `world-atlas` (public domain). Out: `static/world.svg`, a shape for each country under its
ISO 3166-1 alpha-2 code, and `countries.json`, names and points, from the pipeline's own list of countries.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
COUNTRIES = HERE.parent / "actors" / "countries.yaml"
WIDTH = 960
SKIPPED = frozenset({"AQ"})
"""Nobody is quoted from Antarctica, which would take a quarter of the map."""
UNNUMBERED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
"""Shapes that have no number of their own, with the country that answers for them in the pipeline."""

Point = tuple[float, float]
A = (1.340264, -0.081106, 0.000893, 0.003796)
"""Coefficients of the Equal Earth projection (B. Šavrič, T. Patterson, B. Jenny, IJGIS 33, 2019)."""


def project(longitude: float, latitude: float) -> Point:
    """Degrees to the map's units, y downwards, by the Equal Earth projection."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = A[0] + 3 * A[1] * theta**2 + theta**6 * (7 * A[2] + 9 * A[3] * theta**2)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    y = theta * (A[0] + A[1] * theta**2 + theta**6 * (A[2] + A[3] * theta**2))
    scale = WIDTH / (2 * 2.706630)
    return x * scale + WIDTH / 2, 226 - y * scale


def main() -> None:
    """Write both files."""
    from babel.core import get_global  # noqa: PLC0415 - a developer's tool, not among the page's dependencies

    numbers = {code: targets[0] for code, targets in get_global("territory_aliases").items() if code.isdigit()}
    atlas = json.loads(Path(sys.argv[1]).read_text())
    arcs = list(_arcs(atlas))
    shapes: dict[str, str] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        code = UNNUMBERED.get(shape["properties"]["name"]) or numbers[shape["id"].zfill(3)]
        if code not in SKIPPED:
            shapes[code] = shapes.get(code, "") + _path(shape, arcs)
    paths = "".join(f'<path id="{code}" d="{path}"/>\n' for code, path in sorted(shapes.items()))
    (HERE / "static" / "world.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 410"><g id="world">\n{paths}</g></svg>\n'
    )
    named = {
        code: [country["name"], *(round(part) for part in project(country["at"][1], country["at"][0])), code in shapes]
        for code, country in yaml.safe_load(COUNTRIES.read_text(encoding="utf-8")).items()
    }
    rows = ",\n".join(f'"{code}": {json.dumps(row, ensure_ascii=False)}' for code, row in sorted(named.items()))
    (HERE / "countries.json").write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


def _arcs(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    """The borders, each once, in degrees: positions are stored as differences."""
    (scale_x, scale_y), (move_x, move_y) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        yield line


def _path(shape: dict[str, Any], arcs: list[list[Point]]) -> str:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = (_ring(ring, arcs) for polygon in polygons for ring in polygon)
    return "".join(_outline(half) for ring in rings for half in _halves(ring))


def _ring(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    return [point for number in ring for point in (arcs[number] if number >= 0 else arcs[~number][::-1])]


def _halves(ring: list[Point]) -> list[list[Point]]:
    """The ring, or its parts east and west of the 180th meridian: what lies beyond falls flat upon the map's edge."""
    if all(abs(x - before) < 180 for (before, _), (x, _) in itertools.pairwise(ring)):
        return [ring]
    east = [(min(x % 360, 180), y) for x, y in ring]
    west = [(max(x % 360 - 360, -180), y) for x, y in ring]
    return [east, west]


def _outline(ring: list[Point]) -> str:
    """In whole units, each step relative to the last; specks smaller than a unit go."""
    points: list[tuple[int, int]] = []
    for longitude, latitude in ring:
        x, y = project(longitude, latitude)
        if not points or points[-1] != (round(x), round(y)):
            points.append((round(x), round(y)))
    if len(points) < 4:
        return ""
    steps = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in itertools.pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps[:-1]) + "z"


if __name__ == "__main__":
    main()
