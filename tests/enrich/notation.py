"""Read annotated examples: plain text in which braces mark who says what.

    {S Maria Keller} {C said} {Q the bridge would open in May}.

`docs/quotes.md` explains the marks to readers. In short: a letter says what the words are (source, cue, addressee, or
Q for content), a number which quote they belong to (1 when left out; `{S1,2 …}` belongs to two), `:word` after it what
cannot be read off the marks (a kind, an act, `negated`). Content inside content is a nested quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.article import Act, QuoteKind, Span

FENCE = re.compile(r"^```quotes(?P<exact> exact)?\n(?P<body>.*?)^```$", re.M | re.S)
HEADING = re.compile(r"^#{2,6} (?P<title>.+)$", re.M)
OPENING = re.compile(r"\{(?P<letter>[SCQA])(?P<numbers>\d+(?:,\d+)*)?(?P<flags>(?::[a-z]+)*)(?: |(?=\{))")
FLAGS = {*QuoteKind, *Act, "negated"}

# A single straight or raised mark opens a quotation only where no word ends: "don't" and "players'" hold none.
MARK_OPENS = re.compile(r"[\"“”„‟«»‘]|''|``|(?<!\w)['’](?=\w)")
MARK_CLOSES = re.compile(r"(?:[\"“”‟«»’']|'')$")


class NotationError(ValueError):
    """An example that is not written as it should be; the message shows where."""


@dataclass
class Expected:
    """One quote as the example has it; offsets are those of the example's plain text, half-open."""

    pieces: list[Span] = field(default_factory=list)
    speakers: list[Span] = field(default_factory=list)
    """Any of these mentions is right; none means that nobody is named."""
    cues: list[Span] = field(default_factory=list)
    addressee: Span | None = None
    flags: set[str] = field(default_factory=set)
    nested_in: int | None = None
    """Number of the quote whose content holds this one."""
    kind: QuoteKind | None = None
    """Nothing for a nested quote that names none: whose marks count is not asked of it."""

    @property
    def act(self) -> Act | None:
        """The act, where the example names one."""
        return next((act for act in Act if act in self.flags), None)

    @property
    def negated(self) -> bool:
        """Whether the text does not claim that the source said it."""
        return "negated" in self.flags


@dataclass(frozen=True)
class Example:
    """A text and its quotes by number; an example without quotes says that nothing in it is one."""

    name: str
    text: str
    quotes: dict[int, Expected]
    exact: bool = False
    """Whether content has to agree to the character."""


def read(markdown: str) -> list[Example]:
    """Examples of a page's `quotes` blocks, named after their heading; an empty line ends one, a line break is text."""
    counts: dict[str, int] = {}
    return [_named(source, block, markdown, counts) for block in FENCE.finditer(markdown) for source in _split(block)]


def _split(block: re.Match[str]) -> Iterator[str]:
    return (part.strip("\n") for part in re.split(r"\n\s*\n", block["body"]) if part.strip())


def _named(source: str, block: re.Match[str], markdown: str, counts: dict[str, int]) -> Example:
    title = [heading["title"] for heading in HEADING.finditer(markdown, 0, block.start())][-1]
    slug = re.sub(r"\W+", "-", title.lower()).strip("-")
    counts[slug] = counts.get(slug, 0) + 1
    text, quotes = parse(source)
    start = " ".join(re.findall(r"\w+", text)[:5])
    return Example(f"{slug} {counts[slug]}: {start}", text, quotes, exact=block["exact"] is not None)


def parse(source: str) -> tuple[str, dict[int, Expected]]:
    """The plain text and the quotes by number. Raises NotationError."""
    text, position = "", 0
    quotes: dict[int, Expected] = {}
    opened: list[tuple[re.Match[str], int]] = []
    while position < len(source):
        if source[position] == "{":
            tag = OPENING.match(source, position)
            if tag is None:
                raise NotationError(f"unknown mark at {source[position : position + 30]!r}")
            opened.append((tag, len(text)))
            position = tag.end()
        elif source[position] == "}":
            if not opened:
                raise NotationError(f"a brace too many at {source[max(0, position - 30) : position + 1]!r}")
            tag, start = opened.pop()
            holder = next((_numbers(outer)[0] for outer, _ in reversed(opened) if outer["letter"] == "Q"), None)
            _add(quotes, tag, Span(start, len(text)), text, holder)
            position += 1
        else:
            text += source[position]
            position += 1
    if opened:
        raise NotationError(f"never closed: {opened[-1][0].group()!r}")
    for number, quote in quotes.items():
        _complete(number, quote, text)
    return text, dict(sorted(quotes.items()))


def _numbers(tag: re.Match[str]) -> list[int]:
    return [int(number) for number in (tag["numbers"] or "1").split(",")]


def _add(quotes: dict[int, Expected], tag: re.Match[str], span: Span, text: str, holder: int | None) -> None:
    words = text[span.start : span.end]
    if words != words.strip() or not words:
        raise NotationError(f"white space at the edge of {words!r}")
    for number in _numbers(tag):
        quote = quotes.setdefault(number, Expected())
        flags = set(tag["flags"].split(":")[1:])
        if flags - FLAGS or (flags and tag["letter"] != "Q"):
            raise NotationError(f"unknown words in {tag.group()!r}")
        quote.flags |= flags
        match tag["letter"]:
            case "Q":
                quote.pieces.append(span)
                quote.nested_in = holder
            case "S":
                quote.speakers.append(span)
            case "C":
                quote.cues.append(span)
            case _:
                quote.addressee = span


def _complete(number: int, quote: Expected, text: str) -> None:
    if not quote.pieces:
        raise NotationError(f"quote {number} has no content in {text!r}")
    quote.pieces.sort()
    named = next((kind for kind in QuoteKind if kind in quote.flags), None)
    quote.kind = named or (None if quote.nested_in else kind_by_marks([text[a:b] for a, b in quote.pieces]))


def kind_by_marks(pieces: list[str]) -> QuoteKind:
    """What the marks say: all pieces stand between marks, some words do, or none."""
    if all(MARK_OPENS.match(piece) and MARK_CLOSES.search(piece) for piece in pieces):
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if any(MARK_OPENS.search(piece) for piece in pieces) else QuoteKind.INDIRECT
