"""The front door: `whosaid …`. Each command reads its options, calls one room and prints what came of it.

Exit status: 0 all went well, 1 some articles failed, 2 the request cannot be served as it is, 3 try again later.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.errors import PassingFailure, WhosaidError
from pipeline.settings import Settings

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
err = Console(stderr=True, highlight=False)


def main() -> None:
    """Run the command line; an expected error is one line on standard error, never a traceback."""
    try:
        app()
    except WhosaidError as error:
        err.print(f"whosaid: {error}", style="red", markup=False)
        sys.exit(3 if isinstance(error, PassingFailure) else 2)
