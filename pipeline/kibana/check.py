"""Whether the saved objects fit together, and fit the mappings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable

from pipeline.kibana.mapped import fields, obstacle
from pipeline.kibana.objects import DEFAULT_PREFIX, Json
from pipeline.kibana.uses import uses


def faults(objects: Sequence[Json], mappings: Traversable | None = None) -> list[str]:
    """What is wrong with these objects (as Kibana exports them, for the default prefix), a sentence each.

    `mappings` is another folder to hold them against than the one that is installed.
    """
    return [*_twice(objects), *_lost(objects), *_unnamed(objects), *_misused(objects, mappings)]


def _twice(objects: Sequence[Json]) -> Iterator[str]:
    for (type_, id_), times in Counter((one["type"], one["id"]) for one in objects).items():
        if times > 1:
            yield f"{type_} {id_} is there {times} times; give each object an id of its own"


def _lost(objects: Sequence[Json]) -> Iterator[str]:
    """References to what is not there, or comes later: Kibana's import wants it in the same file."""
    seen: set[tuple[str, str]] = set()
    for one in objects:
        for reference in one["references"]:
            if (reference["type"], reference["id"]) not in seen:
                yield f"{_title(one)} needs {reference['type']} {reference['id']}, which does not stand before it"
        seen.add((one["type"], one["id"]))


def _unnamed(objects: Sequence[Json]) -> Iterator[str]:
    """Panels of a dashboard without a reference, and the other way round."""
    for one in objects:
        if one["type"] != "dashboard":
            continue
        panels = {
            f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in json.loads(one["attributes"]["panelsJSON"])
        }
        named = {reference["name"] for reference in one["references"] if reference["type"] != "index-pattern"}
        for name in sorted(panels ^ named):
            yield f"{_title(one)}: {name} is a panel without a reference, or a reference without a panel"


def _misused(objects: Sequence[Json], mappings: Traversable | None) -> Iterator[str]:
    indices = {one["id"]: one["attributes"]["title"] for one in objects if one["type"] == "index-pattern"}
    try:
        known = {id_: fields(title.removeprefix(DEFAULT_PREFIX), mappings) for id_, title in indices.items()}
        used = sorted(set(uses(objects)), key=lambda use: (use.where, use.field, use.purpose))
    except (FileNotFoundError, KeyError, ValueError) as error:
        yield f"the objects cannot be read: {error!r}"
        return
    for use in used:
        definition = known[use.view].get(use.field)
        why = obstacle(definition, use.purpose) if definition else f"is not in {indices[use.view]}'s mapping"
        if why:
            yield f"{use.where}: {use.field} is to be {use.purpose}, but {why}"


def _title(one: Json) -> str:
    return f"{one['type']} “{one['attributes'].get('name') or one['attributes']['title']}”"
