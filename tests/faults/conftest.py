"""One scene for all faults: starting the node and enriching the archive costs more than most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pipeline.ingest import ingest
from pipeline.localnode import LocalNode
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.faults.scene import RememberingEnricher, Scene
from tests.newsroom import write_shards
from tests.ports import free_port

SHARDS, SIZE = 6, 25


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A node that keeps its port when it is started again, and whose queue for writes is tiny."""
    shards = write_shards(tmp_path_factory.mktemp("archive"), SHARDS, SIZE)
    enricher = RememberingEnricher()
    node = LocalNode(
        tmp_path_factory.mktemp("disturbed"),
        port=free_port(),
        heap="256m",
        settings={"thread_pool.write.size": 1, "thread_pool.write.queue_size": 1},
    )
    with node:
        settings = Settings(elasticsearch_url=node.url, index_prefix=random_prefix())
        account = ingest(shards, settings, enricher=enricher)
        assert account.indexed == SHARDS * SIZE
        yield Scene(node, shards, SHARDS * SIZE, all_documents(settings), enricher)


@pytest.fixture
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Prints a line at once, past pytest's capture: a table of hours is to be seen while it grows."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(text, flush=True)

    return line
