"""What keeps an archive from harm: a budget for what it may expand to, and one kind of error for all damage."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import WhosaidError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

RATIO = 200  # text compresses five- to twentyfold, the most repetitive some hundredfold, a zip bomb a thousandfold
FREE = 8 << 20  # bytes that even the smallest archive may expand to
_PIECE = 1 << 16


class RefusedError(Exception):
    """An archive or a member of it is not read on; `reason` is the word to group by, the rest as in `Origin`."""

    def __init__(self, reason: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.reason, self.what, self.remedy = reason, what, remedy


class DamagedError(RefusedError):
    """Bytes that are not what the format says."""

    def __init__(self, what: str) -> None:
        super().__init__("damaged", f"damaged or cut off: {what}", "fetch or make it again")


class BombError(RefusedError):
    """The whole file expands to more than is allowed; nothing more of it is read."""


class Budget:
    """How many bytes a file, with all that is in it, may expand to: in all, and for what has been read of it so far."""

    def __init__(self, size: int, most: int) -> None:
        self._size, self._most = size, most
        self._read = self._expanded = 0

    def earn(self, size: int) -> None:
        """Count bytes of the file; members that lie over one another in a zip earn nothing when they are read again."""
        self._read = min(self._read + size, self._size)

    def spend(self, size: int) -> None:
        """Count bytes that they expand to; raises `BombError` when those are too many."""
        self._expanded += size
        if self._expanded > min(FREE + RATIO * self._read, self._most):
            what = f"expands to {self._expanded:,} bytes or more, of {self._read:,} that were read"
            raise BombError("bomb", what, "if it can be trusted, unpack it, or raise WHOSAID_MAX_EXPANDED_BYTES")


@contextmanager
def damage() -> Iterator[None]:
    """Turn what a library says of bytes it cannot read into `DamagedError`.

    On hostile bytes the standard library raises a dozen types, from `zlib.error` to `AttributeError`, and `OSError`
    without a number; only an `OSError` with one comes from the operating system and passes.
    """
    try:
        yield
    except (RefusedError, WhosaidError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DamagedError(str(error) or type(error).__name__) from error


class Counted(io.RawIOBase):
    """The file itself, whose bytes earn a budget."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """As the file."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As the file."""
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer."""
        target = memoryview(buffer).cast("B")
        data = self._stream.read(len(target))
        self._budget.earn(len(data))
        target[: len(data)] = data
        return len(data)


class Guarded(io.RawIOBase):
    """A stream whose bytes count against a budget, read in small pieces, and whose damage is `DamagedError`."""

    def __init__(self, stream: BinaryIO, budget: Budget | None, piece: int) -> None:
        self._stream, self._budget, self._piece = stream, budget, piece

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer. Raises `DamagedError` and `BombError`."""
        target = memoryview(buffer).cast("B")
        with damage():
            data = self._stream.read(min(len(target), self._piece))
        if self._budget:
            self._budget.spend(len(data))
        target[: len(data)] = data
        return len(data)


def guarded(stream: BinaryIO, budget: Budget | None = None, piece: int = _PIECE) -> BinaryIO:
    """Guard a stream, asking it for at most `piece` bytes at once; no budget where its bytes were counted before."""
    return io.BufferedReader(Guarded(stream, budget, piece), buffer_size=piece)
