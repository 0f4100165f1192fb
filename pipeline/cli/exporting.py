"""Everything that a search finds, written as it comes: constant memory, a progress bar on standard error."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TextIO

from elasticsearch import ApiError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.elastic import alias, answering
from pipeline.errors import WhosaidError
from pipeline.index import patiently
from pipeline.search import Hit, Query, count, snapshot, to_link
from pipeline.search.export import COLUMNS, page
from pipeline.search.names import known
from pipeline.spreadsheet import line

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch
    from rich.console import Console

    from pipeline.settings import Settings

PAGING = {"size", "snapshot", "facet_size", "interval"}
"""Fields of a query that do not say what is found."""


def export(
    client: Elasticsearch, settings: Settings, query: Query, file: TextIO, console: Console, *, as_json: bool
) -> int:
    """Write a header, then every quote that is found at this moment, as JSON Lines or CSV; returns how many.

    The header is one line: a JSON object, or in CSV a row of one cell, before the row of column names. What may pass is
    waited out; where it does not, the console names the option that goes on behind what was written. Raises `BadQuery`,
    `Unreachable`.
    """
    with snapshot(client, settings) as moment:
        query = replace(query, snapshot=moment)
        found = None if query.after else patiently(settings, partial(count, client, settings, query))
        with answering(settings):
            about = _about(client, settings, query, found)
        file.write(
            json.dumps(about, default=str, ensure_ascii=False) + "\n" if as_json else _comment(about) + line(COLUMNS)
        )
        done = 0
        with _bar(console) as bar:
            task = bar.add_task("quotes", total=found)
            for hits in _pages(client, settings, query, console):
                for hit in hits:
                    if as_json:
                        file.write(json.dumps(dataclasses.asdict(hit), default=str, ensure_ascii=False) + "\n")
                    else:
                        file.write(line(getattr(hit, name) for name in COLUMNS))
                done += len(hits)
                bar.update(task, completed=done)
    return done


def _pages(client: Elasticsearch, settings: Settings, query: Query, console: Console) -> Iterator[tuple[Hit, ...]]:
    wanted: Query | None = query
    try:
        names = patiently(settings, partial(known, client, settings, query))
        while wanted:
            found = patiently(settings, partial(page, client, settings, wanted, names))
            yield found.hits
            wanted = found.next
    except WhosaidError:
        if wanted and wanted.after:
            console.print(f"go on with --after {to_link(wanted.after)}", style="dim", markup=False, soft_wrap=True)
        raise


def _about(client: Elasticsearch, settings: Settings, query: Query, found: int | None) -> dict[str, Any]:
    """What an export is: what was asked, when, of what and with what."""
    asked = {
        field.name: value
        for field in dataclasses.fields(query)
        if (value := getattr(query, field.name)) != field.default and field.name not in PAGING
    }
    return {
        "query": asked,
        "quotes": found,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "whosaid": version("whosaid"),
        "elasticsearch": _permitted(lambda: client.info()["version"]["number"]),
        "indices": _permitted(lambda: sorted(client.indices.get_alias(name=alias(settings, "quotes")))),
    }


def _permitted(look: Callable[[], Any]) -> Any:
    """What there is to see, or nothing where the API key may only read documents."""
    try:
        return look()
    except ApiError as error:
        if error.status_code == 403:
            return None
        raise


def _comment(about: dict[str, Any]) -> str:
    return line(["# " + json.dumps(about, default=str, ensure_ascii=False)])


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
