"""When an article says that it was published, and whether to believe it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST = 1600  # the first newspapers are of 1605
CLOCKS = timedelta(days=1)  # clocks and time zones may be off by this much before a date counts as future
_MILLISECONDS = 1e11  # epochs past this are of milliseconds: as seconds it would be the year 5138


class Published(NamedTuple):
    """A moment in UTC, with a flag when it should not be trusted; nothing when it could not be understood."""

    at: datetime | None
    flag: str | None


def published(value: str | float | None, now: datetime) -> Published:
    """Understand a date of publication; `now` decides what is the future. Never raises.

    The flags are those of `Article.published_at_flag`.
    """
    if value is None:
        return Published(None, None)
    at = moment(value)
    if at is None:
        return Published(None, "unparsable")
    if at.year < _OLDEST:
        return Published(at, "before_1600")
    return Published(at, "future" if at > now + CLOCKS else None)


def moment(value: str | float) -> datetime | None:
    """UTC of an ISO 8601 or RFC 2822 date, of `YYYYMMDD`, or of seconds or milliseconds since 1970.

    Without a time zone it is taken for UTC, without a time for midnight; what is none of these gives nothing.
    """
    try:
        if isinstance(value, str):
            at = _written(value.strip())
        elif len(str(value)) == 8:
            at = datetime.strptime(str(value), "%Y%m%d").replace(tzinfo=UTC)
        else:
            at = datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS else value, UTC)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, IndexError, TypeError):  # the last two: parsedate_to_datetime
        return None


def _written(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return parsedate_to_datetime(value)
