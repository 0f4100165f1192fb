"""The inflected forms of English verbs and nouns by rule; a lemmatizer errs on rare verbs and needs the right tag."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh|[^aeiou]o)$")
_ONE_VOWEL_ONE_CONSONANT = re.compile(r"^[^aeiou]*(?:qu)?[aeiouy][^aeiouwxy]$")
_MAYBE_DOUBLED = re.compile(r"[^aeiou][aeiou]l$")
"""signaled, signalled: American and British."""


def verb_forms(lemma: str, past: Sequence[str] | None = None, doubles: bool = False) -> set[str]:
    """All forms of a verb, the lemma and both spellings of -ize among them.

    `past` replaces the forms in -ed; `doubles` says that the last letter doubles (admitted), which for one syllable
    follows from the spelling.
    """
    stems = [lemma]
    if doubles or _ONE_VOWEL_ONE_CONSONANT.match(lemma):
        stems = [lemma + lemma[-1]]
    elif _MAYBE_DOUBLED.search(lemma):
        stems = [lemma, lemma + "l"]
    elif lemma.endswith("ic"):
        stems = [lemma + "k"]
    forms = {lemma, _with_s(lemma)} | {_with_ing(stem) for stem in stems}
    forms |= {_with_ed(stem) for stem in stems} if past is None else set(past)
    if lemma.endswith("ize"):
        forms |= {re.sub(r"iz(?=(?:e|es|ed|ing)$)", "is", form) for form in forms}
    return forms


def noun_forms(lemma: str, plurals: Sequence[str] | None = None) -> set[str]:
    """Singular and plural of a noun, one of several words by its last."""
    if plurals is not None:
        return {lemma, *plurals}
    return {lemma, lemma[:-2] + "es" if lemma.endswith("sis") else _with_s(lemma)}


def _with_s(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if _SIBILANT.search(word) else "s")


def _with_ed(stem: str) -> str:
    if re.search(r"[^aeiou]y$", stem):
        return stem[:-1] + "ied"
    return stem + ("d" if stem.endswith("e") else "ed")


def _with_ing(stem: str) -> str:
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    return (stem[:-1] if re.search(r"[^eoy]e$", stem) and len(stem) > 2 else stem) + "ing"
