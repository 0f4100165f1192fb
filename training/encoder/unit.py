"""A piece of training text: its words and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.enrich.encoder_input import Words

NAMES = ("O", *(f"{part}-{label}" for label in ("PERSON", "ORG", "GPE", "LOC", "NORP", "MISC") for part in "BI"))
"""Labels of names; `MISC` is learnt so that it is told from the others, and not shown."""
PARTS = ("O", "B-S", "I-S", "B-C", "I-C", "B-A", "I-A")
"""What a word is to an anchor: part of its source, its content or its addressee."""
UNKNOWN = -100
"""A label that no loss is taken of."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place where the network is asked who says what, and the answer: `PARTS` by number, one for each word."""

    at: int
    kind: int
    parts: list[int]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a passage. Lists are as long as its words."""

    words: Words
    names: list[int] | None = None
    """`NAMES` by number."""
    cues: list[int] | None = None
    """1 where a cue is asked, 0 elsewhere, `UNKNOWN` where nobody says."""
    anchors: list[Anchor] = field(default_factory=list)
