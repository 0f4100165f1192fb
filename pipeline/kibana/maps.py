"""A map with a circle where documents are, the larger the more of them."""

from __future__ import annotations

from pipeline.kibana.objects import Json, SavedObject, kql, text
from pipeline.kibana.views import View

SOURCE = "layer_1_source_index_pattern"
GROUND: Json = {
    "alpha": 1,
    "id": "ground",
    "includeInFitToBounds": True,
    "label": None,
    "maxZoom": 24,
    "minZoom": 0,
    "sourceDescriptor": {"isAutoSelect": True, "lightModeDefault": "road_map_desaturated", "type": "EMS_TMS"},
    "style": {"color": "", "type": "EMS_VECTOR_TILE"},
    "type": "EMS_VECTOR_TILE",
    "visible": True,
}
"""Land and sea, from Elastic's map service over the internet; without it the circles are there all the same."""
BY_COUNT: Json = {
    "field": {"name": "doc_count", "origin": "source"},
    "fieldMetaOptions": {"isEnabled": True, "sigma": 3},
}


def counts_map(id_: str, title: str, view: View, *, point: str, label: str, span: str, query: str = "") -> SavedObject:
    """How many documents there are around each `point` (a `geo_point` field), within the time since `span`."""
    circles = {
        "alpha": 0.75,
        "id": "circles",
        "includeInFitToBounds": True,
        "joins": [],
        "label": label,
        "maxZoom": 24,
        "minZoom": 0,
        "query": kql(query),
        "sourceDescriptor": {
            "applyForceRefresh": True,
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "geoField": point,
            "id": "circles",
            "indexPatternRefName": SOURCE,
            "metrics": [{"label": label, "type": "count"}],
            "requestType": "point",
            "resolution": "MOST_FINE",
            "type": "ES_GEO_GRID",
        },
        "style": {
            "isTimeAware": True,
            "properties": {
                "fillColor": {"options": {"color": "#16798c"}, "type": "STATIC"},
                "iconSize": {"options": BY_COUNT | {"maxSize": 40, "minSize": 8}, "type": "DYNAMIC"},
                "labelText": {"options": BY_COUNT, "type": "DYNAMIC"},
                "lineColor": {"options": {"color": "#ffffff"}, "type": "STATIC"},
                "lineWidth": {"options": {"size": 1}, "type": "STATIC"},
                "symbolizeAs": {"options": {"value": "circle"}},
            },
            "type": "VECTOR",
        },
        "type": "GEOJSON_VECTOR",
        "visible": True,
    }
    state = {
        "adHocDataViews": [],
        "center": {"lat": 30, "lon": 15},
        "filters": [],
        "query": kql(""),
        "refreshConfig": {"interval": 60000, "isPaused": True},
        "settings": {"autoFitToDataBounds": False},
        "timeFilters": {"from": span, "to": "now"},
        "zoom": 1.4,
    }
    attributes = {
        "description": "",
        "layerListJSON": text([GROUND, circles]),
        "mapStateJSON": text(state),
        "title": title,
        "uiStateJSON": text({"isLayerTOCOpen": False, "openTOCDetails": []}),
    }
    return SavedObject("map", id_, attributes, (view.reference(SOURCE),))
