"""`whosaid index create`: once, at once, and never over something else."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from pipeline.elastic import connect
from pipeline.errors import ConfigurationError, MappingMismatch
from pipeline.index import check, create
from pipeline.settings import Settings
from tests.documents import random_prefix
from tests.index.proxy import proxy

INDICES = ("articles", "quotes", "files", "dead-letters", "decisions", "actors")


def fresh(settings: Settings) -> Settings:
    return settings.model_copy(update={"index_prefix": random_prefix()})


def test_processes_that_create_at_the_same_time_share_one_set_of_indices(settings: Settings) -> None:
    new = fresh(settings)
    with ThreadPoolExecutor(3) as pool:
        changes = list(pool.map(lambda _: create(connect(new), new), range(3)))
    installed = [change.name for made in changes for change in made if change.kind == "index"]
    assert sorted(installed) == sorted(f"{new.index_prefix}{name}" for name in INDICES)  # each by one of them
    assert create(connect(new), new) == []
    assert check(connect(new), new) == []


def test_what_is_missing_is_named(elasticsearch_url: str) -> None:
    new = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    missing = [str(difference) for difference in check(connect(new), new)]
    assert f"index {new.index_prefix}quotes is missing" in missing


def test_another_mapping_is_reported_field_by_field_and_left_as_it_is(settings: Settings) -> None:
    new = fresh(settings)
    client = connect(new)
    quotes = f"{new.index_prefix}quotes"
    theirs = {"dynamic": "strict", "properties": {"speaker": {"type": "text"}, "mood": {"type": "keyword"}}}
    client.indices.create(index=f"{quotes}-v1", aliases={quotes: {}}, mappings=theirs)
    with pytest.raises(MappingMismatch) as caught:
        create(client, new)
    message = str(caught.value)
    assert f"index {quotes}: mappings.properties.speaker.type is text, expected keyword" in message
    assert f"index {quotes}: mappings.properties.mood.type is keyword, expected none" in message
    assert f"index {quotes}: mappings.properties.speaker_id.type is missing, expected keyword" in message
    assert client.indices.get_mapping(index=quotes)[f"{quotes}-v1"]["mappings"] == theirs
    assert not client.indices.exists(index=f"{new.index_prefix}articles")


def test_a_changed_template_is_reported(client: Elasticsearch, settings: Settings) -> None:
    name = f"{settings.index_prefix}files"
    body = client.indices.get_index_template(name=name)["index_templates"][0]["index_template"]
    changed = {"index_patterns": body["index_patterns"], "priority": 7, "composed_of": body["composed_of"]}
    client.indices.put_index_template(name=name, **changed)
    try:
        with pytest.raises(MappingMismatch, match=f"index template {name}: priority is 7, expected 500"):
            create(client, settings)
    finally:
        keep = ("index_patterns", "priority", "composed_of", "template", "version")
        client.indices.put_index_template(name=name, **{key: body[key] for key in keep})
    assert check(client, settings) == []


def test_a_key_that_may_not_install_templates_still_gets_the_same_indices(settings: Settings) -> None:
    with proxy(settings.elasticsearch_url, forbid="_template") as between:
        new = fresh(settings.model_copy(update={"elasticsearch_url": between.url}))
        assert {change.kind for change in create(connect(new), new)} == {"index"}
        assert create(connect(new), new) == []


def test_a_key_that_may_not_create_indices_is_told_so(settings: Settings) -> None:
    with proxy(settings.elasticsearch_url, forbid="quotes-v1") as between:
        new = fresh(settings.model_copy(update={"elasticsearch_url": between.url}))
        with pytest.raises(ConfigurationError, match="WHOSAID_ELASTICSEARCH_API_KEY"):
            create(connect(new), new)


def test_a_field_nobody_described_is_refused(client: Elasticsearch, settings: Settings) -> None:
    for name in INDICES:
        with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
            client.index(index=f"{settings.index_prefix}{name}", document={"surprise": 1})


def test_the_next_version_of_an_index_gets_the_same_mapping(client: Elasticsearch, settings: Settings) -> None:
    name = f"{settings.index_prefix}quotes"
    client.indices.create(index=f"{name}-v2")
    shapes: Any = client.indices.get_mapping(index=f"{name}-v*")
    assert shapes[f"{name}-v1"] == shapes[f"{name}-v2"]


def test_words_are_found_without_case_accents_possessives_and_endings(
    client: Elasticsearch, settings: Settings
) -> None:
    def tokens(analyzer: str, text: str) -> list[str]:
        answer = client.indices.analyze(index=f"{settings.index_prefix}quotes", analyzer=analyzer, text=text)
        return [token["token"] for token in answer["tokens"]]

    assert tokens("words", "Ukraine’s ministers") == tokens("words", "ukraine MINISTER")
    assert tokens("names", "José María's") == ["jose", "maria"]
    assert tokens("names", "Ministers") == ["ministers"]


def test_the_data_model_page_describes_every_field_of_the_mappings() -> None:
    page = (files("mappings") / "../docs/data-model.md").read_text()
    for file in [*(files("mappings") / "indices").iterdir(), *(files("mappings") / "components").iterdir()]:
        for field in json.loads(file.read_text())["template"]["mappings"].get("properties", {}):
            assert f"`{field}`" in page, f"docs/data-model.md does not describe {field} of {file.name}"
