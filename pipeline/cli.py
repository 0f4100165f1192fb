"""The front door: `whosaid …`. Each command reads its options, calls one room and prints what came of it.

Exit status: 0 all went well, 1 some articles failed, 2 the request cannot be served as it is, 3 try again later.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.errors import ConfigurationError, PassingFailure, Unreadable, WhosaidError
from pipeline.printing import print_quotes
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.ingest import Account
    from pipeline.localnode import LocalNode
    from pipeline.sources import File

app = typer.Typer(
    help="Who said what in the news: ingest articles, and search them by speaker.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
node = typer.Typer(help="A real Elasticsearch on this machine, for trying out and for tests.", no_args_is_help=True)
index = typer.Typer(help="The indices in Elasticsearch.", no_args_is_help=True)
app.add_typer(node, name="node")
app.add_typer(index, name="index")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command line; an expected error is a line on standard error, never a traceback."""
    handler = RichHandler(console=err, show_time=False, show_path=False, show_level=False)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler])
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # our own messages say what was tried again
    try:
        app()
    except WhosaidError as error:
        err.print(f"whosaid: {error}", style="red", markup=False)
        sys.exit(3 if isinstance(error, PassingFailure) else 2)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"WHOSAID_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise ConfigurationError(f"{faults}. Correct or unset it (docs/settings.md).") from None


# --- the local node


Port = Annotated[int, typer.Option(help="HTTP port on 127.0.0.1.")]
Heap = Annotated[str, typer.Option(help="Java heap, such as 512m or 2g.")]
Home = Annotated[Path | None, typer.Option(help="Folder of the node's data and logs.  [default: .whosaid/node]")]


def _node(home: Path | None, port: int = 9200, heap: str = "512m") -> LocalNode:
    from pipeline.localnode import LocalNode

    return LocalNode(home or _settings().home / "node", port=port, heap=heap)


@node.command("start")
def node_start(port: Port = 9200, heap: Heap = "512m", home: Home = None) -> None:
    """Start Elasticsearch and wait until it answers; one that runs already is left as it is."""
    with err.status("Starting Elasticsearch (the first time it is downloaded)"):
        status = _node(home, port, heap).start()
    out.print(f"Elasticsearch {status.version} answers at {status.url} (process {status.pid}, data in {status.home})")


@node.command("stop")
def node_stop(home: Home = None) -> None:
    """End Elasticsearch; its data stays."""
    out.print("Ended." if _node(home).stop() else "It was not running.")


@node.command("status")
def node_status(home: Home = None) -> None:
    """Say whether Elasticsearch runs, and where; exit status 1 when it does not answer."""
    status = _node(home).status()
    state = "running" if status.url else "starting" if status.running else "not running"
    out.print(f"Elasticsearch {status.version}: {state}", markup=False)
    for name in ("url", "health", "pid", "heap", "home"):
        if (value := getattr(status, name)) is not None:
            out.print(f"  {name:7} {value}", markup=False)
    if not status.url:
        raise typer.Exit(1)


@node.command("logs")
def node_logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many.")] = 50, home: Home = None
) -> None:
    """Print the end of Elasticsearch's log."""
    out.print(_node(home).tail(lines), markup=False)


# --- the indices


@index.command("create")
def index_create() -> None:
    """Install mappings and create the indices; what is there already is checked and left as it is."""
    from pipeline.elastic import connect
    from pipeline.index import create

    settings = _settings()
    changes = create(connect(settings), settings)
    for change in changes:
        out.print(f"created {change.kind} {change.name}")
    if not changes:
        out.print("Everything is there already.")


@index.command("check")
def index_check() -> None:
    """Compare what is installed with what this version expects; exit status 1 when they differ."""
    from pipeline.elastic import connect
    from pipeline.index import check

    settings = _settings()
    differences = check(connect(settings), settings)
    for difference in differences:
        out.print(str(difference), markup=False)
    out.print("Nothing differs." if not differences else f"{len(differences)} differences.")
    if differences:
        raise typer.Exit(1)


# --- articles in


@app.command()
def ingest(paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs.")]) -> None:
    """Read articles, find who said what, and index it. Run again after an interruption, it goes on."""
    from pipeline.ingest import ingest
    from pipeline.sources import find

    files = [file.uri for file in find(paths)]
    with _progress(len(files)) as progress:
        account = ingest(files, _settings(), progress=progress)
    out.print(str(account))
    if not account.read:
        err.print(f"No articles found in {', '.join(paths)}.", markup=False)
    if account.failed:
        err.print(
            f"{account.failed} failed; the reasons are kept in {_settings().index_prefix}dead-letters.", style="yellow"
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


@app.command()
def enrich(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="Text, or JSON Lines with `id` and `text`; - reads standard input.")
    ],
) -> None:
    """Find who said what without Elasticsearch: writes a JSON row with the quotes of each article."""
    from pipeline.article import Article, EnrichedArticle
    from pipeline.enrich.enricher import Enricher
    from pipeline.rows import read_rows, write_row

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}; check the name.") from error
    failed = 0
    enricher = Enricher(_settings().model)
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


# --- who said what


@app.command()
def search(
    speaker: Annotated[str | None, typer.Option(help="Words of the speaker's name, such as Peskov.")] = None,
    role: Annotated[str | None, typer.Option(help="Words of the speaker's role, such as minister.")] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="The speaker's country, such as RU; may be repeated.")
    ] = None,
    said: Annotated[str | None, typer.Option(help='Words of the quote; "…" is a phrase, | or, - not.')] = None,
    about: Annotated[str | None, typer.Option(help="Words of the quote, around it or in the title.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of publication.")] = None,
    size: Annotated[int, typer.Option(help="Quotes at most, up to 100.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object for each quote.")] = False,
) -> None:
    """Find quotes: who said what, where and when."""
    from pipeline.elastic import connect
    from pipeline.search import Query, search

    query = Query(
        speaker=speaker, role=role, said=said, about=about, speaker_countries=tuple(country or ()),
        since=_day(since), until=_day(until), size=size,
    )  # fmt: skip
    settings = _settings()
    result = search(connect(settings), settings, query)
    if as_json:
        for hit in result.hits:
            sys.stdout.write(json.dumps(dataclasses.asdict(hit), default=str, ensure_ascii=False) + "\n")
        return
    print_quotes(out, result)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@app.command()
def sample(
    n: Annotated[int, typer.Option("--n", help="Quotes in the sample.")] = 200,
    seed: Annotated[int, typer.Option(help="Another seed draws another sample.")] = 0,
    score: Annotated[
        Path | None, typer.Option(metavar="SHEET", help="Print the precision that a filled sheet gives.")
    ] = None,
) -> None:
    """Write a random sample of quotes as a coding sheet (CSV), or score a filled one: precision on your own corpus."""
    from pipeline.elastic import connect
    from pipeline.search import sample
    from pipeline.sheet import score_sheet, write_sheet

    if score is None:
        settings = _settings()
        write_sheet(sample(connect(settings), settings, n, seed=seed), sys.stdout)
        return
    try:
        with score.open(encoding="utf-8-sig", newline="") as sheet:
            precisions = score_sheet(sheet, str(score))
    except OSError as error:
        raise Unreadable(f"{score}: {error.strerror}; check the name.") from error
    for column, precision in precisions.items():
        out.print(f"{column:14} {precision}", markup=False)
