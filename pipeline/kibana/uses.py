"""What saved objects ask of which field, read from the objects themselves, as they are committed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.kibana.columns import RECORDS
from pipeline.kibana.objects import Json

NAMED_IN_KQL = re.compile(r"([A-Za-z_][\w.]*)\s*(?::|[<>]=?)")
"""A field of a query such as `not speaker : unknown`."""


class Purpose(StrEnum):
    """What is done with a field."""

    SHOWN = "shown"
    SEARCHED = "searched"
    SORTED = "sorted by"
    GROUPED = "grouped by or counted"
    SUMMED = "added up"
    RANGED = "searched for its first or last value"
    DATED = "used as a time"
    LOCATED = "put on a map"


OPERATIONS = {
    "terms": Purpose.GROUPED,
    "unique_count": Purpose.GROUPED,
    "date_histogram": Purpose.DATED,
    "sum": Purpose.SUMMED,
    "average": Purpose.SUMMED,
    "median": Purpose.SUMMED,
    "min": Purpose.RANGED,
    "max": Purpose.RANGED,
    "last_value": Purpose.GROUPED,
    "count": Purpose.SHOWN,
}
"""Lens's operations on a field; those on none are `filters`, `formula` and `math`."""
WITHOUT_FIELD = {"filters", "formula", "math"}


@dataclass(frozen=True, slots=True)
class Use:
    """One field of one index, and what an object does with it."""

    where: str
    """The object, to be read by people."""
    view: str
    """Id of the data view."""
    field: str
    purpose: Purpose


def uses(objects: Iterable[Json]) -> Iterator[Use]:
    """Every use of a field in these objects, as Kibana exports them. Raises `ValueError` for what it cannot read."""
    for one in objects:
        where = f"{one['type']} “{one['attributes'].get('name') or one['attributes']['title']}”"
        yield from READERS[one["type"]](where, one)


def _of_view(where: str, one: Json) -> Iterator[Use]:
    attributes = one["attributes"]
    if json.loads(attributes.get("runtimeFieldMap", "{}")):
        raise ValueError(f"{where} has runtime fields, which need scripts that a local node has not")
    yield Use(where, one["id"], attributes["timeFieldName"], Purpose.DATED)
    for name in (*json.loads(attributes["fieldAttrs"]), *json.loads(attributes["fieldFormatMap"])):
        yield Use(where, one["id"], name, Purpose.SHOWN)


def _of_search(where: str, one: Json) -> Iterator[Use]:
    attributes = one["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    view = references(one)[source["indexRefName"]]
    for name in attributes["columns"]:
        yield Use(where, view, name, Purpose.SHOWN)
    for name, _ in attributes["sort"]:
        yield Use(where, view, name, Purpose.SORTED)
    yield from _of_kql(where, view, source["query"])


def _of_lens(where: str, one: Json) -> Iterator[Use]:
    state = one["attributes"]["state"]
    for layer_id, layer in state["datasourceStates"]["formBased"]["layers"].items():
        view = references(one)[f"indexpattern-datasource-layer-{layer_id}"]
        yield from _of_kql(where, view, state["query"])
        for column in layer["columns"].values():
            yield from _of_column(where, view, column)


def _of_column(where: str, view: str, column: Json) -> Iterator[Use]:
    operation = column["operationType"]
    if operation in OPERATIONS and column["sourceField"] != RECORDS:
        yield Use(where, view, column["sourceField"], OPERATIONS[operation])
    elif operation not in OPERATIONS and operation not in WITHOUT_FIELD:
        raise ValueError(f"{where} has an operation that nobody has looked at: {operation}")
    parameters = column.get("params", {})
    if "sortField" in parameters:
        yield Use(where, view, parameters["sortField"], Purpose.DATED)
    for query in (column.get("filter"), *(one["input"] for one in parameters.get("filters", ()))):
        yield from _of_kql(where, view, query)


def _of_map(where: str, one: Json) -> Iterator[Use]:
    for layer in json.loads(one["attributes"]["layerListJSON"]):
        source = layer["sourceDescriptor"]
        if "indexPatternRefName" in source:
            view = references(one)[source["indexPatternRefName"]]
            yield Use(where, view, source["geoField"], Purpose.LOCATED)
            yield from (Use(where, view, one["field"], Purpose.SUMMED) for one in source["metrics"] if "field" in one)
            yield from _of_kql(where, view, layer.get("query"))


def _of_dashboard(where: str, one: Json) -> Iterator[Use]:
    group = one["attributes"].get("controlGroupInput", {})
    for id_, control in json.loads(group.get("panelsJSON", "{}")).items():
        view = references(one)[f"controlGroup_{id_}:optionsListDataView"]
        asked = control["explicitInput"]
        yield Use(f"control “{asked['title']}” of {where}", view, asked["fieldName"], Purpose.GROUPED)


READERS = {
    "index-pattern": _of_view,
    "search": _of_search,
    "lens": _of_lens,
    "map": _of_map,
    "dashboard": _of_dashboard,
}


def references(one: Json) -> Mapping[str, str]:
    """Ids of what an object needs, by the names under which it needs them."""
    return {reference["name"]: reference["id"] for reference in one["references"]}


def _of_kql(where: str, view: str, query: Json | None) -> Iterator[Use]:
    for name in NAMED_IN_KQL.findall(query["query"]) if query else ():
        yield Use(where, view, name, Purpose.SEARCHED)
