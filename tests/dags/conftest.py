"""One Airflow for all tests of DAGs: starting its four processes costs more than every run in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests.dags.airflow_home import AirflowHome, LiveAirflow
from tests.documents import random_prefix


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the live Airflow looks for a day's files: a folder for each day."""
    return tmp_path_factory.mktemp("inbox")


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str, inbox: Path) -> AirflowHome:
    environment = {"WHOSAID_ELASTICSEARCH_URL": elasticsearch_url, "WHOSAID_INBOX": f"{inbox}/{{day}}"}
    return AirflowHome(tmp_path_factory.mktemp("airflow"), environment)


@pytest.fixture(scope="session")
def running(airflow: AirflowHome) -> Iterator[LiveAirflow]:
    with airflow.live() as live:
        yield live


@pytest.fixture
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@pytest.fixture
def live(running: LiveAirflow, settings: Settings) -> LiveAirflow:
    """The live Airflow, writing with the prefix of this test's settings."""
    running.connect(settings.elasticsearch_url, settings.index_prefix)
    return running
