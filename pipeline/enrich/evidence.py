"""What was read in an article on the way to its trees or names, kept for the components after: one pass serves all.

It lies in `doc._.encoded` as one array [words, 2 + WIDTH + labels]: the number of the window that a word was read in,
the probability that it is a cue, the word as the reader takes it, and the log-probabilities of names. Where quotations
stand for clauses and a `whosaid_quotes` will read the trees around them, `doc._.grammar` holds the arrays of each
window's `Syntax`. So a document can be written to bytes as ever.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
from spacy.attrs import IS_SPACE
from spacy.tokens import Doc

from pipeline.enrich.encoder import WIDTH, Encoded, Syntax

for extension in ("encoded", "grammar"):
    if not Doc.has_extension(extension):
        Doc.set_extension(extension, default=None)


def keep(doc: Doc, encoded: Encoded, *, grammar: bool = False) -> None:
    """Keep what was read beside the document, with its grammar if somebody will ask for that."""
    number = np.repeat(np.arange(len(encoded.windows), dtype=np.float32), [len(window) for window in encoded.windows])
    doc._.encoded = np.column_stack([number, encoded.cues, encoded.hidden, encoded.names]).astype(np.float32)
    parts = encoded.syntax if grammar else []
    doc._.grammar = [[getattr(part, field.name) for field in fields(Syntax)] for part in parts]


def kept(doc: Doc) -> Encoded | None:
    """What was kept, if anything was, and of these words."""
    array = doc._.encoded
    if array is None or len(array) != np.count_nonzero(doc.to_array([IS_SPACE]) == 0):
        return None
    edges = [0, *(np.flatnonzero(np.diff(array[:, 0])) + 1).tolist(), len(array)] if len(array) else [0]
    windows = [range(a, b) for a, b in pairwise(edges)]
    grammar = [Syntax(*arrays) for arrays in doc._.grammar]
    return Encoded(array[:, 2 + WIDTH :], array[:, 1], array[:, 2 : 2 + WIDTH], windows, grammar)


def take(doc: Doc) -> Encoded | None:
    """The same for whom needs it last: it is gone then."""
    encoded = kept(doc)
    doc._.encoded = doc._.grammar = None
    return encoded
