"""What the heads of the network say of trees, by number."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

RARE = 5
"""A label seen less often is not learnt."""


@dataclass(frozen=True)
class Labels:
    """A morph is a word class with its features: `NOUN|Number=Sing`."""

    tags: list[str]
    morphs: list[str]
    relations: list[str]

    @classmethod
    def of(cls, sentences: Iterable[Sequence[Sequence[str]]]) -> Self:
        """All labels of sentences in CoNLL-U's columns that are not rare."""
        rows = [row for sentence in sentences for row in sentence if row[0].isdigit()]
        counts = (
            Counter(row[4] for row in rows),
            Counter(morph(row[3], row[5]) for row in rows),
            Counter("ROOT" if row[7] == "root" else row[7] for row in rows),
        )
        return cls(*(sorted(label for label, n in count.items() if n >= RARE) for count in counts))

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The opposite of `write`."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def morph(pos: str, feats: str) -> str:
    """One label for both, whatever the order of the features; `_` is none."""
    return "|".join([pos, *sorted(filter(None, feats.strip("_").split("|")))])
