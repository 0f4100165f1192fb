"""The rounds of a training as files of numbers, so that the machine that trains needs nothing but PyTorch.

Each file is one compressed `.npz`. Rows lie one after the other; `pieces`, `words` and `anchors` say how many of each a
window has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
UNKNOWN = -100
_PIECE_ROWS = {"ids": np.uint16, "flags": np.uint8}
_WORD_ROWS = {
    "first": np.uint8,
    "names": np.int8,
    "cues": np.int8,
    "tags": np.int8,
    "morphs": np.int16,
    "heads": np.int16,
    "relations": np.int8,
    "starts": np.int8,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A window: numbers by name, of its pieces and of its words, and its anchors with the parts of each."""

    of: dict[str, Numbers]
    at: Numbers
    kind: Numbers
    weight: NDArray[np.float32]
    parts: NDArray[np.int8]
    """[anchors, words]."""

    def __len__(self) -> int:
        return len(self.of["ids"])


class _Anchor(Protocol):
    at: int
    kind: int
    parts: list[int]
    weight: float


def write(path: Path, windows: Iterable[tuple[dict[str, Sequence[int]], Sequence[_Anchor]]]) -> None:
    """Windows, each its rows of numbers by name and its anchors."""
    rows: dict[str, list[int]] = {name: [] for name in (*_PIECE_ROWS, *_WORD_ROWS)}
    counts: dict[str, list[int]] = {"pieces": [], "words": [], "anchors": []}
    at, kind, weight, parts = list[int](), list[int](), list[float](), list[NDArray[np.int8]]()
    for numbers, anchors in windows:
        for name, values in rows.items():
            values.extend(numbers[name])
        counts["pieces"].append(len(numbers["ids"]))
        counts["words"].append(len(numbers["first"]))
        counts["anchors"].append(len(anchors))
        at += [anchor.at for anchor in anchors]
        kind += [anchor.kind for anchor in anchors]
        weight += [anchor.weight for anchor in anchors]
        parts += [np.array(anchor.parts, np.int8) for anchor in anchors]
    np.savez_compressed(
        path,
        at=np.array(at, np.uint8),
        kind=np.array(kind, np.uint8),
        weight=np.array(weight, np.float16),
        parts=np.concatenate(parts) if parts else np.zeros(0, np.int8),
        **{name: np.array(values, np.uint16) for name, values in counts.items()},
        **{name: np.array(rows[name], kind) for name, kind in (_PIECE_ROWS | _WORD_ROWS).items()},  # type: ignore[arg-type]
    )


def read(path: Path) -> list[Row]:
    """The windows of a file, in the order in which they were written."""
    with np.load(path) as file:
        stored = {name: file[name] for name in file.files}
    pieces, words, anchors = (
        np.concatenate([[0], np.cumsum(stored[n].astype(np.int64))]) for n in ("pieces", "words", "anchors")
    )
    found, at = list[Row](), 0
    for n in range(len(stored["pieces"])):
        rows = {name: stored[name][pieces[n] : pieces[n + 1]].astype(np.int64) for name in _PIECE_ROWS}
        rows |= {name: stored[name][words[n] : words[n + 1]].astype(np.int64) for name in _WORD_ROWS}
        asked = slice(anchors[n], anchors[n + 1])
        count, size = int(anchors[n + 1] - anchors[n]), int(words[n + 1] - words[n])
        parts = stored["parts"][at : at + count * size].reshape(count, size)
        at += count * size
        weight = stored["weight"][asked].astype(np.float32)
        found.append(
            Row(rows, stored["at"][asked].astype(np.int64), stored["kind"][asked].astype(np.int64), weight, parts)
        )
    return found
