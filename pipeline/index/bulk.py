"""Bulk requests until each operation has its answer; what failed in passing is sent again, what succeeded never is."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from elastic_transport import SerializationError, TransportError
from elasticsearch import ApiError, Elasticsearch, helpers

from pipeline.elastic import PASSING, answering, cause, not_set_up, unreachable
from pipeline.errors import ConfigurationError
from pipeline.index.patience import pauses
from pipeline.settings import Settings

CHUNK_BYTES = 8 << 20
"""Bytes of one request, unless one document is larger; Elasticsearch takes 100 MB, and works best far below."""
CHUNK_OPERATIONS = 1000
CONFLICT = 409
BLOCKED = 403
WRITE_BLOCK = "FORBIDDEN/8/"
"""How Elasticsearch says that an index takes no writes for now, as while a rebuild moves its alias."""
TOO_LARGE = 413

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Elasticsearch says of one operation."""

    status: int
    error: str = ""
    """Its reason, when it refused."""

    @property
    def ok(self) -> bool:
        """Done, or done before: a newer version stands (409), or what was to be deleted is not there (404)."""
        return self.status < 300 or self.status in {404, CONFLICT}


def send(client: Elasticsearch, settings: Settings, operations: Sequence[dict[str, Any]]) -> list[Answer]:
    """One answer for each operation (as `elasticsearch.helpers` takes them), in their order.

    429, 502, 503, 504, a write block, lost connections and timeouts are tried again, up to `settings.retries` times in
    a row without progress, then raised as `Unreachable`. Raises `ConfigurationError` when an index is missing or may
    not be written.
    """
    delivery = _Delivery(client.options(max_retries=0), settings, operations)  # one place that tries again is enough
    waits = pauses(settings.retries)
    waiting = delivery.waiting()
    while waiting:
        shrunk = delivery.attempt(waiting)
        left = delivery.waiting()
        if len(left) < len(waiting):
            waits = pauses(settings.retries)
        waiting = left
        if shrunk or not waiting:
            continue
        pause = next(waits, None)
        if pause is None:
            why = f"{len(waiting)} documents not written after {settings.retries} retries ({delivery.trouble})"
            if WRITE_BLOCK in delivery.trouble:
                why += ". A rebuild that was killed leaves such a block; `whosaid index rebuild --afresh` lifts it"
            raise unreachable(settings, why)
        log.warning("%d documents not written yet (%s); trying again in %.1f s", len(waiting), delivery.trouble, pause)
        time.sleep(pause)
    return [delivery.answers[at] for at in range(len(operations))]


@dataclass(slots=True)
class _Delivery:
    """Operations, and the final answers so far by their position."""

    client: Elasticsearch
    settings: Settings
    operations: Sequence[dict[str, Any]]
    answers: dict[int, Answer] = field(default_factory=dict)
    share: int = 1
    """Into how many parts the usual size of a request is cut."""
    trouble: str = ""
    """Why the others wait."""

    def waiting(self) -> list[int]:
        return [at for at in range(len(self.operations)) if at not in self.answers]

    def attempt(self, waiting: Sequence[int]) -> bool:
        """Send those that wait; returns whether requests were too large and are to be smaller from now on."""
        chunk = max(1, CHUNK_OPERATIONS // self.share)
        answered = helpers.streaming_bulk(
            self.client,
            (self.operations[at] for at in waiting),
            chunk_size=chunk,
            max_chunk_bytes=CHUNK_BYTES // self.share,
            raise_on_error=False,
            raise_on_exception=False,
            require_alias=True,
        )
        too_large = False
        try:
            for at, (_, item) in zip(waiting, answered, strict=True):
                answer = _read(next(iter(item.values())), self.settings)
                if answer.status in PASSING or answer.status == BLOCKED:
                    self.trouble = f"{answer.status} {answer.error}"
                elif answer.status == TOO_LARGE and chunk > 1:
                    too_large = True
                else:
                    self.answers[at] = answer
        except SerializationError:
            raise
        except TransportError as error:
            self.trouble = error.message
        if too_large:  # a proxy's limit: half as much a request, until each operation stands alone
            self.share *= 2
        return too_large


def _read(item: dict[str, Any], settings: Settings) -> Answer:
    status, error = item["status"], item.get("error", "")
    refused = item.get("exception")
    if isinstance(refused, ApiError) and status in {401, 403}:
        with answering(settings):
            raise refused
    said = cause(error) if isinstance(error, dict) else str(error)
    if status == BLOCKED and WRITE_BLOCK not in said:
        raise ConfigurationError(f"{item['_index']} may not be written: {said}. Lift the block, or use another API key")
    if status == 404 and error:
        raise not_set_up(settings, said)
    return Answer(status, said)
