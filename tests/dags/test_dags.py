"""The DAGs in a real Airflow. They are one file, because the tests of a file share its Airflow."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from pipeline.elastic import connect
from pipeline.index import FileRecord, FileState, Manifest
from pipeline.ingest import ingest
from pipeline.settings import Settings
from tests.dags.airflow_home import REPOSITORY, AirflowHome, LiveAirflow
from tests.documents import all_documents, random_prefix
from tests.newsroom import articles, write_jsonl, write_shards

INGEST, BACKFILL, AFTER = "ingest_articles", "backfill_archive", "after_ingestion"
OF_STORIES = {"story_id", "story_pending", "copy_of"}


def written(settings: Settings) -> dict[str, dict[str, dict[str, object]]]:
    """What was written, without what `after_ingestion` adds: it starts by itself when articles have come."""
    return {
        index: {
            id_: {field: value for field, value in one.items() if field not in OF_STORIES}
            for id_, one in documents.items()
        }
        for index, documents in all_documents(settings).items()
    }


def test_every_dag_parses(live: LiveAirflow) -> None:
    files = {path.stem for path in (REPOSITORY / "dags").glob("*.py")}
    live.wait("the DAGs", lambda: {dag["dag_id"] for dag in live.get("dags")["dags"]} >= files)
    assert live.get("importErrors")["import_errors"] == []


def test_a_run_by_hand_and_a_run_by_a_live_scheduler_make_the_same_index(
    airflow: AirflowHome, live: LiveAirflow, settings: Settings, inbox: Path
) -> None:
    by_hand = settings.model_copy(update={"index_prefix": random_prefix()})
    day = shutil.copytree(REPOSITORY / "seeds", inbox / "2026-11-06")
    run = live.start(INGEST, partition_key="2026-11-06", conf={"chunk": 1})
    conf = json.dumps({"paths": [str(day)]})
    airflow.run("dags", "test", INGEST, "--conf", conf, WHOSAID_INDEX_PREFIX=by_hand.index_prefix)
    assert live.end(INGEST, run) == "success"

    documents = written(by_hand)
    assert documents["articles"]
    assert documents["quotes"]
    assert written(settings) == documents
    assert live.result(INGEST, run, "summarize")["indexed"] == len(documents["articles"])
    (event,) = [one for one in live.get("assets/events")["asset_events"] if one["source_run_id"] == run]
    assert (event["name"], event["extra"]["indexed"]) == ("articles", len(documents["articles"]))


def test_a_run_waits_for_files_that_come_late_and_fails_when_none_come(
    live: LiveAirflow, settings: Settings, inbox: Path
) -> None:
    today, long_ago = datetime.now(UTC).date().isoformat(), "2020-02-02"
    waiting, failing = (live.start(INGEST, partition_key=day) for day in (today, long_ago))
    live.wait("the wait", lambda: live.states(INGEST, waiting)["wait_for_files"] == "deferred")
    folder = inbox / today
    folder.mkdir()
    late = write_jsonl(folder / "late.jsonl", articles(3))
    os.utime(late, (time.time() - 90, time.time() - 90))  # files younger than a minute may still be written
    assert live.end(INGEST, waiting) == "success"
    assert len(all_documents(settings)["articles"]) == 3
    assert live.end(INGEST, failing) == "failed"
    assert live.states(INGEST, failing)["wait_for_files"] == "failed"


def test_the_run_fails_when_more_articles_fail_than_it_may(
    live: LiveAirflow, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "good.txt").write_text("“It works,” said Ada Quill.\n")
    (tmp_path / "empty.txt").touch()
    runs = {share: live.start(INGEST, conf={"paths": [str(tmp_path)], "max_failed_share": share}) for share in (0, 0.5)}
    assert {share: live.end(INGEST, run) for share, run in runs.items()} == {0: "failed", 0.5: "success"}
    assert live.states(INGEST, runs[0])["wait_for_files"] == "skipped"
    assert len(all_documents(settings)["articles"]) == 1


def test_runs_follow_one_another_until_the_archive_is_done_and_a_further_run_reads_nothing_again(
    live: LiveAirflow, settings: Settings, tmp_path: Path
) -> None:
    write_shards(tmp_path, 2, 4)
    first = live.start(BACKFILL, conf={"paths": [str(tmp_path)], "tasks": 1, "newest_first": True})
    assert live.end(BACKFILL, first) == "success"
    state = live.result(BACKFILL, first, "summarize")
    assert (state["shards"], state["done"], state["left"]) == (2, 1, 1)
    assert state["account"]["read"] == state["account"]["indexed"] == 4
    assert state["seconds_left"] is not None

    live.wait("the next run", lambda: len(live.get(f"dags/{BACKFILL}/dagRuns")["dag_runs"]) == 2)
    (second,) = {run["dag_run_id"] for run in live.get(f"dags/{BACKFILL}/dagRuns")["dag_runs"]} - {first}
    assert live.end(BACKFILL, second) == "success"
    assert live.result(BACKFILL, second, "summarize")["left"] == 0
    assert len(all_documents(settings)["articles"]) == 8
    records = own_records(settings, tmp_path)
    assert {one.state for one in records} == {FileState.INDEXED}

    third = live.start(BACKFILL, conf={"paths": [str(tmp_path)]})
    assert live.end(BACKFILL, third) == "success"
    assert live.result(BACKFILL, third, "summarize")["done_in_this_run"] == 0
    assert own_records(settings, tmp_path) == records


def own_records(settings: Settings, folder: Path) -> list[FileRecord]:
    """Those of a test's files: at midnight Airflow may read those of another test once more, as scheduled."""
    return [one for one in Manifest(connect(settings), settings).every_file() if one.path.startswith(str(folder))]


def test_what_was_mended_is_retried_and_an_index_gets_a_new_version(
    live: LiveAirflow, settings: Settings, tmp_path: Path
) -> None:
    path = write_jsonl(tmp_path / "day.jsonl", articles(3))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20] + b"\n")
    assert ingest([path], settings).failed == 1
    path.write_bytes(whole)

    run = live.start("retry_dead_letters", conf={"reasons": ["json"]})
    assert live.end("retry_dead_letters", run) == "success"
    assert live.result("retry_dead_letters", run, "retry")["indexed"] == 1
    client = connect(settings)
    assert not list(Manifest(client, settings).letters())

    before = written(settings)
    run = live.start("rebuild_index", conf={})
    assert live.end("rebuild_index", run) == "success"
    assert live.result("rebuild_index", run, "rebuild")[f"{settings.index_prefix}articles-v2"] == 3
    assert list(client.indices.get_alias(name=f"{settings.index_prefix}articles")) == [
        f"{settings.index_prefix}articles-v2"
    ]
    assert written(settings) == before


def test_after_an_ingestion_copies_are_found_and_actors_gathered(
    live: LiveAirflow, settings: Settings, tmp_path: Path
) -> None:
    ended = {"success", "failed"}
    live.wait(
        "passes after other runs",
        lambda: {one["state"] for one in live.get(f"dags/{AFTER}/dagRuns")["dag_runs"]} <= ended,
    )
    (row,) = articles(1)
    copies = [row | {"url": f"{row['url']}/{outlet}", "outlet": outlet} for outlet in ("Post", "Herald")]
    ingest([write_jsonl(tmp_path / "day.jsonl", iter([row, *copies]))], settings)
    run = live.start(AFTER, conf={})
    assert live.end(AFTER, run) == "success"
    documents = all_documents(settings)
    assert live.result(AFTER, run, "find_copies") == {
        "articles": 3,
        "copies": sum("copy_of" in quote for quote in documents["quotes"].values()),
    }
    assert len({article["story_id"] for article in documents["articles"].values()}) == 1
    assert int(live.result(AFTER, run, "gather_actors")) > 0  # type: ignore[call-overload]
