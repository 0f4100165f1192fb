"""A state of the search page as a link, and the links to the states beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from pipeline.web.parameters import LISTS, Parameters
from pipeline.web.words import label, value_label

WORDS = ("speaker", "mentions", "role", "said", "about", "since", "until", "min_confidence", "negated", "fold")
"""What is written into the form's fields, in the order in which it is told."""


class Chip(NamedTuple):
    """One thing that narrows the search, and the search without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class State:
    """What is searched for, as pairs of an address, always in the same order."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, parameters: Parameters) -> State:
        """Without what is as it would be anyway."""
        pairs = []
        for name, value in parameters.model_dump(mode="json", exclude_defaults=True).items():
            values: Sequence[object] = value if isinstance(value, list) else [value]
            pairs += [(name, str(one).lower() if isinstance(one, bool) else str(one)) for one in dict.fromkeys(values)]
        return cls(tuple(pairs))

    @property
    def query_string(self) -> str:
        """The state, as it stands behind a `?`."""
        return urlencode(self.pairs)

    def url(self, path: str = "/") -> str:
        """The link to this state."""
        return f"{path}?{self.query_string}" if self.pairs else path

    def value(self, name: str) -> str:
        """What the form's field holds."""
        return next((value for key, value in self.pairs if key == name), "")

    def values(self, name: str) -> tuple[str, ...]:
        """What is chosen of a facet."""
        return tuple(value for key, value in self.pairs if key == name)

    def without(self, *names: str) -> State:
        """The state without these parameters; it begins with its first page."""
        return State(tuple(pair for pair in self.pairs if pair[0] not in {*names, "after"}))

    def with_(self, **values: str | float | date) -> State:
        """The state with these parameters instead of what they were; it begins with its first page."""
        rest = self.without(*values).pairs
        return State((*rest, *((name, str(value)) for name, value in values.items())))

    def at(self, after: str) -> State:
        """The page that begins there."""
        return State((*self.without().pairs, ("after", after)))

    def toggled(self, facet: str, value: str) -> State:
        """With the value chosen or, where it is chosen, without it."""
        pair = (facet, value)
        rest = self.without().pairs
        return State(tuple(one for one in rest if one != pair) if pair in rest else (*rest, pair))

    def chips(self) -> Iterator[Chip]:
        """All that narrows the search."""
        for name, value in self.pairs:
            if name in WORDS:
                yield Chip(label(name), value_label(name, value), self.without(name).url())
            elif name in LISTS:
                yield Chip(label(name), value_label(name, value), self.toggled(name, value).url())

    @property
    def narrowed(self) -> bool:
        """Whether anything is searched for at all."""
        return any(name in WORDS or name in LISTS for name, _ in self.pairs)
