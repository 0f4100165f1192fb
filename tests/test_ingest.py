"""The whole way, as a user goes it: `whosaid ingest` on real files into a real node."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.newsroom import article, articles, write_jsonl

WHOSAID = Path(sys.executable).with_name("whosaid")


@pytest.fixture
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


def command(settings: Settings, *arguments: str | Path) -> dict[str, Any]:
    environment = os.environ | {
        "WHOSAID_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "WHOSAID_INDEX_PREFIX": settings.index_prefix,
    }
    return {"args": [WHOSAID, *map(str, arguments)], "env": environment, "text": True}


def whosaid(settings: Settings, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(**command(settings, *arguments), capture_output=True, timeout=300, check=False)


def documents(settings: Settings, index: str) -> list[dict[str, Any]]:
    client = Elasticsearch(settings.elasticsearch_url)
    client.indices.refresh(index=f"{settings.index_prefix}{index}")
    hits = client.search(index=f"{settings.index_prefix}{index}", size=1000)["hits"]["hits"]
    return [hit["_source"] for hit in hits]


def test_ingesting_the_same_files_twice_leaves_the_same_documents(settings: Settings, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "day.jsonl", articles(20))
    first = whosaid(settings, "ingest", tmp_path)
    assert first.returncode == 0, first.stderr
    before = all_documents(settings)
    assert len(before["articles"]) == 20
    second = whosaid(settings, "ingest", tmp_path)
    assert "unchanged 20" in second.stdout
    assert all_documents(settings) == before


def test_killed_in_the_middle_and_run_again_gives_the_index_of_one_clean_run(
    settings: Settings, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "day.jsonl", (row | {"title": ""} for row in articles(1000, sentences=1)))
    clean = settings.model_copy(update={"index_prefix": random_prefix()})
    assert whosaid(clean, "ingest", tmp_path).returncode == 0

    client = Elasticsearch(settings.elasticsearch_url).options(ignore_status=503)  # the index is being created
    process = subprocess.Popen(
        **command(settings, "ingest", tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wanted = random.Random(7).randrange(150, 700)
    while process.poll() is None:
        index = f"{settings.index_prefix}articles"
        client.indices.refresh(index=index, ignore_unavailable=True)
        if client.count(index=index, ignore_unavailable=True).get("count", 0) >= wanted:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.02)
    assert process.returncode == -signal.SIGKILL
    assert len(all_documents(settings)["articles"]) < 1000

    again = whosaid(settings, "ingest", tmp_path)
    assert again.returncode == 0, again.stderr
    assert all_documents(settings) == all_documents(clean)


def test_bad_files_are_told_apart_and_stop_nothing(settings: Settings, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "good.jsonl", iter([article(1)]))
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "bytes.txt").write_bytes("“Größer”, sagte sie. ".encode() + b"\xff\xfe\x80 and then more words.\n")
    with (tmp_path / "long.jsonl").open("wb") as long:
        long.write(b'{"text": "' + b"word " * 10_000_000 + b'"}\n')
    (tmp_path / "cut.jsonl").write_text(json.dumps(article(2))[:90])

    result = whosaid(settings, "ingest", tmp_path)

    assert result.returncode == 1
    assert "read 6 = indexed 1" in result.stdout
    assert "failed 5" in result.stdout
    states = {Path(file["path"]).name: file["state"] for file in documents(settings, "files")}
    letters = {Path(letter["source_file"]).name: letter for letter in documents(settings, "dead-letters")}
    assert {name for name, state in states.items() if state == "failed"} == letters.keys()
    assert {name: letter["reason"] for name, letter in letters.items()} == {
        "empty.txt": "empty",
        "binary.txt": "binary",
        "bytes.txt": "encoding",
        "long.jsonl": "too_large",
        "cut.jsonl": "json",
    }
    assert states["good.jsonl"] == "indexed"
    assert all(name in letter["message"] for name, letter in letters.items())


def test_an_article_written_again_leaves_exactly_its_new_quotes(settings: Settings, tmp_path: Path) -> None:
    day = tmp_path / "day.jsonl"
    row = article(1) | {"modified_at": "2024-05-01T00:00:00Z"}
    lines = ["“It is done,” said Ada Quill.", "“We start again,” said Hugo Mott.", "“Never,” said Iris Lorne."]
    write_jsonl(day, iter([row | {"text": "\n".join(lines)}]))
    assert whosaid(settings, "ingest", day).returncode == 0
    newer = row | {
        "modified_at": "2024-05-02T00:00:00Z",
        "text": "“It is done,” said Ada Quill.\n“We stop here,” said Hugo Mott.",
    }
    write_jsonl(day, iter([newer]))
    assert whosaid(settings, "ingest", day).returncode == 0
    after = all_documents(settings)
    assert sorted((quote["speaker"], quote["text"]) for quote in after["quotes"].values()) == [
        ("Ada Quill", "“It is done,”"),
        ("Hugo Mott", "“We stop here,”"),
    ]
    write_jsonl(day, iter([row | {"text": "“An older version,” said Ada Quill."}]))
    late = whosaid(settings, "ingest", day)
    assert "unchanged 1" in late.stdout
    assert all_documents(settings) == after


def test_a_node_that_does_not_answer_is_said_so(settings: Settings, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "day.jsonl", articles(1))
    nowhere = settings.model_copy(update={"elasticsearch_url": "http://127.0.0.1:9"})
    result = subprocess.run(
        **command(nowhere, "ingest", tmp_path) | {"env": command(nowhere)["env"] | {"WHOSAID_RETRIES": "1"}},
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 3
    assert "whosaid node start" in result.stderr
    assert "Traceback" not in result.stderr
