"""Trees from scores of arcs."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.enrich.arborescence import best_tree, trees
from pipeline.enrich.encoder import Floats, Integers

SCORES = st.floats(-50, 50, width=32)


def is_tree(heads: Integers) -> bool:
    """Whether every word leads to the root, which governs one."""
    for word in range(len(heads)):
        at, steps = word + 1, 0
        while at and steps <= len(heads):
            at, steps = int(heads[at - 1]), steps + 1
        if at:
            return False
    return int((heads == 0).sum()) == 1


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 4).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=SCORES)))
def test_no_other_tree_with_one_root_scores_more(arcs: Floats) -> None:
    def total(heads: Integers) -> float:
        return float(arcs[np.arange(len(arcs)), heads].astype(np.float64).sum())

    others = (np.array(heads) for heads in product(range(len(arcs) + 1), repeat=len(arcs)))
    found = best_tree(arcs)
    assert is_tree(found)
    assert total(found) >= max(total(heads) for heads in others if is_tree(heads)) - 1e-4


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 1 << 30))
def test_each_sentence_gets_a_tree_of_its_own(lengths: list[int], seed: int) -> None:
    words = sum(lengths)
    arcs = np.random.default_rng(seed).normal(size=(words, words + 1)).astype(np.float32)
    heads = trees(arcs, np.repeat(np.arange(len(lengths)), lengths))
    start = 0
    for length in lengths:
        own = heads[start : start + length]
        assert is_tree(np.where(own == 0, 0, own - start))
        start += length


def test_long_sentence_full_of_cycles_gets_a_tree() -> None:
    words = 200
    arcs = np.zeros((words, words + 1), np.float32)
    for word in range(words):  # each pair of neighbours prefers each other, and each chain of pairs the next one
        arcs[word, 1 + (word ^ 1)] = 9
        arcs[word, 1 + (word + 2) % words] = 8
    assert is_tree(best_tree(arcs))
