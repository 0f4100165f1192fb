"""What the mappings say of each field, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from pipeline.kibana.objects import Json
from pipeline.kibana.uses import Purpose

NUMBERS = {"byte", "short", "integer", "long", "float", "half_float", "double", "scaled_float", "unsigned_long"}
GROUPABLE = {"keyword", "boolean", "date", "ip", *NUMBERS}
CAN: dict[Purpose, set[str]] = {
    Purpose.SHOWN: {"text", "geo_point", *GROUPABLE},
    Purpose.SEARCHED: {"text", *GROUPABLE},
    Purpose.SORTED: GROUPABLE,
    Purpose.GROUPED: GROUPABLE,
    Purpose.SUMMED: NUMBERS,
    Purpose.RANGED: {"date", *NUMBERS},
    Purpose.DATED: {"date"},
    Purpose.LOCATED: {"geo_point"},
}
"""Types of field that do for each purpose."""
NEEDS_INDEX = {Purpose.SEARCHED}
NEEDS_VALUES = set(CAN) - {Purpose.SHOWN, Purpose.SEARCHED}


def fields(index: str, mappings: Traversable | None = None) -> dict[str, Json]:
    """The fields of an index by dotted path, as `mappings/` (another folder of that form) defines them.

    Raises `FileNotFoundError` for an index that is not there.
    """
    folder = mappings or files("mappings")
    template = json.loads((folder / "indices" / f"{index}.json").read_text())
    components = (json.loads((folder / "components" / f"{name}.json").read_text()) for name in template["composed_of"])
    found: dict[str, Json] = {}
    for part in (*components, template):
        found |= _flat(part["template"].get("mappings", {}).get("properties", {}), "", nested=False)
    return found


def _flat(properties: Json, path: str, *, nested: bool) -> dict[str, Json]:
    return dict(_walk(properties, path, nested=nested))


def _walk(properties: Json, path: str, *, nested: bool) -> Iterator[tuple[str, Json]]:
    for name, definition in properties.items():
        full = f"{path}{name}"
        inside = nested or definition.get("type") == "nested"
        yield full, {"type": "object"} | definition | {"nested": inside}
        yield from _walk(definition.get("properties", {}), f"{full}.", nested=inside)
        yield from _walk(definition.get("fields", {}), f"{full}.", nested=inside)


def obstacle(definition: Json, purpose: Purpose) -> str | None:
    """Why a field that is defined so does not do for a purpose; nothing where it does."""
    if definition["nested"]:
        return "is nested, which Kibana cannot reach"
    if definition["type"] not in CAN[purpose]:
        return f"is of the type {definition['type']}"
    if purpose in NEEDS_INDEX and definition.get("index") is False:
        return "is not indexed"
    if purpose in NEEDS_VALUES and definition.get("doc_values") is False:
        return "has no doc values"
    return None
