"""The node: it starts, keeps its data, ends when told to, and recovers when it was not told."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest
from elasticsearch import ConnectionError, Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from pipeline.localnode import LocalNode

MakeNode = Callable[..., LocalNode]


def test_it_is_the_elasticsearch_that_is_pinned(node: LocalNode, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        number = client.info()["version"]["number"]
    assert number == node.status().version == "9.5.3"


def test_it_listens_on_this_machine_only(node: LocalNode) -> None:
    listening = [c.laddr for c in psutil.Process(node.status().pid).net_connections() if c.status == psutil.CONN_LISTEN]
    # Java may write an IPv4 address the IPv6 way.
    assert {address.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("filters", "text", "expected"),
    [
        (["asciifolding"], "naïve Erdoğan", ["naive", "Erdogan"]),
        ([{"type": "asciifolding", "preserve_original": True}], "naïve", ["naive", "naïve"]),
        (["porter_stem"], "sanctions sanctioning", ["sanction", "sanction"]),
        (["kstem"], "sanctions said", ["sanction", "said"]),
        ([{"type": "stemmer", "language": "possessive_english"}], "Kremlin’s Macron's", ["Kremlin", "Macron"]),
        ([{"type": "stemmer", "language": "light_english"}], "sanctions", ["sanction"]),
    ],
)
def test_text_is_analyzed_as_in_a_full_elasticsearch(
    elasticsearch_url: str, filters: list[object], text: str, expected: list[str]
) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        answer = client.indices.analyze(tokenizer="standard", filter=filters, text=text)  # type: ignore[arg-type]
    assert [token["token"] for token in answer["tokens"]] == expected


def test_english_is_stemmed_and_keywords_are_folded(elasticsearch_url: str) -> None:
    folded = {"type": "custom", "filter": ["lowercase", "asciifolding"]}
    mappings = {
        "text": {"type": "text", "analyzer": "english"},
        "name": {"type": "keyword", "normalizer": "folded"},
    }
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.create(
            index="node-analysis",
            settings={"analysis": {"normalizer": {"folded": folded}}},
            mappings={"properties": mappings},
        )
        client.index(
            index="node-analysis", document={"text": "The spokesman's warnings", "name": "Žižek"}, refresh=True
        )
        for query in ({"match": {"text": "warned spokesman"}}, {"term": {"name": "zizek"}}):
            assert client.count(index="node-analysis", query=query)["count"] == 1, query
        client.indices.delete(index="node-analysis")


def test_documents_survive_a_restart_on_another_port(local_node: MakeNode) -> None:
    first = local_node()
    started = first.start()
    with Elasticsearch(first.url) as client:
        client.index(index="kept", id="1", document={"said": "We will see."})
    again = local_node().start()
    assert (again.pid, again.url) == (started.pid, first.url), "starting a node that runs changes nothing"
    assert first.stop()
    assert not first.stop(), "there is nothing left to stop"
    assert not first.status().running
    assert first.tail(1).rstrip().endswith("Node closed"), "the log stays at hand"

    second = local_node(heap="300m")
    restarted = second.start()
    assert (restarted.heap, restarted.health) == ("300m", "yellow")
    with Elasticsearch(second.url) as client:
        assert client.get(index="kept", id="1")["_source"] == {"said": "We will see."}


def test_documents_acknowledged_before_a_sigkill_are_there_after_it(local_node: MakeNode) -> None:
    node = local_node()
    pid = node.start().pid
    assert pid
    acknowledged: set[str] = set()
    enough = threading.Event()

    def write() -> None:
        actions = ({"_index": "written", "_id": str(number), "text": "We will see."} for number in range(1_000_000))
        with Elasticsearch(node.url, max_retries=0) as client, suppress(ConnectionError):
            for _, result in streaming_bulk(client, actions, chunk_size=50):
                acknowledged.add(result["index"]["_id"])
                if len(acknowledged) > 500:
                    enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(60)
    os.kill(pid, signal.SIGKILL)
    writer.join()

    assert node.start().pid != pid
    with Elasticsearch(node.url) as client:
        client.indices.refresh(index="written")
        found = {hit["_id"] for hit in scan(client, index="written", _source=False)}
    assert len(acknowledged) > 500
    assert acknowledged <= found


def test_a_node_that_hangs_is_ended_by_force(local_node: MakeNode) -> None:
    node = local_node()
    pid = node.start().pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    assert node.stop(timeout=1)
    assert not psutil.pid_exists(pid)
