"""CSV that spreadsheets read as what it says: no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a cell begins with that spreadsheets would run."""


def cell(value: object) -> str:
    """A value as text; where that looks like a formula, an apostrophe stands before it, as spreadsheets write text.

    Several values are joined by "; "; what is unknown is empty.
    """
    if isinstance(value, tuple | list):
        value = "; ".join(map(str, value))
    if isinstance(value, datetime):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) else text


def line(values: Iterable[object]) -> str:
    """One row, with its line break (`\\r\\n`, as RFC 4180 has it)."""
    row = io.StringIO()
    csv.writer(row).writerow([cell(value) for value in values])
    return row.getvalue()
