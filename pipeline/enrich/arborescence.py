"""From scores of arcs to trees: the best head of each word where that gives trees, else the best tree.

The best tree is the maximum spanning arborescence: Chu and Liu (1965) and Edmonds (1967), as McDonald and others (2005,
“Non-projective dependency parsing using spanning tree algorithms”) use it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.enrich.encoder import Floats, Integers

_Scores = NDArray[np.float64]
_TRIED = 16
"""Roots that are tried at most: of 52 sentences of news and other texts 45 needed one, one needed 13."""


def trees(arcs: Floats, sentences: Integers) -> Integers:
    """The head of each word: 0 for the root, 1 + j for word j [words]; each sentence is one tree with one root.

    Args:
        arcs: finite scores [words, 1 + words], column 0 for the root, 1 + j for word j.
        sentences: the number of each word's sentence, which never falls [words].
    """
    words = len(arcs)
    own = sentences[:, None] == sentences
    np.fill_diagonal(own, False)
    allowed = np.column_stack([np.ones(words, bool), own])
    scores = np.where(allowed, arcs, -np.inf)
    heads: Integers = scores.argmax(axis=1)
    edges = np.flatnonzero(np.diff(sentences, prepend=-1, append=-1))
    roots = np.add.reduceat((heads == 0).astype(np.int64), edges[:-1])
    lost = np.logical_or.reduceat(_reach(heads) != 0, edges[:-1])
    for n in np.flatnonzero((roots != 1) | lost):
        start, end = edges[n], edges[n + 1]
        within = np.column_stack([scores[start:end, 0], scores[start:end, 1 + start : 1 + end]])
        found = best_tree(within)
        heads[start:end] = np.where(found == 0, 0, found + start)
    return heads


def best_tree(arcs: Floats) -> Integers:
    """The heads of the tree with the greatest sum of scores among those with one root; arguments as for `trees`."""
    words = len(arcs)
    if words == 1:
        return np.zeros(1, np.int64)
    between = arcs[:, 1:].astype(np.float64)
    np.fill_diagonal(between, -np.inf)
    highest = between.max(axis=1)
    # No tree below a root scores more than if each other word had its best head: few roots need to be tried.
    bounds = arcs[:, 0] - highest + highest.sum()
    best, heads = -np.inf, np.zeros(words, np.int64)
    for root in np.argsort(-bounds, kind="stable")[:_TRIED]:
        if bounds[root] <= best:
            break
        order = np.arange(words)
        order[[0, root]] = root, 0
        found = np.empty(words, np.int64)
        found[order] = order[_arborescence(between[order][:, order])]
        others = np.arange(words) != root
        score = arcs[root, 0] + between[others, found[others]].sum()
        if score > best:
            best, heads = score, np.where(others, 1 + found, 0)
    return heads


def _reach(heads: Integers) -> Integers:
    """0 for each word from which the heads lead to the root, something else for those that never get there."""
    above: Integers = np.concatenate([[0], heads])
    for _ in range(len(heads).bit_length()):
        above = above[above]
    return above[1:]


def _arborescence(scores: _Scores) -> Integers:
    """The best head of each node in a tree below node 0 (whose own is 0); scores [nodes, nodes] by node and head."""
    heads: Integers = scores.argmax(axis=1)
    heads[0] = 0
    cycle = _cycle(heads)
    if not len(cycle):
        return heads
    # The cycle becomes one node, the last of a smaller graph; whatever enters it there breaks it at one arc.
    outside = np.ones(len(scores), bool)
    outside[cycle] = False
    rest = np.flatnonzero(outside)
    smaller = np.full((len(rest) + 1, len(rest) + 1), -np.inf)
    kept = scores[rest]
    smaller[:-1, :-1] = kept[:, rest]
    leaving = kept[:, cycle]
    smaller[:-1, -1] = leaving.max(axis=1)
    entering = scores[cycle][:, rest] - scores[cycle, heads[cycle]][:, None]
    smaller[-1, :-1] = entering.max(axis=0)
    found = _arborescence(smaller)
    below = found[:-1] == len(rest)
    heads[rest[below]] = cycle[leaving[below].argmax(axis=1)]
    heads[rest[~below]] = rest[found[:-1][~below]]
    heads[cycle[entering[:, found[-1]].argmax()]] = rest[found[-1]]
    return heads


def _cycle(heads: Integers) -> Integers:
    """The nodes of a cycle, none if each node leads to node 0."""
    lost = np.flatnonzero(_reach(heads[1:]) != 0)
    if not len(lost):
        return lost
    node, nodes = int(lost[0]) + 1, list[int]()
    while node not in nodes:
        nodes.append(node)
        node = int(heads[node])
    return np.array(nodes[nodes.index(node) :])
