"""Documents by id, as they are at this moment: a realtime GET does not wait for a refresh."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.elastic import cause, not_set_up, unreachable
from pipeline.index.patience import patiently
from pipeline.settings import Settings


def read(
    client: Elasticsearch, settings: Settings, index: str, ids: Collection[str], fields: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The named fields, else all, of those documents of `index` (an alias) that exist, by id. Raises `Unreachable`."""
    if not ids:
        return {}

    def found() -> list[dict[str, Any]]:
        answer = client.mget(index=index, ids=sorted(set(ids)), source_includes=list(fields) or None)
        return [document for document in answered(settings, answer["docs"]) if document["found"]]

    return {document["_id"]: document["_source"] for document in patiently(settings, found)}


def answered(settings: Settings, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items of an `mget` or `msearch`, once each has its answer: a shard that is away fails its items alone.

    Raises `Unreachable`, `ConfigurationError`.
    """
    for answer in answers:
        if "error" in answer:
            raise _refusal(settings, answer["error"])
    return answers


def _refusal(settings: Settings, error: dict[str, Any]) -> Exception:
    """Only a missing index lasts; the shard of a node that has just been started again is not there yet."""
    missing = error.get("type") == "index_not_found_exception"
    return not_set_up(settings, cause(error)) if missing else unreachable(settings, cause(error))
