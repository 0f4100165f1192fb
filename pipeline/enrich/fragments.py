"""Words in marks that are no clause and that no content holds: whose they are, or that they are nobody's.

Scare quotes, terms, titles and nicknames are left out by what can be measured: fewer than four words, capitals as in a
title, no source in a clause above. On GUM's open genres words in marks of less than four words, outside contents, were
never somebody's words.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.enrich.masking import MARKS, count_words, is_title
from pipeline.enrich.paragraph import Paragraph, Quotation, Word
from pipeline.enrich.sources import source_of
from pipeline.enrich.uses import CueUse

LEAST_WORDS = 4
_HEIGHT = 8
"""Heads above the fragment among which its verb is looked for."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The verb's source; `use` if the verb is a cue."""

    source: Word
    use: CueUse | None
    rule: str


def governor_of(text: str, paragraph: Paragraph, quotation: Quotation, uses: list[CueUse]) -> Fragment | None:
    """Whose words a fragment quotes: the source of the nearest cue above it, else the subject of the nearest verb."""
    marked = text[quotation.region.start : quotation.region.end]
    if count_words(marked) < LEAST_WORDS or is_title(marked.strip(MARKS + " ").split()):
        return None
    cues = {use.word.i: use for use in uses}
    inside = paragraph.words[quotation.first : quotation.last + 1]
    root = next((w for w in inside if w.head.quotation is not quotation or w.head is w), inside[0])
    verbs = [w for w in root.ancestors(_HEIGHT) if w.is_verb and w.quotation is None]
    for verb in verbs:
        use = cues.get(verb.i)
        if use is not None and use.source is not None and use.source.word.quotation is None:
            return Fragment(use.source.word, use, "fragment of a cue")
    for verb in verbs:
        source = source_of(paragraph, verb)
        if source is not None and source.word.quotation is None:
            return Fragment(source.word, None, "fragment")
    return None
