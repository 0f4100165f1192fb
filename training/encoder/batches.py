"""Windows → batches of tensors: windows of like length go together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from training.encoder.rounds import UNKNOWN, Numbers, Row

ANCHORS = 8
"""Anchors of a window that are asked in one step; more are drawn from."""


def batches(rows: Iterable[Row], pieces: int, chance: random.Random) -> list[list[Row]]:
    """Windows of about one length together, in batches of so many word pieces with padding, in an order drawn."""
    ordered = sorted(rows, key=lambda row: len(row) + chance.random() * 12)
    result, batch = list[list[Row]](), list[Row]()
    for row in ordered:
        batch.append(row)
        if len(batch) * len(row) >= pieces:
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
    tags: Tensor
    morphs: Tensor
    heads: Tensor
    relations: Tensor
    starts: Tensor
    size: Tensor
    """Words of each window."""
    window: Tensor
    at: Tensor
    kind: Tensor
    parts: Tensor
    weight: Tensor

    def to(self, device: torch.device) -> Tensors:
        """The same on another device."""
        return Tensors(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


def tensors(batch: Sequence[Row], chance: random.Random) -> Tensors:
    """Pad a batch; of windows with many anchors some are drawn, those with an answer before those without."""
    pieces, words = max(len(row) for row in batch), max(len(row.of["first"]) for row in batch)
    asked = [(n, row, i) for n, row in enumerate(batch) for i in _drawn(row, chance)]

    def padded(rows: Sequence[Numbers], width: int, fill: int = UNKNOWN) -> Tensor:
        table = np.full((len(rows), width), fill, np.int64)
        for n, row in enumerate(rows):
            table[n, : len(row)] = row
        return torch.from_numpy(table)

    def of(name: str, width: int, fill: int = UNKNOWN) -> Tensor:
        return padded([row.of[name] for row in batch], width, fill)

    return Tensors(
        ids=of("ids", pieces, 0),
        flags=of("flags", pieces, 0),
        mask=padded([np.ones(len(row), np.int64) for row in batch], pieces, 0),
        first=of("first", words, 0),
        **{name: of(name, words) for name in ("names", "cues", "tags", "morphs", "heads", "relations", "starts")},
        size=torch.tensor([len(row.of["first"]) for row in batch]),
        window=torch.tensor([n for n, _, _ in asked], dtype=torch.long),
        at=torch.tensor([int(row.at[i]) for _, row, i in asked], dtype=torch.long),
        kind=torch.tensor([int(row.kind[i]) for _, row, i in asked], dtype=torch.long),
        parts=padded([row.parts[i].astype(np.int64) for _, row, i in asked], words),
        weight=torch.tensor([float(row.weight[i]) for _, row, i in asked]),
    )


def _drawn(row: Row, chance: random.Random) -> list[int]:
    answered = [i for i in range(len(row.at)) if row.parts[i].any()]
    silent = [i for i in range(len(row.at)) if not row.parts[i].any()]
    chance.shuffle(answered)
    chance.shuffle(silent)
    return [*answered[:ANCHORS], *silent[: max(2, ANCHORS - len(answered)) // 2]]
