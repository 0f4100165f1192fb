"""The wait for a day's files. While it waits it is a coroutine of the triggerer and takes no worker's slot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from airflow.triggers.base import BaseTrigger, TriggerEvent

if TYPE_CHECKING:
    from airflow.sdk import Context

POLL = 10.0
"""Seconds between two looks."""
SETTLED = 60.0
"""Seconds after which a file that has not been changed counts as written to its end."""


def arrived(places: Sequence[str]) -> bool:
    """Whether there are files, and none of them was changed within the last minute."""
    from pipeline.errors import PassingFailure, Unreadable
    from pipeline.sources import find

    now = datetime.now(UTC)
    try:
        ages = [(now - file.modified).total_seconds() for file in find(places)]
    except (Unreadable, PassingFailure, FileNotFoundError):  # nothing there yet, out of reach, or renamed meanwhile
        return False
    return bool(ages) and not any(0 <= age < SETTLED for age in ages)  # a date in the future says nothing


class FilesArrive(BaseTrigger):
    """Fires once the files are there (payload true), or at `until` (seconds since 1970) without them (false)."""

    def __init__(self, places: list[str], until: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.places, self.until = places, until

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How the triggerer makes it again."""
        return f"{__name__}.{type(self).__name__}", {"places": self.places, "until": self.until}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look every ten seconds."""
        while not (there := await asyncio.to_thread(arrived, self.places)) and time.time() < self.until:
            await asyncio.sleep(POLL)
        yield TriggerEvent(there)  # type: ignore[no-untyped-call]


class WaitForFiles(BaseOperator):
    """Waits until the files of the run's day lie in the inbox, at most `wait_hours` after the day's end.

    Skipped by runs that name their paths: whoever names them knows that they are there.
    """

    def execute(self, context: Context) -> None:
        """Go on at once when the files are there, else wait in the triggerer."""
        from pipeline.orchestration.connection import settings
        from pipeline.orchestration.days import day_of, places

        if context["params"]["paths"]:
            raise AirflowSkipException("This run names its paths.")
        knobs = settings()
        day = day_of(context["dag_run"])
        inbox = places(knobs, day)
        if arrived(inbox):
            return
        midnight = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
        until = (midnight + timedelta(hours=knobs.wait_hours)).timestamp()
        self.defer(trigger=FilesArrive(inbox, until), method_name="end_waiting", kwargs={"inbox": inbox})

    def end_waiting(self, context: Context, event: bool, inbox: list[str]) -> None:
        """Fail the run when they did not come: a day that is missing is to be seen."""
        if not event:
            raise AirflowFailException(
                f"No files came to {', '.join(inbox)} in time. Look why, then clear this task; "
                "WHOSAID_WAIT_HOURS sets how long is waited after the day's end"
            )
