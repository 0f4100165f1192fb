"""Ingest the articles of one day: plan the chunks, ingest each, and fail when anything in them failed.

The day is the run's partition key: done by hand, by schedule or by a backfill it is the same day, never done twice.
`paths` say where its files lie, with `{day}` in the place of the date; they come from `WHOSAID_INBOX` unless the run's
configuration names others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (
    DAG,
    CronPartitionTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    get_current_context,
    task,
)

# What passes is tried again; everything else would fail again in the same way.
RETRIES = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception="pipeline.errors.PassingFailure", action=RetryAction.RETRY),
        RetryRule(exception="pipeline.errors.WhosaidError", action=RetryAction.FAIL),
    ]
)

with DAG(
    dag_id="ingest_articles",
    description="Ingest one day's article files",
    schedule=CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=4,
    default_args={"retries": 5, "retry_delay": timedelta(seconds=30), "retry_exponential_backoff": 2},
    params={
        "paths": Param(
            [], type="array", items={"type": "string"}, description="Files, folders or globs instead of the inbox."
        ),
        "chunk": Param(50, type="integer", minimum=1, description="Files that one task ingests."),
    },
    tags=["whosaid"],
    doc_md=__doc__,
):

    @task(retry_policy=RETRIES)
    def plan() -> list[list[str]]:
        """Divide the day's files into chunks, at most 500 of them."""
        from pipeline.orchestration import day_of, plan_chunks, settings

        context = get_current_context()
        return plan_chunks(settings(), day_of(context["dag_run"]), **context["params"])

    @task(retry_policy=RETRIES)
    def ingest(files: list[str]) -> dict[str, int]:
        """Read, enrich and index one chunk; returns its account."""
        from pipeline.ingest import ingest
        from pipeline.orchestration import settings

        return ingest(files, settings()).as_dict()

    @task(retries=0, trigger_rule="all_done")
    def summarize(accounts: Any) -> dict[str, int]:
        """Add up the chunks' accounts; fails the run when articles failed or a chunk did not end well."""
        from pipeline.orchestration import summarize

        return summarize(accounts[:], get_current_context()["ti"].xcom_pull(task_ids="plan"))

    summarize(ingest.expand(files=plan()))
