"""`whosaid search`, `speakers`, `show`: what people see in a terminal, what programs read from a pipe."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from rich.console import Console
from typer.testing import CliRunner

from pipeline.article import Span
from pipeline.cli import app
from pipeline.cli.printing import print_quotes
from pipeline.elastic import connect, unreachable
from pipeline.errors import BadQuery, Unreachable
from pipeline.index import Writer, create
from pipeline.search import Query, search
from pipeline.search.asking import ask
from pipeline.settings import Settings
from pipeline.sources import article_id
from tests.documents import random_prefix
from tests.index.articles import NOON, make_article

Run = Callable[..., str]
ADDRESS = "https://news.example/evil"
EVIL = '=HYPERLINK("http://evil.example","a")'


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@pytest.fixture(scope="module")
def client(settings: Settings) -> Elasticsearch:
    client = connect(settings)
    create(client, settings)
    articles = [
        make_article("", f"Day {day}", [f"Talks on day {day} failed", "So did I"], published_at=NOON, outlet="Post")
        for day in range(60)
    ]
    evil = make_article("", EVIL, ["Nested"], outlet=EVIL, url=ADDRESS, id=article_id(ADDRESS, None, ""))
    whole, inner = evil.quotes[0], evil.article.text.index("Nested")
    nested = replace(whole, pieces=(Span(inner, inner + 6),), nested_in=0, speaker=None)
    Writer(client, settings, generation=1).write([*articles, replace(evil, quotes=(whole, nested))])
    client.indices.refresh(index=f"{settings.index_prefix}quotes")
    return client


@pytest.fixture
def run(client: Elasticsearch, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("WHOSAID_ELASTICSEARCH_URL", settings.elasticsearch_url)
    monkeypatch.setenv("WHOSAID_INDEX_PREFIX", settings.index_prefix)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.stdout

    return run


def test_in_a_pipe_quotes_are_plain_and_in_a_terminal_they_have_colours(
    run: Run, client: Elasticsearch, settings: Settings
) -> None:
    printed = run("search", "--speaker", "peskov", "--said", "day 7", "--facets")
    assert "Dmitry Peskov (spokesman, RU)\n  “Talks on day 7 failed”  [said: Dmitry Peskov]" in printed
    assert "speaker countries\n RU  1" in printed
    assert "\x1b" not in printed
    terminal = io.StringIO()
    print_quotes(Console(file=terminal, force_terminal=True), search(client, settings, Query(said="day 7")))
    assert "\x1b[1;33m7\x1b[0m" in terminal.getvalue()


def test_pages_go_on_where_the_last_one_ended(run: Run) -> None:
    found: list[str] = []
    page: tuple[str, ...] = ()
    while page is not None:
        result = CliRunner().invoke(app, ["search", "--json", "--size", "50", *page])
        found += [json.loads(line)["id"] for line in result.stdout.splitlines()]
        _, more, token = result.stderr.partition("--after ")
        page = ("--after", token.strip()) if more else None  # type: ignore[assignment]
    assert len(found) == len(set(found)) == 122


@pytest.mark.parametrize("format_", ["--csv", "--json"])
def test_an_export_holds_everything_once_and_says_what_it_is(run: Run, format_: str) -> None:
    header, *rows = run("search", "--all", format_, "--speaker", "Peskov").splitlines()
    if format_ == "--csv":
        (cell,) = next(csv.reader([header]))
        about, ids = json.loads(cell.removeprefix("# ")), [row["id"] for row in csv.DictReader(rows)]
    else:
        about, ids = json.loads(header), [json.loads(row)["id"] for row in rows]
    assert about["query"] == {"speaker": "Peskov"}
    assert about["quotes"] == len(ids) == len(set(ids)) == 121
    assert about.keys() >= {"exported_at", "whosaid", "elasticsearch", "indices"}


def test_an_export_that_was_cut_off_goes_on_where_it_ended(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[object] = []

    def away(*given: Any, **named: Any) -> list[dict[str, Any]]:
        if len(answered) == 3:  # the count and two pages
            raise unreachable(settings, "as the test wants it")
        answered.append(given)
        return ask(*given, **named)

    monkeypatch.setattr("pipeline.search.export.PAGE", 50)
    monkeypatch.setenv("WHOSAID_RETRIES", "0")
    with monkeypatch.context() as cut:
        cut.setattr("pipeline.search.export.ask", away)
        result = CliRunner().invoke(app, ("search", "--all", "--json"))
    assert isinstance(result.exception, Unreachable)
    first = result.stdout.splitlines()[1:]
    header, *rest = run(
        "search", "--all", "--json", "--after", result.stderr.partition("--after ")[2].split()[0]
    ).splitlines()
    assert json.loads(header)["quotes"] is None
    assert (len(first), len({json.loads(row)["id"] for row in (*first, *rest)}), len(rest)) == (100, 122, 22)


def test_no_cell_is_a_formula(run: Run) -> None:
    for everything in ((), ("--all",)):
        printed = run("search", "--csv", "--outlet", EVIL, *everything)
        cells = [cell for row in csv.reader(io.StringIO(printed)) for cell in row]
        assert f"'{EVIL}" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_speakers_are_listed_with_their_counts(run: Run) -> None:
    header, *rows = run("speakers").splitlines()
    assert header.split() == ["speaker", "role", "country", "quotes", "first", "last"]
    assert [row.split() for row in rows] == [["Dmitry", "Peskov", "spokesman", "RU", "121", "2022-12-02", "2022-12-02"]]
    assert [json.loads(line)["quotes"] for line in run("speakers", "peskov", "--json").splitlines()] == [121]
    assert "Did you mean Dmitry Peskov?" in run("speakers", "Pescov")
    assert "Did you mean Dmitry Peskov?" in run("search", "--speaker", "Pescov")


def test_an_article_is_shown_by_address_or_id_with_its_quotes_marked(run: Run) -> None:
    printed = run("search", "--json", "--outlet", EVIL)
    quote = json.loads(printed.splitlines()[0])
    for wanted in (quote["url"], quote["article_id"], quote["id"]):
        shown = run("show", wanted)
        assert "Dmitry Peskov said: [1 “[2 Nested]”]" in shown
        assert "[2] unknown" in shown
    assert len(json.loads(run("show", quote["id"], "--json"))["quotes"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "--all"),
        ("search", "--json", "--csv"),
        ("search", "--after", "nonsense"),
        ("search", "--sort", "random"),
        ("search", "--country", "Russia"),
        ("search", "--size", "1000000"),
        ("show", "no-such-article"),
        ("show", "https://"),
        ("speakers", " "),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(BadQuery):
        run(*arguments)
