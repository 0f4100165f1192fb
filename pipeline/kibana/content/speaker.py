"""The dashboard *A speaker*: one of them, chosen above: when, where, about whom and how."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.kibana.columns import count, distinct, first, last, over_time, top
from pipeline.kibana.content.indices import ACTORS, QUOTES
from pipeline.kibana.content.who_said_what import ACTS, HOW_MANY, HOW_MANY_OUTLETS, SPAN
from pipeline.kibana.controls import Control
from pipeline.kibana.dashboards import Row, dashboard
from pipeline.kibana.lens import bars, table
from pipeline.kibana.maps import counts_map
from pipeline.kibana.objects import SavedObject
from pipeline.kibana.searches import search

CONTROLS = (
    Control(QUOTES, "speaker", "Speaker", single=True),
    Control(QUOTES, "outlet", "Outlet"),
    Control(QUOTES, "countries", "Countries mentioned"),
)

quotes = count("Quotes")
OVER_TIME = bars(
    "speaker-over-time", "When", QUOTES,
    x=over_time("published_at", "Published"), y=quotes, split=top("outlet", "Outlet", 8, others=True),
)  # fmt: skip
ROLES = table(
    "speaker-roles", "As what, and called what", QUOTES,
    rows=[top("speaker_role", "Role", 15, missing=True), top("speaker_mention", "Called", 5)],
    figures=[quotes, first("published_at", "First"), last("published_at", "Last")],
)  # fmt: skip
OUTLETS = table(
    "speaker-outlets", "Where quoted", QUOTES, rows=[top("outlet", "Outlet", 50)],
    figures=[quotes, distinct("article_id", "Articles"), last("published_at", "Last")],
)  # fmt: skip
ABOUT_COUNTRIES = bars(
    "speaker-about-countries", "Countries mentioned", QUOTES,
    x=top("countries", "Country mentioned", 15), y=quotes, series="bar_horizontal",
)  # fmt: skip
ABOUT_ACTORS = bars(
    "speaker-about-actors", "Actors mentioned", QUOTES,
    x=top("actors", "Actor mentioned", 15), y=quotes, series="bar_horizontal",
)  # fmt: skip
CUES = table("speaker-cues", "Said with", QUOTES, rows=[top("cue_lemma", "Verb", 50)], figures=[quotes])
MAP = counts_map(
    "speaker-about-map", "Countries mentioned, on a map", QUOTES, point="locations", label="Quotes", span=SPAN
)
IN_CONTEXT = search(
    "quotes-in-context", "Quotes in context", QUOTES,
    ["text", "context_before", "context_after", "speaker_mention", "confidence", "outlet", "url"],
    newest="published_at",
    description="What was said, and what stands around it",
)  # fmt: skip
REGISTER = search(
    "actors-seen", "Everybody who was seen", ACTORS,
    ["name", "kind", "country", "aliases", "quote_count", "article_count", "first_seen"], newest="last_seen",
    description="After `whosaid actors update`",
)  # fmt: skip


def objects() -> Iterator[SavedObject]:
    """What the dashboard shows, and the dashboard."""
    rows = (
        Row(6, (HOW_MANY, HOW_MANY_OUTLETS)),
        Row(12, (OVER_TIME, ACTS), (36, 12)),
        Row(16, (ABOUT_ACTORS, ABOUT_COUNTRIES, MAP)),
        Row(14, (ROLES, OUTLETS, CUES)),
        Row(24, (IN_CONTEXT,)),
    )
    for row in rows:
        yield from row.panels
    yield REGISTER
    yield dashboard(
        "a-speaker", "A speaker", "Choose one above: when, where, about whom and how they are quoted",
        rows=rows, controls=CONTROLS, span=SPAN,
    )  # fmt: skip
