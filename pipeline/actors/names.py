"""When two spellings are one name: folding (accents, case, marks) and a coarser skeleton (transliteration)."""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

from pipeline.article import SpeakerKind

NAMED_KINDS = frozenset({SpeakerKind.PERSON, SpeakerKind.ORGANIZATION, SpeakerKind.GOVERNMENT})
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘`´ʼ", ""))
_NOT_WORD = re.compile(r"[^a-z0-9&+]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ABBREVIATION = re.compile(r"\b((?:[a-z]\.)+[a-z]?)(?![a-z])")
_POSSESSIVE = re.compile(r"['’]s?$")
_HONORIFICS = frozenset(
    re.findall(
        "[a-z]+",
        "mr mrs ms miss mx dr prof professor sir dame lord lady baroness baron rev reverend hon gen general col "
        "colonel capt captain lt lieutenant maj major adm admiral sgt sen senator rep congressman congresswoman "
        "gov governor president premier chancellor minister secretary ambassador justice judge mayor cardinal "
        "archbishop bishop ayatollah imam sheikh sheik mullah king queen prince princess emperor pope patriarch "
        "crown grand prime foreign defence defense interior finance home vice deputy former ex the us uk french "
        "german russian ",
    )
)
"""Words before a name that are no part of it, where the rest is at least two words long."""
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PATRONYMIC = re.compile(r"(ovich|evich|yevich|ovych|yovych|ovna|evna|yevna|ivna)$")

# Transliterations from Cyrillic, Arabic and Persian differ in these letters more than names differ in them.
_TRANSLITERATIONS = [
    (re.compile(pattern), by)
    for pattern, by in [
        (r"\b(mohammed|mohamed|mohammad|mohamad|muhammed|muhamed|mohamad|mehmed|muhammad|mohd)\b", "muhammad"),
        (r"\b(alexander|aleksander|oleksandr|alyaksandr|alexandr|alejandro)\b", "aleksandr"),
        (r"\b(al|el|ul|ad|as|ash|at|ar|an) (?=[a-z])", "al "),
        (r"sch(?=[a-z])", "sh"),
        (r"tch", "ch"),
        (r"ph", "f"),
        (r"ck|q|kh", "k"),
        (r"gh", "g"),
        (r"dj|zh", "j"),
        (r"ts|tz", "z"),
        (r"w", "v"),
        (r"x", "ks"),
        (r"ou|oo", "u"),
        (r"ee|ie", "i"),
        (r"(?<=[^aeiouy])[yi]e(?=[^aeiouy])", "e"),
        (r"(?<![a-z])ye", "e"),
        (r"(?<![a-z])yu", "iu"),
        (r"[yj](?=[aou])", "i"),
        (r"i[iyj]+|y[yi]+|ij\b", "i"),
        (r"[ea][yj](?![aeiou])", "ei"),
        (r"y", "i"),
        (r"ai", "ei"),
        (r"([a-z])\1+", r"\1"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),
    ]
]


@lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """`folded`, keeping what was folded last: for names, which come again and again."""
    return folded(name)


def folded(name: str) -> str:
    """Lower case ASCII words, one space between: “Recep Tayyip Erdoğan” → “recep tayyip erdogan”.

    Without a leading “the”, a possessive at the end, and full stops inside abbreviations (“U.N.” → “un”).
    """
    plain = _POSSESSIVE.sub("", name.strip())
    ascii_name = (plain if plain.isascii() else _NOT_ASCII.sub(lambda match: anyascii(match[0]), plain)).lower()
    if "." in ascii_name:
        ascii_name = _ABBREVIATION.sub(lambda match: match[1].replace(".", ""), ascii_name)
    words = _NOT_WORD.sub(" ", ascii_name.translate(_APOSTROPHES)).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=16384)
def skeleton(name: str) -> str:
    """What transliterations of one (folded) name share: “zelenskyy” and “zelenskiy” → “zelenski”.

    Names of less than six letters, abbreviations most of them, are left alone.
    """
    if len(name) < 6:
        return name
    for pattern, by in _TRANSLITERATIONS:
        name = pattern.sub(by, name)
    return name


def distance(a: str, b: str) -> int:
    """How many letters have to be put in, left out or changed to make one of the other (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        left, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (x != y))
    return row[-1]


def shorter(name: str) -> list[str]:
    """The same name without what newspapers add to it, best first: titles, suffixes, initials, patronymics."""
    found = []
    words = name.split()
    while len(words) > 1 and words[0] in _HONORIFICS:
        words = words[1:]
        found.append(" ".join(words))
    if len(words) > 2 and words[-1] in _SUFFIXES:
        words = words[:-1]
        found.append(" ".join(words))
    inner = [word for word in words[1:-1] if len(word) > 1 and not _PATRONYMIC.search(word)]
    if len(words) > 2 and len(inner) < len(words) - 2:
        found.append(" ".join([words[0], *inner, words[-1]]))
    return found


def made_id(name: str, kind: SpeakerKind) -> str | None:
    """The id of somebody whom the register does not know: kind and folded name, `person:anna-novak`.

    The same in every article. A person needs two names for it: a surname is borne by many.
    """
    folded = fold(name)
    if kind not in NAMED_KINDS or not folded or (kind is SpeakerKind.PERSON and " " not in folded):
        return None
    return f"{kind}:{folded.replace(' ', '-')}"
