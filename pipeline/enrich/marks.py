"""Quotation marks paired by character, before any parse.

A parser meets a quotation as words; where it begins and ends is written in its marks. They are paired here within each
paragraph (a line of the text), whatever their kind: “curly”, "straight", ``typed'' or ''typed'', ‘single’,
«guillemets», »reversed«, „low-high“. One that never closes runs to its paragraph's end; a paragraph that opens with a
mark while the one before is open goes on with it. Everything is linear in the length of the text, and no text is an
error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from pipeline.article import Span


class Region(NamedTuple):
    """A quotation-marked string, marks included: characters of the text, half-open."""

    start: int
    end: int
    closed: bool = True
    continues: bool = False
    """It goes on with the quotation that the paragraph before left open."""


class _Mark(NamedTuple):
    start: int
    end: int
    turn: Literal["open", "close", "both", "bad"]
    family: str
    """Marks pair within a family: `high` (curly, straight, typed), `low`, `guillemet` or `reversed`."""


_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_WORD = re.compile(r"\w")
_DOUBLE = re.compile("``|''|‘‘|‘’|’’|" + "|".join('"“”„‟«»\u2033\uff02'))
"""Literals only: of these `re` knows the first characters, and passes over all others quickly."""
_SINGLE = re.compile(r"[‘’'‚‹›`]")
_MAY_OPEN = re.compile(r"[‘‚‹'`](?=\w)(?<!\w.)")
"""A single mark that is no apostrophe inside or after a word."""
_FEET = re.compile(r"\d['’′]\d\d?$")
_FINAL = ".,?!…"
_BEFORE_OPENING = "([{—–-/"
_APOSTROPHE_WORDS = re.compile(r"(?:em|til|tis|twas|cause|round|n|bout)\b|\d\ds?\b", re.IGNORECASE)


def paragraphs(text: str) -> Iterator[Span]:
    """The lines of `text` that hold a word; one that was only wrapped to a width stays with the line before.

    A wrapped line goes on in lower case after a line without a final mark.
    """
    start = end = -1
    for line in _LINE.finditer(text):
        a, b = line.span()
        if not _WORD.search(text, a, b):
            continue
        if (
            start >= 0
            and text[a].islower()
            and text[end - 1].isalnum()
            and not text[end:a].strip("\r\n")
            and a - end <= 2
        ):
            end = b
            continue
        if start >= 0:
            yield Span(start, end)
        start, end = a, b
    if start >= 0:
        yield Span(start, end)


def quoted_regions(text: str) -> list[Region]:
    """The outermost quotation-marked strings of `text`, in order, none overlapping; each holds at least one word.

    A quotation that closes only some lines further down gives one region for each of its lines.
    """
    regions: list[Region] = []
    open_line: int | None = None  # how many regions there were when the line before was left open
    for start, end in paragraphs(text):
        found = _pair(text, start, end)
        opens_line = bool(found) and not text[start : found[0].start].strip()
        if open_line is not None and not opens_line:
            closing = _lone_closing(text, start, end)
            if closing is None and not found:
                continue  # a line in between; it belongs to the quotation only if a later line closes it
            if closing is not None:
                regions += _lines_between(text, regions[open_line].end, start)
                if _WORD.search(text, start, closing):
                    regions.append(Region(start, closing, continues=True))
                found = _pair(text, closing, end)
            open_line = None
        elif open_line is not None:
            found[0] = found[0]._replace(continues=True)
        regions += found
        if found:
            open_line = len(regions) - 1 if not found[-1].closed else None
    return regions


def _lines_between(text: str, start: int, end: int) -> Iterator[Region]:
    for line in _LINE.finditer(text, start, end):
        if _WORD.search(line.group()):
            yield Region(line.start(), line.end(), closed=False, continues=True)


def _pair(text: str, start: int, end: int) -> list[Region]:
    marks = list(_marks(text, start, end))
    regions = _nested(marks)
    if regions is None:
        regions = _flat(text, marks, end)
    regions = [region for region in regions if _WORD.search(text, region.start, region.end)]
    return _merge(regions, _singles(text, start, end, regions))


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """Double marks of a paragraph with the way that they can turn, by their form and by what stands beside them."""
    for match in _DOUBLE.finditer(text, start, end):
        a, b = match.span()
        char = match.group()[0]
        before = text[a - 1] if a > start else " "
        after = text[b] if b < end else " "
        could_open = (
            not after.isspace()
            and after not in _FINAL
            and (before.isspace() or before in _BEFORE_OPENING or before in "‘'“«„")
        )
        could_close = not before.isspace() and not after.isalnum()
        by_place: Literal["open", "close", "both"] = (
            "open" if could_open and not could_close else "close" if could_close and not could_open else "both"
        )
        turn: Literal["open", "close", "both", "bad"] = by_place
        family = "high"
        if char in "“‘":  # turned the wrong way where nothing follows that it could open
            turn = "both" if after.isspace() or (could_close and after in ".,;:?!)") else "open"
        elif char == "”" or match.group() == "’’":
            turn = "both" if by_place == "open" else "close"
        elif char == "„":
            turn, family = "open", "low"
        elif char == "`":
            turn = "open" if by_place != "close" else "close"
        elif char in "«»":
            # French « opens, German » opens: what stands beside the mark says which, else its form.
            turn = by_place if by_place != "both" else ("open" if char == "«" else "close")
            family = "guillemet"
        elif turn == "close" and before.isdigit() and match.group() in ('"', "''", "\u2033"):
            turn = "bad" if _is_inch(text, a, after) or char == "\u2033" else "close"
        yield _Mark(a, b, turn, family)


def _is_inch(text: str, mark: int, after: str) -> bool:
    """6'10" and 5"-wide are inches; “…by 2040".” ends a quotation."""
    return after in "-–" or _FEET.search(text, max(0, mark - 6), mark) is not None


def _nested(marks: list[_Mark]) -> list[Region] | None:
    """Outermost pairs, when every mark finds its partner with nesting; else nothing."""
    stack: list[_Mark] = []
    regions = []
    for mark in marks:
        if mark.turn == "bad":
            continue
        opens = mark.turn == "open" or (mark.turn == "both" and not stack)
        if stack and stack[-1].family == "low" and mark.family == "high":
            opens = False  # „ … “ closes with what opens elsewhere
        if opens:
            stack.append(mark)
        elif not stack:
            return None
        else:
            opened = stack.pop()
            if not stack:
                regions.append(Region(opened.start, mark.end))
    return None if stack else regions


def _flat(text: str, marks: list[_Mark], end: int) -> list[Region]:
    """Pairs without nesting, for a paragraph with a mark too many or too few; the last may run to its `end`."""
    regions: list[Region] = []
    opened: _Mark | None = None
    for mark in marks:
        if opened is None:
            if mark.turn in ("open", "both") and mark.end < end:
                opened = mark
        elif mark.turn == "open" and not (opened.family == "low" and mark.family == "high"):
            # The one before was left open: it ended with the sentence before this mark, if one ends there.
            before = mark.start
            while before > opened.end and text[before - 1].isspace():
                before -= 1
            if before > opened.end and text[before - 1] in _FINAL:
                regions.append(Region(opened.start, before, closed=False))
                opened = mark
        elif mark.turn != "bad":
            regions.append(Region(opened.start, mark.end))
            opened = None
    if opened is not None:
        regions.append(Region(opened.start, end, closed=False))
    return regions


def _lone_closing(text: str, start: int, end: int) -> int | None:
    """Where the first double mark of a paragraph ends, if it can only close."""
    first = next(_marks(text, start, end), None)
    return first.end if first is not None and first.turn == "close" and first.start > start else None


def _singles(text: str, start: int, end: int, doubles: list[Region]) -> list[Region]:
    """Strings in single marks outside double ones. An apostrophe opens nothing and closes only what is open."""
    regions: list[Region] = []
    if not _MAY_OPEN.search(text, start, end):
        return regions
    covered = iter(doubles)
    cover = next(covered, None)
    opened: re.Match[str] | None = None
    doubtful: int | None = None  # the end of a plural's apostrophe (“the workers’”), taken if nothing better comes
    for mark in _SINGLE.finditer(text, start, end):
        while cover is not None and cover.end <= mark.start():
            cover = next(covered, None)
        if cover is not None and cover.start <= mark.start() and opened is None:
            continue
        before = text[mark.start() - 1] if mark.start() > start else " "
        after = text[mark.end()] if mark.end() < end else " "
        char = mark.group()
        low = opened is not None and opened.group() == "‚"
        closes = (char in "’'›" or (low and char == "‘")) and not before.isspace() and not after.isalnum()
        opens = char in "‘‚‹'`" and after.isalnum() and (before.isspace() or before in _BEFORE_OPENING)
        if opened is not None and closes:
            if before in "sS" and not low and after.isspace():
                doubtful = mark.end()
                continue
            regions.append(Region(opened.start(), mark.end()))
            opened = doubtful = None
        elif opens and not (char in "‘'" and _APOSTROPHE_WORDS.match(text, mark.end())):
            if opened is not None and doubtful is not None:
                regions.append(Region(opened.start(), doubtful))
            opened, doubtful = mark, None
    if opened is not None and doubtful is not None:
        regions.append(Region(opened.start(), doubtful))
    return regions


def _merge(doubles: list[Region], singles: list[Region]) -> list[Region]:
    """All regions in order; of two that overlap, the one that begins first stays if it holds the other."""
    if not singles:
        return doubles
    merged: list[Region] = []
    for region in sorted([*doubles, *singles], key=lambda region: (region.start, -region.end)):
        if not merged or region.start >= merged[-1].end:
            merged.append(region)
        elif region.end > merged[-1].end and region.closed and not merged[-1].closed:
            merged[-1] = region
    return merged
