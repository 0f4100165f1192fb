"""Try again what could not be read, enriched or indexed: after a repair, or after a release that reads more.

Of each file only what failed is tried. What succeeds has no dead letter afterwards.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, get_current_context, task

from pipeline.orchestration.shared import ARTICLES, MAX_FAILED_SHARE, TASKS

WORDS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}

with DAG(
    dag_id="retry_dead_letters",
    description="Try dead letters again",
    schedule=None,
    max_active_runs=1,
    default_args=TASKS,
    params={
        "reasons": Param([], **WORDS, description="Only what failed for one of these, such as json."),
        "stages": Param([], **WORDS, description="Only what failed in one of read, enrich and index."),
        "since": Param(None, type=["null", "string"], format="date-time", description="Only what failed since then."),
        "max_failed_share": MAX_FAILED_SHARE,
    },
    tags=["whosaid"],
    doc_md=__doc__,
):

    @task(multiple_outputs=False, outlets=[ARTICLES])
    def retry() -> dict[str, int]:
        """Try the dead letters again; fails when more of them fail again than may."""
        from pipeline.orchestration.upkeep import retry

        context = get_current_context()
        account = retry(**context["params"])
        context["outlet_events"][ARTICLES].extra = dict(account)
        return account

    retry()
