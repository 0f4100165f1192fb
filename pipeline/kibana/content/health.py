"""The dashboard *Pipeline health*: what came in, what failed and why, how late, which days are missing.

No controls: the indices have few fields in common, and Kibana shows nothing of an index that lacks a chosen field.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.kibana.columns import count, first, groups, last, of_newest, over_time, share, top, total
from pipeline.kibana.content.indices import ARTICLES, DEAD_LETTERS, FILES, QUOTES
from pipeline.kibana.dashboards import Row, dashboard
from pipeline.kibana.lens import bars, figure, ring, table
from pipeline.kibana.objects import SavedObject
from pipeline.kibana.searches import search

SPAN = "now-30d"
DONE = "not state : planned"
NOBODY = "speaker : unknown"

READ = figure("articles-read", "Articles read", FILES, total("read", "Articles read"), query=DONE)
FAILED = figure("articles-failed", "Articles failed", FILES, total("failed", "Articles failed"), query=DONE)
LETTERS = figure("dead-letter-count", "Dead letters", DEAD_LETTERS, count("Dead letters"))
NAMELESS = figure("share-without-speaker", "Quotes without a speaker", QUOTES, share("Without a speaker", NOBODY))
RUNS = table(
    "runs", "Runs", FILES, rows=[top("run", "Run", 50)],
    figures=[
        last("finished_at", "Finished"), first("started_at", "Started"), count("Files"), total("read", "Articles read"),
        total("indexed", "Indexed"), total("unchanged", "Unchanged"), total("failed", "Failed"),
        total("quotes", "Quotes"),
    ],
    query=DONE,
)  # fmt: skip
STATES = bars(
    "files-over-time", "Files by what became of them", FILES,
    x=over_time("finished_at", "Finished"), y=count("Files"), split=top("state", "State"),
)  # fmt: skip
WAITING = ring(
    "files-waiting", "Files done and waiting", FILES,
    by=groups("Files", {"done": DONE, "waiting": "state : planned"}), figure=count("Files"),
)  # fmt: skip
REASONS = bars(
    "failures-by-reason", "Failures by reason", DEAD_LETTERS,
    x=over_time("last_failed_at", "Failed last"), y=count("Dead letters"),
    split=top("reason", "Reason", 12, others=True),
)  # fmt: skip
STAGES = table(
    "failures-by-stage", "Where and why it failed", DEAD_LETTERS,
    rows=[top("stage", "Stage"), top("reason", "Reason", 20)],
    figures=[count("Dead letters"), first("first_failed_at", "Since"), last("last_failed_at", "Last")],
)  # fmt: skip
LAG = table(
    "lag", "Lag: when an outlet's newest article was published, and when it was brought in", ARTICLES,
    rows=[top("outlet", "Outlet", 50)],
    figures=[
        count("Articles"), last("published_at", "Newest published"),
        of_newest("ingested_at", "That one brought in", by="published_at"),
    ],
)  # fmt: skip
A_DAY = bars(
    "articles-a-day", "Articles a day", ARTICLES,
    x=over_time("published_at", "Published", "d"), y=count("Articles"), split=top("outlet", "Outlet", 8, others=True),
)  # fmt: skip
MISSING = table(
    "missing-days", "Days with the fewest articles first: 0 is a missing day", ARTICLES,
    rows=[over_time("published_at", "Day", "d")], figures=[count("Articles")], fewest_first=True,
)  # fmt: skip
NAMELESS_OVER_TIME = bars(
    "share-without-speaker-over-time", "Share of quotes without a speaker", QUOTES,
    x=over_time("published_at", "Published"), y=share("Without a speaker", NOBODY), series="line",
)  # fmt: skip
NAMELESS_BY_OUTLET = table(
    "share-without-speaker-by-outlet", "Quotes without a speaker, by outlet", QUOTES,
    rows=[top("outlet", "Outlet", 50)],
    figures=[count("Quotes"), count("Without a speaker", NOBODY), share("Share without", NOBODY)],
)  # fmt: skip
LETTER_TABLE = search(
    "dead-letter-table", "Dead letters, newest first", DEAD_LETTERS,
    ["stage", "reason", "message", "source_file", "source_member", "attempts", "run"], newest="last_failed_at",
)  # fmt: skip
FILE_TABLE = search(
    "file-table", "Files that failed", FILES,
    ["path", "reason", "read", "failed", "size", "run"], newest="finished_at", query="state : failed",
)  # fmt: skip


def objects() -> Iterator[SavedObject]:
    """What the dashboard shows, and the dashboard."""
    rows = (
        Row(6, (READ, FAILED, LETTERS, NAMELESS)),
        Row(14, (RUNS, STATES, WAITING), (24, 16, 8)),
        Row(14, (REASONS, STAGES)),
        Row(14, (A_DAY, MISSING), (32, 16)),
        Row(14, (LAG,)),
        Row(14, (NAMELESS_OVER_TIME, NAMELESS_BY_OUTLET)),
        Row(16, (LETTER_TABLE,)),
        Row(16, (FILE_TABLE,)),
    )
    for row in rows:
        yield from row.panels
    yield dashboard(
        "pipeline-health", "Pipeline health", "Runs, failures, lag, missing days, and quotes without a speaker",
        rows=rows, span=SPAN,
    )  # fmt: skip
