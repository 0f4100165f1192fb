"""Articles in: `whosaid ingest` and `whosaid enrich`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.cli.common import err, out, settings
from pipeline.errors import Unreadable

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.sources import File


def ingest(paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs.")]) -> None:
    """Read articles, find who said what, and index it. Run again after an interruption, it goes on."""
    from pipeline.ingest import ingest
    from pipeline.sources import find

    files = [file.uri for file in find(paths)]
    with _progress(len(files)) as progress:
        account = ingest(files, settings(), progress=progress)
    out.print(str(account))
    if not account.read:
        err.print(f"No articles found in {', '.join(paths)}.", markup=False)
    if account.failed:
        err.print(
            f"{account.failed} failed; the reasons are kept in {settings().index_prefix}dead-letters.", style="yellow"
        )
        raise typer.Exit(1)


@contextmanager
def _progress(files: int) -> Iterator[Callable[[Account, File], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("loading the model", total=files)
        seen: set[str] = set()

        def advance(account: Account, file: File) -> None:
            seen.add(file.uri)
            bar.update(task, completed=len(seen) - 1, description=str(account))

        yield advance


def enrich(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="Text, or JSON Lines with `id` and `text`; - reads standard input.")
    ],
) -> None:
    """Find who said what without Elasticsearch: writes a JSON row with the quotes of each article."""
    from pipeline.actors.register import of_settings
    from pipeline.article import Article, EnrichedArticle
    from pipeline.enrich.enricher import Enricher
    from pipeline.rows import read_rows, write_row

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}; check the name.") from error
    failed = 0
    knobs = settings()
    enricher = Enricher(knobs.model, of_settings(knobs))
    items = read_rows(data, "standard input" if file == "-" else file)
    while batch := list(islice(items, 50)):
        for fault in (item for item in batch if isinstance(item, Unreadable)):
            failed += 1
            err.print(str(fault), style="yellow", markup=False)
        for result in enricher.enrich(item for item in batch if isinstance(item, Article)):
            if isinstance(result, EnrichedArticle):
                sys.stdout.write(write_row(result) + "\n")
            else:
                failed += 1
                err.print(result.message, style="yellow", markup=False)
    if failed:
        raise typer.Exit(1)
