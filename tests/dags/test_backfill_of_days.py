"""`airflow backfill create` over ten days in a live scheduler."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.elastic import connect
from pipeline.index import Manifest
from pipeline.settings import Settings
from tests.dags.airflow_home import AirflowHome, LiveAirflow
from tests.dags.postgres import installed, postgres
from tests.documents import all_documents
from tests.newsroom import article, write_jsonl

DAG = "ingest_articles"
DAYS = [(date(2026, 10, 1) + timedelta(days=number)).isoformat() for number in range(10)]
BY_HAND, BROKEN = (DAYS[2], DAYS[5]), DAYS[7]
SIZE = 4


@pytest.fixture
def airflow(tmp_path: Path, settings: Settings) -> Iterator[AirflowHome]:
    """On PostgreSQL where it is installed, as users run it; else on SQLite."""
    environment = {
        "WHOSAID_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "WHOSAID_INDEX_PREFIX": settings.index_prefix,
        "WHOSAID_INBOX": f"{tmp_path}/{{day}}",
        "AIRFLOW__CORE__PARALLELISM": "4",
    }
    home = tmp_path / "airflow"
    home.mkdir()
    with contextlib.ExitStack() as stack:
        if programs := installed():
            environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = stack.enter_context(postgres(programs, tmp_path))
        yield AirflowHome(home, environment)


def backfill(airflow: AirflowHome, live: LiveAirflow, *options: str) -> dict[str, str]:
    """Create a backfill of all days, wait for its end and give each day's state."""
    first, last = DAYS[0], DAYS[-1]
    span = ("--dag-id", DAG, "--from-date", first, "--to-date", last, "--max-active-runs", "2")
    airflow.run("backfill", "create", *span, *options, **airflow.live_environment)
    live.wait(
        "the backfill", lambda: all(one["completed_at"] for one in live.get("backfills", dag_id=DAG)["backfills"])
    )
    return {run["partition_key"]: run["state"] for run in runs(live)}


def runs(live: LiveAirflow) -> list[dict[str, Any]]:
    """All but the schedule's own, which waits for the files of yesterday."""
    return [run for run in live.get(f"dags/{DAG}/dagRuns", limit=100)["dag_runs"] if run["partition_key"] in DAYS]


def settle(folder: Path) -> None:
    """Make the files older than the minute in which they might still be written."""
    then = time.time() - 120
    for file in folder.glob("*/*.jsonl"):
        os.utime(file, (then, then))


@pytest.mark.soak
def test_ten_days_two_of_them_done_by_hand_and_one_repaired_are_in_the_index_once(
    airflow: AirflowHome, settings: Settings, tmp_path: Path
) -> None:
    for number, day in enumerate(DAYS):
        (tmp_path / day).mkdir()
        rows = (article(one) for one in range(number * SIZE, (number + 1) * SIZE))
        write_jsonl(tmp_path / day / "news.jsonl", rows)
    broken = tmp_path / BROKEN / "news.jsonl"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-30] + b"\n")
    settle(tmp_path)

    with airflow.live() as live:
        live.patience = 900
        by_hand = [live.start(DAG, partition_key=day, conf={"paths": [str(tmp_path / day)]}) for day in BY_HAND]
        assert [live.end(DAG, run) for run in by_hand] == ["success", "success"]

        states = backfill(airflow, live)
        assert states == {day: "failed" if day == BROKEN else "success" for day in DAYS}, json.dumps(runs(live))
        assert len(all_documents(settings)["articles"]) == len(DAYS) * SIZE - 1

        broken.write_bytes(whole)
        settle(tmp_path)
        before = {run["dag_run_id"]: run["end_date"] for run in runs(live) if run["partition_key"] != BROKEN}
        states = backfill(airflow, live, "--reprocess-behavior", "failed")
        assert set(states.values()) == {"success"}
        after = {run["dag_run_id"]: run["end_date"] for run in runs(live) if run["partition_key"] != BROKEN}
        assert after == before  # only the failed day ran again

    assert len(all_documents(settings)["articles"]) == len(DAYS) * SIZE
    manifest = Manifest(connect(settings), settings)
    assert sum(one.read for one in manifest.every_file()) == len(DAYS) * SIZE
    assert not list(manifest.letters())
