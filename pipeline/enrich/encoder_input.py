"""What the encoder is told of an article's words: their pieces, case, quotation marks and lines, in windows.

Training (`training/encoder/`) and reading use this same code, so that the network meets what it learnt from.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.enrich.masking import Marked, marked_paragraphs
from pipeline.enrich.text import text_of

WINDOW = 192
"""Word pieces that are read at once, a paragraph or a few sentences; the network was trained on as many."""
CASES, MARKS, LINES = 5, 3, 2
FLAGS = CASES * MARKS * LINES
"""Values of the flag that goes with each piece: case, marks and line start of its word as one number."""
FINAL = frozenset(".!?")
_BREAKS = re.compile(r"\n+")
MARKED, CLAUSAL = 1, 2
"""Of a word inside quotation marks, and inside a quotation that stands for a clause."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text (its tokens but white space), one entry each in every list."""

    texts: list[str]
    lines: list[bool]
    """Whether a line starts there."""
    marks: list[int]
    """`MARKED`, `CLAUSAL`, or 0 outside quotation marks."""
    regions: list[tuple[int, int]]
    """First and last word, inclusive, of each quotation-marked string."""

    @property
    def breaks(self) -> list[bool]:
        """Whether a sentence or a line may start there."""
        return [line or before in FINAL for line, before in zip(self.lines, ["", *self.texts], strict=False)]


def words_of(doc: Doc, paragraphs: Sequence[Marked] | None = None) -> Words:
    """The words of a document; with other `paragraphs` than its own they have other marks, or none."""
    tokens = [(token.text, token.idx) for token in doc]
    words = [(text, start) for text, start in tokens if not text.isspace()]
    return words_at(text_of(doc), [text for text, _ in words], [start for _, start in words], paragraphs)


def words_at(text: str, texts: list[str], starts: list[int], paragraphs: Sequence[Marked] | None = None) -> Words:
    """The same, given what the words are and where they begin in the text."""
    ends = [start + len(word) for start, word in zip(starts, texts, strict=True)]
    lines, marks, placed = _line_starts(text, starts, ends), [0] * len(texts), []
    at = 0
    for paragraph in marked_paragraphs(text) if paragraphs is None else paragraphs:
        for region, clausal in zip(paragraph.regions, paragraph.clausal, strict=True):
            first, stop = bisect_right(ends, region.start), bisect_left(starts, region.end)
            mark = CLAUSAL if clausal else MARKED
            marks[first:stop] = [max(mark, known) for known in marks[first:stop]]
            if stop > max(first, at):  # a token that holds two strings is a word of the first
                placed.append((max(first, at), stop - 1))
                at = stop
    return Words(texts, lines, marks, placed)


def _line_starts(text: str, starts: list[int], ends: list[int]) -> list[bool]:
    """Whether a line starts at each word: at the first, and where a line break stands before it, outside any word."""
    lines = [not i for i in range(len(starts))]
    for line_break in _BREAKS.finditer(text):
        after = bisect_right(starts, line_break.start())
        if 0 < after < len(starts) and ends[after - 1] <= line_break.start():
            lines[after] = True
    return lines


def case_of(word: str) -> int:
    """How a word is written, since its pieces are lower-cased: 1 lower, 2 UPPER, 3 Title, 4 miXed, 0 no letters."""
    if word.islower():
        return 1
    if word.isupper() and len(word) > 1:
        return 2
    if word[:1].isupper():
        return 3
    return 4 if any(character.isupper() for character in word) else 0


def flags_of(words: Words) -> list[int]:
    """One number a word for what the pieces do not show; 0 goes with the pieces that begin and end a window."""
    return [
        case_of(word) + CASES * (mark + MARKS * line)
        for word, mark, line in zip(words.texts, words.marks, words.lines, strict=True)
    ]


def windows(words: Words, length: Callable[[str], int], limit: int = WINDOW) -> Iterator[range]:
    """Runs of words that fit, cut at a line start in the second half, else at a sentence, else when full."""
    texts, lines, breaks = words.texts, words.lines, words.breaks
    start = 0
    while start < len(texts):
        size, end, cut, line = 2, start, start, start  # the pieces that begin and end a window
        while end < len(texts) and (size := size + length(texts[end])) <= limit:
            if end > start and breaks[end]:
                cut = end
                if lines[end] and size > limit // 2:
                    line = end
            end += 1
        if end < len(texts):
            end = line if line > start else cut if cut > start else end
        yield range(start, max(end, start + 1))
        start = max(end, start + 1)
