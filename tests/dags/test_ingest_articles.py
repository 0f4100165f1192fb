"""The DAG in a real Airflow: by hand, by a live scheduler, and when a file cannot be read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests.dags.airflow_home import REPOSITORY, AirflowHome
from tests.documents import all_documents, random_prefix


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str) -> AirflowHome:
    return AirflowHome(tmp_path_factory.mktemp("airflow"), {"WHOSAID_ELASTICSEARCH_URL": elasticsearch_url})


def test_every_dag_parses(airflow: AirflowHome) -> None:
    airflow.run("dags", "reserialize", check=True)
    result = airflow.run("dags", "list-import-errors", "-l")
    assert result.returncode == 0, result.stdout


def test_a_run_by_hand_and_a_run_by_a_live_scheduler_make_the_same_index(
    airflow: AirflowHome, elasticsearch_url: str, tmp_path: Path
) -> None:
    by_hand, by_schedule = (
        Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix()) for _ in range(2)
    )
    day = tmp_path / "2026-11-06"
    shutil.copytree(REPOSITORY / "seeds", day)
    conf = json.dumps({"paths": [str(day)], "chunk": 1})

    result = airflow.run("dags", "test", "ingest_articles", "--conf", conf, WHOSAID_INDEX_PREFIX=by_hand.index_prefix)
    assert result.returncode == 0, result.stdout + result.stderr

    # the live one reads the day's folder from the inbox, and Elasticsearch from an Airflow connection
    airflow.environment["WHOSAID_INBOX"] = str(tmp_path / "{day}")
    airflow.environment["AIRFLOW_CONN_WHOSAID_ELASTICSEARCH"] = connection(elasticsearch_url, by_schedule.index_prefix)
    try:
        with airflow.live() as scheduler:
            run = scheduler.trigger("ingest_articles", partition_key="2026-11-06")
    finally:
        del airflow.environment["AIRFLOW_CONN_WHOSAID_ELASTICSEARCH"]
    assert run["state"] == "success", run
    documents = all_documents(by_hand)
    assert documents["articles"]
    assert documents["quotes"]
    assert all_documents(by_schedule) == documents


def test_the_run_fails_when_an_article_cannot_be_read(
    airflow: AirflowHome, elasticsearch_url: str, tmp_path: Path
) -> None:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    (tmp_path / "good.txt").write_text("“It works,” said Ada Quill.\n")
    (tmp_path / "empty.txt").touch()
    conf = json.dumps({"paths": [str(tmp_path)]})
    result = airflow.run("dags", "test", "ingest_articles", "--conf", conf, WHOSAID_INDEX_PREFIX=settings.index_prefix)
    assert result.returncode == 1
    assert "1 articles failed" in result.stdout + result.stderr
    assert len(all_documents(settings)["articles"]) == 1


def connection(url: str, prefix: str) -> str:
    """An Airflow connection to `url` as JSON."""
    host, port = url.removeprefix("http://").split(":")
    return json.dumps(
        {"conn_type": "http", "schema": "http", "host": host, "port": int(port), "extra": {"index_prefix": prefix}}
    )
