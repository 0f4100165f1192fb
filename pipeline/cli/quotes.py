"""Who said what: `whosaid search` and `whosaid sample`."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import out, settings
from pipeline.cli.printing import print_quotes
from pipeline.errors import Unreadable


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
    knobs = settings()
    result = search(connect(knobs), knobs, query)
    if as_json:
        for hit in result.hits:
            sys.stdout.write(json.dumps(dataclasses.asdict(hit), default=str, ensure_ascii=False) + "\n")
        return
    print_quotes(out, result)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


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
