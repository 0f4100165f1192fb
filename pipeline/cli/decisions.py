"""What people decided: `whosaid decisions …`."""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.common import err, out, settings

app = typer.Typer(help="What people decided: list it, take it back, export it.", no_args_is_help=True)


class Form(StrEnum):
    """Of an export."""

    DECISIONS = "decisions"
    SCORER = "scorer"
    NOTATION = "notation"


@app.command("list")
def list_(
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    article: Annotated[str | None, typer.Option(help="Only about the article of this id.")] = None,
) -> None:
    """List decisions, the newest first."""
    from pipeline.corrections import Corrections, told
    from pipeline.elastic import connect
    from pipeline.index.plain import iso

    knobs = settings()
    door = Corrections(connect(knobs), knobs)
    made = door.of_article(article)[:size] if article else door.recent(size)
    for decision in made:
        why = f" ({decision.reason})" if decision.reason else ""
        out.print(f"{iso(decision.made_at)[:16]}  {decision.by or '–'}: {told(decision)}{why}", markup=False)
        out.print(f"  {decision.id}", style="dim")
    if not made:
        out.print("Nothing was decided.")


@app.command("undo")
def undo(
    decision: Annotated[str, typer.Argument(metavar="ID", help="As `whosaid decisions list` prints it.")],
    by: Annotated[
        str | None, typer.Option("--by", help="Who takes it back; whoever is logged in, unless given.")
    ] = None,
) -> None:
    """Take a decision back."""
    from pipeline.corrections import Corrections, told
    from pipeline.elastic import connect

    knobs = settings()
    change = Corrections(connect(knobs), knobs).undo(decision, by=by or getpass.getuser())
    out.print(told(change.decision), markup=False)


@app.command("apply")
def apply() -> None:
    """Put all decisions into what is indexed: after a restored backup, say, or a call that was interrupted."""
    from pipeline.corrections import Corrections, told
    from pipeline.elastic import connect

    knobs = settings()
    result = Corrections(connect(knobs), knobs).everywhere()
    out.print(f"{result.changed:,} articles changed")
    for decision in result.missed:
        err.print(f"the words are gone: {told(decision)} ({decision.id})", style="yellow", markup=False)


@app.command("export")
def export(
    form: Annotated[
        Form,
        typer.Option(help="A line a decision; or corrected articles, as the scorer or as docs/quotes.md has them."),
    ] = Form.DECISIONS,
) -> None:
    """Write what was corrected, to train and to score on."""
    from pipeline.corrections.export import as_decisions, as_notation, as_scorer
    from pipeline.elastic import connect

    knobs = settings()
    write = {Form.DECISIONS: as_decisions, Form.SCORER: as_scorer, Form.NOTATION: as_notation}[form]
    for line in write(connect(knobs), knobs):
        sys.stdout.write(line + "\n")
