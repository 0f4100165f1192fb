"""`whosaid_lines`: a line of an article ends a sentence, whatever the parser thinks."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

FINAL = (".", "!", "?", ":", ";", "…")


@Language.component("whosaid_lines", assigns=["token.is_sent_start"])
def lines(doc: Doc) -> Doc:
    """Start a sentence at the first word of each line, before the parse.

    A line that goes on in lower case after no final mark is text wrapped to a width, and is left to the parser. White space
    belongs to the sentence before it.
    """
    previous, broken = "", False
    for token in doc:
        if token.is_space:
            broken = broken or "\n" in token.text
            if token.i:
                token.is_sent_start = False
            continue
        if broken and not (token.text[0].islower() and not previous.endswith(FINAL)):
            token.is_sent_start = True
        previous, broken = token.text, False
    return doc
