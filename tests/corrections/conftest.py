"""One set of indices for each file of tests, and an article of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import create
from pipeline.settings import Settings
from tests.corrections.desk import Desk, desk_for
from tests.documents import random_prefix


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    create(connect(settings), settings)
    return settings


@pytest.fixture
def desk(settings: Settings, enricher: Enricher, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return desk_for(settings, enricher, tmp_path, request.node.name)
