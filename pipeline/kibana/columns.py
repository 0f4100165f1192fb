"""Columns of a Lens chart: what is counted, and by what it is divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.kibana.objects import Json, kql

RECORDS = "___records___"
"""What Lens calls the documents themselves."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as Lens keeps it; a formula also has the columns that it is computed from."""

    state: Json
    parts: tuple[Json, ...] = ()

    @property
    def divides(self) -> bool:
        """Whether it makes rows, rather than being a figure in each."""
        return bool(self.state["isBucketed"])


def count(label: str, query: str | None = None) -> Column:
    """How many documents; only those that match `query` (KQL) where there is one."""
    state = _figure("count", label, RECORDS, "number", emptyAsNull=False)
    return Column(state | ({"filter": kql(query)} if query else {}))


def distinct(field: str, label: str) -> Column:
    """How many different values."""
    return Column(_figure("unique_count", label, field, "number", emptyAsNull=False))


def total(field: str, label: str) -> Column:
    """The sum of a number."""
    return Column(_figure("sum", label, field, "number", emptyAsNull=False))


def first(field: str, label: str) -> Column:
    """The earliest date."""
    return Column(_figure("min", label, field, "date"))


def last(field: str, label: str) -> Column:
    """The latest date."""
    return Column(_figure("max", label, field, "date"))


def of_newest(field: str, label: str, *, by: str) -> Column:
    """The date that stands in the document which is the newest by `by`."""
    return Column(_figure("last_value", label, field, "date", showArrayValues=False, sortField=by))


def share(label: str, query: str) -> Column:
    """Which part of the documents matches `query` (KQL)."""
    formula = f"count(kql='{query}') / count()"
    part = {
        "customLabel": True,
        "dataType": "number",
        "isBucketed": False,
        "label": f"Part of {label}",
        "scale": "ratio",
    }
    counted = part | {"operationType": "count", "sourceField": RECORDS}
    tree = {
        "args": ["X0", "X1"],
        "location": {"max": len(formula), "min": 0},
        "name": "divide",
        "text": formula,
        "type": "function",
    }
    divided = part | {"operationType": "math", "params": {"tinymathAst": tree}, "references": ["X0", "X1"]}
    shown = {"format": {"id": "percent", "params": {"decimals": 1}}, "formula": formula, "isFormulaBroken": False}
    whole = part | {"label": label, "operationType": "formula", "params": shown, "references": ["X2"]}
    return Column(whole, (counted | {"filter": kql(query)}, counted, divided))


def top(field: str, label: str, size: int = 10, *, others: bool = False, missing: bool = False) -> Column:
    """A row for each of the most frequent values, by the chart's first figure."""
    parameters = {
        "exclude": [],
        "excludeIsRegex": False,
        "include": [],
        "includeIsRegex": False,
        "missingBucket": missing,
        "orderDirection": "desc",
        "otherBucket": others or missing,  # Lens shows documents without a value only beside the others
        "parentFormat": {"id": "terms"},
        "size": size,
    }
    return Column(_division("terms", label, "string", "ordinal", parameters) | {"sourceField": field})


def over_time(field: str, label: str, interval: str = "auto") -> Column:
    """A row for each stretch of time (`d`, `w`, …), also where nothing happened."""
    parameters = {"dropPartials": False, "includeEmptyRows": True, "interval": interval}
    return Column(_division("date_histogram", label, "date", "interval", parameters) | {"sourceField": field})


def groups(label: str, queries: Mapping[str, str]) -> Column:
    """A row for each query (KQL), under its name."""
    filters = [{"input": kql(query), "label": name} for name, query in queries.items()]
    return Column(_division("filters", label, "string", "ordinal", {"filters": filters}))


def _figure(operation: str, label: str, field: str, type_: str, **parameters: object) -> Json:
    return {
        "customLabel": True,
        "dataType": type_,
        "isBucketed": False,
        "label": label,
        "operationType": operation,
        "params": parameters,
        "scale": "ratio",
        "sourceField": field,
    }


def _division(operation: str, label: str, type_: str, scale: str, parameters: Json) -> Json:
    return {
        "customLabel": True,
        "dataType": type_,
        "isBucketed": True,
        "label": label,
        "operationType": operation,
        "params": parameters,
        "scale": scale,
    }
