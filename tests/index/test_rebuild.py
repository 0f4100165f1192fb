"""A new version of the indices: nothing missing, nothing old, always an answer; and after a failure nothing changed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle
from pipeline.elastic import connect
from pipeline.errors import RebuildFailed
from pipeline.index import Takedowns, Writer, check, create, drop_old, rebuild, tombstone
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.index.articles import make_article
from tests.index.conftest import Documents
from tests.newsroom import articles, write_jsonl

WHOSAID = Path(sys.executable).with_name("whosaid")


def versions(client: Elasticsearch, settings: Settings) -> dict[str, list[str]]:
    """The aliases of every version of articles and quotes."""
    found = client.indices.get_alias(index=[f"{settings.index_prefix}{name}-v*" for name in ("articles", "quotes")])
    return {index.removeprefix(settings.index_prefix): sorted(one["aliases"]) for index, one in found.items()}


@pytest.fixture
def of_one_desk(writer: Writer, stored: Callable[[], Documents], desk: str) -> Callable[[int], Documents]:
    def write(count: int) -> Documents:
        writer.write([make_article(desk, f"a{n}", [f"Saying {n}.", f"Another {n}."]) for n in range(count)])
        return stored()

    return write


def ask(settings: Settings, done: threading.Event, answers: list[int], faults: list[Exception]) -> None:
    client = connect(settings)
    while not done.is_set():
        try:
            answers.append(client.count(index=f"{settings.index_prefix}articles")["count"])
        except Exception as fault:
            faults.append(fault)
        done.wait(0.02)


def test_while_another_process_ingests_nothing_is_missing_or_old_and_there_is_always_an_answer(
    settings: Settings, tmp_path: Path
) -> None:
    undisturbed, disturbed = (settings.model_copy(update={"index_prefix": random_prefix()}) for _ in range(2))
    older = write_jsonl(tmp_path / "older.jsonl", articles(100))
    newer = write_jsonl(
        tmp_path / "newer.jsonl",
        (
            row | {"modified_at": "2025-01-01T00:00:00Z", "text": "\n".join(row["text"].split("\n")[: 1 + n % 4])}
            for n, row in enumerate(articles(120))
        ),
    )

    def ingest(into: Settings, *files: Path) -> subprocess.Popen[str]:
        environment = os.environ | {
            "WHOSAID_ELASTICSEARCH_URL": into.elasticsearch_url,
            "WHOSAID_INDEX_PREFIX": into.index_prefix,
            "WHOSAID_BATCH_SIZE": "15",
        }
        return subprocess.Popen(
            [WHOSAID, "ingest", *files], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    out, err = ingest(disturbed, older).communicate(timeout=300)
    assert "indexed 100" in out, err
    out, err = ingest(undisturbed, older, newer).communicate(timeout=300)
    assert "indexed 220" in out, err

    client, done = connect(disturbed), threading.Event()
    answers: list[int] = []
    faults: list[Exception] = []
    asking = threading.Thread(target=ask, args=(disturbed, done, answers, faults))
    asking.start()
    writing = ingest(disturbed, newer)
    rebuilds = 0
    while writing.poll() is None:
        rebuild(client, disturbed)
        rebuilds += 1
        drop_old(client, disturbed)
        time.sleep(1)  # the processor is for the other one too
    done.set()
    asking.join()
    out, err = writing.communicate()
    assert "read 120 = indexed 120" in out, err
    assert rebuilds > 1
    assert not faults
    assert min(answers) >= 100
    assert all_documents(disturbed) == all_documents(undisturbed)
    assert check(client, disturbed) == []


def test_what_is_deleted_meanwhile_does_not_come_back(
    client: Elasticsearch, settings: Settings, of_one_desk: Callable[[int], Documents], stored: Callable[[], Documents]
) -> None:
    before = of_one_desk(5)
    gone = next(iter(before["articles"]))
    takedowns = Takedowns(client, settings)
    deleted: list[Any] = []

    def delete_once(step: str) -> None:
        if not deleted:
            deleted.append(takedowns.take_down(tombstone(article_id=gone)))

    rebuild(client, settings, progress=delete_once)
    assert deleted[0].articles == 1
    expected = {id_: one for id_, one in before["articles"].items() if id_ != gone}
    assert stored()["articles"] == expected
    assert {quote["article_id"] for quote in stored()["quotes"].values()} == expected.keys()


@pytest.fixture
def unchanged(client: Elasticsearch, settings: Settings) -> Iterator[None]:
    """Before and after the test the same versions, aliases and templates, and the indices can be written."""
    before = versions(client, settings)
    templates = client.indices.get_index_template(name=f"{settings.index_prefix}*").body
    yield
    assert versions(client, settings) == before
    assert client.indices.get_index_template(name=f"{settings.index_prefix}*").body == templates
    for name in ("articles", "quotes"):
        settings_of = client.indices.get_settings(index=f"{settings.index_prefix}{name}", flat_settings=True)
        assert all("index.blocks.write" not in one["settings"] for one in settings_of.values())


@pytest.mark.usefixtures("unchanged")
def test_a_document_missing_in_the_new_version_changes_nothing(
    client: Elasticsearch, settings: Settings, of_one_desk: Callable[[int], Documents], stored: Callable[[], Documents]
) -> None:
    before = of_one_desk(3)
    lost = next(iter(before["articles"]))

    def lose(step: str) -> None:
        if step == "check":
            client.delete(index=f"{settings.index_prefix}articles-next", id=lost, refresh=True)

    with pytest.raises(RebuildFailed, match=r"holds \d+ documents, .* Nothing has changed"):
        rebuild(client, settings, progress=lose)
    assert stored() == before


@pytest.mark.usefixtures("unchanged")
def test_a_document_that_differs_in_the_new_version_changes_nothing(
    client: Elasticsearch, settings: Settings, of_one_desk: Callable[[int], Documents], stored: Callable[[], Documents]
) -> None:
    before = of_one_desk(3)
    id_, article = next(iter(before["articles"].items()))

    def falsify(step: str) -> None:
        if step == "check":
            index = f"{settings.index_prefix}articles-next"
            client.index(index=index, id=id_, document=article | {"title": "Another"}, refresh=True)

    with pytest.raises(RebuildFailed, match=r"is not in .* as it is in"):
        rebuild(client, settings, progress=falsify)
    assert stored() == before


def test_what_does_not_fit_this_releases_mapping_is_named_and_what_fits_is_moved(
    client: Elasticsearch, settings: Settings, article: Callable[..., EnrichedArticle]
) -> None:
    older = settings.model_copy(update={"index_prefix": random_prefix()})
    create(client, older)
    quotes = f"{older.index_prefix}quotes"
    client.indices.delete(index=f"{quotes}-v1")
    template = client.indices.get_index_template(name=quotes)["index_templates"][0]["index_template"]
    mappings = template["template"]["mappings"]["properties"] | {"mood": {"type": "keyword"}}
    changed = template["template"] | {"mappings": {"properties": mappings}}
    keep = ("index_patterns", "priority", "composed_of", "version")
    client.indices.put_index_template(name=quotes, template=changed, **{key: template[key] for key in keep})
    client.indices.create(index=f"{quotes}-v1", aliases={quotes: {"is_write_index": True}})  # as an older release would
    Writer(client, older, generation=1).write([article("kept", ["One.", "Two."])])
    moody = {"id": "moody", "article_id": "a", "mood": "glad"}
    client.index(index=quotes, id="moody", routing="a", document=moody, refresh=True)
    assert any("mood" in str(difference) for difference in check(client, older))

    with pytest.raises(RebuildFailed, match=r"quotes-v2 refuses moody of .*mood"):
        rebuild(client, older)
    assert set(versions(client, older)) == {"articles-v1", "quotes-v1"}
    assert any("mood" in str(difference) for difference in check(client, older))

    client.delete(index=quotes, id="moody", routing="a", refresh=True)
    rebuild(client, older)
    assert check(client, older) == []
    assert len(all_documents(older)["quotes"]) == 2
    assert sorted(drop_old(client, older)) == [f"{older.index_prefix}{name}-v1" for name in ("articles", "quotes")]


def test_after_a_rebuild_was_killed_another_one_clears_up(
    client: Elasticsearch, settings: Settings, of_one_desk: Callable[[int], Documents], stored: Callable[[], Documents]
) -> None:
    before = of_one_desk(3)
    killed = (
        "import os, sys; from pipeline.settings import Settings; from pipeline.elastic import connect;"
        "from pipeline.index import rebuild; s = Settings();"
        "rebuild(connect(s), s, progress=lambda step: os._exit(9) if step == 'check' else None)"
    )
    environment = os.environ | {
        "WHOSAID_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "WHOSAID_INDEX_PREFIX": settings.index_prefix,
    }
    assert subprocess.run([sys.executable, "-c", killed], env=environment, check=False, timeout=120).returncode == 9
    with pytest.raises(RebuildFailed, match="--afresh"):
        rebuild(client, settings)
    assert stored() == before
    rebuild(client, settings, afresh=True)
    assert stored() == before
    of_one_desk(4)  # and it can be written again
    assert len(stored()["articles"]) == 4


def test_without_text_the_new_version_holds_quotes_and_no_running_text(
    client: Elasticsearch, settings: Settings, of_one_desk: Callable[[int], Documents], stored: Callable[[], Documents]
) -> None:
    before = of_one_desk(2)
    rebuild(client, settings.model_copy(update={"store_text": False}))
    after = stored()
    assert all("text" not in article for article in after["articles"].values())
    assert [quote["text"] for quote in after["quotes"].values()] == [
        quote["text"] for quote in before["quotes"].values()
    ]
    assert not any("context_before" in quote or "context_after" in quote for quote in after["quotes"].values())
