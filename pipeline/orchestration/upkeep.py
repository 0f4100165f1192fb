"""Upkeep, as Airflow calls it: dead letters tried again, indices rebuilt, copies found, actors gathered."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from pipeline import index, whoswho
from pipeline import retry as dead_letters
from pipeline.actors.register import of_settings
from pipeline.corrections import stories
from pipeline.elastic import connect
from pipeline.index.actors import ActorIndex
from pipeline.orchestration.connection import settings
from pipeline.orchestration.summary import summarize

log = logging.getLogger(__name__)


def retry(
    *, reasons: Sequence[str], stages: Sequence[str], since: str | None, max_failed_share: float
) -> dict[str, int]:
    """Try again what failed for these reasons, in these stages, since that time (ISO 8601, else UTC is meant).

    Returns the account; fails the run when more than `max_failed_share` (0–1) failed again.
    """
    moment = datetime.fromisoformat(since) if since else None
    if moment and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    account = dead_letters.retry(settings(), reasons=reasons, stages=stages, since=moment).as_dict()
    return summarize([account], [reasons], max_failed_share=max_failed_share)


def rebuild(names: Sequence[str], *, afresh: bool) -> dict[str, int]:
    """Rebuild these indices; returns how many documents each new version holds, by its name."""
    knobs = settings()
    rebuilt = index.rebuild(connect(knobs), knobs, names=names, afresh=afresh, progress=log.info)
    return {one.new: one.documents for one in rebuilt}


def find_copies() -> dict[str, int]:
    """Find the copies among new articles; returns how many they are, and how many quotes of theirs are copies."""
    knobs = settings()
    client = connect(knobs)
    index.create(client, knobs)
    return asdict(stories.update(client, knobs, log.info))


def gather_actors() -> int:
    """Gather all actors anew; returns how many."""
    knobs = settings()
    return whoswho.update(ActorIndex(connect(knobs), knobs), of_settings(knobs))
