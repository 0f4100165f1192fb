"""What is taken down is gone from every index, and stays out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch, helpers

from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import FileState, Manifest, Takedowns, create, rebuild, tombstone
from pipeline.ingest import ingest
from pipeline.settings import Settings
from pipeline.sources import article_id
from tests.documents import all_documents, random_prefix
from tests.newsroom import article, articles, write_jsonl

WHOSAID = Path(sys.executable).with_name("whosaid")
DOOMED = {
    "url": "https://doomed.example/wexfordian-affair",
    "title": "The Wexfordian affair",
    "outlet": "Norwick Herald",
    "authors": ["Wendel Wexfordian"],
    "section": "Wexfordian",
    "published_at": "2024-05-01T00:00:00Z",
    "modified_at": "2024-05-01T00:00:00Z",
    "text": "“The Wexfordian bridge is done,” said Zora Wexfordian.\nWexfordian added that Wexfordians would pay.",
}


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix(), batch_size=20)
    create(connect(settings), settings)
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Elasticsearch:
    return connect(settings)


def delete(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "WHOSAID_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "WHOSAID_INDEX_PREFIX": settings.index_prefix,
    }
    command = [WHOSAID, "delete", *arguments]
    return subprocess.run(
        command, env=environment, text=True, capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=120
    )


def traces(client: Elasticsearch, settings: Settings, word: str) -> list[str]:
    """Where a word is left: in any document of any index, whether stored or searchable."""
    everything = f"{settings.index_prefix}*"
    client.indices.refresh(index=everything)
    stored = [
        f"{hit['_index']}: {hit['_source']}"
        for hit in helpers.scan(client, index=everything)
        if word.lower() in json.dumps(hit).lower()
    ]
    fields = {"multi_match": {"query": word, "fields": ["*"], "lenient": True}}
    wildcards = {"query_string": {"query": f"*{word}*", "fields": ["*"], "lenient": True, "analyze_wildcard": True}}
    found = client.search(index=everything, query={"bool": {"should": [fields, wildcards]}})["hits"]["hits"]
    return stored + [f"{hit['_index']}: {hit['_id']}" for hit in found]


def test_nothing_of_a_deleted_article_is_left_in_any_index_and_ingesting_it_again_keeps_it_out(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    day = write_jsonl(tmp_path / "day.jsonl", iter([article(1), DOOMED, article(2)]))
    alone = write_jsonl(tmp_path / "wexfordian.txt", iter([]))
    alone.write_text("“It was Wexfordian all along,” said Zora Wexfordian.\n" + article(3)["text"])
    rows = day.read_text().splitlines()
    assert ingest([tmp_path], settings, enricher=enricher).indexed == 4
    day.write_text("\n".join([rows[0], rows[1][:-9], rows[2]]))  # and the second time its line is broken
    assert ingest([day], settings, enricher=enricher).failed == 1
    day.write_text("\n".join(rows))
    rebuild(client, settings)  # the old version is kept, and holds the article too
    text_id = next(
        id_ for id_, one in all_documents(settings)["articles"].items() if one["source_file"].endswith(".txt")
    )
    assert len(traces(client, settings, "wexfordian")) > 10

    by_address = delete(settings, "--url", DOOMED["url"] + "?utm_source=x#top", "--yes", "--reason", "request 17")
    assert "deleted 1 articles" in by_address.stdout, by_address.stderr
    assert delete(settings, "--id", text_id, "--yes").returncode == 0
    assert traces(client, settings, "wexfordian") == []
    assert len(all_documents(settings)["articles"]) == 2
    assert delete(settings, "--id", text_id).returncode == 2  # nobody there to be asked

    account = ingest([tmp_path], settings, enricher=enricher)
    assert (account.read, account.unchanged, account.refused) == (4, 4, 2)
    assert traces(client, settings, "wexfordian") == []
    assert Manifest(client, settings).files([str(alone)])[str(alone)].state is FileState.REFUSED  # a backfill is done
    decisions = helpers.scan(client, index=f"{settings.index_prefix}decisions")
    assert {tuple(hit["_source"]["article_id"]) for hit in decisions} == {
        (text_id,),
        (article_id(DOOMED["url"], None, ""),),
    }


def test_an_outlet_goes_as_a_whole_and_the_others_stay(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    gone = (row | {"outlet": "The Wexfordian"} for row in articles(30, seed=1))
    write_jsonl(tmp_path / "gone.jsonl", gone)
    write_jsonl(tmp_path / "kept.jsonl", (row | {"outlet": "Wexfordia Today"} for row in articles(5, seed=2)))
    before = all_documents(settings)["articles"].keys()
    ingest([tmp_path], settings, enricher=enricher)
    removed = Takedowns(client, settings).take_down(tombstone(outlet="The Wexfordian"))
    assert removed.articles == 30
    left = all_documents(settings)["articles"]
    assert [left[id_]["outlet"] for id_ in left.keys() - before] == ["Wexfordia Today"] * 5
    assert ingest([tmp_path], settings, enricher=enricher).refused == 30
    assert all_documents(settings)["articles"] == left


class Interrupted(Enricher):
    """An enricher in the middle of whose work something else happens."""

    def __init__(self, meanwhile: tuple[Takedowns, str]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def enrich(self, articles: Iterable[Article]) -> Iterator[EnrichedArticle | DeadLetter]:
        takedowns, id_ = self.meanwhile
        takedowns.take_down(tombstone(article_id=id_))
        return super().enrich(articles)


def test_an_article_deleted_while_it_is_being_enriched_does_not_come_in(
    settings: Settings, client: Elasticsearch, tmp_path: Path
) -> None:
    rows = list(articles(4, seed=3))
    file = write_jsonl(tmp_path / "day.jsonl", iter(rows))
    doomed = article_id(rows[2]["url"], None, "")
    account = ingest([file], settings, enricher=Interrupted((Takedowns(client, settings), doomed)))
    assert (account.indexed, account.unchanged, account.refused) == (3, 1, 1)
    stored = all_documents(settings)
    assert doomed not in stored["articles"]
    assert doomed not in {quote["article_id"] for quote in stored["quotes"].values()}


def test_articles_deleted_at_any_moment_of_an_ingestion_stay_out(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    rows = list(articles(120, seed=4))
    file = write_jsonl(tmp_path / "day.jsonl", iter(rows))
    doomed = [article_id(row["url"], None, "") for row in rows[::12]]
    takedowns = Takedowns(client, settings)
    ingesting = threading.Thread(
        target=ingest, args=([file], settings.model_copy(update={"batch_size": 4})), kwargs={"enricher": enricher}
    )
    ingesting.start()
    for id_ in doomed:
        takedowns.take_down(tombstone(article_id=id_))
        ingesting.join(0.3)
    ingesting.join()
    stored = all_documents(settings)
    assert stored["articles"].keys().isdisjoint(doomed)
    assert {quote["article_id"] for quote in stored["quotes"].values()}.isdisjoint(doomed)
    assert len([one for one in stored["articles"].values() if "/4/" in one["url"]]) == 110


def test_what_a_killed_writer_left_of_a_deleted_article_is_swept(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    row = article(0, seed=5)
    file = write_jsonl(tmp_path / "day.jsonl", iter([row]))
    ingest([file], settings, enricher=enricher)
    id_ = article_id(row["url"], None, "")
    left = client.get(index=f"{settings.index_prefix}articles", id=id_)["_source"]
    takedowns = Takedowns(client, settings)
    takedowns.take_down(tombstone(article_id=id_))
    for _ in range(2):
        client.index(index=f"{settings.index_prefix}articles", id=id_, document=left)  # as one killed before it looked
        assert takedowns.enforce().articles == 1
        assert id_ not in all_documents(settings)["articles"]
    client.index(index=f"{settings.index_prefix}articles", id=id_, document=left)
    assert ingest([file], settings, enricher=enricher).refused == 1
    assert id_ not in all_documents(settings)["articles"]
