"""How searches are sent: several at once, on one moment of the index if that is wanted, and refusals put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from textwrap import shorten
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from pipeline.elastic import PASSING, alias, answering, cause, not_set_up, reason, unreachable
from pipeline.errors import BadQuery, WhosaidError
from pipeline.settings import Settings

KEEP = "5m"
"""How long a snapshot lasts after each use."""
LONGEST = 400
"""Characters of Elasticsearch's reasons that are told: they hold what was asked, as often as there are shards."""
TOO_LONG = {"search_timeout_exception", "timeout_exception", "task_cancelled_exception"}
ENDED = {"search_context_missing_exception"}
NO_INDEX = {"index_not_found_exception"}


def ask(
    client: Elasticsearch,
    settings: Settings,
    asked: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    point: str | None = None,
    routing: str | None = None,
) -> list[dict[str, Any]]:
    """The answers to these searches, each of an index (`quotes`) and a body, in their order; all of them or none.

    With a point in time the indices are those of that moment; with a routing (an article's id, without a point in time)
    only its shards are asked. Raises `BadQuery`, `Unreachable`, `ConfigurationError`.
    """
    searches: list[Mapping[str, Any]] = []
    for index, body in asked:
        whole: dict[str, Any] = {"allow_partial_search_results": False}
        if point is None:
            only = {"routing": routing} if routing else {}
            searches += [{"index": alias(settings, index), **whole, **only}, body]
        else:
            searches += [whole, {**body, "pit": {"id": point, "keep_alive": KEEP}}]
    try:
        with answering(settings):
            answers: list[dict[str, Any]] = client.msearch(searches=searches)["responses"]
    except ApiError as error:
        raise _refused(reason(error)) from error
    for answer in answers:
        if "error" in answer:
            raise _failure(settings, answer["status"], answer["error"])
        if answer["timed_out"]:
            raise _too_long()
    return answers


@contextmanager
def snapshot(client: Elasticsearch, settings: Settings) -> Iterator[str]:
    """The id of this moment of the quotes, for `Query.snapshot`: pages that nothing moves. It ends with the block.

    One that is not given back lasts five minutes after its last use. Raises `Unreachable`, `ConfigurationError`.
    """
    with answering(settings):
        point = str(client.open_point_in_time(index=alias(settings, "quotes"), keep_alive=KEEP)["id"])
    try:
        yield point
    finally:
        try:
            with answering(settings):
                client.close_point_in_time(id=point)
        except (NotFoundError, WhosaidError):
            pass  # it has ended, or ends by itself


def _failure(settings: Settings, status: int, error: dict[str, Any]) -> WhosaidError:
    types = set(_types(error))
    if types & NO_INDEX:
        return not_set_up(settings, cause(error))
    if types & ENDED:
        return BadQuery("The snapshot that these pages are of has ended; begin with the first page")
    if types & TOO_LONG:
        return _too_long()
    if status in PASSING:
        return unreachable(settings, f"{status} {cause(error)}")
    return _refused(cause(error))


def _refused(why: str) -> BadQuery:
    return BadQuery(f"Elasticsearch cannot answer this search: {shorten(why, LONGEST, placeholder=' …')}")


def _too_long() -> BadQuery:
    return BadQuery("This search takes too long; ask for fewer words, a speaker, or a shorter time")


def _types(error: Any) -> Iterator[str]:
    """The types of an error and of its causes."""
    if isinstance(error, dict):
        yield str(error.get("type"))
        for nested in (error.get("caused_by"), *(error.get("root_cause") or ())):
            yield from _types(nested)
        for failed in error.get("failed_shards") or ():
            yield from _types(failed.get("reason"))
