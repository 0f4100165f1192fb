"""Longer known names around a mention, which mean another place than it: “Papua New *Guinea*”, “Gulf of *Mexico*”."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from pipeline.actors import countries_senses as senses
from pipeline.actors import lexicon
from pipeline.actors.names import fold

_WORDS_LEFT, _WORDS_RIGHT = 4, 2
"""How far a longer name may reach beyond a mention."""
_BREAK = re.compile(r".*(?:[.!?]\s|[,;:()“”\"\n])", re.S)
"""All up to the last mark over which no name goes on."""
_REACH = re.compile(r"(?:-\w+)?(?:[ ][\w'’-]+){0,2}")
_WORD_AFTER = re.compile(r"-?[\w'’]+")


def longer_name(mention: str, before: str, after: str) -> str | None:
    """The longest known name around a mention, of up to four words before and two after it; nothing if it is itself."""
    left = _words_before(before)
    reach = _REACH.match(after)
    tail = reach[0] if reach else ""
    right = list(_WORD_AFTER.finditer(tail))[:_WORDS_RIGHT]
    words = [*left, mention, *(match[0] for match in right)]
    begins = _beginnings_among(words, fold(mention)) if len(words) > 1 else ()
    if not begins:
        return None
    endings = [*(tail[: match.end()] for match in reversed(right)), ""]
    for first in range(len(left) + 1):
        start = " ".join(words[first : len(left) + 1])
        if not fold(f"{start}{endings[0]}").startswith(begins):
            continue
        for ending in endings:
            candidate = start + ending
            known = fold(candidate)
            if known.startswith("the ") or known == fold(mention):
                continue
            if known in senses.listed("misleading") or (
                candidate[0].isupper()
                and (lexicon.places(candidate) or known in lexicon.seats() or senses.is_water(candidate))
            ):
                return candidate
    return None


def _words_before(before: str) -> list[str]:
    """The last words before a mention that a longer name may begin with."""
    if not before[-1:].isspace():
        return []
    last_break = _BREAK.match(before)
    return before[last_break.end() if last_break else 0 :].split()[-_WORDS_LEFT:]


def _beginnings_among(words: list[str], mention: str) -> tuple[str, ...]:
    """How the known names of several words begin that these words may hold: almost always none, and no more is asked.

    Nothing is ruled out, as any name begins with "", where a word is folded in another way than within a name (“King's
    Lynn”), where the mention is only the article (“The” of “The Gambia”), and where any name may be that of a water.
    """
    folded = " ".join(map(fold, words)).split()
    line = " ".join(words)
    if "'" in line or "’" in line or mention == "the" or not senses.KINDS_OF_WATER.isdisjoint(folded):
        return ("",)
    return tuple(_beginnings().intersection(f"{word} {after}" for word, after in pairwise(folded)))


@cache
def _beginnings() -> frozenset[str]:
    """How the names begin, folded, that `longer_name` looks for, waters aside."""
    return lexicon.beginnings([*senses.listed("misleading"), *lexicon.names(), *lexicon.seats()])
