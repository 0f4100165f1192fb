"""A backfill by two Celery workers, one killed in the middle, with the environment that `docker-compose.yml` gives.

What the containers give is replaced: hosts and ports by those of 127.0.0.1, folders by a test's own, and Elasticsearch
with TLS and a key by the local node, which has neither.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import yaml
from elasticsearch import Elasticsearch

from pipeline.ingest import ingest
from pipeline.settings import Settings
from tests.dags.airflow_home import AIRFLOW, AirflowHome, LiveAirflow
from tests.dags.postgres import installed, postgres
from tests.documents import all_documents, random_prefix
from tests.newsroom import article, write_shards
from tests.ports import free_port
from tests.stack.scripts import ROOT, script

DAG, SHARDS, SIZE = "backfill_archive", 10, 100
OF_THE_CONTAINER = {
    "AIRFLOW_HOME",
    "AIRFLOW__API__BASE_URL",
    "AIRFLOW__CORE__DAGS_FOLDER",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
    "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK",  # at a fixed port
    "WHOSAID_ELASTICSEARCH_API_KEY_FILE",
    "WHOSAID_ELASTICSEARCH_CA_CERTS",
    "WHOSAID_INBOX",
}
"""What `AirflowHome` sets for a machine, or the local node cannot have."""

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not installed(), reason="needs PostgreSQL: apt-get install postgresql"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Redis: apt-get install redis-server"),
]


@pytest.fixture
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@contextlib.contextmanager
def redis(folder: Path, password: str) -> Iterator[str]:
    """Debian's server on a free port of 127.0.0.1; gives host and port."""
    port = free_port()
    place = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    options = ["--requirepass", password, "--appendonly", "yes", "--maxmemory-policy", "noeviction"]
    process = subprocess.Popen(["redis-server", *place, *options], stdout=subprocess.DEVNULL)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def airflow(tmp_path: Path, settings: Settings) -> Iterator[AirflowHome]:
    """Airflow with the compose file's environment of a worker."""
    variables = {name: make() for name, make in script("make_secrets").VARIABLES.items()}
    check = script("check")
    worker = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["airflow-worker"]
    environment = {
        name: check.interpolated(value, variables)
        for name, value in check.environment(worker).items()
        if name not in OF_THE_CONTAINER
    }
    home = tmp_path / "airflow"
    home.mkdir()
    with postgres(installed(), tmp_path) as database, redis(tmp_path, variables["REDIS_PASSWORD"]) as broker:  # type: ignore[arg-type]
        host = database.rpartition("@")[2]  # its server asks nobody on 127.0.0.1 for the password
        hosts = {
            "postgres:5432/airflow": host,
            "redis:6379": broker,
            "https://elasticsearch:9200": settings.elasticsearch_url,
        }
        for name, value in environment.items():
            for container, here in hosts.items():
                value = value.replace(container, here)  # noqa: PLW2901
            environment[name] = value
        more = {"WHOSAID_INDEX_PREFIX": settings.index_prefix, "AIRFLOW__CORE__PARALLELISM": "32"}
        yield AirflowHome(home, environment | more)


@contextlib.contextmanager
def worker(airflow: AirflowHome, name: str) -> Iterator[psutil.Process]:
    """A Celery worker, as its service in the compose file starts it."""
    with (airflow.home / f"{name}.log").open("wb") as output:
        own = ["--celery-hostname", f"{name}@%h", "--pid", f"{airflow.home}/{name}.pid", "--skip-serve-logs"]
        process = psutil.Popen(
            [AIRFLOW, "celery", "worker", *own],
            env=airflow.environment | airflow.live_environment, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield process
    finally:
        kill(process)


def kill(worker: psutil.Process) -> None:
    """The worker and all it started, at once, as when its machine loses power."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [*worker.children(recursive=True), worker]
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=30)


def unpause(live: LiveAirflow) -> None:
    """As an operator does, since the stack's DAGs are paused at first."""
    live.wait("the DAG", lambda: live.session.get(f"{live.url}/dags/{DAG}", timeout=30).ok)
    assert live.session.patch(f"{live.url}/dags/{DAG}", json={"is_paused": False}, timeout=30).ok


def test_two_workers_one_killed_in_the_middle_make_the_index_of_one_process(
    airflow: AirflowHome, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "archive"
    write_shards(archive, SHARDS, SIZE, lambda number: article(number, sentences=2))
    client = Elasticsearch(settings.elasticsearch_url).options(ignore_status=(404, 503))  # the index is being created

    def indexed() -> int:
        client.indices.refresh(index=f"{settings.index_prefix}articles")
        return int(client.count(index=f"{settings.index_prefix}articles").get("count", 0))

    start = time.monotonic()
    with airflow.live() as live, worker(airflow, "one") as doomed, worker(airflow, "two"):
        live.patience = 2400
        unpause(live)
        run = live.start(DAG, conf={"paths": [str(archive)]})
        live.wait("a third of the articles", lambda: indexed() >= SHARDS * SIZE // 3)
        kill(doomed)
        killed_at = indexed()
        assert killed_at < SHARDS * SIZE
        assert live.end(DAG, run) == "success"
        result = live.result(DAG, run, "summarize")
        tries = [one["try_number"] for one in live.get(f"dags/{DAG}/dagRuns/{run}/taskInstances")["task_instances"]]
    took = time.monotonic() - start
    assert (result["shards"], result["done"], result["account"]["failed"]) == (SHARDS, SHARDS, 0)
    assert max(tries) > 1  # the killed worker was at work

    alone = settings.model_copy(update={"index_prefix": random_prefix()})
    ingest([archive], alone)
    documents = all_documents(settings)
    with capsys.disabled():
        print(
            f"\n{len(documents['articles'])} articles, {len(documents['quotes'])} quotes in {took:.0f} s; "
            f"a worker killed at {killed_at} articles, {sum(one > 1 for one in tries)} tasks tried again"
        )
    assert len(documents["articles"]) == SHARDS * SIZE
    assert documents == all_documents(alone)
