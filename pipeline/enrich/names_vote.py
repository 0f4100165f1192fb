"""One label for a name throughout an article.

A network that reads a few sentences at a time calls the Kremlin a person here and a place there. All mentions of a name
vote with their probabilities; names of institutions and of bodies that the register knows are decided beforehand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.actors import lexicon
from pipeline.actors.register import bodies
from pipeline.enrich.encoder import Floats
from pipeline.enrich.pronouns import is_pronoun
from pipeline.enrich.wordlists import word_list

INSTITUTIONS = frozenset(
    {
        "kremlin",
        "white house",
        "pentagon",
        "downing street",
        "10 downing street",
        "number 10",
        "élysée",
        "elysée",
        "elysee",
    }
    | {"élysée palace", "elysee palace", "buckingham palace", "capitol hill", "bundestag", "knesset", "holy see"}
)
"""Buildings and places that are read as who sits in them: always `ORG`."""
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_PEOPLE_TOO = word_list("person too")
MISSED = 0.9
"""A mention that the network left out is added when it gives it less than this probability of being no name at all."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of words, half-open, with the probability of each label (`""` for no name) averaged over them."""

    start: int
    end: int
    evidence: Mapping[str, float]


def candidate(start: int, end: int, probabilities: Floats, labels: Sequence[str]) -> Candidate:
    """Sum `B-X` and `I-X` into `X`, averaged over the words of the span."""
    evidence: dict[str, float] = {}
    mean = np.add.reduce(probabilities[start:end]) / (end - start)
    for label, value in zip(labels, mean.tolist(), strict=True):
        key = "" if label == "O" else label[2:]
        evidence[key] = evidence.get(key, 0.0) + value
    return Candidate(start, end, evidence)


def vote(
    words: Sequence[str],
    lines: Sequence[bool],
    found: Iterable[tuple[int, int]],
    log_probabilities: Floats,
    labels: Sequence[str],
) -> list[tuple[int, int, str]]:
    """Spans `(start, end, label)` in order, without overlaps, each spelling with one label.

    Args:
        words: the words of the article; `lines`: whether a line starts at each, which no name runs over.
        found: spans of words that the network calls names.
        log_probabilities: [words, labels].
        labels: `O`, `B-PERSON`, `I-PERSON`, …
    """
    groups: dict[str, list[Candidate]] = defaultdict(list)
    taken = set[int]()
    probabilities = np.exp(log_probabilities)
    for start, end in found:
        item = candidate(start, end, probabilities, labels)
        groups[_key(words[start:end])].append(item)
        taken.update(range(start, end))
    names = {tuple(words[c.start : c.end]) for group in groups.values() for c in group}
    for start, end in (*_left_out(words, names, taken), *_known(words, lines, taken)):
        item = candidate(start, end, probabilities, labels)
        if item.evidence.get("", 0.0) < MISSED and taken.isdisjoint(range(start, end)):
            groups[_key(words[start:end])].append(item)
            taken.update(range(start, end))
    people = {key.split()[-1] for key, group in groups.items() if " " in key and _winner(group) == "PERSON"}
    spans: list[tuple[int, int, str]] = []
    for key, group in groups.items():
        spellings = {_spelling(words[c.start : c.end]) for c in group}
        label = _label(key, spellings, group, people)
        spans.extend((c.start, c.end, label) for c in group if label and not _names_nobody(words[c.start : c.end]))
    return sorted(spans)


def _names_nobody(words: Sequence[str]) -> bool:
    """Whether words are no more than a pronoun, as a network takes "She" on a line of its own for a person."""
    return len(words) == 1 and is_pronoun(words[0])


def _key(words: Sequence[str]) -> str:
    return _spelling(words).casefold()


def _spelling(words: Sequence[str]) -> str:
    """A name without its article and possessive."""
    kept = [word for word in words if not _POSSESSIVE.fullmatch(word)]
    return " ".join(kept[1:] if kept[:1] and kept[0].casefold() == "the" else kept)


def _label(key: str, spellings: Set[str], group: Sequence[Candidate], people: set[str]) -> str:
    if key in INSTITUTIONS:
        return "ORG"
    if (
        key in people and _share(group, "PERSON") > 0.05
    ):  # "Peskov" after "Dmitry Peskov", and "Berlin" after "Irving Berlin"
        return "PERSON"
    winner = _winner(group)
    if any(_is_body(spelling, winner) for spelling in spellings):
        return "ORG"
    return "GPE" if winner == "PERSON" and key in places() else winner


def _is_body(spelling: str, winner: str) -> bool:
    """Whether a name is that of a body that the register knows, where the network would rather have it a `winner`.

    A single word may be another's name as well: Mr Roche's, that of the town of Santander. And a BMW may be the car.
    """
    if _joined(spelling) not in organisations():
        return False
    if not spelling.isalpha():
        return True  # several words
    if winner == "MISC":
        return False
    if spelling.isupper():
        return True
    if winner in ("GPE", "LOC"):
        return not any(place.kind is lexicon.PlaceKind.CITY for place in lexicon.places(spelling))
    return spelling.casefold() not in _PEOPLE_TOO


@cache
def organisations() -> frozenset[str]:
    """Names of the bodies that the register knows, as `_joined` has them.

    But for those that places have too, and those that are names only with their article: "the Palace".
    """
    names = (name for body in bodies() for name in (body.name, *body.aliases))
    own = (name for name in names if name.casefold() not in places() and not name.casefold().startswith("the "))
    return frozenset(_joined(_POSSESSIVE.sub("", name)) for name in own)


def _joined(spelling: str) -> str:
    """A name without blanks: a tokenizer makes several words of "Al-Qaeda"."""
    return spelling.replace(" ", "")


@cache
def places() -> frozenset[str]:
    """Names of countries and capitals, in lower case."""
    lines = Path(__file__).with_name("places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name.casefold() for line in lines if not line.startswith("#") for name in line.split("|"))


def _share(group: Sequence[Candidate], label: str) -> float:
    return sum(c.evidence.get(label, 0.0) for c in group) / len(group)


def _winner(group: Sequence[Candidate]) -> str:
    """The label with the most evidence; being found at all means that `""` is out of the vote."""
    labels = sorted({label for c in group for label in c.evidence if label})
    return max(labels, key=lambda label: _share(group, label), default="")


def _left_out(words: Sequence[str], names: set[tuple[str, ...]], taken: set[int]) -> Iterator[tuple[int, int]]:
    """Where names that were found elsewhere stand once more, longest first, written the same way and with a capital."""
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if name[0][:1].isupper():
            by_first[name[0]].append(name)
    free = -1
    for i, word in enumerate(words):
        for name in by_first.get(word, ()) if i > free else ():
            span = range(i, i + len(name))
            if tuple(words[i : i + len(name)]) == name and taken.isdisjoint(span):
                free = span[-1]
                yield i, i + len(name)
                break


def _known(words: Sequence[str], lines: Sequence[bool], taken: set[int]) -> Iterator[tuple[int, int]]:
    """Where institutions, countries and capitals are written with a capital, longest first."""
    known, longest = _known_names()
    for i, word in enumerate(words):
        if i in taken or not word[:1].isupper():
            continue
        stop = next((k for k in range(i + 1, min(i + longest, len(words))) if lines[k]), min(i + longest, len(words)))
        end = next((k for k in range(stop, i, -1) if " ".join(words[i:k]).casefold() in known), None)
        if end is not None:
            yield i, end


@cache
def _known_names() -> tuple[frozenset[str], int]:
    """All of them, and how many words the longest has."""
    known = places() | INSTITUTIONS
    return known, max(len(name.split()) for name in known)
