"""What was found, for people: quotes under their speakers, with the searched words, the cue and the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.search import Hit, Result


def print_quotes(console: Console, result: Result) -> None:
    """Print one page of quotes, gathered by speaker in the order in which speakers first appear."""
    by_speaker: dict[str, list[Hit]] = {}
    for hit in result.hits:
        by_speaker.setdefault(hit.speaker, []).append(hit)
    for speaker, hits in by_speaker.items():
        known = [part for part in (hits[0].speaker_role, hits[0].speaker_country) if part]
        console.print(Text.assemble((speaker, "bold"), f" ({', '.join(known)})" if known else ""))
        for hit in hits:
            console.print(_quote(hit))
    shown = len(result.hits)
    console.print(
        f"{shown} of {result.total} quotes" if shown else "Nothing found. Fewer or other words may find more.",
        style="dim",
    )


def _quote(hit: Hit) -> Text:
    text = Text(hit.text.replace("\n", " "))
    for span in hit.highlights:
        text.stylize("bold yellow", span.start, span.end)
    cue = ": ".join(part for part in (hit.cue or hit.kind, hit.speaker_mention) if part)
    cue = f"[{cue}; negated]" if hit.negated else f"[{cue}]"
    day = hit.published_at.date().isoformat() if hit.published_at else None
    place = ", ".join(part for part in (hit.outlet, day, hit.url or hit.title) if part)
    return Text.assemble("  ", text, "  ", (cue, "cyan"), "  " if place else "", (place, "dim"))
