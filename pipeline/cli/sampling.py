"""`whosaid sample`: precision on your own corpus."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import out, settings
from pipeline.errors import Unreadable


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
        knobs = settings()
        write_sheet(sample(connect(knobs), knobs, n, seed=seed), sys.stdout)
        return
    try:
        with score.open(encoding="utf-8-sig", newline="") as sheet:
            precisions = score_sheet(sheet, str(score))
    except OSError as error:
        raise Unreadable(f"{score}: {error.strerror}; check the name.") from error
    for column, precision in precisions.items():
        out.print(f"{column:14} {precision}", markup=False)
