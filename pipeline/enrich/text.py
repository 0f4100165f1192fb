"""The text of a document, once: spaCy joins it from the tokens anew each time that it is asked."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from spacy.tokens import Doc

_texts: WeakKeyDictionary[Doc, str] = WeakKeyDictionary()
"""Of documents that somebody still holds: nothing of one may outlive the memory zone that it was made in."""


def text_of(doc: Doc) -> str:
    """What the document was made of; its text never changes."""
    text = _texts.get(doc)
    if text is None:
        text = _texts[doc] = doc.text
    return text
