"""The tree of a paragraph in which each clausal quotation is one word, read off the scores of the one pass.

`masking.py` says why the rules want such a tree. The network has scored every word as the head of every other; here
the words of a quotation become one node, scored by the best of them, and the best tree over the nodes is found. A
second pass over the paragraph with stand-ins in it finds trees that are no better (`docs/decisions/masking.md`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from pipeline.enrich.arborescence import trees
from pipeline.enrich.encoder import Encoder, Floats, Integers, Syntax
from pipeline.enrich.labels import ANY, ROOT
from pipeline.enrich.masking import Masked
from pipeline.enrich.parse import Parse, StandIn, sentence_hints


class _Node(NamedTuple):
    """A word, or a quotation."""

    word: int
    """Its first one in the article; `row`: its first one in the masked paragraph."""
    row: int
    main: int
    """The row that stands for it: of a stand-in, “works”."""


@dataclass(frozen=True, slots=True)
class Around:
    """An article's words, and the scores of the arcs between them."""

    encoder: Encoder
    texts: Sequence[str]
    tags: Sequence[str]
    starts: Sequence[int]
    """Where each word begins, in characters; `ends`: where it ends."""
    ends: Sequence[int]
    windows: Sequence[range]
    syntax: Sequence[Syntax]
    """Of each window."""

    def parse(self, masked: Masked) -> Parse:
        """The parse of a masked paragraph, as a parser gives it of `masked.text`."""
        end = max([masked.bounds.end, *(region.end for region, *_ in masked.regions)])
        words = range(bisect_right(self.ends, masked.bounds.start), bisect_left(self.starts, end))
        rows = self._rows(masked, words)
        firsts, hints = [node.word for node in rows.nodes], sentence_hints(rows.texts, rows.standins)
        tree = _Tree([-1] * len(firsts), [ROOT] * len(firsts), [False] * len(firsts))
        for n in range(bisect_right(self.windows, words.start, key=_stop), len(self.windows)):
            window, syntax = self.windows[n], self.syntax[n]
            a, b = max(words.start, window.start), min(words.stop, window.stop)
            if a >= b:
                break
            nodes = range(bisect_right(firsts, a) - 1, bisect_left(firsts, b))
            goes_on = firsts[nodes.start] < a
            if goes_on and len(nodes) == 1:
                continue  # nothing but the inside of a quotation
            for node in nodes[goes_on:]:
                hint, start = hints[rows.nodes[node].row], syntax.starts[firsts[node] - window.start]
                tree.begins[node] = node == 0 or hint == 1 or (hint == 0 and bool(start > 0))
            edges: Integers = np.array([max(firsts[node], a) - a for node in nodes])
            sentences = np.cumsum(tree.begins[nodes.start : nodes.stop])
            heads = self._heads(syntax, slice(a - window.start, b - window.start), edges, sentences)
            tree.grow(nodes, *heads, goes_on)
        return rows.parse(tree)

    def _heads(self, syntax: Syntax, at: slice, edges: Integers, sentences: Integers) -> tuple[list[int], list[str]]:
        """The heads (0 a root, 1 + n node n) and relations of the nodes that begin at the edges.

        Args:
            syntax: of a window; `at`: which of its words the nodes are made of.
            edges: the first word of each node, counted from `at`; `sentences`: the number of its sentence [nodes].
        """
        arcs = syntax.arcs[at] - syntax.arcs[at].max(axis=1, keepdims=True)
        arcs -= np.log(np.exp(arcs).sum(axis=1, keepdims=True))
        arcs = np.column_stack([arcs[:, 0], arcs[:, 1:][:, at]])
        heads = trees(_by_node(arcs, edges), sentences)
        dependents, governors = _best_words(arcs, edges, heads)
        relations = self.encoder.relations(
            syntax.dependents[at][dependents],
            np.concatenate([syntax.governors[:1], syntax.governors[1:][at]]),
            governors,
        )
        return heads.tolist(), [self.encoder.labels.relations[i] for i in relations]

    def _rows(self, masked: Masked, words: range) -> _Rows:
        """The words of a masked paragraph, stand-ins in their places."""
        rows, at = _Rows(), words.start
        for region, place, end, clausal in masked.regions:
            if not clausal:
                continue
            first = bisect_right(self.ends, region.start, at, words.stop)
            self._add(rows, masked, range(at, first))
            at = bisect_left(self.starts, region.end, first, words.stop)
            if at > first:
                rows.add_standin(first, masked.text[place:end], place)
        self._add(rows, masked, range(at, words.stop))
        return rows

    def _add(self, rows: _Rows, masked: Masked, words: range) -> None:
        for word in words:
            rows.add(word, self.texts[word], bisect_left(masked.offsets, self.starts[word]), self.tags[word])


def _stop(window: range) -> int:
    return window.stop


@dataclass(slots=True)
class _Tree:
    """The heads of all nodes (-1 for roots), their relations, and whether a sentence begins with them.

    It grows a window at a time: scores are known only between words that were read together.
    """

    heads: list[int]
    relations: list[str]
    begins: list[bool]
    last_root: int = -1

    def grow(self, nodes: range, heads: list[int], relations: list[str], goes_on: bool) -> None:
        """Add the trees over the nodes of a window, as `whosaid_trees` puts its windows together.

        The first node was there before if it is a quotation that goes on.
        """
        first, hung = nodes.start, False
        for node, head, relation in zip(nodes, heads, relations, strict=True):
            if node == first and goes_on:
                if self.heads[node] < 0 and head:
                    self.heads[node], self.relations[node], hung = nodes[head - 1], relation, True
            elif head:
                self.heads[node], self.relations[node] = nodes[head - 1], relation
        roots = [node for node, head in zip(nodes, heads, strict=True) if not head]
        if self.last_root >= 0 and not self.begins[first] and not hung and not (goes_on and roots[0] == first):
            self.heads[roots[0]], self.relations[roots[0]] = self.last_root, ANY  # the sentence began before
        self.last_root = roots[-1]


@dataclass(slots=True)
class _Rows:
    """The words of a masked paragraph, an entry each, and the nodes that they are."""

    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Where each begins in the masked text."""
    tags: list[str] = field(default_factory=list)
    nodes: list[_Node] = field(default_factory=list)
    standins: list[StandIn] = field(default_factory=list)

    def add(self, word: int, text: str, place: int, tag: str) -> None:
        """A word as it is."""
        self.nodes.append(_Node(word, len(self.texts), len(self.texts)))
        self._append(text, place, tag)

    def add_standin(self, word: int, text: str, place: int) -> None:
        """`masking`'s “It works” for a quotation that begins with a word."""
        first = len(self.texts)
        self.nodes.append(_Node(word, first, first + 2))
        for part, tag in zip(_STANDIN, _TAGS, strict=True):
            self._append(part, place + text.index(part), tag)
        if not text[-2].isalpha():
            self._append(text[-2], place + len(text) - 2, "," if text[-2] == "," else ".")
        self._append(text[-1], place + len(text) - 1, "''")
        self.standins.append(StandIn(first, len(self.texts) - 1, text[-2]))

    def _append(self, text: str, place: int, tag: str) -> None:
        self.texts.append(text)
        self.places.append(place)
        self.tags.append(tag)

    def parse(self, tree: _Tree) -> Parse:
        """All rows, given the tree of the nodes."""
        own, deps = list(range(len(self.texts))), ["punct"] * len(self.texts)
        begins = [False] * len(self.texts)
        for first, last, _ in self.standins:
            own[first : last + 1] = [first + 2] * (last + 1 - first)
            deps[first + 1] = "nsubj"
        for node, head, relation, begun in zip(self.nodes, tree.heads, tree.relations, tree.begins, strict=True):
            own[node.main] = self.nodes[head].main if head >= 0 else node.main
            deps[node.main], begins[node.row] = relation, begun
        return Parse(self.texts, self.places, self.tags, deps, own, begins)


_STANDIN, _TAGS = ("“", "It", "works"), ("``", "PRP", "VBZ")


def _by_node(arcs: Floats, edges: Integers) -> Floats:
    """Scores of the arcs between nodes [nodes, 1 + nodes], of which each begins at one of the edges."""
    rows = np.maximum.reduceat(arcs, edges, axis=0)
    return np.column_stack([rows[:, 0], np.maximum.reduceat(rows[:, 1:], edges, axis=1)])


def _best_words(arcs: Floats, edges: Integers, heads: Integers) -> tuple[Integers, Integers]:
    """For each node the word that hangs on its head, and that one's word (0 the root, 1 + j word j) [nodes] each."""
    sizes = np.diff(edges, append=len(arcs))
    own, above = edges.copy(), np.where(heads == 0, 0, 1 + edges[heads - 1])
    for node in np.flatnonzero((sizes > 1) | ((heads > 0) & (sizes[heads - 1] > 1))):
        width = sizes[heads[node] - 1] if heads[node] else 1
        block = arcs[edges[node] : edges[node] + sizes[node], above[node] : above[node] + width]
        word, head = np.unravel_index(block.argmax(), block.shape)
        own[node] += word
        above[node] += head
    return own, above
