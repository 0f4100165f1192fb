"""Charts of Lens: bars and lines, tables, rings and single figures, each over one data view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.kibana.columns import Column
from pipeline.kibana.objects import Json, SavedObject, kql
from pipeline.kibana.views import View

LAYER = "layer"


def bars(
    id_: str,
    title: str,
    view: View,
    *,
    x: Column,
    y: Column,
    split: Column | None = None,
    series: str = "bar_stacked",
    query: str = "",
) -> SavedObject:
    """Bars, or what else `series` says (`bar_horizontal_stacked`, `line`), coloured by `split` where there is one."""
    columns = {"split": split, "x": x, "y": y} if split else {"x": x, "y": y}
    layer = {"accessors": ["y"], "layerId": LAYER, "layerType": "data", "seriesType": series, "xAccessor": "x"}
    visualization = {
        "fittingFunction": "None",
        "layers": [layer | ({"splitAccessor": "split"} if split else {})],
        "legend": {"isVisible": split is not None, "position": "right"},
        "preferredSeriesType": series,
        "valueLabels": "hide",
    }
    return _chart(id_, title, view, "lnsXY", visualization, columns, query)


def table(
    id_: str,
    title: str,
    view: View,
    *,
    rows: Sequence[Column],
    figures: Sequence[Column],
    fewest_first: bool = False,
    query: str = "",
) -> SavedObject:
    """A table: `rows` side by side, then the figures of each; sorted by the first figure."""
    columns = {f"row{at}": row for at, row in enumerate(rows)} | {f"y{at}": one for at, one in enumerate(figures)}
    visualization = {
        "columns": [{"columnId": name, "isTransposed": False} for name in columns],
        "layerId": LAYER,
        "layerType": "data",
        "paging": {"enabled": True, "size": 10},
        "sorting": {"columnId": "y0", "direction": "asc" if fewest_first else "desc"},
    }
    return _chart(id_, title, view, "lnsDatatable", visualization, columns, query)


def ring(id_: str, title: str, view: View, *, by: Column, figure: Column, query: str = "") -> SavedObject:
    """Shares of a whole."""
    layer = {
        "categoryDisplay": "default",
        "layerId": LAYER,
        "layerType": "data",
        "legendDisplay": "default",
        "metrics": ["y"],
        "nestedLegend": False,
        "numberDisplay": "percent",
        "primaryGroups": ["x"],
    }
    return _chart(id_, title, view, "lnsPie", {"layers": [layer], "shape": "donut"}, {"x": by, "y": figure}, query)


def figure(id_: str, title: str, view: View, value: Column, *, query: str = "") -> SavedObject:
    """One figure, large."""
    visualization = {"layerId": LAYER, "layerType": "data", "metricAccessor": "y"}
    return _chart(id_, title, view, "lnsMetric", visualization, {"y": value}, query)


def _chart(
    id_: str, title: str, view: View, type_: str, visualization: Json, columns: Mapping[str, Column], query: str
) -> SavedObject:
    stored = _stored(columns)
    layer = {"columnOrder": list(stored), "columns": stored, "incompleteColumns": {}}
    attributes = {
        "description": "",
        "state": {
            "adHocDataViews": {},
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "filters": [],
            "internalReferences": [],
            "query": kql(query),
            "visualization": visualization,
        },
        "title": title,
        "visualizationType": type_,
    }
    return SavedObject("lens", id_, attributes, (view.reference(f"indexpattern-datasource-layer-{LAYER}"),))


def _stored(columns: Mapping[str, Column]) -> dict[str, Json]:
    """Columns by their id, what divides first; the most frequent values are those with the highest first figure."""
    largest = next(name for name, column in columns.items() if not column.divides)
    stored: dict[str, Json] = {}
    for name, column in columns.items():
        state = column.state
        if state["operationType"] == "terms":
            order = {"columnId": largest, "type": "column"}
            state = state | {"params": state["params"] | {"orderBy": order}}
        own = {f"X{at}": f"{name}X{at}" for at in range(len(column.parts))}
        stored[name] = _renamed(state, own)
        for at, part in enumerate(column.parts):
            stored[own[f"X{at}"]] = _renamed(part, own)
    return stored


def _renamed(state: Json, own: Mapping[str, str]) -> Json:
    """A column of a formula with the references to its parts made those of this chart."""
    if "references" not in state:
        return state
    state = state | {"references": [own[name] for name in state["references"]]}
    if state["operationType"] == "math":
        tree = state["params"]["tinymathAst"]
        state["params"] = {"tinymathAst": tree | {"args": [own[name] for name in tree["args"]]}}
    return state
