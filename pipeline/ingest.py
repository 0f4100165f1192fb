"""The corridor: read → enrich → index, each article counted exactly once. Command line, DAGs and benchmarks all walk it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline import sources
from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the articles: `read == indexed + unchanged + failed`, always."""

    read: int = 0
    indexed: int = 0
    unchanged: int = 0
    failed: int = 0
    quotes: int = 0
    """Quotes of the indexed articles."""

    def __add__(self, other: Account) -> Account:
        return Account(*(mine + theirs for mine, theirs in zip(asdict(self).values(), asdict(other).values(), strict=True)))

    def __str__(self) -> str:
        return (
            f"read {self.read:,} = indexed {self.indexed:,} ({self.quotes:,} quotes)"
            f" + unchanged {self.unchanged:,} + failed {self.failed:,}"
        )

    def as_dict(self) -> dict[str, int]:
        """The counts by name, to be stored or sent."""
        return asdict(self)
