"""A parse as plain lists: the rules ask for every word many times over, and spaCy makes its tokens anew each time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, IDX, ORTH, POS, SENT_START, TAG
from spacy.parts_of_speech import NAMES
from spacy.tokens import Doc

from pipeline.article import Span

_TAG_OF_POS = {
    "VERB": "VB", "AUX": "VB", "NOUN": "NN", "PROPN": "NNP", "PRON": "PRP", "ADJ": "JJ", "ADV": "RB", "NUM": "CD",
    "DET": "DT", "ADP": "IN", "SCONJ": "IN", "CCONJ": "CC", "PART": "RP",
}  # fmt: skip
"""For pipelines that have a morphologizer but no tagger."""


@dataclass(frozen=True, slots=True)
class Parse:
    """Tokens in text order, an entry each in every list."""

    texts: list[str]
    starts: list[int]
    """Where each begins, in characters of the parsed text."""
    tags: list[str]
    """Penn Treebank's."""
    deps: list[str]
    heads: list[int]
    """Positions in these lists; of a part of a parse they may lie outside it. A root is its own head."""
    begins: list[bool]
    """Whether a sentence begins there."""

    @classmethod
    def of(cls, doc: Doc) -> Parse:
        """That of a document."""
        columns = doc.to_array([ORTH, IDX, HEAD, DEP, TAG, SENT_START, POS]).T
        texts, starts, heads, deps, tags, begins, classes = columns
        told = _strings(doc, tags)
        if not tags.all():
            told = [tag or _TAG_OF_POS.get(NAMES[int(c)], "") for tag, c in zip(told, classes, strict=True)]
        return cls(
            _strings(doc, texts),
            starts.tolist(),
            told,
            _strings(doc, deps),
            (heads.view(np.int64) + np.arange(len(heads))).tolist(),
            (begins == 1).tolist(),
        )

    def within(self, span: Span) -> Parse:
        """The tokens that begin in a span of characters."""
        a, b = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        heads = [head - a for head in self.heads[a:b]]
        return Parse(self.texts[a:b], self.starts[a:b], self.tags[a:b], self.deps[a:b], heads, self.begins[a:b])


def _strings(doc: Doc, keys: NDArray[np.uint64]) -> list[str]:
    numbers, strings = keys.tolist(), doc.vocab.strings
    known = {key: strings[key] for key in set(numbers)}
    return [known[key] for key in numbers]


class StandIn(NamedTuple):
    """What stands for a quotation in a masked paragraph."""

    first: int
    """Its first token; `last`: its last one, inclusive."""
    last: int
    ending: str
    """The character before its closing mark."""


def sentence_hints(texts: Sequence[str], standins: Iterable[StandIn]) -> list[int]:
    """Where sentences must start (1) and cannot start (-1) in a paragraph whose quotations gave way to stand-ins.

    They cannot inside a stand-in, and where no final punctuation stands before.

    Args:
        texts: the tokens.
        standins: what stands for quotations, in order.
    """
    standins = list(standins)
    hints = [0] * len(texts)
    before = ""
    inside = {i for first, last, _ in standins for i in range(first + 1, last + 1)}
    for i, text in enumerate(texts):
        if i in inside:
            hints[i] = -1
        elif before:
            final = before[-1]
            if final not in ".?!…:;—–―-" or (final in ":;—–―-" and not text[:1].isupper()):
                hints[i] = -1
        if not text.isspace() and text not in _CLOSERS:
            before = text
    for _, last, ending in standins:
        _hint_after(texts, last + 1, ending, hints)
    return hints


def _hint_after(texts: Sequence[str], after: int, ending: str, hints: list[int]) -> None:
    """The sentence goes on after a stand-in, unless that ended with a full stop."""
    if ending == "." and after < len(texts) and texts[after][:1].isupper():
        hints[after] = 1
        return
    for i in range(after, min(after + _LOOKED_AT, len(texts))):
        if texts[i] in (".", ";"):
            return
        if ending == "," or ending.isalnum() or (i == after and not texts[i][:1].isupper()):
            hints[i] = -1


_LOOKED_AT = 31
_CLOSERS = {'"', "”", "“", "''", "``", ")", "(", "’", "'", "‘", "[", "]"}
