"""What became of everything, and doing it again: status, retry, reprocess, and archives whose text is not stored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch, helpers

from pipeline.article import EnrichedArticle
from pipeline.elastic import connect
from pipeline.enrich.enricher import GENERATION, Enricher
from pipeline.errors import Unreadable
from pipeline.index import Writer, create
from pipeline.ingest import ingest
from pipeline.reprocess import reprocess
from pipeline.retry import retry
from pipeline.settings import Settings
from pipeline.sources import find, read
from pipeline.status import status
from tests.documents import all_documents, random_prefix
from tests.newsroom import article, articles, write_jsonl

WHOSAID = Path(sys.executable).with_name("whosaid")


@pytest.fixture
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix(), batch_size=10)


@pytest.fixture
def client(settings: Settings) -> Elasticsearch:
    client = connect(settings)
    create(client, settings)
    return client


def letters(client: Elasticsearch, settings: Settings) -> dict[str | None, dict[str, Any]]:
    index = f"{settings.index_prefix}dead-letters"
    client.indices.refresh(index=index)
    return {hit["_source"].get("source_member"): hit["_source"] for hit in helpers.scan(client, index=index)}


def whosaid(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "WHOSAID_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "WHOSAID_INDEX_PREFIX": settings.index_prefix,
    }
    return subprocess.run(
        [WHOSAID, *arguments], env=environment, text=True, capture_output=True, check=False, timeout=120
    )


def test_status_tells_what_came_in_failed_and_is_missing_by_source_and_day(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    for day, count in (("2026-11-01", 2), ("2026-11-02", 1), ("2026-11-05", 1)):
        (tmp_path / day).mkdir()
        write_jsonl(tmp_path / day / "news.jsonl", articles(count, seed=int(day[-1])))
    with (tmp_path / "2026-11-05" / "news.jsonl").open("a") as file:
        file.write('{"text": \n')
    (tmp_path / "undated").mkdir()
    write_jsonl(tmp_path / "undated" / "one.jsonl", articles(1, seed=9))
    ingest([tmp_path], settings, enricher=enricher)

    printed = whosaid(settings, "status", "--json")
    told = json.loads(printed.stdout)
    assert (told["articles"], told["files"], told["dead_letters"]) == (5, {"indexed": 3, "failed": 1}, {"json": 1})
    dated, undated = f"{tmp_path}/{{day}}", f"{tmp_path}/undated"
    today = datetime.now(UTC).date().isoformat()
    counts = {(one["source"], one["day"]): (one["read"], one["indexed"], one["failed"]) for one in told["days"]}
    assert counts == {
        (dated, "2026-11-01"): (2, 2, 0),
        (dated, "2026-11-02"): (1, 1, 0),
        (dated, "2026-11-05"): (2, 1, 1),
        (undated, today): (1, 1, 0),
    }
    assert told["missing"] == {dated: ["2026-11-03", "2026-11-04"]}
    assert "missing: 2026-11-03, 2026-11-04" in whosaid(settings, "status").stdout


def test_a_file_that_is_gone_is_reported_until_it_is_back(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    files = [write_jsonl(tmp_path / f"{n}.jsonl", articles(1, seed=n)) for n in range(3)]
    ingest(files, settings, enricher=enricher)
    files[1].rename(tmp_path / "elsewhere")
    assert status(client, settings).gone == []  # nobody has looked
    assert status(client, settings, check_files=True).gone == [str(files[1])]
    assert status(client, settings).files == {"indexed": 2, "gone": 1}
    (tmp_path / "elsewhere").rename(files[1])
    assert status(client, settings, check_files=True).files == {"indexed": 3}
    for file in files:
        file.unlink()
    with pytest.raises(Unreadable, match="mounted"):
        status(client, settings, check_files=True)
    assert status(client, settings).files == {"indexed": 3}


def test_retry_does_only_what_failed_and_the_account_adds_up(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    rows = [json.dumps(row) for row in articles(6)]
    day = tmp_path / "day.jsonl"
    day.write_text("\n".join([rows[0], "{", rows[2], "[1]", '{"text": "'.ljust(900), rows[5]]) + "\n")
    (tmp_path / "empty.txt").touch()
    assert ingest([tmp_path], settings, enricher=enricher).failed == 4
    changed = json.dumps(article(2) | {"title": "Changed, but it did not fail"})
    day.write_text("\n".join([rows[0], rows[1], changed, rows[3], "{"]) + "\n")

    only_one = retry(settings, reasons=["field"], enricher=enricher)
    assert only_one.read == 0  # it failed for another reason
    ago = datetime.now(UTC) + timedelta(days=1)
    assert retry(settings, since=ago, enricher=enricher).read == 0
    account = retry(settings, stages=["read"], enricher=enricher)
    assert (account.read, account.indexed, account.failed) == (4, 2, 2)

    left = letters(client, settings)
    assert {member: letter["attempts"] for member, letter in left.items()} == {None: 2, "line 5": 2}
    stored = all_documents(settings)["articles"].values()
    assert {one["source_member"] for one in stored} == {"line 1", "line 2", "line 3", "line 4", "line 6"}
    assert "Changed, but it did not fail" not in {one["title"] for one in stored}
    day_of_file = status(client, settings).days[0]
    assert (day_of_file.read, day_of_file.indexed, day_of_file.unchanged, day_of_file.failed) == (7, 5, 0, 2)

    day.write_text("\n".join(rows) + "\n")
    (tmp_path / "empty.txt").write_text(article(7)["text"])
    printed = whosaid(settings, "retry")
    assert printed.returncode == 0, printed.stderr
    assert letters(client, settings) == {}
    assert status(client, settings).files == {"indexed": 2}


def test_a_dead_letter_of_a_file_that_is_gone_says_so(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    day = tmp_path / "day.jsonl"
    day.write_text("\n".join([*(json.dumps(row) for row in articles(3)), "{"]))
    ingest([day], settings, enricher=enricher)
    day.unlink()
    assert str(retry(settings, enricher=enricher)).startswith("read 1 = indexed 0 (0 quotes) + unchanged 0 + failed 1")
    assert letters(client, settings)["line 4"]["reason"] == "missing"
    assert status(client, settings).gone == [str(day)]


def test_reprocessing_gives_what_ingesting_anew_gives_newest_first_and_goes_on_where_it_was(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path
) -> None:
    day = write_jsonl(tmp_path / "day.jsonl", articles(25))
    older = Writer(client, settings, generation=GENERATION - 1)
    read_all = [item for file in find([day]) for item in read(file, settings)]
    older.write([EnrichedArticle(item, "an older release") for item in read_all])  # type: ignore[arg-type]
    assert all_documents(settings)["quotes"] == {}

    assert reprocess(settings, limit=10, enricher=enricher).indexed == 10
    done = [one for one in all_documents(settings)["articles"].values() if one["enrichment"] == enricher.fingerprint]
    newest = sorted((row["published_at"] for row in articles(25)), reverse=True)[:10]
    assert sorted(one["published_at"][:19] for one in done) == sorted(moment[:19] for moment in newest)
    assert reprocess(settings, enricher=enricher).indexed == 15
    assert reprocess(settings, enricher=enricher).read == 0

    anew = settings.model_copy(update={"index_prefix": random_prefix()})
    ingest([day], anew, enricher=enricher)
    assert all_documents(settings) == all_documents(anew)
    assert whosaid(settings, "reprocess").returncode == 2  # without saying which


def test_without_stored_text_offsets_and_quotes_are_kept_and_nothing_else_of_the_text(
    settings: Settings, client: Elasticsearch, enricher: Enricher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lines = ["“It is done,” said Ada Quill.", "The harbour was empty on that day, and no ship came in."]
    licensed = settings.model_copy(update={"store_text": False})
    ingest(
        [write_jsonl(tmp_path / "day.jsonl", iter([article(1) | {"text": "\n".join(lines)}]))],
        licensed,
        enricher=enricher,
    )
    stored = all_documents(settings)
    ((quote,), (one,)) = stored["quotes"].values(), stored["articles"].values()
    assert (quote["text"], quote["start"], quote["end"], quote["speaker"]) == ("“It is done,”", 0, 13, "Ada Quill")
    assert one["mentions"][0]["name"] == "Ada Quill"
    assert "harbour" not in json.dumps(stored)

    of_older = one | {"enrichment": "an older release"}
    index = f"{settings.index_prefix}articles"
    client.index(index=index, id=one["id"], document=of_older | {"ingested_at": "2024-01-01T00:00:00Z"}, refresh=True)
    assert reprocess(licensed, enricher=enricher).read == 0
    assert "1 articles of an older enrichment are stored without text" in caplog.text
