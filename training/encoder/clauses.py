"""Clauses, infinitives and noun phrases of real sentences, for the grammar to say: from the trees of EWT and GUM."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.enrich.uses import is_strong_cue
from training.corpora import documents
from training.encoder.named import gum_files

_AWKWARD = re.compile(r"[\"“”‘\[\]{}()<>@*#|]|``|''|http|\w_\w|[:;!?]")
_CLITIC = re.compile(r" (n['’]t|['’](?:s|re|ve|ll|d|m))\b")
_LONGEST = 32
Row = list[str]


@dataclass
class Stock:
    """What the grammar draws from. A clause begins in lower case unless its first word is a name."""

    clauses: list[str] = field(default_factory=list)
    infinitives: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    gerunds: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    """Whole sentences in which nobody speaks, to stand beside."""

    def clause(self, chance: random.Random, longest: int = _LONGEST) -> str:
        """A clause of at most so many words."""
        while len((clause := chance.choice(self.clauses)).split()) > longest:
            pass
        return clause


def trees(data: Path) -> Iterator[tuple[str, list[Row]]]:
    """The genre and the rows of each sentence that may be trained on."""
    for name, path in (("ewt", data / "ud_ewt" / "train.conllu"), *gum_files(data / "gum")):
        for document in documents(path):
            for _, rows in document:
                yield name, [row for row in rows if row[0].isdigit()]


def text_of(rows: list[Row]) -> str:
    """The words with the spaces that stood between them."""
    text = "".join(row[1] + ("" if "SpaceAfter=No" in row[9] else " ") for row in rows).strip()
    return _CLITIC.sub(r"\1", text)


def gather(data: Path) -> Stock:
    """Everything that is written plainly enough."""
    stock = Stock()
    for _, rows in trees(data):
        text = text_of(rows)
        speaks = any(is_strong_cue(row[1].lower()) for row in rows)
        if 5 <= len(rows) <= 38 and text[0].isupper() and text.endswith(".") and not _AWKWARD.search(text):
            if not speaks:
                stock.sentences.append(text)
            if not speaks and _is_clause(rows) and len(rows) <= _LONGEST + 1:
                stock.clauses.append(_lowered(text[:-1].strip(), rows[0]))
        _parts(rows, stock)
    return stock


def _is_clause(rows: list[Row]) -> bool:
    roots = [row for row in rows if row[6] == "0"]
    finite = any(row[4] in ("VBD", "VBZ", "VBP", "MD") for row in rows)
    return bool(roots) and finite and any(row[6] == roots[0][0] and row[7].startswith("nsubj") for row in rows)


def _lowered(text: str, first: Row) -> str:
    keeps = first[4].startswith("NNP") or first[1] in {"I", "I'm", "I’m"} or (first[1].isupper() and len(first[1]) > 1)
    return text if keeps else text[0].lower() + text[1:]


def _parts(rows: list[Row], stock: Stock) -> None:
    children: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        children[row[6]].append(row)
    for row in rows:
        kind = _kind(row, children[row[0]])
        if kind is None:
            continue
        numbers = sorted(_below(row, children))
        if not 2 <= len(numbers) <= 18 or numbers != list(range(numbers[0], numbers[-1] + 1)):
            continue
        text = text_of(rows[numbers[0] - 1 : numbers[-1]]).strip(" .,-")
        words = text.split()
        if not text or _AWKWARD.search(text) or any(is_strong_cue(word.lower()) for word in words):
            continue
        if kind == "infinitive" and words[0] == "to" and len(words) > 2:
            stock.infinitives.append(text)
        elif kind == "gerund" and words[0].endswith("ing") and len(words) > 2:
            stock.gerunds.append(text)
        elif kind == "thing" and words[0].islower():
            stock.things.append(text)


def _kind(row: Row, children: list[Row]) -> str | None:
    if row[7] in ("xcomp", "advcl", "acl") and any(c[1].lower() == "to" and c[7] == "mark" for c in children):
        return "infinitive"
    if row[4] == "VBG" and row[7] in ("advcl", "csubj", "xcomp", "acl"):
        return "gerund"
    return "thing" if row[7] == "obj" and row[3] == "NOUN" else None


def _below(row: Row, children: dict[str, list[Row]]) -> list[int]:
    numbers, waiting = [], [row]
    while waiting:
        word = waiting.pop()
        numbers.append(int(word[0]))
        waiting += children[word[0]]
    return numbers
