"""What the tests of this room share: one set of indices for a file of tests, and articles that no other test has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle
from pipeline.elastic import connect
from pipeline.index import Writer, create
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.index.articles import make_article

Documents = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix(), retries=4)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Elasticsearch:
    client = connect(settings)
    create(client, settings)
    return client


@pytest.fixture(scope="module")
def writer(client: Elasticsearch, settings: Settings) -> Writer:
    return Writer(client, settings, generation=1)


@pytest.fixture
def desk() -> str:
    """Before the title of each article of one test."""
    return random_prefix()


@pytest.fixture
def article(desk: str) -> Callable[..., EnrichedArticle]:
    return partial(make_article, desk)


@pytest.fixture
def stored(desk: str, settings: Settings) -> Callable[[], Documents]:
    """All documents of the test's articles by id, without the time of the run."""

    def stored() -> Documents:
        return {
            index: {id_: one for id_, one in documents.items() if one.get("title", "").startswith(desk)}
            for index, documents in all_documents(settings).items()
        }

    return stored
