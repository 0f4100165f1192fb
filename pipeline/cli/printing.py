"""What was found, for people: quotes under their speakers, tables of counts; colours in a terminal, plain elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.search import Hit, Result
    from pipeline.search.speakers import Voice

PIPED = 1000
"""Characters of a line that is no terminal's."""


def print_quotes(console: Console, result: Result) -> None:
    """Print one page of quotes, gathered by speaker in the order in which speakers first appear."""
    by_speaker: dict[str, list[Hit]] = {}
    for hit in result.hits:
        by_speaker.setdefault(hit.speaker, []).append(hit)
    for hits in by_speaker.values():
        console.print(Text(speaker_of(hits[0]), style="bold"))
        for hit in hits:
            console.print(_quote(hit))
    shown = len(result.hits)
    if shown or result.total.quotes:
        found = f"{shown} of {result.total} quotes"
    else:
        found = "Nothing found. Fewer or other words may find more."
    if result.folded and result.folded.quotes:
        found += f"; {result.folded} in copies left out"
    console.print(Text(found, style="dim"))
    print_similar(console, result.did_you_mean)


def print_similar(console: Console, names: Sequence[str]) -> None:
    """Print names that may have been meant."""
    if names:
        console.print(Text.assemble("Did you mean ", (" or ".join(names), "bold"), "?"))


def print_facets(console: Console, result: Result) -> None:
    """Print how many quotes there are of each value, a table for each facet."""
    for name, counts in result.facets.items():
        _print_table(console, name.replace("_", " "), [(count.value, count.quotes) for count in counts])
    if result.timeline:
        steps = [(step.start.isoformat(), step.quotes) for step in result.timeline]
        _print_table(console, f"by {result.interval}", steps)


def _print_table(console: Console, title: str, rows: Sequence[tuple[str, int]]) -> None:
    if not rows:
        return
    most = max(quotes for _, quotes in rows)
    table = Table(box=None, title=title, title_justify="left", title_style="bold", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="cyan")
    for value, quotes in rows:
        table.add_row(Text(value), f"{quotes:,}", "▪" * round(20 * quotes / most) if console.is_terminal else "")
    _print(console, table)


def _print(console: Console, table: Table) -> None:
    """As wide as a terminal is, and elsewhere as wide as the table."""
    console.print(table, width=None if console.is_terminal else PIPED)


def print_voices(console: Console, voices: Sequence[Voice], similar: Sequence[str]) -> None:
    """Print speakers with their counts; where there are none, who may have been meant."""
    if not voices:
        console.print(Text("Nobody found. Fewer or other words may find more.", style="dim"))
        print_similar(console, similar)
        return
    table = Table(box=None, header_style="bold")
    for column in ("speaker", "role", "country", "quotes", "first", "last"):
        table.add_column(column, justify="right" if column == "quotes" else "left")
    for voice in voices:
        when = (_day(voice.first), _day(voice.last))
        table.add_row(*map(Text, (voice.name, voice.role or "", voice.country or "", f"{voice.quotes:,}", *when)))
    _print(console, table)


def speaker_of(hit: Hit) -> str:
    """ "Dmitry Peskov (Kremlin spokesman, RU)"."""
    known = [part for part in (hit.speaker_role, hit.speaker_country) if part]
    return f"{hit.speaker} ({', '.join(known)})" if known else hit.speaker


def cue_of(hit: Hit) -> str:
    """ "[said: Peskov]"."""
    cue = ": ".join(part for part in (hit.cue or hit.kind, hit.speaker_mention) if part)
    return f"[{cue}; negated]" if hit.negated else f"[{cue}]"


def place_of(outlet: str | None, published_at: datetime | None, address: str | None) -> str:
    """ "Capital Wire, 2024-05-02, https://…"."""
    return ", ".join(part for part in (outlet, _day(published_at), address) if part)


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def _quote(hit: Hit) -> Text:
    text = Text(hit.text.replace("\n", " "))
    for span in hit.highlights:
        text.stylize("bold yellow", span.start, span.end)
    place = place_of(hit.outlet, hit.published_at, hit.url or hit.title)
    return Text.assemble("  ", text, "  ", (cue_of(hit), "cyan"), "  " if place else "", (place, "dim"))
