"""The lists of words that the rules on names and speakers read, from `wordlists.txt` and `first_names.txt`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def word_list(name: str) -> frozenset[str]:
    """One list, in lower case; KeyError when there is none of that name."""
    return _lists()[name]


@cache
def countries() -> dict[str, str]:
    """Peoples and other names of countries that a common stem does not tell: "french" → "france"."""
    prefix = "country "
    return {
        word: key.removeprefix(prefix) for key, list_ in _lists().items() if key.startswith(prefix) for word in list_
    }


@cache
def first_names() -> dict[str, str]:
    """`m` or `f` for first names, in lower case, that tell."""
    return {name.casefold(): line[0] for line in _lines("first_names.txt") for name in line.split()[1:]}


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = defaultdict(set)
    for line in _lines("wordlists.txt"):
        key, _, rest = line.partition(": ")
        lists[key].update(rest.split())
    return {key: frozenset(found) for key, found in lists.items()}


def _lines(name: str) -> Iterator[str]:
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
