"""Hold what was found against an example, as a careful reader would, and say in words what differs.

Content is right when it shares at least 80 % of its words with the example's (all pieces together, each word counted
once) and does not run over the cue; in `exact` examples when every piece agrees to the character. A speaker is right
when the mention lies within the example's, shares half of its words, or ends in the same name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article import Quote, Span
from tests.enrich.notation import Example, Expected

WORD = re.compile(r"\w+(?:['’]\w+)*")
NO_NAMES = {"A", "An", "He", "Her", "His", "I", "It", "One", "She", "That", "The", "Their", "They", "We", "Who", "You"}
ENOUGH = 0.8
HALF = 0.5


class Words:
    """The words of a text by number, so that spans are compared regardless of marks and spaces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [match.span() for match in WORD.finditer(text)]

    def within(self, *spans: tuple[int, int]) -> frozenset[int]:
        """Numbers of the words that any of the spans touches."""
        return frozenset(i for i, (a, b) in enumerate(self.spans) for start, end in spans if a < end and b > start)

    def show(self, spans: Sequence[tuple[int, int]]) -> str:
        """The spans as a reader sees them."""
        return " … ".join(self.text[start:end] for start, end in spans)


def overlap(one: frozenset[int] | set[str], other: frozenset[int] | set[str]) -> float:
    """Shared words as a part of all words of both."""
    return len(one & other) / max(1, len(one | other))


@dataclass(frozen=True)
class Matching:
    """Which found quote answers which expected one."""

    pairs: dict[int, int]
    """Position of the found quote by the expected quote's number."""
    missing: list[int]
    extra: list[int]


def align(example: Example, found: Sequence[Quote], words: Words, least: float = ENOUGH) -> Matching:
    """Pair expected and found quotes one to one, the most alike first."""
    wanted = {number: words.within(*quote.pieces) for number, quote in example.quotes.items()}
    given = [words.within(*quote.pieces) for quote in found]
    alike = sorted(((overlap(a, b), -n, -i) for n, a in wanted.items() for i, b in enumerate(given)), reverse=True)
    pairs: dict[int, int] = {}
    for value, n, i in alike:
        if value >= least and -n not in pairs and -i not in pairs.values():
            pairs[-n] = -i
    extra = [i for i in range(len(found)) if i not in pairs.values()]
    return Matching(pairs, [n for n in wanted if n not in pairs], extra)


def speaker_right(expected: Expected, quote: Quote, words: Words) -> bool:
    """Whether the mention is one of the expected ones; nobody expected and nobody found is right too."""
    if quote.speaker is None or not expected.speakers:
        return quote.speaker is None and not expected.speakers
    found = words.within((quote.speaker.start, quote.speaker.end))
    owner = words.text[quote.speaker.end : quote.speaker.end + 2] in ("'s", "’s")
    for span in expected.speakers:
        if owner and span.end > quote.speaker.end + 2:
            continue  # "Keller" is not "Keller's lawyer"
        mention = words.within(span)
        if found and (found <= mention or overlap(found, mention) >= HALF):
            return True
        name = _last_name(words.text[span.start : span.end])
        if name and name == _last_name(words.text[quote.speaker.start : quote.speaker.end]):
            return True
    return False


def _last_name(mention: str) -> str:
    """The last capitalised word before a comma, so that "Maria Keller" and "Keller" agree; nothing without a name."""
    *first, last = WORD.findall(mention.split(",", maxsplit=1)[0]) or [""]
    words = [word for word in first if not word.endswith(("'s", "’s"))] + [re.sub(r"['’]s$", "", last)]
    names = [word for word in words if word[:1].isupper()]
    return names[-1] if names and names[-1] not in NO_NAMES else ""


def problems(example: Example, found: Sequence[Quote]) -> list[str]:
    """What a reader would object to, one sentence each; nothing when all is as expected."""
    words = Words(example.text)
    matching = align(example, found, words)
    told = [f"not found: {words.show(example.quotes[n].pieces)}" for n in matching.missing]
    told += [f"found, but no quote: {words.show(found[i].pieces)}" for i in matching.extra]
    for number, i in matching.pairs.items():
        differences = _differences(example, number, found[i], matching, words)
        told += [f"{words.show(example.quotes[number].pieces)!r}: {difference}" for difference in differences]
    return told


def _differences(example: Example, number: int, quote: Quote, matching: Matching, words: Words) -> list[str]:
    expected, told = example.quotes[number], []

    def differs(what: str, wanted: object, got: object) -> None:
        told.append(f"{what} should be {wanted}, is {got}")

    if example.exact and list(quote.pieces) != expected.pieces:
        differs("content", repr(words.show(expected.pieces)), repr(words.show(quote.pieces)))
    if (words.within(*expected.cues) - words.within(*expected.pieces)) & words.within(*quote.pieces):
        differs("content", "without its cue", repr(words.show(quote.pieces)))
    if not speaker_right(expected, quote, words):
        differs("speaker", words.show(expected.speakers) or "unknown", quote.speaker and quote.speaker.mention)
    if expected.kind and quote.kind != expected.kind:
        differs("kind", expected.kind, quote.kind)
    if expected.act and quote.act != expected.act:
        differs("act", expected.act, quote.act)
    if quote.negated != expected.negated:
        differs("negated", expected.negated, quote.negated)
    if expected.cues and not (quote.cue and words.within(quote.cue) & words.within(*expected.cues)):
        differs("cue", words.show(expected.cues), quote.cue and words.show([quote.cue]))
    if expected.addressee and not addressee_right(expected.addressee, quote.addressee, words):
        differs("addressee", words.show([expected.addressee]), quote.addressee)
    if quote.nested_in != (matching.pairs.get(expected.nested_in) if expected.nested_in else None):
        differs("nested in", expected.nested_in, quote.nested_in)
    return told


def addressee_right(expected: Span, found: str | None, words: Words) -> bool:
    """Whether at least half of the words are the same."""
    wanted = {word.lower() for word in WORD.findall(words.text[expected.start : expected.end])}
    return overlap(wanted, {word.lower() for word in WORD.findall(found or "")}) >= HALF
