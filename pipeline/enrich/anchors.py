"""Where the encoder is asked who says what: at a cue, or at the mark that opens a quotation.

A cue of several words ("was quoted as saying", "according to") is asked at one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.enrich.cues import lexicon

CUE, MARK = 0, 1
"""Kinds of anchor."""
_ALWAYS = frozenset({"according", ":"})


def may_be_cue(lower: str) -> bool:
    """Whether a lower-case word is a form of a verb, noun or adjective of the lexicon, "according" or a colon."""
    cues = lexicon()
    return (
        lower in _ALWAYS
        or cues.form(lower) in cues.verbs
        or cues.form(lower, "noun") in cues.nouns
        or lower in cues.adjectives
    )


def anchor_of(lowers: Sequence[str], cue: Sequence[int]) -> int:
    """The word, of those of a cue, that stands for it: its last verb, else its last word of the lexicon, else its last.

    Args:
        lowers: the words of the text in lower case.
        cue: positions of the cue's words in it, in order, at least one.
    """
    if len(cue) == 1:
        return cue[0]
    cues = lexicon()
    verbs = [i for i in cue if cues.form(lowers[i]) in cues.verbs or lowers[i] == "according"]
    known = verbs or [i for i in cue if may_be_cue(lowers[i])] or [i for i in cue if lowers[i].isalpha()]
    return (known or cue)[-1]
