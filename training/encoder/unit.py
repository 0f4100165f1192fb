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
class Syntax:
    """What a treebank says of each word, by number (`labels.Labels`), `UNKNOWN` where it says nothing."""

    tags: list[int]
    morphs: list[int]
    heads: list[int]
    """0 for the root, 1 + j for word j."""
    relations: list[int]
    starts: list[int]
    """1 where a sentence starts."""

    @classmethod
    def unknown(cls, words: int) -> Syntax:
        """Nothing said of so many words."""
        return cls(*([UNKNOWN] * words for _ in range(5)))

    def cut(self, a: int, b: int) -> Syntax:
        """That of words a to b; heads elsewhere are unknown."""
        heads = [h - a if a < h <= b else h if h in (0, UNKNOWN) else UNKNOWN for h in self.heads[a:b]]
        relations = [r if h != UNKNOWN else UNKNOWN for r, h in zip(self.relations[a:b], heads, strict=True)]
        return Syntax(self.tags[a:b], self.morphs[a:b], heads, relations, self.starts[a:b])

    def add(self, other: Syntax) -> None:
        """The words of another text after one's own."""
        at = len(self.heads)
        self.heads.extend(h + at if h > 0 else h for h in other.heads)
        self.tags.extend(other.tags)
        self.morphs.extend(other.morphs)
        self.relations.extend(other.relations)
        self.starts.extend(other.starts)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a passage. Lists are as long as its words."""

    words: Words
    names: list[int] | None = None
    """`NAMES` by number."""
    cues: list[int] | None = None
    """1 where a cue is asked, 0 elsewhere, `UNKNOWN` where nobody says."""
    anchors: list[Anchor] = field(default_factory=list)
    syntax: Syntax | None = None
