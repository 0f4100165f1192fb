"""Annotated passages (`training/annotations/*.md`) as units, and the same passages told differently.

Every fifth passage is kept for development. What is held out is never read here.
"""

# ruff: noqa: SIM905 (words in a string are read more easily than a list of words)

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import spacy

from tests.enrich.notation import FENCE, Example, parse, read
from training.encoder.anchored import unit
from training.encoder.unit import Unit

ANNOTATIONS = Path(__file__).parents[1] / "annotations"
DEFINITION = Path(__file__).parents[2] / "docs" / "quotes.md"
HELD_OUT = sorted(ANNOTATIONS.glob("heldout*.md"))
DEVELOPMENT = 5
"""One passage in so many is kept for development."""
_BLANK = spacy.blank("en")


def annotated(*, development: bool) -> list[Example]:
    """The passages that are kept for development, or all others."""
    return [
        example
        for path in _files()
        for n, example in enumerate(read(path.read_text(encoding="utf-8")))
        if (n % DEVELOPMENT == DEVELOPMENT - 1) is development
    ]


def _files() -> list[Path]:
    return sorted(path for path in ANNOTATIONS.glob("*.md") if path not in HELD_OUT)


def sources() -> list[str]:
    """The passages for training as they are written, braces and all, with the examples of the definition."""
    written = [
        passage
        for path in _files()
        for n, passage in enumerate(_split(path.read_text(encoding="utf-8")))
        if n % DEVELOPMENT != DEVELOPMENT - 1
    ]
    return written + list(_split(DEFINITION.read_text(encoding="utf-8")))


def _split(markdown: str) -> Iterator[str]:
    for block in FENCE.finditer(markdown):
        yield from (part.strip("\n") for part in re.split(r"\n\s*\n", block["body"]) if part.strip())


def unit_of(source: str, weight: float = 1.0) -> Unit:
    """A passage in braces as a unit."""
    text, quotes = parse(source)
    return unit(_BLANK.make_doc(text), quotes, weight)


_SAID = re.compile(r"(\{C\d?(?:,\d)* )said\}")
_OTHERS = (
    "argued claimed insisted explained warned noted added stated declared maintained wrote recalled complained "
    "conceded admitted replied remarked observed stressed contended suggested"
).split()
_SOURCE = re.compile(r"(\{S\d?(?:,\d)* )([^{}]+)\}")
_PLAIN_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}")
_NOT_NAMES = set(
    "He She They It We I Who The A An One Two Three Some Several Many His Her Their Police Officials Critics Experts "
    "Residents Villagers Analysts Scientists Researchers Doctors Witnesses Investors Prosecutors Teachers".split()
)


def told_differently(source: str, chance: random.Random, names: Names) -> str:
    """The same passage with other names for its sources, other verbs for “said”, and other quotation marks."""
    if chance.random() < 0.3:
        source = _SAID.sub(lambda m: m[1] + (chance.choice(_OTHERS) if chance.random() < 0.5 else "said") + "}", source)
    if chance.random() < 0.6:
        source = _renamed(source, chance, names)
    style = chance.random()
    if style < 0.25:
        source = source.replace("“", '"').replace("”", '"')
    elif style < 0.33 and "’" not in source and "'" not in source:
        source = source.replace("“", "‘").replace("”", "’")
    if chance.random() < 0.15:
        source = source.replace("’", "'")
    return source


def _renamed(source: str, chance: random.Random, names: Names) -> str:
    """Names of sources, wherever they stand in the passage, give way to invented ones, each always to the same."""
    for name in dict.fromkeys(match[2] for match in _SOURCE.finditer(source)):
        words = name.split()
        if not _PLAIN_NAME.fullmatch(name) or words[0] in _NOT_NAMES or name.isupper() or chance.random() < 0.4:
            continue
        last = names.surname(chance)
        new = last if len(words) == 1 else f"{names.first(chance)} {last}"
        source = re.sub(rf"(?<![\w’'-]){re.escape(name)}(?![\w-])", new, source)
        if len(words) > 1:
            source = re.sub(rf"(?<![\w’'-]){re.escape(words[-1])}(?![\w-])", last, source)
    return source


class Names:
    """Invented people of many countries."""

    def __init__(self, firsts: list[str], lasts: list[str]) -> None:
        self.firsts, self.lasts = firsts, lasts

    def first(self, chance: random.Random) -> str:
        """A first name."""
        return chance.choice(self.firsts)

    def surname(self, chance: random.Random) -> str:
        """A last name."""
        return chance.choice(self.lasts)

    def person(self, chance: random.Random) -> str:
        """Both."""
        return f"{self.first(chance)} {self.surname(chance)}"
