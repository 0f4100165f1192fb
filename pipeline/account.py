"""What became of the articles of a run; apart from the corridor, so that adding up accounts loads no model."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pipeline.index import Outcome, State


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the articles: `read == indexed + unchanged + failed`, always."""

    read: int = 0
    indexed: int = 0
    unchanged: int = 0
    failed: int = 0
    quotes: int = 0
    """Quotes of the indexed articles."""
    refused: int = 0
    """Of the unchanged: those that were taken down, and stay out."""

    @classmethod
    def of(cls, outcome: Outcome) -> Account:
        """The account of one article."""
        return cls(
            read=1,
            indexed=outcome.state is State.INDEXED,
            unchanged=outcome.state in {State.UNCHANGED, State.REFUSED},
            failed=outcome.state is State.FAILED,
            quotes=outcome.quotes,
            refused=outcome.state is State.REFUSED,
        )

    def __add__(self, other: Account) -> Account:
        return Account(
            *(mine + theirs for mine, theirs in zip(asdict(self).values(), asdict(other).values(), strict=True))
        )

    def __str__(self) -> str:
        refused = f" ({self.refused:,} taken down)" if self.refused else ""
        return (
            f"read {self.read:,} = indexed {self.indexed:,} ({self.quotes:,} quotes)"
            f" + unchanged {self.unchanged:,}{refused} + failed {self.failed:,}"
        )

    def as_dict(self) -> dict[str, int]:
        """The counts by name, to be stored or sent."""
        return asdict(self)
