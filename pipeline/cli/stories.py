"""Copies of one report under many headlines: `whosaid stories …`."""

from __future__ import annotations

import typer

from pipeline.cli.common import err, out, settings

app = typer.Typer(help="Stories: articles that are copies of one another.", no_args_is_help=True)


@app.callback()
def stories() -> None:
    """A group, though of one command so far."""


@app.command("update")
def update() -> None:
    """Find the copies among new articles, and mark their quotes. Run it after ingestion; run again, it goes on."""
    from pipeline.corrections.stories import update
    from pipeline.elastic import connect
    from pipeline.index import create

    knobs = settings()
    client = connect(knobs)
    create(client, knobs)
    with err.status("Looking for copies") as line:
        out.print(str(update(client, knobs, line.update)))
