"""Fields of stored documents changed: each document is read and written again whole, under the version it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from elasticsearch import Elasticsearch, helpers

from pipeline.elastic import alias, answering, unreachable
from pipeline.index.bulk import send
from pipeline.index.patience import patiently
from pipeline.index.reading import answered
from pipeline.settings import Settings

PAGE = 200
"""Documents in memory at once; an article may have a megabyte."""

T = TypeVar("T")
Hit = dict[str, Any]
Changes = Mapping[str, Any]
"""Fields with their new values; None takes one away."""


def scan(
    client: Elasticsearch, settings: Settings, index: str, query: Mapping[str, Any], fields: Iterable[str]
) -> Iterator[Hit]:
    """All hits of the query in an index (by the end of its alias), with these fields. Raises `Unreachable`."""
    body = {"query": query, "_source": list(fields) or False}
    try:
        with answering(settings):
            yield from helpers.scan(client, index=alias(settings, index), query=body, size=5 * PAGE)
    except helpers.ScanError as error:  # a shard that is away; hits without its own would look like all
        raise unreachable(settings, str(error)) from error


def change(client: Elasticsearch, settings: Settings, index: str, changes: Iterable[tuple[Hit, Changes]]) -> int:
    """Change the documents of these hits; returns how many.

    What has been deleted, or written anew by a later revision, before we read it or since, stands. What a correction
    writes between our reading and our writing does not, as it has the revision that was there: `corrections.stories`
    puts it in again. Raises `Unreachable`.
    """
    full, done = alias(settings, index), 0
    for page in pages(changes):
        wanted = [{"_id": hit["_id"]} | ({"routing": hit["_routing"]} if "_routing" in hit else {}) for hit, _ in page]
        stored = patiently(settings, partial(_get, client, settings, full, wanted))
        operations = [
            _operation(full, document, new)
            for document, (_, new) in zip(stored, page, strict=True)
            if document["found"]
        ]
        send(client, settings, operations)
        done += len(operations)
    return done


def pages(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of at most `PAGE`."""
    waiting = iter(items)
    while page := list(islice(waiting, PAGE)):
        yield page


def _get(client: Elasticsearch, settings: Settings, index: str, wanted: Sequence[Hit]) -> list[Hit]:
    return answered(settings, client.mget(index=index, docs=wanted)["docs"])


def _operation(index: str, document: Hit, changes: Changes) -> dict[str, Any]:
    source = document["_source"] | changes
    operation = {
        "_op_type": "index",
        "_index": index,
        "_id": document["_id"],
        "_version": document["_version"],
        "_version_type": "external_gte",
        "_source": {name: value for name, value in source.items() if value is not None},
    }
    return operation | ({"_routing": document["_routing"]} if "_routing" in document else {})
