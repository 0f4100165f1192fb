"""The options by which commands narrow a search; each is a filter of `Query`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from pipeline.article import Act, QuoteKind, SpeakerKind

ABOUT_SPEAKER, ABOUT_QUOTE, ABOUT_ARTICLE = "Who spoke", "What was said", "Where it was printed"
Values = list[str] | None

Speaker = Annotated[
    str | None,
    typer.Option(help="Words of any of the speaker's names, or an id: Peskov.", rich_help_panel=ABOUT_SPEAKER),
]
Role = Annotated[
    str | None, typer.Option(help="Words of the speaker's role: foreign minister.", rich_help_panel=ABOUT_SPEAKER)
]
SpeakerKinds = Annotated[
    list[SpeakerKind] | None, typer.Option("--speaker-kind", help="Repeatable.", rich_help_panel=ABOUT_SPEAKER)
]
Countries = Annotated[
    Values,
    typer.Option("--country", help="The speaker's country, such as RU; repeatable.", rich_help_panel=ABOUT_SPEAKER),
]
Said = Annotated[
    str | None,
    typer.Option(help='Words of the quote; "…" is a phrase, | or, - not, ( ) groups.', rich_help_panel=ABOUT_QUOTE),
]
About = Annotated[
    str | None, typer.Option(help="Words of the quote, around it or in the title.", rich_help_panel=ABOUT_QUOTE)
]
Mentions = Annotated[
    str | None,
    typer.Option(help="Words of any name of somebody whom the quote mentions.", rich_help_panel=ABOUT_QUOTE),
]
MentionedCountries = Annotated[
    Values,
    typer.Option(
        "--mentions-country", help="A country that the quote mentions; repeatable.", rich_help_panel=ABOUT_QUOTE
    ),
]
Kinds = Annotated[list[QuoteKind] | None, typer.Option("--kind", help="Repeatable.", rich_help_panel=ABOUT_QUOTE)]
Acts = Annotated[list[Act] | None, typer.Option("--act", help="Repeatable.", rich_help_panel=ABOUT_QUOTE)]
Negated = Annotated[
    bool | None,
    typer.Option(
        "--negated/--not-negated", help="Only what was not said, or only the rest.", rich_help_panel=ABOUT_QUOTE
    ),
]
MinConfidence = Annotated[float | None, typer.Option(help="From 0 to 1.", rich_help_panel=ABOUT_QUOTE)]
Outlets = Annotated[
    Values,
    typer.Option("--outlet", help="An outlet, spelled as in the index; repeatable.", rich_help_panel=ABOUT_ARTICLE),
]
OutletCountries = Annotated[
    Values, typer.Option("--outlet-country", help="An outlet's country; repeatable.", rich_help_panel=ABOUT_ARTICLE)
]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="First day of publication.", rich_help_panel=ABOUT_ARTICLE),
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of publication.", rich_help_panel=ABOUT_ARTICLE)
]
Fold = Annotated[
    bool,
    typer.Option("--fold", help="Leave out what copies of an earlier article repeat.", rich_help_panel=ABOUT_ARTICLE),
]
Stories = Annotated[
    Values, typer.Option("--story", help="A story, by its id; repeatable.", rich_help_panel=ABOUT_ARTICLE)
]
AsJson = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV, for spreadsheets.")]


def day(moment: datetime | None) -> date | None:
    """The day that was written."""
    return moment.date() if moment else None


def values(chosen: list[str] | list[SpeakerKind] | list[QuoteKind] | list[Act] | None) -> tuple[str, ...]:
    """What was chosen, as `Query` takes it."""
    return tuple(map(str, chosen or ()))
