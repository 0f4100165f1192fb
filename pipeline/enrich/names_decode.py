"""From the probabilities of BIO labels to names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from pipeline.enrich.encoder import Floats

_NEVER = -1e9
"""The log-probability of what cannot be."""


def decode(log_probabilities: Floats, labels: Sequence[str], lines: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The most probable spans of words, half-open, under the rules of BIO (Viterbi): `I-X` follows only `B-X` or `I-X`.

    A word that is more likely part of a name than not is one, even if no label by itself beats `O`.

    Args:
        log_probabilities: [words, labels].
        labels: `O`, `B-PERSON`, `I-PERSON`, …
        lines: whether a line starts at a word; no name runs over it.
    """
    if not len(log_probabilities):
        return
    log_probabilities = log_probabilities.copy()
    none = labels.index("O")
    log_probabilities[log_probabilities[:, none] < np.log(0.5), none] = _NEVER
    tags = [labels[i] for i in log_probabilities.argmax(axis=1).tolist()]
    starts = [i for i, line in enumerate(lines) if line or not i]
    for start, end in pairwise([*starts, len(tags)]):  # what is most probable on one line depends on no other
        if not _is_legal(tags[start:end]):
            tags[start:end] = _best(log_probabilities[start:end], labels)
    edges = [i for i, tag in enumerate(tags) if not tag.startswith("I-")] + [len(tags)]
    for start, end in pairwise(edges):
        if tags[start] != "O":
            yield start, end


def _is_legal(tags: Sequence[str]) -> bool:
    return all(not tag.startswith("I-") or tag[1:] == before[1:] for before, tag in pairwise(["O", *tags]))


def _best(log_probabilities: Floats, labels: Sequence[str]) -> list[str]:
    """The best path through the labels of one line."""
    inside = np.array([label.startswith("I-") for label in labels])
    allowed = np.array([[not b.startswith("I-") or a[1:] == b[1:] for b in labels] for a in labels])
    transitions = np.where(allowed, 0.0, _NEVER)
    score = np.where(inside, _NEVER, log_probabilities[0])
    back = np.zeros(log_probabilities.shape, np.intp)
    for i in range(1, len(log_probabilities)):
        paths = score[:, None] + transitions
        back[i] = paths.argmax(axis=0)
        score = paths[back[i], np.arange(len(labels))] + log_probabilities[i]
    best = [int(score.argmax())]
    for i in range(len(log_probabilities) - 1, 0, -1):
        best.append(int(back[i, best[-1]]))
    return [labels[i] for i in reversed(best)]
