"""What `whosaid_names` read in an article on the way to its names, kept for `whosaid_quotes`: one pass serves both.

It lies in `doc._.encoded` as one array [words, 2 + width], so that a document can be written to bytes as ever: the
number of the window that a word was read in, the probability that it is a cue, and the word as the reader takes it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from spacy.tokens import Doc

from pipeline.enrich.encoder import Encoded, Floats

if not Doc.has_extension("encoded"):
    Doc.set_extension("encoded", default=None)


def keep(doc: Doc, encoded: Encoded) -> None:
    """Keep what was read beside the document."""
    number = np.repeat(np.arange(len(encoded.windows), dtype=np.float32), [len(window) for window in encoded.windows])
    doc._.encoded = np.column_stack([number, encoded.cues, encoded.hidden]).astype(np.float32)


def take(doc: Doc) -> tuple[Floats, Floats, list[range]] | None:
    """Cues, words and windows as they were kept, once; nothing if nobody read."""
    array = doc._.encoded
    if array is None:
        return None
    doc._.encoded = None
    edges = [0, *(np.flatnonzero(np.diff(array[:, 0])) + 1).tolist(), len(array)] if len(array) else [0]
    return array[:, 1], array[:, 2:], [range(a, b) for a, b in pairwise(edges)]
