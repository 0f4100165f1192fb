"""Which shards of an archive come next, and which are never read again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import backlog as module
from pipeline.backlog import Backlog, backlog
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import FileState, Manifest, create
from pipeline.ingest import ingest
from pipeline.settings import Settings
from tests.documents import random_prefix
from tests.newsroom import write_jsonl, write_shards


@pytest.fixture
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@pytest.fixture
def manifest(settings: Settings) -> Manifest:
    client = connect(settings)
    create(client, settings)
    return Manifest(client, settings)


def names(found: Backlog) -> list[str]:
    return [Path(file.uri).name.partition(".")[0] for file in found.next]


def test_shards_go_by_number_from_either_end_and_page_by_page(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 4)
    write_shards(tmp_path, 11, 1)
    oldest = backlog([tmp_path], manifest, "e", most=3, newest_first=False, run="one")
    newest = backlog([tmp_path], manifest, "e", most=3, newest_first=True, run="two")
    assert names(oldest) == ["shard-0", "shard-1", "shard-2"]
    assert names(newest) == ["shard-10", "shard-9", "shard-8"]
    assert (oldest.total, oldest.done, oldest.later) == (11, 0, 8)
    assert {one.state for one in manifest.every_file()} == {FileState.PLANNED}


def test_what_is_done_is_left_out_until_it_changes_or_the_enrichment_does(
    manifest: Manifest, settings: Settings, enricher: Enricher, tmp_path: Path
) -> None:
    first, second, _ = write_shards(tmp_path, 3, 2)
    bad = write_jsonl(tmp_path / "shard-00.jsonl", iter([{"title": "no text"}]))
    plan = {"manifest": manifest, "most": 10, "newest_first": False, "run": "one"}
    backlog([tmp_path], enrichment=enricher.fingerprint, **plan)
    ingest([first, second, bad], settings, enricher=enricher)

    again = backlog([tmp_path], enrichment=enricher.fingerprint, **plan)
    assert (again.done, names(again)) == (2, ["shard-2", "shard-00"])  # what failed before comes last
    os.utime(first, (1_700_000_000, 1_700_000_000))
    assert names(backlog([tmp_path], enrichment=enricher.fingerprint, **plan)) == ["shard-0", "shard-2", "shard-00"]
    assert backlog([tmp_path], enrichment="another", **plan).done == 0


def test_shards_that_fail_are_each_tried_again_but_start_no_further_run(
    manifest: Manifest, settings: Settings, enricher: Enricher, tmp_path: Path
) -> None:
    bad = [write_jsonl(tmp_path / f"shard-{n}.jsonl", iter([{"title": "no text"}])) for n in range(3)]
    plan = {"manifest": manifest, "enrichment": enricher.fingerprint, "most": 1, "newest_first": False, "run": "one"}
    ingest(bad, settings, enricher=enricher)
    taken = []
    for _ in bad:
        found = backlog([tmp_path], **plan)
        assert found.later == 0
        taken += names(found)
        ingest([file.uri for file in found.next], settings, enricher=enricher)
    assert sorted(taken) == ["shard-0", "shard-1", "shard-2"]
