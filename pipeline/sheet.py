"""Coding sheets: a sample of quotes as CSV for people to judge, and the precision that their judgements give.

People fill two columns with y or n: `quote_right` (are these the words, and all of them?) and `speaker_right`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, TextIO

from pipeline.errors import Unreadable
from pipeline.spreadsheet import cell

if TYPE_CHECKING:
    from pipeline.search import Hit

JUDGED = ("quote_right", "speaker_right")
SHOWN = (
    "context_before", "text", "context_after", "speaker", "speaker_mention", "kind", "cue",
    "outlet", "published_at", "url", "id",
)  # fmt: skip
YES, NO = frozenset({"y", "yes", "1", "true"}), frozenset({"n", "no", "0", "false"})


@dataclass(frozen=True, slots=True)
class Precision:
    """A share of judged rows with its 95 % interval."""

    right: int
    judged: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.right / self.judged if self.judged else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (E. B. Wilson, JASA 22, 1927): it holds for small samples and shares near 0 or 1."""
        if not self.judged:
            return 0.0, 1.0
        z, n = 1.959964, self.judged
        centre = (self.share + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * sqrt(self.share * (1 - self.share) / n + z * z / (4 * n * n))
        return max(0.0, centre - reach), min(1.0, centre + reach)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.share:.1f} % of {self.judged} (95 %: {100 * low:.1f}–{100 * high:.1f})"


def write_sheet(hits: Iterable[Hit], file: TextIO) -> None:
    """Write one row a quote, the columns to be filled first."""
    rows = csv.writer(file)
    rows.writerow([*JUDGED, *SHOWN])
    rows.writerows(["", "", *(cell(getattr(hit, name)) for name in SHOWN)] for hit in hits)


def score_sheet(file: TextIO, name: str) -> dict[str, Precision]:
    """The precision of each judged column, without the rows that nobody judged; speakers are counted on right quotes.

    Raises `Unreadable` for a file that is no such sheet, or a judgement that is neither y nor n.
    """
    rows = csv.DictReader(file)
    if not set(JUDGED) <= set(rows.fieldnames or ()):
        raise Unreadable(f"{name}: no columns {' and '.join(JUDGED)}; score a sheet that `whosaid sample` wrote.")
    counts = {column: [0, 0] for column in JUDGED}
    try:
        for row in rows:
            quote, speaker = (_judgement(row[column], f"{name}, line {rows.line_num}, {column}") for column in JUDGED)
            if quote is not None:
                counts["quote_right"][0] += quote
                counts["quote_right"][1] += 1
            if speaker is not None and quote is not False:
                counts["speaker_right"][0] += speaker
                counts["speaker_right"][1] += 1
    except (csv.Error, UnicodeDecodeError) as error:
        raise Unreadable(f"{name}, line {rows.line_num}: {error}; save the sheet as CSV in UTF-8.") from error
    return {column: Precision(*count) for column, count in counts.items()}


def _judgement(cell: str | None, place: str) -> bool | None:
    word = (cell or "").strip().lower()
    if not word:
        return None
    if word not in YES | NO:
        raise Unreadable(f"{place}: {cell!r} is neither y nor n.")
    return word in YES
