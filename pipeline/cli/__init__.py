"""The front door: `whosaid …`. Each command reads its options, calls one room and prints what came of it.

Exit status: 0 all went well, 1 some articles failed, 2 the request cannot be served as it is, 3 try again later.
A command imports its room when it runs: `whosaid --help` need not load spaCy.
"""

from __future__ import annotations

import logging
import sys

import typer
from rich.logging import RichHandler

from pipeline.cli import (
    actors,
    articles,
    correct,
    decisions,
    index,
    kibana,
    node,
    quotes,
    sampling,
    stories,
    takedown,
    upkeep,
    web,
)
from pipeline.cli.common import err
from pipeline.errors import PassingFailure, WhosaidError

app = typer.Typer(
    help="Who said what in the news: ingest articles, and search them by speaker.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    articles.ingest, articles.enrich, quotes.search, quotes.speakers, quotes.show, sampling.sample,
    upkeep.status, upkeep.retry, upkeep.reprocess, takedown.delete, web.web,
):  # fmt: skip
    app.command()(command)
app.add_typer(node.app, name="node")
app.add_typer(index.app, name="index")
app.add_typer(actors.app, name="actors")
app.add_typer(stories.app, name="stories")
app.add_typer(kibana.app, name="kibana")
app.add_typer(correct.app, name="correct")
app.add_typer(decisions.app, name="decisions")


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
