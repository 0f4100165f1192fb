"""Passing failures, waited out: exponential back-off with full jitter.

Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015; full jitter does the least work.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from pipeline.elastic import answering
from pipeline.errors import PassingFailure
from pipeline.settings import Settings

T = TypeVar("T")

FIRST = 0.5
LONGEST = 60.0
log = logging.getLogger(__name__)


def pauses(retries: int) -> Iterator[float]:
    """The seconds to wait before each of `retries` further attempts: anything up to ½, 1, 2, 4 … 60 seconds."""
    for attempt in range(retries):
        yield random.uniform(FIRST / 4, min(LONGEST, FIRST * 2**attempt))  # noqa: S311  (spread, not a secret)


def patiently(settings: Settings, call: Callable[[], T]) -> T:
    """The call's result; tried again `settings.retries` times while out of reach, then `Unreachable`."""
    for pause in pauses(settings.retries):
        try:
            with answering(settings):
                return call()
        except PassingFailure as failure:
            log.warning("%s; trying again in %.1f s", failure, pause)
            time.sleep(pause)
    with answering(settings):
        return call()
