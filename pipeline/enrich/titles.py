"""What single words say about a person: titles before a name, and gender."""

from __future__ import annotations

from pipeline.enrich.wordlists import first_names, word_list

MALE, FEMALE = word_list("male"), word_list("female")
TITLES = MALE | FEMALE | word_list("rank")
PART_OF_NAME = word_list("part of a name")


def gender_of_name(first_name: str) -> str:
    """`m`, `f`, or nothing when the name does not tell."""
    return first_names().get(first_name.casefold(), "")


def gender_of_word(word: str) -> str:
    """`m` or `f` for titles and roles that tell ("Mr", "spokeswoman", "duchess"), else nothing."""
    word = word.casefold()
    if word in FEMALE or word.endswith("woman"):
        return "f"
    return "m" if word in MALE or (word.endswith("man") and word not in word_list("no man")) else ""
