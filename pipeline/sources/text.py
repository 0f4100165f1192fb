"""Plain text: one article a file.

The text stays as it is, a sentence or a paragraph a line, with two exceptions. Where lines were wrapped at a fixed
width, those of a paragraph are joined by a space, because a line's end in the middle of a sentence says nothing. And a
headline, evidently one, becomes the title and leaves the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources.encoding import DecodingError, decode
from pipeline.sources.origin import Origin
from pipeline.sources.record import Record, clean, to_article

suffixes = (".txt",)

_WIDEST = 120  # characters of a line that was wrapped
_LONGEST_HEADLINE = 120  # characters
_SENTENCE_END = re.compile(r"[.!?…:;,][’”\"')\]]*$")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def read(stream: BinaryIO, origin: Origin, settings: Settings) -> Iterator[Article | DeadLetter]:
    """Give the one article of a text file, or a dead letter."""
    data = stream.read(settings.max_article_bytes + 1)
    if len(data) > settings.max_article_bytes:
        limit = f"more than the {settings.max_article_bytes:,} bytes of an article"
        yield origin.dead_letter("too_large", limit, "split it, or raise WHOSAID_MAX_ARTICLE_BYTES")
        return
    try:
        text = clean(decode(data))
    except DecodingError as error:
        line = data.count(b"\n", 0, error.offset) + 1
        yield origin.dead_letter("encoding", f"{error} (line {line:,})", "save it as UTF-8")
        return
    title, body = _headline(text.strip("\n"))
    yield to_article(Record(text=_unwrapped(body), title=title), origin)


def _headline(text: str) -> tuple[str | None, str]:
    """Part a headline from its text: a short first line that is no sentence and no byline, a blank line, sentences."""
    first, *rest = _BLANK_LINES.split(text, maxsplit=1)
    if not rest or "\n" in first or len(first) > _LONGEST_HEADLINE or first.startswith("By "):
        return None, text
    if _ends_sentence(first) or not any(_ends_sentence(line) for line in rest[0].splitlines()):
        return None, text
    return first, rest[0]


def _unwrapped(text: str) -> str:
    """Join the lines of each paragraph, in a text that was wrapped at some width."""
    lines = [line.rstrip() for line in text.split("\n")]
    width = max(map(len, lines))
    breaks = [(before, after) for before, after in pairwise(lines) if before and after]
    # In a sentence-a-line text hardly a line starts in lower case; in a wrapped one every other does.
    if width > _WIDEST or sum(after[0].islower() for _, after in breaks) * 4 <= len(breaks):
        return text
    joined = lines[:1]
    for before, after in pairwise(lines):
        joined += [_between(before, after, width), after]
    return "".join(joined)


def _between(before: str, after: str, width: int) -> str:
    """What stands between two lines of a wrapped text: a paragraph ends where the next word would have fitted."""
    if not before or not after or after[0].isspace():
        return "\n"
    if _ends_sentence(before) and len(before) + 1 + len(after.split(maxsplit=1)[0]) <= width:
        return "\n"
    return "" if re.search(r"\w-$", before) and after[0].islower() else " "


def _ends_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line.rstrip()))
