"""Units → windows: units are packed until a window is full, and those too long for one are cut."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from pipeline.enrich.encoder_input import WINDOW, Words, flags_of, windows
from training.encoder.unit import UNKNOWN, Anchor, Syntax, Unit

CLS, SEP, UNKNOWN_PIECE = 101, 102, 100


class Pieces:
    """Words to word pieces, each word once."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, list[int]] = {}

    def __call__(self, word: str) -> list[int]:
        """Ids of a word's pieces, at least one and at most twelve."""
        if word not in self._known:
            ids = self._tokenizer.encode(word[:64], add_special_tokens=False).ids[:12]
            self._known[word] = ids or [UNKNOWN_PIECE]
        return self._known[word]


@dataclass(frozen=True, slots=True)
class Window:
    """A unit that fits the network, as ids."""

    ids: list[int]
    flags: list[int]
    first: list[int]
    """The position of each word's first piece."""
    unit: Unit


def packed(units: Sequence[Unit], pieces: Pieces, chance: random.Random) -> Iterator[Window]:
    """Units one after the other, as many as fit a window of a length drawn anew; those too long are cut."""
    group: list[Unit] = []
    size, limit = 2, chance.randint(60, WINDOW)
    for unit in (part for whole in units for part in _cut(whole, pieces)):
        length = sum(len(pieces(word)) for word in unit.words.texts)
        if group and size + length > limit:
            yield _window(joined(group, chance), pieces)
            group, size, limit = [], 2, chance.randint(60, WINDOW)
        group.append(unit)
        size += length
    if group:
        yield _window(joined(group, chance), pieces)


def _cut(unit: Unit, pieces: Pieces) -> Iterator[Unit]:
    whole = list(windows(unit.words, lambda word: len(pieces(word))))
    for part in whole if len(whole) > 1 else ():
        a, b = part.start, part.stop
        words = unit.words
        regions = [(max(x, a) - a, min(y, b - 1) - a) for x, y in words.regions if x < b and y >= a]
        yield Unit(
            Words(words.texts[a:b], words.lines[a:b], words.marks[a:b], regions),
            unit.names[a:b] if unit.names else None,
            unit.cues[a:b] if unit.cues else None,
            [Anchor(c.at - a, c.kind, c.parts[a:b], c.weight) for c in unit.anchors if a <= c.at < b],
            unit.syntax.cut(a, b) if unit.syntax else None,
        )
    if len(whole) == 1:
        yield unit


def joined(group: Sequence[Unit], chance: random.Random) -> Unit:
    """Units as one text; a unit mostly begins a line."""
    texts, lines, marks = [], list[bool](), list[int]()
    names, cues, anchors, syntax = list[int](), list[int](), list[Anchor](), Syntax.unknown(0)
    total = sum(len(unit.words.texts) for unit in group)
    for unit in group:
        at, n = len(texts), len(unit.words.texts)
        texts += unit.words.texts
        lines += [chance.random() < 0.6, *unit.words.lines[1:]]
        marks += unit.words.marks
        names += unit.names or [UNKNOWN] * n
        cues += unit.cues or [UNKNOWN] * n
        syntax.add(unit.syntax or Syntax.unknown(n))
        for anchor in unit.anchors:
            parts = [0] * at + anchor.parts + [0] * (total - at - n)
            anchors.append(Anchor(at + anchor.at, anchor.kind, parts, anchor.weight))
    return Unit(Words(texts, lines, marks, []), names, cues, anchors, syntax)


def _window(unit: Unit, pieces: Pieces) -> Window:
    """The ids of a unit that fits."""
    ids, flags, first = [CLS], [0], []
    for word, flag in zip(unit.words.texts, flags_of(unit.words), strict=True):
        first.append(len(ids))
        ids += pieces(word)
        flags += [flag] * len(pieces(word))
    return Window([*ids, SEP], [*flags, 0], first, unit)
