"""Elasticsearch busy, lost or gone: what may pass is waited out, and nothing is lost or counted twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle
from pipeline.elastic import connect
from pipeline.errors import ConfigurationError, Unreachable
from pipeline.index import State, Writer
from pipeline.index.bulk import send
from pipeline.index.rewriting import change
from pipeline.index.stored import Store
from pipeline.settings import Settings
from tests.index.conftest import Documents
from tests.index.proxy import Trouble, proxy

Make = Callable[..., EnrichedArticle]
Stored = Callable[[], Documents]


@pytest.fixture
def batch(article: Make) -> list[EnrichedArticle]:
    return [article(f"article {n}", [f"Number {n}.", "And more."]) for n in range(20)]


@pytest.mark.parametrize("trouble", [429, 502, 503, 504, Trouble.LOST_REQUEST, Trouble.LOST_ANSWER])
def test_every_other_bulk_request_failing_in_passing_delays_the_batch_and_loses_nothing(
    client: Elasticsearch, settings: Settings, batch: list[EnrichedArticle], stored: Stored, trouble: Trouble | int
) -> None:
    with proxy(settings.elasticsearch_url, lambda nth, _: trouble if nth % 2 else None) as between:
        behind = settings.model_copy(update={"elasticsearch_url": between.url})
        outcomes = Writer(connect(behind), behind, generation=1).write(batch)
    assert {outcome.state for outcome in outcomes} <= {State.INDEXED}
    documents = stored()
    assert (len(documents["articles"]), len(documents["quotes"])) == (20, 40)
    if trouble is not Trouble.LOST_ANSWER:  # what Elasticsearch got it got once
        assert sorted(len(ids) for ids in between.bulks) == [20, 40]


def test_when_it_does_not_pass_the_batch_fails_and_running_again_completes_it(
    client: Elasticsearch, settings: Settings, batch: list[EnrichedArticle], stored: Stored
) -> None:
    with proxy(settings.elasticsearch_url, lambda nth, _: 503 if nth > 1 else None) as between:
        behind = settings.model_copy(update={"elasticsearch_url": between.url, "retries": 1})
        with pytest.raises(Unreachable, match="20 documents not written after 1 retries"):
            Writer(connect(behind), behind, generation=1).write(batch)
    assert stored()["articles"] == {}  # an article is there only with all its quotes
    Writer(client, settings, generation=1).write(batch)
    documents = stored()
    assert (len(documents["articles"]), len(documents["quotes"])) == (20, 40)


def test_only_what_a_full_disk_refused_is_sent_again(
    client: Elasticsearch, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A node above its flood stage answers 429 for each item of the index that it has closed to writes."""
    full = f"{settings.index_prefix}quotes"
    client.indices.put_settings(index=full, settings={"index.blocks.read_only_allow_delete": True})

    class Freed(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            client.indices.put_settings(index=full, settings={"index.blocks.read_only_allow_delete": None})

    operations = [
        {"_index": f"{settings.index_prefix}{index}", "_id": str(n), "_source": {"id": str(n)}}
        for n in range(50)
        for index in ("articles", "quotes")
    ]
    bulk_log = logging.getLogger("pipeline.index.bulk")
    freed = Freed()
    bulk_log.addHandler(freed)
    try:
        with proxy(settings.elasticsearch_url) as between:
            behind = settings.model_copy(update={"elasticsearch_url": between.url})
            answers = send(connect(behind), behind, operations)
    finally:
        bulk_log.removeHandler(freed)
    assert {answer.status for answer in answers} == {201}
    assert [len(ids) for ids in between.bulks] == [100, 50]
    assert "429" in caplog.text


def look(client: Elasticsearch, settings: Settings, ids: Sequence[str]) -> int:
    return len(Writer(client, settings, generation=1).known(ids))


def fold(client: Elasticsearch, settings: Settings, ids: Sequence[str]) -> int:
    return change(client, settings, "articles", (({"_id": id_}, {"story_pending": None}) for id_ in ids))


def recall(client: Elasticsearch, settings: Settings, ids: Sequence[str]) -> int:
    return len(Store(client, settings).read(ids))


@pytest.mark.parametrize("work", [look, fold, recall])
def test_a_shard_that_is_not_there_yet_is_waited_for(
    client: Elasticsearch,
    settings: Settings,
    batch: list[EnrichedArticle],
    work: Callable[[Elasticsearch, Settings, Sequence[str]], int],
) -> None:
    """As after the start of a node that was killed: it answers, and its shards still recover."""
    Writer(client, settings, generation=1).write(batch)
    articles = f"{settings.index_prefix}articles"
    nowhere = "index.routing.allocation.exclude._name"
    client.indices.close(index=articles)
    client.indices.put_settings(index=articles, settings={nowhere: "*"})
    client.indices.open(index=articles, wait_for_active_shards="0")

    class Recovered(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            client.indices.put_settings(index=articles, settings={nowhere: None})

    patience = logging.getLogger("pipeline.index.patience")
    recovered = Recovered()
    patience.addHandler(recovered)
    try:
        found = work(client, settings, [one.article.id for one in batch])
    finally:
        patience.removeHandler(recovered)
        client.indices.put_settings(index=articles, settings={nowhere: None})
        client.cluster.health(index=articles, wait_for_status="yellow")
    assert found == len(batch)


def test_a_proxy_that_takes_small_requests_only_gets_small_ones(
    client: Elasticsearch, settings: Settings, batch: list[EnrichedArticle], article: Make, stored: Stored
) -> None:
    def limit(nth: int, size: int) -> int | None:
        return 413 if size > 20_000 else None

    long = article("long", ["word " * 10_000])
    with proxy(settings.elasticsearch_url, limit) as between:
        behind = settings.model_copy(update={"elasticsearch_url": between.url})
        outcomes = Writer(connect(behind), behind, generation=1).write([*batch, long])
    assert [outcome.state for outcome in outcomes] == [State.INDEXED] * 20 + [State.FAILED]
    assert len(stored()["articles"]) == 20


def test_no_elasticsearch_names_the_address_without_its_password_and_the_remedy() -> None:
    nowhere = Settings(elasticsearch_url="http://me:secret@127.0.0.1:9", retries=0)
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9 does not answer.*whosaid node start") as caught:
        connect(nowhere)
    assert "secret" not in str(caught.value)


def test_an_address_that_is_none_is_a_setting_to_correct() -> None:
    with pytest.raises(ConfigurationError, match="WHOSAID_ELASTICSEARCH_URL"):
        connect(Settings(elasticsearch_url="not an address"))
