"""Where faults happen: a node of their own, an archive, and what an undisturbed run makes of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backports import zstd

from pipeline.account import Account
from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.backlog import WHOLE
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.errors import PassingFailure
from pipeline.index import Manifest
from pipeline.ingest import ingest
from pipeline.localnode import LocalNode
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.index.proxy import proxy

BULKS = 20
"""Bulk requests of an undisturbed run, about; moments are drawn among the first half."""
TRIES = 6
WHOSAID = Path(sys.executable).with_name("whosaid")


class RememberingEnricher(Enricher):
    """The real one, which does not enrich the same article twice: the faults here strike after it."""

    def __init__(self) -> None:
        super().__init__()
        self._memory: dict[str, EnrichedArticle | DeadLetter] = {}

    def enrich(self, articles: Iterable[Article]) -> Iterator[EnrichedArticle | DeadLetter]:
        wanted = {article.id + article.content_hash: article for article in articles}
        new = {key: article for key, article in wanted.items() if key not in self._memory}
        self._memory |= dict(zip(new, super().enrich(new.values()), strict=True))
        yield from (self._memory[key] for key in wanted)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every fault finds."""

    node: LocalNode
    shards: list[Path]
    articles: int
    """In all shards."""
    undisturbed: dict[str, dict[str, dict[str, object]]]
    enricher: RememberingEnricher
    long: bool = False
    """Whether there is time for a fault in full length."""

    def settings(self) -> Settings:
        """For one disturbed run: an index prefix of its own, small batches, little patience with one answer."""
        return Settings(
            elasticsearch_url=self.node.url, index_prefix=random_prefix(), batch_size=20, elasticsearch_timeout=3
        )

    def ingest(self, settings: Settings) -> tuple[Account, int]:
        """Ingest all shards as a task of Airflow does, tried again while the failure may pass; and how many tries."""
        for attempt in range(1, TRIES + 1):
            try:
                return ingest(self.shards, settings, enricher=self.enricher), attempt
            except PassingFailure:
                if attempt == TRIES:
                    raise
        raise AssertionError

    def check(self, settings: Settings, account: Account) -> None:
        """Document by document as if nothing had happened, and nothing lost from the account or the manifest."""
        settings = settings.model_copy(update={"elasticsearch_timeout": 120})  # who looks afterwards has time
        assert account.read == account.indexed + account.unchanged == self.articles
        records = list(Manifest(connect(settings), settings).every_file())
        assert sum(one.read for one in records) == self.articles
        assert {one.state for one in records} <= WHOLE
        assert not list(Manifest(connect(settings), settings).letters())
        assert all_documents(settings) == self.undisturbed
        client = connect(settings)
        client.indices.delete(index=list(client.indices.get(index=f"{settings.index_prefix}*", features="aliases")))


@contextmanager
def struck(settings: Settings, moment: random.Random, strike: Callable[[], None]) -> Iterator[Settings]:
    """Settings whose Elasticsearch is struck while it answers a bulk request: which one, and when in it, is drawn."""
    nth, delay = moment.randrange(1, BULKS // 2), moment.uniform(0, 0.03)
    strikes: list[threading.Timer] = []

    def plan(number: int, size: int) -> None:
        if number == nth:
            strikes.append(threading.Timer(delay, strike))
            strikes[0].start()

    try:
        with proxy(settings.elasticsearch_url, plan) as between:
            yield settings.model_copy(update={"elasticsearch_url": between.url})
    finally:  # the node is to be well again for whatever comes next
        for timer in strikes:
            timer.join()
    assert strikes, f"only {between.asked} bulk requests: the fault never came"


@contextmanager
def broken_line(shard: Path) -> Iterator[None]:
    """The shard with its first article cut off in the middle of its line."""
    whole = shard.read_bytes()
    shard.write_bytes(zstd.compress(zstd.decompress(whole).replace(b'"}', b"", 1)))
    try:
        yield
    finally:
        shard.write_bytes(whole)


def worker(scene: Scene, settings: Settings, **environment: str) -> subprocess.Popen[bytes]:
    """A process of its own that ingests all shards."""
    knobs = settings.model_dump(include={"elasticsearch_url", "index_prefix", "batch_size"})
    return subprocess.Popen(
        [WHOSAID, "ingest", *scene.shards],
        env=os.environ | {f"WHOSAID_{name.upper()}": str(value) for name, value in knobs.items()} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
