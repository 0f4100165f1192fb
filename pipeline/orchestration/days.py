"""A day's files: which day a run is about, where its files lie, and how they are divided among tasks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import sources
from pipeline.orchestration.shared import MAX_TASKS
from pipeline.settings import Settings

if TYPE_CHECKING:
    from airflow.sdk.types import DagRunProtocol

log = logging.getLogger(__name__)


def day_of(run: DagRunProtocol) -> str:
    """The day a run is about, as `YYYY-MM-DD`: its partition key, else its logical date, else yesterday (UTC)."""
    key = getattr(run, "partition_key", None)
    if key:
        return str(key)[:10]
    moment: datetime = run.logical_date or datetime.now(UTC) - timedelta(days=1)
    return moment.date().isoformat()


def places(settings: Settings, day: str, paths: Sequence[str] = ()) -> list[str]:
    """Where the day's files lie: `paths`, else the setting `inbox`, with the date in the place of `{day}`."""
    dated = [path.replace("{day}", day) for path in paths or [settings.inbox]]
    return [path if "://" in path else str(Path(path).expanduser()) for path in dated]


def plan_chunks(settings: Settings, day: str, *, paths: Sequence[str], chunk: int) -> list[list[str]]:
    """The day's files in chunks of `chunk` files each, larger ones where more than 500 chunks would be needed.

    Raises `Unreadable` when a place is missing.
    """
    wanted = places(settings, day, paths)
    files = [file.uri for file in sources.find(wanted)]
    size = max(chunk, -(-len(files) // MAX_TASKS))
    log.info("%s: %d files in %s", day, len(files), ", ".join(wanted))
    return [files[at : at + size] for at in range(0, len(files), size)]
