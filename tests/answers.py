"""What an examination found: answers to written cases, the share that is right, and every miss."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "-": " ", "–": " "})
"""Letters that Unicode does not take apart into a plain one and an accent, and what parts words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One case with what was found."""

    line: int
    section: str
    right: bool
    told: str
    """The case, what was expected and what was found, to be read by people."""


def spelling(name: str) -> str:
    """A name without case, accents, apostrophes, full stops and hyphens, to compare by."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return " ".join("".join(letter for letter in plain if letter.isalnum() or letter == " ").split())


def report(answers: Iterable[Answer]) -> str:
    """The share right by section and in all, then every miss."""
    of, right, misses = Counter[str](), Counter[str](), []
    for answer in answers:
        for group in (answer.section, "all"):
            of[group] += 1
            right[group] += answer.right
        if not answer.right:
            misses.append(f"line {answer.line}: {answer.told}")
    shares = [f"{100 * right[group] / of[group]:5.1f} %  {right[group]:4} of {of[group]:4}  {group}" for group in of]
    return "\n".join([*misses, "", *sorted(shares, key=lambda share: share.endswith("  all"))])
