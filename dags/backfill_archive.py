"""Ingest an archive of any size, in dated or numbered shards: the next ones of it in each run, until all are done.

The plan looks through the whole archive and holds it against the manifest: shards that are whole there and have not
changed since are not read again, so a backfill can be ended, failed or started twice and only goes on. A run takes at
most `tasks` × `chunk` shards and starts the next run while others wait; its summary says how far the archive is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Param, get_current_context, task

from pipeline.orchestration.shared import ARTICLES, MAX_FAILED_SHARE, MAX_TASKS, TASKS

with DAG(
    dag_id="backfill_archive",
    description="Ingest an archive of any size, shard by shard",
    schedule=None,
    max_active_runs=1,
    default_args=TASKS,
    params={
        "paths": Param(
            type="array", minItems=1, items={"type": "string"}, description="Files, folders or globs of the archive."
        ),
        "chunk": Param(1, type="integer", minimum=1, maximum=1000, description="Shards that one task ingests."),
        "tasks": Param(MAX_TASKS, type="integer", minimum=1, maximum=MAX_TASKS, description="Tasks of one run."),
        "newest_first": Param(False, type="boolean", description="From the highest date or number to the lowest."),
        "go_on": Param(True, type="boolean", description="Start the next run while shards wait for one."),
        "max_failed_share": MAX_FAILED_SHARE,
    },
    tags=["whosaid"],
    doc_md=__doc__,
):

    @task
    def plan() -> list[list[str]]:
        """Hold the archive against the manifest and divide the next shards into chunks."""
        from pipeline.orchestration.archive import plan_archive
        from pipeline.orchestration.connection import settings

        context = get_current_context()
        params = {name: context["params"][name] for name in ("paths", "chunk", "tasks", "newest_first")}
        planned = plan_archive(settings(), run=context["run_id"], **params)
        counts = {"shards": planned.shards, "done": planned.done, "later": planned.later}
        context["ti"].xcom_push("counts", counts)
        return planned.chunks

    @task(multiple_outputs=False)
    def ingest(shards: list[str]) -> dict[str, int]:
        """Ingest one chunk's shards; returns their account."""
        from pipeline.orchestration.archive import ingest_shards
        from pipeline.orchestration.connection import settings

        return ingest_shards(shards, settings())

    @task(multiple_outputs=False, retries=0, trigger_rule="all_done", outlets=[ARTICLES])
    def summarize(accounts: Any) -> dict[str, Any]:
        """Say how far the archive is; fails the run when a chunk did not end well or too many articles failed."""
        from pipeline.orchestration.summary import progress, summarize

        context = get_current_context()
        ti = context["ti"]
        elapsed = datetime.now(UTC) - (context["dag_run"].start_date or datetime.now(UTC))
        state = progress(ti.xcom_pull(task_ids="plan", key="counts"), accounts[:], elapsed)
        share = context["params"]["max_failed_share"]
        account = summarize(accounts[:], ti.xcom_pull(task_ids="plan"), max_failed_share=share)
        context["outlet_events"][ARTICLES].extra = dict(account)
        return state | {"account": account}

    @task.short_circuit
    def shards_wait(state: Any) -> bool:
        """Whether another run has something to do."""
        return bool(get_current_context()["params"]["go_on"] and state["later"])

    state = summarize(ingest.expand(shards=plan()))
    shards_wait(state) >> TriggerDagRunOperator(
        task_id="next_run",
        trigger_dag_id="backfill_archive",
        conf="{{ params | tojson }}",  # type: ignore[arg-type]  # JSON once it is rendered
    )
