"""The DAG in a real Airflow: by hand, by a live scheduler, when files come late, and when one cannot be read."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from pipeline.settings import Settings
from tests.dags.airflow_home import REPOSITORY, AirflowHome, LiveAirflow
from tests.documents import all_documents, random_prefix
from tests.newsroom import articles, write_jsonl

DAG = "ingest_articles"


def test_every_dag_parses(live: LiveAirflow) -> None:
    files = {path.stem for path in (REPOSITORY / "dags").glob("*.py")}
    live.wait("the DAGs", lambda: {dag["dag_id"] for dag in live.get("dags")["dags"]} >= files)
    assert live.get("importErrors")["import_errors"] == []


def test_a_run_by_hand_and_a_run_by_a_live_scheduler_make_the_same_index(
    airflow: AirflowHome, live: LiveAirflow, settings: Settings, inbox: Path
) -> None:
    by_hand = settings.model_copy(update={"index_prefix": random_prefix()})
    day = shutil.copytree(REPOSITORY / "seeds", inbox / "2026-11-06")
    run = live.start(DAG, partition_key="2026-11-06", conf={"chunk": 1})
    conf = json.dumps({"paths": [str(day)]})
    airflow.run("dags", "test", DAG, "--conf", conf, WHOSAID_INDEX_PREFIX=by_hand.index_prefix)
    assert live.end(DAG, run) == "success"

    documents = all_documents(by_hand)
    assert documents["articles"]
    assert documents["quotes"]
    assert all_documents(settings) == documents
    assert live.result(DAG, run, "summarize")["indexed"] == len(documents["articles"])
    (event,) = [one for one in live.get("assets/events")["asset_events"] if one["source_run_id"] == run]
    assert (event["name"], event["extra"]["indexed"]) == ("articles", len(documents["articles"]))


def test_a_run_waits_for_files_that_come_late_and_fails_when_none_come(
    live: LiveAirflow, settings: Settings, inbox: Path
) -> None:
    today, long_ago = datetime.now(UTC).date().isoformat(), "2020-02-02"
    waiting, failing = (live.start(DAG, partition_key=day) for day in (today, long_ago))
    live.wait("the wait", lambda: live.states(DAG, waiting)["wait_for_files"] == "deferred")
    folder = inbox / today
    folder.mkdir()
    late = write_jsonl(folder / "late.jsonl", articles(3))
    os.utime(late, (time.time() - 90, time.time() - 90))  # files younger than a minute may still be written
    assert live.end(DAG, waiting) == "success"
    assert len(all_documents(settings)["articles"]) == 3
    assert live.end(DAG, failing) == "failed"
    assert live.states(DAG, failing)["wait_for_files"] == "failed"


def test_the_run_fails_when_more_articles_fail_than_it_may(
    live: LiveAirflow, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "good.txt").write_text("“It works,” said Ada Quill.\n")
    (tmp_path / "empty.txt").touch()
    runs = {share: live.start(DAG, conf={"paths": [str(tmp_path)], "max_failed_share": share}) for share in (0, 0.5)}
    assert {share: live.end(DAG, run) for share, run in runs.items()} == {0: "failed", 0.5: "success"}
    assert live.states(DAG, runs[0])["wait_for_files"] == "skipped"
    assert len(all_documents(settings)["articles"]) == 1
