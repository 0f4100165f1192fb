"""Saying what is wrong with a quote: `whosaid correct …`."""

from __future__ import annotations

import getpass
import re
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import out, settings
from pipeline.errors import BadQuery

if TYPE_CHECKING:
    from pipeline.corrections import Change, Corrections

app = typer.Typer(help="Correct a quote, in the index and for every later run.", no_args_is_help=True)

QuoteId = Annotated[str, typer.Argument(metavar="QUOTE", help="The quote’s id, as `whosaid search --json` prints it.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides it; whoever is logged in, unless given.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why.")]


@app.command("speaker")
def speaker(
    quote: QuoteId,
    name: Annotated[str | None, typer.Argument(help="Who said it, as the facet should show it.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Instead of a name: the actor’s id.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Instead of a name: nobody who is named.")] = False,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Somebody else said it."""
    if sum((name is not None, actor is not None, nobody)) != 1:
        raise BadQuery("Say who: exactly one of NAME, --actor and --nobody.")
    _print(_door().speaker(quote, name, actor_id=actor, by=by or getpass.getuser(), reason=reason))


@app.command("extent")
def extent(
    quote: QuoteId,
    spans: Annotated[
        list[str],
        typer.Argument(metavar="START-END…", help="Characters of the article’s text, half-open; one a piece."),
    ],
    by: By = None,
    reason: Reason = None,
) -> None:
    """It begins or ends elsewhere."""
    from pipeline.article import Span

    pieces = []
    for span in spans:
        match = re.fullmatch(r"(\d+)-(\d+)", span)
        if match is None:
            raise BadQuery(f"{span!r} is no span; write two numbers, as in 120-168.")
        pieces.append(Span(int(match[1]), int(match[2])))
    _print(_door().extent(quote, pieces, by=by or getpass.getuser(), reason=reason))


@app.command("no-quote")
def no_quote(quote: QuoteId, by: By = None, reason: Reason = None) -> None:
    """It is no quote."""
    _print(_door().no_quote(quote, by=by or getpass.getuser(), reason=reason))


def _door() -> Corrections:
    from pipeline.corrections import Corrections
    from pipeline.elastic import connect
    from pipeline.index import create

    knobs = settings()
    client = connect(knobs)
    create(client, knobs)
    return Corrections(client, knobs)


def _print(change: Change) -> None:
    from pipeline.corrections import told

    out.print(told(change.decision), markup=False)
    out.print(f"quote {change.quote_id or 'gone'}; take it back: whosaid decisions undo {change.decision.id}")
