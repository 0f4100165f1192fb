"""Ingest the articles of one day: wait for its files, plan the chunks, ingest each, and say what became of them.

The day is the run's partition key: done by hand, by schedule or by a backfill it is the same day, never done twice.
`paths` say where its files lie, with `{day}` in the place of the date; they come from `WHOSAID_INBOX` unless the run's
configuration names others. The run fails when more than `max_failed_share` of the articles failed, by default any.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, CronPartitionTimetable, Param, get_current_context, task

from pipeline.orchestration.shared import ARTICLES, MAX_FAILED_SHARE, TASKS
from pipeline.orchestration.waiting import WaitForFiles

with DAG(
    dag_id="ingest_articles",
    description="Ingest one day's article files",
    schedule=CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=4,
    default_args=TASKS,
    params={
        "paths": Param(
            [], type="array", items={"type": "string"}, description="Files, folders or globs instead of the inbox."
        ),
        "chunk": Param(50, type="integer", minimum=1, description="Files that one task ingests."),
        "max_failed_share": MAX_FAILED_SHARE,
    },
    tags=["whosaid"],
    doc_md=__doc__,
):

    @task(trigger_rule="none_failed")
    def plan() -> list[list[str]]:
        """Divide the day's files into chunks, at most 500 of them."""
        from pipeline.orchestration.connection import settings
        from pipeline.orchestration.days import day_of, plan_chunks

        context = get_current_context()
        params = context["params"]
        return plan_chunks(settings(), day_of(context["dag_run"]), paths=params["paths"], chunk=params["chunk"])

    @task(multiple_outputs=False)
    def ingest(files: list[str]) -> dict[str, int]:
        """Read, enrich and index one chunk; returns its account."""
        from pipeline.ingest import ingest
        from pipeline.orchestration.connection import settings

        return ingest(files, settings()).as_dict()

    @task(multiple_outputs=False, retries=0, trigger_rule="all_done", outlets=[ARTICLES])
    def summarize(accounts: Any) -> dict[str, int]:
        """Add up the chunks' accounts; fails the run when a chunk did not end well or too many articles failed."""
        from pipeline.orchestration.summary import summarize

        context = get_current_context()
        planned = context["ti"].xcom_pull(task_ids="plan")
        account = summarize(accounts[:], planned, max_failed_share=context["params"]["max_failed_share"])
        context["outlet_events"][ARTICLES].extra = dict(account)
        return account

    chunks = plan()
    WaitForFiles(task_id="wait_for_files") >> chunks
    summarize(ingest.expand(files=chunks))
