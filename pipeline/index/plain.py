"""Values as documents hold them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

HALF_SURROGATE = re.compile("[\ud800-\udfff]")


def iso(moment: datetime) -> str:
    """UTC with milliseconds, the finest that a date field of Elasticsearch keeps."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def without_unknown(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what is None or empty, and with whole text."""
    return {name: whole(value) for name, value in document.items() if value not in (None, "", [])}


def whole(value: Any) -> Any:
    """Text without halves of surrogate pairs, which UTF-8 cannot carry: each becomes U+FFFD, so that offsets stay."""
    if isinstance(value, str):
        return HALF_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [whole(one) for one in value]
    return value
