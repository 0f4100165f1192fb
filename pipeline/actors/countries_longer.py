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
    reach = _REACH.match(after)
    tail = reach[0] if reach else ""
    right = list(_WORD_AFTER.finditer(tail))[:_WORDS_RIGHT] if tail else []
    left = _words_before(before)
    words = [*left, mention, *(match[0] for match in right)]
    if not _may_be_longer(words, len(left), fold(mention)):
        return None
    endings = [*(tail[: match.end()] for match in reversed(right)), ""]
    for first in range(len(left) + 1):
        start = " ".join(words[first : len(left) + 1])
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


def _may_be_longer(words: list[str], at: int, mention: str) -> bool:
    """Whether a known name may hold `words[at]`, which folded is `mention`, and a word beside it: almost none does.

    Nothing is ruled out where a word is folded in another way than within a name (“King's Lynn”, a dash), where the
    mention begins with an article (“The” of “The Gambia”), where a style may precede a country (“Federation of”), and
    where any name may be that of a water.
    """
    if len(words) == 1:
        return False
    left, right = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    near = f"{left} {words[at]} {right}"
    if "'" in near or "’" in near or not senses.KINDS_OF_WATER.isdisjoint(map(str.lower, words)):
        return True
    before, after = fold(left), fold(right)
    if words[at].lower().split()[:1] == ["the"] or (left and not before) or (right and not after):
        return True
    if before == "of" and at > 1 and _is_pair(fold(words[at - 2]), before):
        return True
    return _is_pair(before, mention) or _is_pair(mention, after)


def _is_pair(word: str, after: str) -> bool:
    return f"{word.rpartition(' ')[2]} {after.partition(' ')[0]}" in _pairs()


@cache
def _pairs() -> frozenset[str]:
    """Each two words that follow each other in a known name, folded."""
    known = (name.split() for name in (*senses.listed("misleading"), *lexicon.names(), *lexicon.seats()))
    return frozenset(f"{word} {after}" for words in known for word, after in pairwise(words))
