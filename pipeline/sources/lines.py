"""Lines of a stream, with no more than a limit of each in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_SKIP = 1 << 16


class Line(NamedTuple):
    """One line."""

    number: int
    """Counted from one."""
    offset: int
    """Bytes before it in the stream."""
    data: bytes | None
    """Without its end; nothing where the line is longer than the limit."""
    size: int
    """Bytes of the line, without its end."""


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """Split at line feeds. Empty lines are only counted; of one of more than `limit` bytes the rest is dropped."""
    offset = number = 0
    while data := stream.readline(limit + 1):
        number += 1
        if data == b"\n":
            offset += 1
            continue
        size = length = len(data)
        complete = data.endswith(b"\n")
        if length <= limit or complete:
            content = data.removesuffix(b"\n").removesuffix(b"\r")
            yield Line(number, offset, content, len(content))
        else:
            del data  # its megabytes are of no use while the rest goes by
            while not complete and (rest := stream.readline(_SKIP)):
                complete = rest.endswith(b"\n")
                length += len(rest)
            size = length - complete
            yield Line(number, offset, None, size)
        offset += length
