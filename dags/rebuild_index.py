"""Copy indices into new versions with this release's mapping, check them, and move the aliases in one step.

Readers notice nothing and writers wait for a moment. When the check fails, nothing has changed.
"""

from __future__ import annotations

from airflow.sdk import DAG, Param, get_current_context, task

from pipeline.orchestration.shared import TASKS

with DAG(
    dag_id="rebuild_index",
    description="New versions of indices, from what is stored",
    schedule=None,
    max_active_runs=1,
    default_args=TASKS,
    params={
        "indices": Param(["articles", "quotes"], type="array", items={"type": "string"}, minItems=1),
        "afresh": Param(False, type="boolean", description="Clear up after a rebuild that was killed, first."),
    },
    tags=["whosaid"],
    doc_md=__doc__,
):

    @task(multiple_outputs=False)
    def rebuild() -> dict[str, int]:
        """Rebuild the indices; returns how many documents each new version holds."""
        from pipeline.orchestration.upkeep import rebuild

        context = get_current_context()
        params = context["params"]
        # only one run is active at a time, so what a try before this one left is nobody else's
        return rebuild(params["indices"], afresh=params["afresh"] or context["ti"].try_number > 1)

    rebuild()
