"""Compressed files, read as what they hold: `.gz`, `.bz2`, `.xz` and `.zst`, in constant memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pipeline.sources.guard import Budget, DamagedError, RefusedError, guarded

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MEMORY = 128 << 20  # bytes for what a stream refers back to: xz -9 takes 65 MiB, zstd --ultra 128
_ZSTD_WINDOW = 27  # the same as a power of two
_PIECE = 1 << 16

_SHORT = {".tgz": ".tar.gz", ".tbz": ".tar.bz2", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".tzst": ".tar.zst"}


class _Decompressor(Protocol):
    """What `bz2`, `lzma` and `zstd` have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Decompressed(io.RawIOBase):
    """One compressed stream after the other, as files that were appended to hold them."""

    def __init__(self, stream: BinaryIO, new: Callable[[], _Decompressor]) -> None:
        self._stream, self._new = stream, new
        self._decompressor = new()
        self._waiting = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer. Raises what the decompressor raises on damage, `DamagedError` where the file is cut off."""
        target = memoryview(buffer).cast("B")
        while True:
            if self._decompressor.eof:
                self._waiting = self._decompressor.unused_data or self._stream.read(_PIECE)
                if not self._waiting.lstrip(b"\0"):  # xz and tapes pad with zeros
                    return 0
                self._decompressor = self._new()
            elif self._decompressor.needs_input and not self._waiting:
                self._waiting = self._stream.read(_PIECE)
                if not self._waiting:
                    raise DamagedError("the end is missing")
            data = self._decompressor.decompress(self._waiting, len(target))
            self._waiting = b""
            if data:
                target[: len(data)] = data
                return len(data)


def _gz(stream: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))


def _zst() -> _Decompressor:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd  # noqa: PLC0415  (of the standard library)
        else:
            import backports.zstd as zstd  # noqa: PLC0415, PLR0402  (the same for older Pythons)
    except ImportError:
        remedy = "install `backports.zstd`, or compress it with gzip"
        raise RefusedError("format", "zstd cannot be read by this installation", remedy) from None
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW})


def _with(new: Callable[[], _Decompressor]) -> Callable[[BinaryIO], BinaryIO]:
    return lambda stream: io.BufferedReader(_Decompressed(stream, new))


_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    ".gz": _gz,
    ".bz2": _with(bz2.BZ2Decompressor),
    ".xz": _with(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)),
    ".zst": _with(_zst),
}


SUFFIXES = tuple(_OPENERS)


def split(name: str) -> tuple[str, str | None]:
    """The name of what a compressed file holds, and how it is compressed; the name itself and nothing if it is not."""
    for short, long in _SHORT.items():
        if name.lower().endswith(short):
            name = name[: -len(short)] + long
    suffix = next((suffix for suffix in _OPENERS if name.lower().endswith(suffix)), None)
    return (name.removesuffix(name[-len(suffix) :]), suffix) if suffix else (name, None)


def decompressed(stream: BinaryIO, suffix: str, budget: Budget) -> BinaryIO:
    """What is in a compressed stream. Reading it raises `DamagedError` and `BombError`."""
    return guarded(_OPENERS[suffix](stream), budget)
