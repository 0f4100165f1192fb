"""Where a page ends, as text that stands in a link."""

from __future__ import annotations

import base64
import json

from pipeline.errors import BadQuery
from pipeline.search.query import MAX_TEXT, After


def to_link(after: After) -> str:
    """Letters, digits, `-` and `_`, for `from_link`."""
    return base64.urlsafe_b64encode(json.dumps(after, separators=(",", ":")).encode()).decode().rstrip("=")


def from_link(text: str) -> After:
    """What `to_link` was given. Raises `BadQuery` for what it cannot have made."""
    try:
        if len(text) > 8 * MAX_TEXT:
            raise ValueError("too long")
        keys = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if not isinstance(keys, list) or not all(key is None or isinstance(key, str | int | float) for key in keys):
            raise ValueError("no list of plain values")
    except (ValueError, RecursionError) as error:
        raise BadQuery("This is not where a page ended; begin with the first page") from error
    return tuple(keys)
