"""An archive in shards, run after run until all of it is in the index."""

from __future__ import annotations

from pathlib import Path

from pipeline.elastic import connect
from pipeline.index import FileState, Manifest
from pipeline.settings import Settings
from tests.dags.airflow_home import LiveAirflow
from tests.documents import all_documents
from tests.newsroom import write_shards

DAG = "backfill_archive"


def test_runs_follow_one_another_until_the_archive_is_done_and_a_further_run_reads_nothing_again(
    live: LiveAirflow, settings: Settings, tmp_path: Path
) -> None:
    write_shards(tmp_path, 2, 4)
    first = live.start(DAG, conf={"paths": [str(tmp_path)], "tasks": 1, "newest_first": True})
    assert live.end(DAG, first) == "success"
    state = live.result(DAG, first, "summarize")
    assert (state["shards"], state["done"], state["left"]) == (2, 1, 1)
    assert state["account"]["read"] == state["account"]["indexed"] == 4
    assert state["seconds_left"] is not None

    live.wait("the next run", lambda: len(live.get(f"dags/{DAG}/dagRuns")["dag_runs"]) == 2)
    (second,) = {run["dag_run_id"] for run in live.get(f"dags/{DAG}/dagRuns")["dag_runs"]} - {first}
    assert live.end(DAG, second) == "success"
    assert live.result(DAG, second, "summarize")["left"] == 0
    assert len(all_documents(settings)["articles"]) == 8
    records = list(Manifest(connect(settings), settings).every_file())
    assert {one.state for one in records} == {FileState.INDEXED}

    third = live.start(DAG, conf={"paths": [str(tmp_path)]})
    assert live.end(DAG, third) == "success"
    assert live.result(DAG, third, "summarize")["done_in_this_run"] == 0
    assert list(Manifest(connect(settings), settings).every_file()) == records
