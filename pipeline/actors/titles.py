"""What a role phrase says, without knowing who holds what: “the German leader” → owner “german”, title “leader”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from pipeline.actors.names import fold

_MINISTRIES = {
    "defense": "defence", "foreign affairs": "foreign", "external affairs": "foreign", "external": "foreign",
    "home affairs": "interior", "home": "interior", "treasury": "finance", "internal affairs": "interior",
    "state": "foreign", "health and human services": "health", "economic affairs": "economy",
    "national defence": "defence",    "public health": "health", "economics": "economy", "justice affairs": "justice",
}  # fmt: skip
"""Ministries by another name."""
_MINISTER_OF = re.compile(r"(?:minister|secretary) (?:of|for) (?:the )?(.+)")
_OF_MINISTER = re.compile(r"(.+?) (?:minister|secretary)")
_NO_MINISTRY = {
    "prime",
    "deputy prime",
    "first",
    "chief",
    "general",
    "press",
    "executive",
    "chief cabinet",
    "permanent",
}
_ENVOY = re.compile(r"(?:un )?(?:special )?(?:peace )?envoy (?:to|for) (.+)")
_FEMALE = re.compile(r"\b(?:\w*woman|queen|empress|princess|first lady)\b")
_MALE = re.compile(r"\b(?:king|spokesman|emperor|crown prince|anchorman)\b")


@dataclass(frozen=True)
class Reading:
    """One way to read a phrase."""

    title: str
    owner: str | None
    """The words that say whose role it is, folded; nothing where the phrase names none."""


@cache
def vocabulary() -> dict[str, Any]:
    """`titles.yaml`, with spellings turned to what they mean under `canonical`."""
    words: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("titles.yaml").read_text(encoding="utf-8"))
    spellings: dict[str, list[str]] = {}
    for title, others in words["same"].items():
        for other in others:
            spellings.setdefault(other, []).append(title)
    words["canonical"] = spellings
    return words


def fold_title(title: str) -> str:
    """A title as it is compared: “Secretary-General” → “secretary general”."""
    return fold(title)


def meanings(title: str, of: str) -> list[str]:
    """The offices that `title` (folded) can mean for an owner, best first: (“chancellor”, GB) → finance minister."""
    words = vocabulary()
    found = [title]
    if title in words["local"]:
        by_country = words["local"][title]
        found = [by_country.get(of, by_country["*"])]
    found += words["canonical"].get(title, [])
    if (ministry := _ministry(title)) is not None:
        found.append(f"{ministry} minister")
    if match := _ENVOY.fullmatch(title):
        found.append(f"envoy to {match[1]}")
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def has_meanings(title: str) -> bool:
    """Whether a title (folded) can mean offices that are kept under others: “chancellor”, “leader”, “top general”."""
    words = vocabulary()
    heading = (*words["local"], *words["leader"]["words"], *words["head"]["words"], "head of state")
    return title in heading or len(meanings(title, "")) > 1


def canonical(title: str, of: str) -> str:
    """The one form under which an office is kept: “foreign secretary” and “secretary of state” → “foreign minister”."""
    found = meanings(fold_title(title), of)
    return found[1] if len(found) > 1 and found[0] == fold_title(title) else found[0]


@cache
def last_words() -> frozenset[str]:
    """The words that titles end in: “minister”, “president”; what ends in another word is no role."""
    same = vocabulary()["same"]
    known = [*same, *(word for words in same.values() for word in words), *vocabulary()["local"]]
    known += [*vocabulary()["head"]["titles"], *vocabulary()["head"]["words"], *vocabulary()["leader"]["words"]]
    return frozenset(title.split()[-1] for title in known) | {"minister", "secretary", "mayor", "general"}


def gender(phrase: str) -> Literal["female", "male"] | None:
    """What the words of a phrase say of its holder: “spokeswoman” is a woman's."""
    folded = fold(phrase)
    if _FEMALE.search(folded):
        return "female"
    return "male" if _MALE.search(folded) else None


def readings(phrase: str) -> list[Reading]:
    """Every way to split a role phrase into title and owner, most telling first; none for a former or future holder.

    The phrase as it stands comes first, then without words that do not change who is meant (“current”, “embattled”).
    """
    folded = _plain(phrase)
    if folded is None:
        return []
    return list(dict.fromkeys([*_splits(folded), *_splits(_without_modifiers(folded))]))


def _splits(folded: str) -> list[Reading]:
    words = folded.split()
    found = [Reading(folded, None)]
    for match in re.finditer(" (?:of|for|at) (?:the )?", folded):
        found.append(Reading(folded[: match.start()], folded[match.end() :]))
    for cut in range(1, len(words)):
        title, owner = " ".join(words[cut:]), " ".join(words[:cut])
        found.append(Reading(title, owner))
        if len(words) - cut <= 3:  # "London mayor" is the mayor of London
            found.append(Reading(f"{title} of {owner}", None))
    return found


def _plain(phrase: str) -> str | None:
    """Folded, without articles and possessive marks; nothing where the phrase means a former or future holder."""
    folded = fold(re.sub(r"['’]s\b|(?<=s)['’](?=\s)", "", re.sub(r"[,;:()\"“”]", " ", phrase)))
    folded = re.sub(r"^(?:the|a|an|its|their|our|his|her) ", "", folded)
    if any(f" {word} " in f" {folded} " for word in vocabulary()["no longer"]) and not folded.endswith(
        "president elect"
    ):
        return None
    return folded


def _without_modifiers(folded: str) -> str:
    padded = f" {folded} "
    for word in sorted(vocabulary()["still"], key=len, reverse=True):
        padded = padded.replace(f" {word} ", " ")
    return padded.strip()


def _ministry(title: str) -> str | None:
    match = _MINISTER_OF.fullmatch(title) or _OF_MINISTER.fullmatch(title)
    if match is None or match[1] in _NO_MINISTRY:
        return None
    return _MINISTRIES.get(match[1], match[1])
