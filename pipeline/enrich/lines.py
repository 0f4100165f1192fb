"""`whosaid_lines`: a sentence ends with its line."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

FINAL = (".", "!", "?", ":", ";", "…")
CLOSING = frozenset("\"”’'»)]")


@Language.component("whosaid_lines", assigns=["token.is_sent_start"])
def lines(doc: Doc) -> Doc:
    """Say before the parse where sentences must start; the parser decides on the rest.

    A line that goes on in lower case after no final mark is text wrapped to a width and starts nothing. White space
    belongs to the sentence before it.
    """
    starts = doc.to_array([SENT_START]).view(np.int64)  # one by one, spaCy looks through the whole document each time
    final = broken = False
    for token in doc:
        if token.is_space:
            broken = broken or "\n" in token.text
            if token.i:
                starts[token.i] = -1
            continue
        if broken and (final or not token.text[0].islower()):
            starts[token.i] = 1
        final = token.text.endswith(FINAL) or (final and token.text in CLOSING)
        broken = False
    doc.from_array([SENT_START], cast(Any, starts.view(np.uint64)))
    return doc
