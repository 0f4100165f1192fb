"""The end of a run: its chunks' accounts added up, how far an archive is, and whether the run failed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pipeline.account import Account

log = logging.getLogger(__name__)


def summarize(
    accounts: Sequence[dict[str, int]], planned: Sequence[Any] | None, *, max_failed_share: float
) -> dict[str, int]:
    """The sum of the chunks' accounts.

    Fails the run when a chunk ended badly, or when more than `max_failed_share` (0–1) of the articles failed.
    """
    from airflow.sdk.exceptions import AirflowFailException

    if planned is None:
        raise AirflowFailException("The plan failed: see its log.")
    account = sum((_account(one) for one in accounts), Account())
    log.info("%s", account)
    if len(accounts) < len(planned):
        missing = f"{len(planned) - len(accounts)} of {len(planned)} chunks"
        raise AirflowFailException(f"{missing} did not end well; clear them to run them again. So far: {account}")
    if account.failed > max_failed_share * account.read:
        raise AirflowFailException(f"{account.failed} articles failed: see the dead letters. {account}")
    if account.failed:
        log.warning("%d articles failed, no more than the run may: see the dead letters", account.failed)
    return account.as_dict()


def progress(plan: dict[str, int] | None, accounts: Sequence[dict[str, int]], elapsed: timedelta) -> dict[str, Any]:
    """How far the archive is after this run, and how long the rest takes at its pace; also written to the log."""
    counts = plan or {"shards": 0, "done": 0, "later": 0}
    done_now = sum(one["shards"] for one in accounts)
    done, left = counts["done"] + done_now, counts["shards"] - counts["done"] - done_now
    rest = elapsed / done_now * left if done_now else None
    percent = 100 * done // counts["shards"] if counts["shards"] else 100
    log.info(
        "%d of %d shards done (%d %%), %d in this run in %s; %s",
        done, counts["shards"], percent, done_now, _short(elapsed),
        f"{left} left, about {_short(rest)} at this pace" if rest else f"{left} left",
    )  # fmt: skip
    return {
        "shards": counts["shards"], "done": done, "done_in_this_run": done_now, "left": left, "later": counts["later"],
        "seconds": round(elapsed.total_seconds()), "seconds_left": round(rest.total_seconds()) if rest else None,
    }  # fmt: skip


def _account(counts: dict[str, int]) -> Account:
    return Account(**{name: count for name, count in counts.items() if name != "shards"})


def _short(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min" if minutes else "a minute"
