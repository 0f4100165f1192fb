"""Units → windows → batches: units are packed until a window is full, and windows of like length go together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from pipeline.enrich.encoder_input import WINDOW, Words, flags_of, windows
from training.encoder.unit import UNKNOWN, Anchor, Unit

CLS, SEP, UNKNOWN_PIECE = 101, 102, 100
PIECES = 1400
"""Word pieces in a batch, padding included."""
ANCHORS = 8
"""Anchors of a window that are asked in one step; more are drawn from."""


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


def packed(units: Sequence[Unit], pieces: Pieces, chance: random.Random) -> Iterator[Unit]:
    """Units one after the other, as many as fit a window of a length drawn anew; those too long are cut."""
    group: list[Unit] = []
    size, limit = 2, chance.randint(60, WINDOW)
    for unit in (part for whole in units for part in _cut(whole, pieces)):
        length = sum(len(pieces(word)) for word in unit.words.texts)
        if group and size + length > limit:
            yield joined(group, chance)
            group, size, limit = [], 2, chance.randint(60, WINDOW)
        group.append(unit)
        size += length
    if group:
        yield joined(group, chance)


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
        )
    if len(whole) == 1:
        yield unit


def joined(group: Sequence[Unit], chance: random.Random) -> Unit:
    """Units as one text; a unit mostly begins a line."""
    texts, lines, marks = [], list[bool](), list[int]()
    names, cues, anchors = list[int](), list[int](), list[Anchor]()
    total = sum(len(unit.words.texts) for unit in group)
    for unit in group:
        at, n = len(texts), len(unit.words.texts)
        texts += unit.words.texts
        lines += [chance.random() < 0.6, *unit.words.lines[1:]]
        marks += unit.words.marks
        names += unit.names or [UNKNOWN] * n
        cues += unit.cues or [UNKNOWN] * n
        for anchor in unit.anchors:
            parts = [0] * at + anchor.parts + [0] * (total - at - n)
            anchors.append(Anchor(at + anchor.at, anchor.kind, parts, anchor.weight))
    return Unit(Words(texts, lines, marks, []), names, cues, anchors)


def window_of(unit: Unit, pieces: Pieces) -> Window:
    """The ids of a unit that fits."""
    ids, flags, first = [CLS], [0], []
    for word, flag in zip(unit.words.texts, flags_of(unit.words), strict=True):
        first.append(len(ids))
        ids += pieces(word)
        flags += [flag] * len(pieces(word))
    return Window([*ids, SEP], [*flags, 0], first, unit)


def batches(all_windows: Iterable[Window], chance: random.Random) -> list[list[Window]]:
    """Windows of about one length together, batches in an order drawn."""
    ordered = sorted(all_windows, key=lambda window: len(window.ids) + chance.random() * 12)
    result, batch = list[list[Window]](), list[Window]()
    for window in ordered:
        batch.append(window)
        if len(batch) * len(window.ids) >= PIECES:
            result.append(batch)
            batch = []
    if batch:
        result.append(batch)
    chance.shuffle(result)
    return result


@dataclass(frozen=True, slots=True)
class Tensors:
    """A batch as the network takes it: [windows, pieces], [windows, words], [anchors] and [anchors, words]."""

    ids: Tensor
    flags: Tensor
    mask: Tensor
    first: Tensor
    names: Tensor
    cues: Tensor
    window: Tensor
    at: Tensor
    kind: Tensor
    parts: Tensor
    weight: Tensor


def tensors(batch: Sequence[Window], chance: random.Random) -> Tensors:
    """Pad a batch; of windows with many anchors some are drawn, those with an answer before those without."""
    pieces, words = max(len(w.ids) for w in batch), max(len(w.first) for w in batch)
    asked = [(n, anchor) for n, window in enumerate(batch) for anchor in _drawn(window.unit.anchors, chance)]

    def padded(rows: Iterable[Sequence[int]], width: int, fill: int = 0) -> Tensor:
        return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows], dtype=torch.long).reshape(-1, width)

    return Tensors(
        ids=padded((w.ids for w in batch), pieces),
        flags=padded((w.flags for w in batch), pieces),
        mask=padded(([1] * len(w.ids) for w in batch), pieces),
        first=padded((w.first for w in batch), words),
        names=padded((w.unit.names or [] for w in batch), words, UNKNOWN),
        cues=padded((w.unit.cues or [] for w in batch), words, UNKNOWN),
        window=torch.tensor([n for n, _ in asked], dtype=torch.long),
        at=torch.tensor([anchor.at for _, anchor in asked], dtype=torch.long),
        kind=torch.tensor([anchor.kind for _, anchor in asked], dtype=torch.long),
        parts=padded((anchor.parts for _, anchor in asked), words, UNKNOWN),
        weight=torch.tensor([anchor.weight for _, anchor in asked]),
    )


def _drawn(anchors: Sequence[Anchor], chance: random.Random) -> list[Anchor]:
    answered = [anchor for anchor in anchors if any(anchor.parts)]
    silent = [anchor for anchor in anchors if not any(anchor.parts)]
    chance.shuffle(answered)
    chance.shuffle(silent)
    return [*answered[:ANCHORS], *silent[: max(2, ANCHORS - len(answered)) // 2]]
