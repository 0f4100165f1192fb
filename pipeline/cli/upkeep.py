"""What became of everything, and doing it again: `whosaid status`, `retry`, `reprocess`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.cli.common import err, out, settings

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.status import Day, Status

Days = Annotated[int, typer.Option(min=1, help="How many of each source's last days are printed.")]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as one JSON object.")] = False,
    check_files: Annotated[
        bool,
        typer.Option("--check-files", help="Look which local files are gone, and note it; where they are mounted."),
    ] = False,
    days: Days = 14,
) -> None:
    """Say what came in, went out, failed and is missing, by source and day."""
    from pipeline.elastic import connect
    from pipeline.status import status

    knobs = settings()
    state = status(connect(knobs), knobs, check_files=check_files)
    if as_json:
        sys.stdout.write(json.dumps(state.as_dict(), ensure_ascii=False) + "\n")
        return
    out.print(f"{state.articles:,} articles, {state.quotes:,} quotes")
    out.print(f"files: {_counts(state.files)}", markup=False)
    out.print(f"dead letters: {_counts(state.dead_letters)}", markup=False)
    if len(state.enrichments) > 1:
        out.print(f"enrichments: {_counts(state.enrichments)}; `whosaid reprocess --older` makes them one")
    for source in dict.fromkeys(day.source for day in state.days):
        _print_source(state, source, [day for day in state.days if day.source == source], days)
    for path in state.gone:
        out.print(f"gone: {path}", markup=False)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"


def _print_source(state: Status, source: str, days: list[Day], most: int) -> None:
    columns = ("files", "read", "indexed", "unchanged", "failed", "quotes", "gone")
    table = Table(box=None, title=source, title_justify="left", title_style="bold")
    table.add_column("day")
    for column in columns:
        table.add_column(column, justify="right")
    for day in days[-most:]:
        table.add_row(day.day, *(f"{getattr(day, column):,}" for column in columns))
    if len(days) > most:
        table.add_row(f"all {len(days)}", *(f"{sum(getattr(day, column) for day in days):,}" for column in columns))
    out.print(table)
    if missing := state.missing.get(source):
        shown = ", ".join(missing[-most:])
        out.print(
            f"missing: {len(missing)} days, the last ones {shown}" if len(missing) > most else f"missing: {shown}"
        )


def retry(
    reason: Annotated[
        list[str] | None, typer.Option(help="Only what failed for this, such as json; repeatable.")
    ] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only what failed in read, enrich or index.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what failed since.")] = None,
) -> None:
    """Try dead letters again: of each file only what failed. What succeeds is resolved."""
    from pipeline.retry import retry

    moment = since.replace(tzinfo=UTC) if since else None
    with err.status("Trying again") as line:
        account = retry(
            settings(), reasons=reason or (), stages=stage or (), since=moment,
            progress=lambda so_far, file: line.update(str(so_far)),
        )  # fmt: skip
    _finish(account)


def reprocess(
    older: Annotated[bool, typer.Option("--older", help="What another enrichment than this one made.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Articles at most.")] = None,
) -> None:
    """Find quotes and speakers anew in what is stored, newest articles first. Run again, it goes on."""
    from pipeline.reprocess import reprocess

    if not older:
        raise typer.BadParameter("say which articles: --older")
    with err.status("Loading the model") as line:
        account = reprocess(settings(), limit=limit, progress=lambda so_far: line.update(str(so_far)))
    _finish(account)


def _finish(account: Account) -> None:
    out.print(str(account))
    if account.failed:
        err.print(
            f"{account.failed} failed; the reasons are kept in {settings().index_prefix}dead-letters.", style="yellow"
        )
        raise typer.Exit(1)
