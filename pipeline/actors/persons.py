"""Whether a name that could be a place is a person here: “Michael Jordan”, “Chad Smith”, “Jordan said he …”."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.actors.countries_senses import listed
from pipeline.actors.names import fold

_PLACE_BEFORE = re.compile(
    r"\b(?:in|to|from|into|across|near|throughout|inside|outside|through|visit|visits|visited|visiting|left|leave|leaving|toward"
    r"|towards|via|within|around|enter|entered|entering|reach|reached|invade|invaded|for|at|of|southern|northern|eastern|western"
    r"|central|neighbou?ring|nearby)\s(?:the\s)?$",
    re.IGNORECASE,
)
_LOCATIVE = re.compile(
    r"\b(?:in|into|across|near|throughout|inside|through|visit|visits|visited|visiting|southern|northern|eastern|western|central"
    r"|neighbou?ring|nearby|via)\s(?:the\s)?$",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Prof|Rev|Sgt|Lt|Capt|Col|Gen|Sen|Rep|Judge|Officer|Rep)\.?\s$"
)
_GIVEN_NAME = re.compile(r"(?:^|[^.\w]\s?|\s)(?P<word>[A-Z][a-zé]+(?:-[A-Z][a-z]+)?(?:\s[A-Z]\.)?)\s$")
_SURNAME = re.compile(r"^\s(?P<word>[A-Z][a-z’'A-Zé-]+[a-z]\w*)")
_SPEAKS = re.compile(
    r"^\s(?:said|says|told|added|tweeted|scored|smiled|laughed|wrote|replied|recalled|who|himself|herself|retired)\b"
)


def is_person(mention: str, text: str, start: int, end: int) -> bool:
    """Whether the mention at `text[start:end]` is a person, or part of a person's name."""
    if fold(mention) not in listed("people_too"):
        return False
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    if _HONORIFIC.search(before):
        return True
    if (given := _GIVEN_NAME.search(before)) and _names(given["word"]) and not _starts_sentence(before, given["word"]):
        return True
    if (surname := _SURNAME.match(after)) and _names(surname["word"]) and not _titled(surname["word"]):
        return True
    if _LOCATIVE.search(before):
        return False
    full_names, named = _elsewhere(mention, text)
    known = named or any(stands != end for stands in full_names)
    return known and (bool(_SPEAKS.match(after)) or not _PLACE_BEFORE.search(before))


@lru_cache(maxsize=4)
def _elsewhere(mention: str, text: str) -> tuple[tuple[int, ...], bool]:
    """Where a text gives a full name that ends in the mention, and whether it has one that begins with it.

    Kept for the mentions that follow: each would read the whole text again.
    """
    full = re.compile(rf"\b(?P<given>[A-Z][a-zé]+)\s(?:[A-Z]\.\s)?{re.escape(mention)}\b")
    ends = tuple(
        match.end()
        for match in full.finditer(text)
        if _names(match["given"]) and not _starts_sentence(text[: match.end("given")] + " ", match["given"])
    )
    first = re.compile(rf"\b{re.escape(mention)}\s(?P<surname>[A-Z][a-z]+\b)")
    named = any(_names(match["surname"]) and not _titled(match["surname"]) for match in first.finditer(text))
    return ends, named


def _names(word: str) -> bool:
    return fold(word).split()[0] not in listed("no_names") if fold(word) else False


def _titled(word: str) -> bool:
    """“Jordan River”: capitalised, but no surname."""
    return word.endswith(("ian", "ese", "ish"))


def _starts_sentence(before: str, word: str) -> bool:
    """Whether a word is capitalised only because it begins a sentence, and ends like no name."""
    if not word.endswith(("ing", "ed", "ly")):
        return False
    head = before.rstrip()[: -len(word)].rstrip()
    return bool(head) and head[-1] in '.!?:“"\n'
