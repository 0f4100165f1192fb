"""How many of the written cases come out right: `python -m tests.actors.examination countries`, or `roles`.

The cases stand in `tests/actors/cases/`, one a line, each file with its conventions at its head; they were written by
somebody who had not seen the rules. The figures compare versions; they are no test.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.answers import Answer, report, spelling

if TYPE_CHECKING:
    from pipeline.actors.register import Register

CASES = Path(__file__).with_name("cases")
MARK = re.compile(r"\[\[(.+?)\]\]")
NONE = "-"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with one mention in it."""

    text: str
    """Without the brackets."""
    start: int
    end: int

    @property
    def mention(self) -> str:
        """The words that stood in brackets."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class CountryCase:
    """Which country a mention names."""

    line: int
    section: str
    marked: Marked
    country: str | None
    """ISO 3166-1 alpha-2 or `XK`; nothing when the mention names no one country."""

    @property
    def ambiguous(self) -> bool:
        """Whether the same words name something else in another text."""
        return self.section.startswith("Ambiguous")


def read_countries(path: Path = CASES / "countries.txt") -> list[CountryCase]:
    """All country cases in the order of the file; ValueError names the line that cannot be read."""
    cases = []
    for number, section, line in _lines(path):
        country, _, text = line.partition(" ")
        cases.append(CountryCase(number, section, _marked(text.strip(), path, number), _expected(country)))
    return cases


@dataclass(frozen=True, slots=True)
class RoleCase:
    """Whom a role means on a date."""

    line: int
    section: str
    date: date
    """When the sentence was published."""
    marked: Marked
    people: tuple[str, ...]
    """Spellings of the one name that is right; nothing when the role must not be resolved."""


def read_roles(path: Path = CASES / "roles.txt") -> list[RoleCase]:
    """All role cases in the order of the file; ValueError names the line that cannot be read."""
    cases = []
    for number, section, line in _lines(path):
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 3:
            raise ValueError(f"{path.name}, line {number}: write date | person | sentence")
        day, names, text = parts
        people = () if names == NONE else tuple(name.strip() for name in names.split(" / "))
        try:
            published = date.fromisoformat(day)
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {day} is no date, write YYYY-MM-DD") from error
        cases.append(RoleCase(number, section, published, _marked(text, path, number), people))
    return cases


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """Number, section and text of each line that is a case."""
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.strip() and not line.startswith("#"):
            yield number, section, line


def _marked(text: str, path: Path, number: int) -> Marked:
    marks = list(MARK.finditer(text))
    if len(marks) != 1:
        raise ValueError(f"{path.name}, line {number}: {len(marks)} mentions in [[ ]], write exactly one")
    plain = MARK.sub(r"\1", text)
    return Marked(plain, marks[0].start(), marks[0].start() + len(marks[0][1]))


def _expected(word: str) -> str | None:
    return None if word.strip() == NONE else word.strip()


def resolve_country(case: CountryCase) -> str | None:
    """What the rules say of a country case; without a label, as for words that no tagger has seen."""
    from pipeline.actors.countries import country_of  # noqa: PLC0415  # the other examination needs no countries

    marked = case.marked
    found: str | None = country_of(
        marked.mention, label=None, text=marked.text, start=marked.start, end=marked.end, others=()
    )
    return found


@cache
def _register() -> Register:
    from pipeline.actors.register import load  # noqa: PLC0415  # the other examination needs no register

    return load()


def resolve_role(phrase: str, published: date, sentence: str, start: int, end: int) -> str | None:
    """What the rules say of a role; the one place that knows how the register is asked."""
    actor = _register().by_role(phrase, on=published)
    return actor.name if actor else None


def examine_countries() -> Iterator[Answer]:
    """An answer to each country case."""
    for case in read_countries():
        found = resolve_country(case)
        told = f"{case.country or NONE} expected, {found or NONE} found: [{case.marked.mention}] {case.marked.text}"
        yield Answer(case.line, case.section, found == case.country, told)


def examine_roles() -> Iterator[Answer]:
    """An answer to each role case."""
    for case in read_roles():
        marked = case.marked
        found = resolve_role(marked.mention, case.date, marked.text, marked.start, marked.end)
        right = spelling(found) in map(spelling, case.people) if found else not case.people
        expected = " / ".join(case.people) or NONE
        told = f"{expected} expected, {found or NONE} found: {case.date} [{marked.mention}] {marked.text}"
        yield Answer(case.line, case.section, right, told)


EXAMINATIONS: dict[str, Callable[[], Iterator[Answer]]] = {"countries": examine_countries, "roles": examine_roles}


def main() -> None:
    """Print the figures of the examination named on the command line."""
    if len(sys.argv) != 2 or sys.argv[1] not in EXAMINATIONS:
        sys.exit(f"usage: python -m tests.actors.examination {'|'.join(EXAMINATIONS)}")
    print(report(EXAMINATIONS[sys.argv[1]]()))


if __name__ == "__main__":
    main()
