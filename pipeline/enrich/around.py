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
from pipeline.enrich.masking import Masked
from pipeline.enrich.parse import Parse, sentence_hints

_FAR = -100.0
"""The score of arcs between words that were not read together."""
_Node = tuple[int, int]
"""Its first word, and the row that stands for it."""


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
        if not rows.nodes:
            return Parse([], [], [], [], [], [])
        scored = self._scored(words)
        edges: Integers = np.array([word - words.start for word, _ in rows.nodes])
        hints = sentence_hints(rows.texts, rows.standins)
        begins = [False] * len(hints)
        for edge, row in zip(edges, rows.first_rows(), strict=True):
            begins[row] = row == 0 or hints[row] == 1 or (hints[row] == 0 and scored.starts[edge] > 0)
        heads = trees(_by_node(scored.arcs, edges), np.cumsum([begins[row] for row in rows.first_rows()]))
        dependents, governors = _best_words(scored.arcs, edges, heads)
        relations = self.encoder.relations(scored.dependents[dependents], scored.governors, governors)
        return rows.parse(heads, [self.encoder.labels.relations[i] for i in relations], begins)

    def _rows(self, masked: Masked, words: range) -> _Rows:
        """The words of a masked paragraph, stand-ins in their places."""
        rows, at = _Rows(), words.start
        for region, place, end, clausal in masked.regions:
            if not clausal:
                continue
            while at < words.stop and self.ends[at] <= region.start:
                rows.add(at, self.texts[at], bisect_left(masked.offsets, self.starts[at]), self.tags[at])
                at += 1
            first = at
            while at < words.stop and self.starts[at] < region.end:
                at += 1
            if at > first:
                rows.add_standin(first, masked.text[place:end], place)
        for word in range(at, words.stop):
            rows.add(word, self.texts[word], bisect_left(masked.offsets, self.starts[word]), self.tags[word])
        return rows

    def _scored(self, words: range) -> _Scored:
        """What the passes told of some words, those of several windows put together."""
        arcs = np.full((len(words), 1 + len(words)), _FAR, np.float32)
        starts, dependents, governors = list[Floats](), list[Floats](), list[Floats]()
        for window, syntax in zip(self.windows, self.syntax, strict=True):
            first, stop = max(words.start, window.start), min(words.stop, window.stop)
            if first >= stop:
                continue
            there, here = (
                slice(first - window.start, stop - window.start),
                slice(first - words.start, stop - words.start),
            )
            told = syntax.arcs[there]
            told = told - told.max(axis=1, keepdims=True)
            told -= np.log(np.exp(told).sum(axis=1, keepdims=True))
            arcs[here, 0] = told[:, 0]
            arcs[here, 1:][:, here] = told[:, 1:][:, there]
            starts.append(syntax.starts[there])
            dependents.append(syntax.dependents[there])
            governors.append(syntax.governors[1:][there])
        root = self.syntax[0].governors[:1]
        return _Scored(arcs, np.concatenate(starts), np.concatenate(dependents), np.concatenate([root, *governors]))


class _Scored(NamedTuple):
    """As in `Syntax`, but that arcs are log-probabilities."""

    arcs: Floats
    starts: Floats
    dependents: Floats
    governors: Floats


@dataclass(slots=True)
class _Rows:
    """The words of a masked paragraph, an entry each, and the nodes that they are."""

    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Where each begins in the masked text."""
    tags: list[str] = field(default_factory=list)
    nodes: list[_Node] = field(default_factory=list)
    standins: list[tuple[int, int]] = field(default_factory=list)
    """First and last row of each, inclusive."""

    def add(self, word: int, text: str, place: int, tag: str) -> None:
        """A word as it is."""
        self.nodes.append((word, len(self.texts)))
        self._append(text, place, tag)

    def add_standin(self, word: int, text: str, place: int) -> None:
        """`masking`'s “It works” for a quotation that begins with a word."""
        first = len(self.texts)
        self.nodes.append((word, first + 2))
        for part, tag in zip(_STANDIN, _TAGS, strict=True):
            self._append(part, place + text.index(part), tag)
        if not text[-2].isalpha():
            self._append(text[-2], place + len(text) - 2, "," if text[-2] == "," else ".")
        self._append(text[-1], place + len(text) - 1, "''")
        self.standins.append((first, len(self.texts) - 1))

    def _append(self, text: str, place: int, tag: str) -> None:
        self.texts.append(text)
        self.places.append(place)
        self.tags.append(tag)

    def first_rows(self) -> list[int]:
        """The first row of each node."""
        first_of = {first + 2: first for first, _ in self.standins}
        return [first_of.get(main, main) for _, main in self.nodes]

    def parse(self, heads: Integers, relations: Sequence[str], begins: list[bool]) -> Parse:
        """All rows, given the heads of nodes (0 a root, 1 + n node n) and their relations."""
        own, deps = list(range(len(self.texts))), ["punct"] * len(self.texts)
        for first, last in self.standins:
            own[first : last + 1] = [first + 2] * (last + 1 - first)
            deps[first + 1] = "nsubj"
        for (_, main), head, relation in zip(self.nodes, heads.tolist(), relations, strict=True):
            own[main], deps[main] = (self.nodes[head - 1][1], relation) if head else (main, "ROOT")
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
