"""What all tests share: one real Elasticsearch and one loaded pipeline for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pipeline.localnode import LocalNode

if TYPE_CHECKING:
    from pipeline.enrich.enricher import Enricher


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNode]:
    """On any free port, ended with the session. Tests share it, so each takes an index prefix of its own."""
    with LocalNode(tmp_path_factory.mktemp("node"), port=0) as node:
        yield node


@pytest.fixture(scope="session")
def elasticsearch_url(node: LocalNode) -> str:
    """Where the session's Elasticsearch answers."""
    return node.url


@pytest.fixture(scope="session")
def enricher() -> Enricher:
    """Ours, as it is shipped; tests that change anything of it load their own."""
    from pipeline.enrich.enricher import Enricher  # noqa: PLC0415 - seconds, which tests without it need not wait

    return Enricher()
