"""Whether the name of a place is something else here: a language, a thing, a river, a word, somebody's name.

Each rule looks at the words beside the mention only; its words are lists in `context.yaml`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.actors.names import fold

_LANGUAGE_BEFORE = re.compile(
    r"\b(?:speak|speaks|spoke|spoken|speaking|in|into|fluent|fluently|learn|learns|learned|learnt|learning|teach|teaches|taught"
    r"|study|studies|studied|understands?|understood|broken|from)\s$",
    re.I,
)
_LANGUAGE_AFTER = re.compile(
    r"^(?:[.,;:!?)”\"]|\s(?:and|or|but|on|at|with|for|to|by|that|as|is|was|language|rather|instead|when|during|before|after|from|only"
    r"|alone|well|fluently|badly|because|while|since|until|than)\b|$)",
    re.I,
)
_LANGUAGE_NOUN = re.compile(
    r"^\s(?:languages?|lessons?|class|classes|grammar|dictionary|dictionaries|speakers?|subtitles|vocabulary|alphabet|dialects?)\b"
)
_OWN_LANGUAGE = re.compile(r"(?:['’]s|\b(?:his|her|my|their|your|our|its))\s$", re.I)
_IS = re.compile(r"^(?:\s(?:is|was|has|had|improved|sounded|remains|remained|got|and)\b|[.,;!?])")
_BIRD = re.compile(
    r"\b(?:thanksgiving|roast|roasted|stuffing|stuffed|cranberry|gobble\w*|poultry|pardon\w*|deli|wild|butchers?"
    r"|bird flu)\b",
    re.I,
)
_WATER_OF = ("gulf", "sea", "seas", "bay", "strait", "straits", "lake", "river")
_WATER_LAST = ("sea", "ocean", "strait", "straits", "channel", "river", "basin", "trench", "subcontinent")
_WATERS = re.compile(
    rf"^(?:the )?(?:(?:{'|'.join(_WATER_OF)}) of (?:the )?\S+.*|lake \S+|river \S+|.* (?:{'|'.join(_WATER_LAST)}))$",
    re.IGNORECASE,
)
KINDS_OF_WATER = frozenset((*_WATER_OF, *_WATER_LAST))
"""One of these words, folded, stands in every name for which `is_water` holds."""
_RIVER_NEXT = re.compile(r"^,? (?:which is )?(?:a|the|one of \w+) (?:\w+ )?(?:river|waterway|stream)\b")
_RIVER_ALONE = re.compile(r"^(?:[.,;:)]|$| (?:and|in|at|near|is|was|flows?|rises|runs|from|to|for|with|where|which)\b)")
_THE_BEFORE = re.compile(r"\bthe $", re.I)
_NEXT_WORDS = re.compile(r" ([a-z]+)(?: ([a-z]+))?")
_NEXT_NAME = re.compile(r" ([A-Z]\w*)\b")
_SMALL_NEXT = re.compile(r" [a-z]")
_GIVEN_NAME = re.compile(r"(?:^|[^\w-])([A-Z][\w’'-]+) (?:[A-Z]\. )?$")
_QUOTATION_BEFORE = re.compile(r"[”\"’'] $")
_IN_CITY = re.compile(r"\b(?:in|to|from|near|through|across|around|outside|of|at|for)\s$")
_VERB = re.compile(r"^ (?:the|your|his|her|their|my|our|it|them|off|up|a|an)\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]['’”\")]?\s|\n|[“\"‘])\s*$")
_WHO = re.compile(r"^, (?:who (?:has|had|is|was|will|said|says)\b|\d{1,2},|aged \d)")
_TELLS = re.compile(r"^ (?:said|says|told|added|replied|recalled|wrote|asked|admitted|explained|laughed|joked)\b")
_PRONOUN = re.compile(r"\b(?:she|he|his|her|him|herself|himself)\b", re.I)
_RANK = re.compile(
    r"\b(?:General|Colonel|Captain|Sergeant|Lieutenant|Admiral|Corporal|Commander|Senator|Congressman|Congresswoman|Coach|Professor|Doctor"
    r"|Detective|Inspector|Constable|Deputy|Judge|Father|Sister|Aunt|Uncle)\s$"
)
_ARTICLE = re.compile(r"\b(?:the|a|an|this|that|another|one|each|every)\s$", re.I)
_UNION = re.compile(
    r"\b(?:EU|European Union|European Commission|bloc|member states|commissioners?|eurozone|Eurocrats?)\b"
)


@cache
def context() -> dict[str, Any]:
    """The lists of `context.yaml`."""
    words: dict[str, Any] = yaml.load(
        Path(__file__).with_name("context.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return words


@cache
def listed(key: str) -> frozenset[str]:
    """A list of `context.yaml`, folded."""
    return frozenset(map(fold, context()[key]))


def is_language(mention: str, before: str, after: str) -> bool:
    """“In German only”, “the waiter's French was”, “Spanish lessons”."""
    if fold(mention) not in listed("languages"):
        return False
    return bool(
        (_LANGUAGE_AFTER.match(after) and _LANGUAGE_BEFORE.search(before))
        or _LANGUAGE_NOUN.match(after)
        or (_IS.match(after) and _OWN_LANGUAGE.search(before))
    )


def is_thing(mention: str, before: str, after: str) -> bool:
    """“Brazil nuts”, “German shepherd”, “Cuba Street”, “a turkey” that is roasted."""
    if (words := _NEXT_WORDS.match(after)) and (
        words[1] in listed("things") or f"{words[1]} {words[2]}" in listed("things")
    ):
        return True
    if (word := _NEXT_NAME.match(after)) and fold(word[1]) in listed("borrowers"):
        return True
    return fold(mention) == "turkey" and bool(_BIRD.search(f"{before[-60:]} {after}"))


def is_borrowed(name: str) -> bool:
    """A whole name that only borrows a place's: “Jamaica Inn”, “Treaty of Lisbon”; or that is water between several."""
    words = fold(name).split()
    return len(words) > 1 and (
        words[-1] in listed("borrowers") or (words[0] in listed("borrowers") and words[1] == "of") or is_water(name)
    )


def is_water(name: str) -> bool:
    """Seas, straits and rivers: “Gulf of Thailand”, “Irish Sea”."""
    return bool(_WATERS.match(name))


def is_river(mention: str, before: str, after: str) -> bool:
    """“The Niger”, where the country has no article; “the Niger, a river of five countries”."""
    if fold(mention) not in listed("rivers"):
        return False
    return bool(_RIVER_NEXT.match(after) or (_RIVER_ALONE.match(after) and _THE_BEFORE.search(before)))


def is_word(mention: str, before: str, after: str) -> bool:
    """A word that owes its capital to the beginning of a sentence: “Reading the verdict”, “Polish the silver”."""
    if fold(mention) == "polish":
        follows = _VERB.match(after)
    else:
        follows = _SMALL_NEXT.match(after) if fold(mention) in listed("words_too") else None
    return follows is not None and bool(_SENTENCE_START.search(before))


def is_somebody(mention: str, before: str, after: str, *, people: bool) -> bool:
    """A surname after a given name or rank, or a name followed by an age, “, who is”, or what she or he said."""
    if _after_given_name(before):
        return True
    if _WHO.match(after) and not _ARTICLE.search(before):
        return True
    if people or fold(mention) not in listed("people_too"):
        return False
    if _RANK.search(before):
        return True
    return bool(_TELLS.match(after) and _QUOTATION_BEFORE.search(before) and _PRONOUN.search(after))


def _after_given_name(before: str) -> bool:
    last = before.rsplit(None, 1)[-1:]
    if not last or last[0].islower():  # as most words before a place are
        return False
    given = _GIVEN_NAME.search(before)
    return given is not None and fold(given[1]) in listed("given_names")


def speaks_for_the_union(mention: str, before: str, after: str) -> bool:
    """“Brussels has told Hungary”: the European Union, unless something happens in, to or near the city."""
    if fold(mention) != "brussels" or not _UNION.search(f"{before} {after}"):
        return False
    return not _IN_CITY.search(before)
