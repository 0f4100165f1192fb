"""Every panel and control, asked of a real Elasticsearch as Kibana would ask it, finds rows in a thousand articles."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.article import EnrichedArticle
from pipeline.elastic import alias, connect
from pipeline.kibana.objects import DEFAULT_PREFIX, Json
from pipeline.settings import Settings
from tests.documents import random_prefix
from tests.kibana.as_search import control_searches, rows, search_of
from tests.kibana.newsstand import fill

FILE = Path(__file__).parents[2] / "mappings" / "kibana" / "whosaid.ndjson"
OBJECTS: list[Json] = [json.loads(line) for line in FILE.read_text().splitlines()]
VIEWS = {one["id"]: one for one in OBJECTS if one["type"] == "index-pattern"}
DASHBOARDS = [one for one in OBJECTS if one["type"] == "dashboard"]
SPANS = {reference["id"]: one["attributes"]["timeFrom"] for one in DASHBOARDS for reference in one["references"]}
PANELS = [one for one in OBJECTS if one["type"] in {"lens", "map", "search"}]


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@pytest.fixture(scope="module", autouse=True)
def articles(settings: Settings) -> list[EnrichedArticle]:
    return fill(settings)


def ask(settings: Settings, view: str, body: Json) -> Any:
    """Over the alias that the view names, under this test's prefix."""
    index = alias(settings, VIEWS[view]["attributes"]["title"].removeprefix(DEFAULT_PREFIX))
    return connect(settings).search(index=index, **body).body


def shown(settings: Settings, panel: Json) -> list[Json]:
    view, body = search_of(panel, VIEWS, SPANS.get(panel["id"], "now-10y"))
    return rows(panel, ask(settings, view, body))


@pytest.mark.parametrize("panel", PANELS, ids=lambda one: one["attributes"]["title"])
def test_a_panel_shows_rows_with_every_column_filled(panel: Json, settings: Settings) -> None:
    found = shown(settings, panel)
    assert found
    columns = {name for row in found for name, value in row.items() if value not in (None, 0)}
    wanted = set(panel["attributes"]["columns"]) if panel["type"] == "search" else found[0].keys()
    assert columns == set(wanted)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one["attributes"]["title"])
def test_a_control_offers_values(dashboard: Json, settings: Settings) -> None:
    for title, view, body in control_searches(dashboard):
        assert ask(settings, view, body)["aggregations"]["x"]["buckets"], title


def test_what_a_panel_shows_is_what_was_said(articles: list[EnrichedArticle], settings: Settings) -> None:
    panels = {one["id"].removeprefix(DEFAULT_PREFIX): one for one in PANELS}
    said = [quote.speaker for article in articles for quote in article.quotes]
    counted = Counter(speaker.name for speaker in said if speaker)
    assert {row["keys"][0]: row["count"] for row in shown(settings, panels["top-speakers"])} == counted
    (nobody,) = shown(settings, panels["share-without-speaker"])
    assert (nobody["yX0"], nobody["count"]) == (said.count(None), len(said))
    assert len(shown(settings, panels["speaker-map"])) == len({speaker.country for speaker in said if speaker})
