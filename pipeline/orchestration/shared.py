"""What the DAGs have in common: when a task is tried again, and the asset that others schedule on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, Param, RetryAction, RetryRule

from pipeline.settings import Settings

# What passes is tried again; everything else that Whosaid raises would fail again in the same way.
RETRIES = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception="pipeline.errors.PassingFailure", action=RetryAction.RETRY),
        RetryRule(exception="pipeline.errors.WhosaidError", action=RetryAction.FAIL),
    ]
)
# A worker that is killed raises nothing: that too is tried again.
TASKS: dict[str, Any] = {
    "retries": 5,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2,
    "retry_policy": RETRIES,
    "pool": Settings().pool,
}
ARTICLES = Asset("articles")
"""New articles are in the index; the event's extra is the account of the run that brought them."""
MAX_TASKS = 500
"""Mapped tasks of one run: Airflow refuses 1,024, and thousands have frozen schedulers (apache/airflow#29959)."""
MAX_FAILED_SHARE = Param(
    Settings().max_failed_share,
    type="number",
    minimum=0,
    maximum=1,
    description="Share of articles that may fail before the run fails.",
)
