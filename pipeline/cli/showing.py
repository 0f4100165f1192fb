"""An article for people: its quotes marked in the text, and below it who said each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from pipeline.cli.printing import cue_of, place_of, speaker_of

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.search.reading import StoredArticle

COLOURS = ("yellow", "cyan", "green", "magenta", "blue", "red")
"""One for each speaker, in turn."""


def print_article(console: Console, article: StoredArticle) -> None:
    """Print the article; `[1 …]` are the pieces of its first quote, in the colour of their speaker."""
    console.print(Text(article.title or article.id, style="bold"))
    place = place_of(article.outlet, article.published_at, article.url)
    if place:
        console.print(Text(place, style="dim"))
    console.print()
    if article.text is None:
        console.print(Text("Its text is not stored.", style="dim"))
    else:
        console.print(_marked(article, article.text))
    console.print()
    colours = _colours(article)
    for number, quote in enumerate(article.quotes, start=1):
        hit = quote.hit
        line = Text.assemble((f"[{number}] ", "bold"), (speaker_of(hit), colours[hit.speaker]), f"  {hit.kind}, ")
        line.append(f"confidence {hit.confidence:.2f}  ")
        line.append(cue_of(hit), style="dim")
        if article.text is None:
            line.append("  " + hit.text)
        console.print(line)
    if not article.quotes:
        console.print(Text("Nobody is quoted.", style="dim"))


def _colours(article: StoredArticle) -> dict[str, str]:
    speakers = dict.fromkeys(quote.hit.speaker for quote in article.quotes)
    return {speaker: COLOURS[at % len(COLOURS)] for at, speaker in enumerate(speakers)}


def _marked(article: StoredArticle, text: str) -> Text:
    """The text with a bracket before and behind each piece, outer ones outside, and the pieces coloured."""
    colours = _colours(article)
    opening: dict[int, list[tuple[int, int]]] = defaultdict(list)
    closing: dict[int, list[int]] = defaultdict(list)
    for number, quote in enumerate(article.quotes, start=1):
        for piece in quote.pieces:
            opening[piece.start].append((-piece.end, number))
            closing[piece.end].append(number)
    edges = sorted({0, len(text), *opening, *closing})
    shown = Text()
    within: list[int] = []
    for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
        for number in closing[start]:
            within.remove(number)
            shown.append("]", style="bold")
        for _, number in sorted(opening[start]):
            within.append(number)
            shown.append(f"[{number} ", style="bold")
        style = colours[article.quotes[within[-1] - 1].hit.speaker] if within else ""
        shown.append(text[start:end], style=style)
    return shown
