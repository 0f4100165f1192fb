"""The account of files, and the dead letters: each with its reason, gone when what failed succeeds."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch, helpers

from pipeline.article import DeadLetter
from pipeline.index import FileRecord, FileState, Manifest
from pipeline.settings import Settings

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def manifest(client: Elasticsearch, settings: Settings) -> Manifest:
    return Manifest(client, settings)


def letters(client: Elasticsearch, settings: Settings, file: str) -> dict[str | None, dict[str, Any]]:
    index = f"{settings.index_prefix}dead-letters"
    client.indices.refresh(index=index)
    hits = helpers.scan(client, index=index, query={"query": {"term": {"source_file": file}}})
    return {hit["_source"].get("source_member"): hit["_source"] for hit in hits}


def letter(file: str, member: str | None, message: str = "line 3 is no JSON; correct it") -> DeadLetter:
    return DeadLetter(file, member, "read", "json", message)


def test_a_dead_letter_counts_its_attempts_and_goes_when_its_reference_succeeds(
    manifest: Manifest, client: Elasticsearch, settings: Settings
) -> None:
    manifest.bury([letter("a.jsonl", "line 3"), letter("a.jsonl", "line 9")], run="first")
    first = letters(client, settings, "a.jsonl")["line 3"]
    manifest.bury([letter("a.jsonl", "line 3", "line 3 is still no JSON")], run="second")
    again = letters(client, settings, "a.jsonl")["line 3"]
    assert (again["attempts"], again["run"], again["message"]) == (2, "second", "line 3 is still no JSON")
    assert again["first_failed_at"] == first["first_failed_at"]
    assert manifest.resolve([("a.jsonl", "line 3"), ("a.jsonl", "line 4"), ("b.jsonl", "line 9")]) == 1
    assert set(letters(client, settings, "a.jsonl")) == {"line 9"}


def test_a_file_walked_again_keeps_only_the_dead_letters_of_this_walk(
    manifest: Manifest, client: Elasticsearch, settings: Settings
) -> None:
    manifest.bury([letter("c.jsonl", "line 1"), letter("c.jsonl", "line 2"), letter("d.jsonl", None)], run="first")
    time.sleep(0.002)  # times are kept in milliseconds
    walk = datetime.now(UTC)
    manifest.bury([letter("c.jsonl", "line 2")], run="second")
    assert manifest.resolve_file("c.jsonl", before=walk) == 1
    assert set(letters(client, settings, "c.jsonl")) == {"line 2"}
    assert set(letters(client, settings, "d.jsonl")) == {None}


def test_a_files_record_comes_back_as_it_was_written_and_the_later_one_stands(manifest: Manifest) -> None:
    record = FileRecord(
        path="/news/caf\udce9.jsonl",  # a name that is not UTF-8
        state=FileState.FAILED,
        started_at=START,
        finished_at=START + timedelta(seconds=5),
        run="first",
        hash="0" * 64,
        size=120,
        modified_at=START,
        reason="json",
        read=4,
        indexed=2,
        unchanged=1,
        failed=1,
        quotes=7,
        failed_members=("line 3",),
        enrichment="e1",
    )
    manifest.record([record])
    assert manifest.files([record.path, "/news/never.jsonl"]) == {record.path: record}
    later = replace(
        record, state=FileState.INDEXED, failed=0, failed_members=(), reason=None, finished_at=START + timedelta(9)
    )
    manifest.record([later])
    manifest.record([record])  # of a run that ended earlier but wrote later
    assert manifest.files([record.path]) == {record.path: later}
