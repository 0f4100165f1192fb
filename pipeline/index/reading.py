"""Documents by id, as they are at this moment: a realtime GET does not wait for a refresh."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.elastic import cause, not_set_up
from pipeline.index.patience import patiently
from pipeline.settings import Settings


def read(
    client: Elasticsearch, settings: Settings, index: str, ids: Collection[str], fields: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The named fields of those documents of `index` (an alias) that exist, by id. Raises `Unreachable`."""
    if not ids:
        return {}
    answer = patiently(settings, lambda: client.mget(index=index, ids=sorted(set(ids)), source_includes=list(fields)))
    for document in answer["docs"]:
        if "error" in document:
            raise not_set_up(settings, cause(document["error"]))
    return {document["_id"]: document["_source"] for document in answer["docs"] if document["found"]}
