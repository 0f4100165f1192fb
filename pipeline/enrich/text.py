"""The text of a document, once: spaCy joins it from the tokens anew each time that it is asked."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Doc


@lru_cache(maxsize=1)  # components read one document after another
def text_of(doc: Doc) -> str:
    """What the document was made of; its text never changes."""
    text: str = doc.text
    return text
