"""What depends on many articles, after each run that brought some: which are copies, and who is quoted in all.

Both look at what is stored, so a run that failed or was left out is made up for by the next.
"""

from __future__ import annotations

from airflow.sdk import DAG, task

from pipeline.orchestration.shared import ARTICLES, TASKS

with DAG(
    dag_id="after_ingestion",
    description="Find copies and gather actors when articles have come",
    schedule=[ARTICLES],
    max_active_runs=1,
    default_args=TASKS,
    tags=["whosaid"],
    doc_md=__doc__,
):

    @task(multiple_outputs=False)
    def find_copies() -> dict[str, int]:
        """Put new articles into their stories; returns how many, and how many quotes of these are copies."""
        from pipeline.orchestration.upkeep import find_copies

        return find_copies()

    @task
    def gather_actors() -> int:
        """Write everybody's document anew; returns how many there are."""
        from pipeline.orchestration.upkeep import gather_actors

        return gather_actors()

    find_copies() >> gather_actors()
