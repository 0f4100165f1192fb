"""The dashboard *Who said what*: all quotes, narrowed down by whom, where, about whom and how."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.kibana.columns import count, distinct, last, over_time, top
from pipeline.kibana.content.indices import QUOTES
from pipeline.kibana.controls import Control
from pipeline.kibana.dashboards import Row, dashboard
from pipeline.kibana.lens import bars, figure, ring, table
from pipeline.kibana.maps import counts_map
from pipeline.kibana.objects import SavedObject
from pipeline.kibana.searches import search

SPAN = "now-10y"
NAMED = "not speaker : unknown"

CONTROLS = (
    Control(QUOTES, "speaker", "Speaker"),
    Control(QUOTES, "speaker_country", "Speaker's country"),
    Control(QUOTES, "actors", "Actors mentioned"),
    Control(QUOTES, "countries", "Countries mentioned"),
    Control(QUOTES, "outlet", "Outlet"),
    Control(QUOTES, "kind", "Kind of quote"),
    Control(QUOTES, "act", "Act"),
)

quotes = count("Quotes")
HOW_MANY = figure("quote-count", "Quotes", QUOTES, quotes)
HOW_MANY_SPEAKERS = figure("speaker-count", "Speakers", QUOTES, distinct("speaker", "Speakers"), query=NAMED)
HOW_MANY_OUTLETS = figure("outlet-count", "Outlets", QUOTES, distinct("outlet", "Outlets"))
OVER_TIME = bars(
    "quotes-over-time", "Quotes over time", QUOTES,
    x=over_time("published_at", "Published"), y=quotes, split=top("kind", "Kind of quote"),
)  # fmt: skip
SPEAKERS = bars(
    "top-speakers", "Top speakers", QUOTES,
    x=top("speaker", "Speaker", 20), y=quotes, series="bar_horizontal", query=NAMED,
)  # fmt: skip
BY_COUNTRY = table(
    "speakers-by-country", "Speakers by country", QUOTES,
    rows=[top("speaker_country", "Country", 20, others=True), top("speaker", "Speaker", 10)],
    figures=[quotes, distinct("outlet", "Outlets"), last("published_at", "Last quoted")], query=NAMED,
)  # fmt: skip
COUNTRIES = bars(
    "speaker-countries", "Where speakers are from", QUOTES,
    x=top("speaker_country", "Speaker's country", 20), y=quotes, split=top("speaker_kind", "Kind of speaker"),
    series="bar_horizontal_stacked",
)  # fmt: skip
MAP = counts_map(
    "speaker-map", "Where speakers are from, on a map", QUOTES, point="speaker_location", label="Quotes", span=SPAN
)
ACTS = ring("acts", "Said, written, thought", QUOTES, by=top("act", "Act"), figure=quotes)
QUOTE_TABLE = search(
    "quote-table", "Quotes, newest first", QUOTES,
    ["speaker", "speaker_role", "speaker_country", "text", "cue", "outlet", "title", "url"], newest="published_at",
    description="Who said what, with a link to the article",
)  # fmt: skip


def objects() -> Iterator[SavedObject]:
    """What the dashboard shows, and the dashboard."""
    rows = (
        Row(6, (HOW_MANY, HOW_MANY_SPEAKERS, HOW_MANY_OUTLETS)),
        Row(12, (OVER_TIME, ACTS), (36, 12)),
        Row(18, (SPEAKERS, COUNTRIES)),
        Row(18, (MAP, BY_COUNTRY)),
        Row(24, (QUOTE_TABLE,)),
    )
    for row in rows:
        yield from row.panels
    yield dashboard(
        "who-said-what", "Who said what", "Quotes by speaker, country, outlet and what they mention",
        rows=rows, controls=CONTROLS, span=SPAN,
    )  # fmt: skip
