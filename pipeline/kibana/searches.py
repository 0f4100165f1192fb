"""Saved searches: documents as a table in Discover and on dashboards."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.kibana.objects import SavedObject, kql, text
from pipeline.kibana.views import View

INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"


def search(
    id_: str, title: str, view: View, columns: Sequence[str], *, newest: str, query: str = "", description: str = ""
) -> SavedObject:
    """Documents that match `query` (KQL), with these fields as columns, the newest by the field `newest` first."""
    source = {"filter": [], "highlightAll": True, "indexRefName": INDEX, "query": kql(query), "version": True}
    attributes = {
        "columns": list(columns),
        "description": description,
        "grid": {},
        "hideChart": True,
        "kibanaSavedObjectMeta": {"searchSourceJSON": text(source)},
        "sort": [[newest, "desc"]],
        "title": title,
    }
    return SavedObject("search", id_, attributes, (view.reference(INDEX),))
