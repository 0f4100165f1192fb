"""What all tests share: one real Elasticsearch for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.localnode import LocalNode


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNode]:
    """On any free port, ended with the session. Tests share it, so each takes an index prefix of its own."""
    with LocalNode(tmp_path_factory.mktemp("node"), port=0) as node:
        yield node


@pytest.fixture(scope="session")
def elasticsearch_url(node: LocalNode) -> str:
    """Where the session's Elasticsearch answers."""
    return node.url
