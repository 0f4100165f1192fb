"""A saved object → the one search that asks Elasticsearch what Kibana would ask for it.

Kibana puts the same aggregations together in the browser. Two are others here, because the local node lacks them: a
month in the place of an interval that fits the screen, and the newest document in the place of `top_metrics`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.kibana.columns import RECORDS
from pipeline.kibana.objects import Json
from pipeline.kibana.uses import references

INTERVALS = {"auto": {"calendar_interval": "month"}, "d": {"calendar_interval": "day"}}


def search_of(one: Json, views: dict[str, Json], span: str) -> tuple[str, Json]:
    """The data view's id and the body, over the time since `span`. `views` are the data views by id."""
    view, queries, rest = {"lens": _lens, "search": _search, "map": _map}[one["type"]](one)
    since = {"range": {views[view]["attributes"]["timeFieldName"]: {"gte": span}}}
    filters = [since, *(lucene(query) for query in queries if query["query"])]
    return view, {"query": {"bool": {"filter": filters}}, "track_total_hits": True, **rest}


def control_searches(dashboard: Json) -> Iterator[tuple[str, str, Json]]:
    """Title, data view and body for each control of a dashboard: the values that it offers."""
    group = dashboard["attributes"].get("controlGroupInput", {})
    for id_, control in json.loads(group.get("panelsJSON", "{}")).items():
        asked = control["explicitInput"]
        view = references(dashboard)[f"controlGroup_{id_}:optionsListDataView"]
        yield asked["title"], view, {"size": 0, "aggs": {"x": {"terms": {"field": asked["fieldName"], "size": 10}}}}


def rows(one: Json, answer: Json) -> list[Json]:
    """What the object shows: documents, or the innermost buckets with their figures."""
    if one["type"] == "search":
        return [hit["fields"] for hit in answer["hits"]["hits"]]
    return list(_innermost(answer.get("aggregations", {}), answer["hits"]["total"]["value"]))


def lucene(query: Json) -> Json:
    """KQL of the few forms that are in use, such as `not speaker : unknown`."""
    return {"query_string": {"query": query["query"].replace(" : ", ":").replace("not ", "NOT ")}}


def _search(one: Json) -> tuple[str, list[Json], Json]:
    attributes = one["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    shown = {"fields": attributes["columns"], "_source": False, "size": 1000}
    order = [{name: direction} for name, direction in attributes["sort"]]
    return references(one)[source["indexRefName"]], [source["query"]], shown | {"sort": order}


def _map(one: Json) -> tuple[str, list[Json], Json]:
    layer = next(one for one in json.loads(one["attributes"]["layerListJSON"]) if "query" in one)
    source = layer["sourceDescriptor"]
    middle = {"middle": {"geo_centroid": {"field": source["geoField"]}}}
    grid = {"row": {"geotile_grid": {"field": source["geoField"], "precision": 8}, "aggs": middle}}
    return references(one)[source["indexPatternRefName"]], [layer["query"]], {"size": 0, "aggs": grid}


def _lens(one: Json) -> tuple[str, list[Json], Json]:
    state = one["attributes"]["state"]
    ((layer_id, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
    columns = [(name, layer["columns"][name]) for name in layer["columnOrder"]]
    figures = {name: agg for name, column in columns if (agg := _figure(column))}
    aggregations = figures
    for _, column in reversed([one for one in columns if one[1]["isBucketed"]]):
        aggregations = {"row": _division(column, layer["columns"]) | ({"aggs": aggregations} if aggregations else {})}
        if column["operationType"] == "terms" and aggregations["row"]["terms"]["order"].keys() != {"_count"}:
            aggregations["row"]["aggs"] |= figures
    view = references(one)[f"indexpattern-datasource-layer-{layer_id}"]
    return view, [state["query"]], {"size": 0, "aggs": aggregations}


def _figure(column: Json) -> Json | None:
    """Nothing for what is no figure, or is counted with every bucket, or computed from others."""
    operation, field = column["operationType"], column.get("sourceField")
    if column.get("filter"):
        return {"filter": lucene(column["filter"])}
    if column["isBucketed"] or field in {None, RECORDS}:
        return None
    if operation == "last_value":
        order = [{column["params"]["sortField"]: "desc"}]
        return {"top_hits": {"size": 1, "sort": order, "_source": False, "docvalue_fields": [field]}}
    return {{"unique_count": "cardinality"}.get(operation, operation): {"field": field}}


def _division(column: Json, columns: Json) -> Json:
    operation, parameters = column["operationType"], column["params"]
    if operation == "filters":
        return {"filters": {"filters": {one["label"]: lucene(one["input"]) for one in parameters["filters"]}}}
    if operation == "date_histogram":
        empty = {"min_doc_count": 0 if parameters["includeEmptyRows"] else 1}
        return {"date_histogram": {"field": column["sourceField"]} | INTERVALS[parameters["interval"]] | empty}
    by = parameters["orderBy"]["columnId"]
    order = "_count" if columns[by]["operationType"] == "count" else by
    values = {"field": column["sourceField"], "size": parameters["size"], "order": {order: "desc"}}
    return {"terms": values}


def _innermost(aggregations: Json, total: int) -> Iterator[Json]:
    found = aggregations.get("row")
    if not found:
        yield {"count": total} | {name: _value(figure) for name, figure in aggregations.items()}
        return
    buckets: Sequence[Any] = found["buckets"]
    named = buckets.items() if isinstance(buckets, dict) else ((bucket["key"], bucket) for bucket in buckets)
    for key, bucket in named:
        for row in _innermost({k: v for k, v in bucket.items() if isinstance(v, dict)}, bucket["doc_count"]):
            if row["count"]:
                yield {"keys": (key, *row.get("keys", ()))} | {name: row[name] for name in row if name != "keys"}


def _value(figure: Json) -> Any:
    if "hits" in figure:
        return next(iter(figure["hits"]["hits"][0]["fields"].values()))[0]
    return figure.get("value", figure.get("doc_count", figure.get("location")))
