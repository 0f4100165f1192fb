"""Fit how likely a quote is right: `python -m training.calibrate`, which writes `pipeline/enrich/confidence.tsv`.

On the development passages a quote is right when it shares half of its words with a gold quote and has its speaker. The
table that is printed is cross-validated: each fifth of the passages is judged by weights fitted on the other four.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pipeline.article import Quote
from pipeline.enrich import confidence, language
from pipeline.enrich.component import QuoteFinder
from pipeline.enrich.confidence import LEAST, MOST, features
from tests.enrich.grading import HALF, Words, align, speaker_right
from tests.enrich.notation import Example
from training.encoder.passages import annotated

PENALTY = 1.0
FOLDS = 5
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0)
Row = tuple[dict[str, float], bool]
Floats = NDArray[np.float64]


def right(example: Example, found: Sequence[Quote]) -> list[bool]:
    """Whether each found quote is a gold one, with its speaker."""
    words = Words(example.text)
    judged = [False] * len(found)
    for number, i in align(example, found, words, HALF).pairs.items():
        judged[i] = speaker_right(example.quotes[number], found[i], words)
    return judged


def rows(passages: Sequence[Example], *, learned: bool) -> Iterator[list[Row]]:
    """The quotes found in each passage: their features and whether they are right."""
    nlp = language.load()
    finder = cast(QuoteFinder, nlp.add_pipe("whosaid_quotes", config={"reader": learned}))
    with nlp.select_pipes(disable=["whosaid_quotes"]):
        docs = list(nlp.pipe(passage.text for passage in passages))
    for example, found in zip(passages, finder.read(docs), strict=True):
        known = (features(a, found.reader) for a in found.attributions)
        yield list(zip(known, right(example, found.quotes), strict=True))


def fit(data: Sequence[Row], names: Sequence[str]) -> Floats:
    """Weights of a logistic regression, drawn towards nothing; the bias is free."""
    x = np.array([[row.get(name, 0.0) for name in names] for row, _ in data])
    y = np.array([float(yes) for _, yes in data])
    penalty = np.diag([0.0 if name == "bias" else PENALTY for name in names])
    weights = np.zeros(len(names))
    for _ in range(50):  # Newton's method
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + penalty @ weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty + 1e-6 * np.eye(len(names))
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def predicted(data: Sequence[Row], names: Sequence[str], weights: Floats) -> Floats:
    """Confidence of each row."""
    x = np.array([[row.get(name, 0.0) for name in names] for row, _ in data]).reshape(-1, len(names))
    return np.clip(1 / (1 + np.exp(-x @ weights)), LEAST, MOST)


def cross_validated(groups: Sequence[list[Row]], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Confidence of each quote by weights that have not seen it, and whether it is right."""
    values, answers = [], []
    for fold in range(FOLDS):
        other = [row for n, group in enumerate(groups) if n % FOLDS != fold for row in group]
        own = [row for n, group in enumerate(groups) if n % FOLDS == fold for row in group]
        values.append(predicted(own, names, fit(other, names)))
        answers.append(np.array([float(yes) for _, yes in own]))
    return np.concatenate(values), np.concatenate(answers)


def reliability(values: Floats, answers: Floats) -> str:
    """What was said and what was so, by bins of confidence."""
    lines = ["confidence        n   said  right"]
    for low, high in pairwise(BINS):
        inside = (values >= low) & ((values < high) | (high == 1.0))
        if inside.any():
            said, so = 100 * values[inside].mean(), 100 * answers[inside].mean()
            lines.append(f"{low:.1f} to {high:.1f}   {inside.sum():7} {said:6.1f} {so:6.1f}")
    return "\n".join(lines)


def main() -> None:
    """Fit both, print the tables, write the weights."""
    passages = annotated(development=True)
    columns: list[dict[str, float]] = []
    for learned in (True, False):
        groups = list(rows(passages, learned=learned))
        data = [row for group in groups for row in group]
        names = sorted({name for row, _ in data for name in row})
        sys.stdout.write(f"{'with the reader' if learned else 'by the rules alone'}: {len(data)} quotes\n")
        sys.stdout.write(reliability(*cross_validated(groups, names)) + "\n\n")
        columns.append(dict(zip(names, fit(data, names).tolist(), strict=True)))
    names = sorted({*columns[0], *columns[1]}, key=lambda name: (name.startswith("rule"), name))
    lines = [f"{name}\t{columns[0].get(name, 0.0):.3f}\t{columns[1].get(name, 0.0):.3f}" for name in names]
    head = "# feature\twith the reader\tby the rules alone; written by `python -m training.calibrate`"
    path = Path(confidence.__file__).with_name("confidence.tsv")
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
