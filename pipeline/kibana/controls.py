"""Controls: the choices above a dashboard that narrow down all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.kibana.objects import Json, Reference, text
from pipeline.kibana.views import View

HEEDS_ALL = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}


@dataclass(frozen=True, slots=True)
class Control:
    """A list of a field's values to choose from, most frequent first, searched by any part of a value."""

    view: View
    field: str
    title: str
    single: bool = False
    """Whether only one value can be chosen."""


def control_group(controls: Sequence[Control]) -> tuple[Json, list[Reference]]:
    """A dashboard's controls from left to right, each choice narrowing the next; and the data views they need."""
    panels = {_id(one): _panel(one, order) for order, one in enumerate(controls)}
    group = {
        "chainingSystem": "HIERARCHICAL",
        "controlStyle": "oneLine",
        "ignoreParentSettingsJSON": text(HEEDS_ALL),
        "panelsJSON": text(panels),
        "showApplySelections": False,
    }
    return group, [one.view.reference(f"controlGroup_{_id(one)}:optionsListDataView") for one in controls]


def _id(control: Control) -> str:
    return f"{control.view.index}-{control.field}"


def _panel(control: Control, order: int) -> Json:
    return {
        "explicitInput": {
            "enhancements": {},
            "fieldName": control.field,
            "id": _id(control),
            "searchTechnique": "wildcard",
            "selectedOptions": [],
            "singleSelect": control.single,
            "sort": {"by": "_count", "direction": "desc"},
            "title": control.title,
        },
        "grow": True,
        "order": order,
        "type": "optionsListControl",
        "width": "medium",
    }
