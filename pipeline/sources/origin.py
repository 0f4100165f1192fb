"""Where an article comes from, as every article and every dead letter says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.article import DeadLetter


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a file."""

    file: str
    """Path or URI of the file."""
    modified: datetime
    """UTC; when the file, or the member of the archive, last changed."""
    path: str | None = None
    """Path inside the archive."""
    line: int | None = None
    """Counted from one."""

    def at_line(self, line: int) -> Origin:
        """Return the place of a line in this file."""
        return replace(self, line=line)

    def in_member(self, path: str, modified: datetime | None) -> Origin:
        """Return the place of a member of this archive."""
        inside = f"{self.path}/{path}" if self.path else path
        return replace(self, path=inside, modified=modified or self.modified)

    @property
    def member(self) -> str | None:
        """Where in the file: `line 17`, `2022/news.jsonl, line 17` in an archive, or nothing for the whole file."""
        line = None if self.line is None else f"line {self.line}"
        return ", ".join(part for part in (self.path, line) if part) or None

    def dead_letter(self, reason: str, what: str, remedy: str) -> DeadLetter:
        """Say what is wrong here; the message names the file, the place, what is wrong and what to do."""
        place = ", ".join(part for part in (self.file, self.member) if part)
        return DeadLetter(self.file, self.member, "read", reason, f"{place}: {what}; {remedy}")
