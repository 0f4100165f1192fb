"""From bytes to text: UTF-8 first, UTF-16 and UTF-32 by their byte order marks, then older encodings, if convincing.

A guess that is wrong changes what people are quoted as saying, so a guess must convince. `charset-normalizer` answers
for nearly any bytes; its answer is taken only where the bytes are not damaged UTF-8 and what they decode to looks like
writing: accented letters inside words, typographic marks, or a long enough text in another script.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING, BinaryIO

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HEAD = 8192
_GUESS = 1 << 16  # bytes that a guess looks at: it is slow, and more do not make it better

# The marks of UTF-32 start like that of UTF-16, so they are asked for first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAGIC = (b"%PDF-", b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\x00", b"\x7fELF", b"{\\rtf")

_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
# Marks that writing in the Latin alphabet has outside ASCII, each where it belongs: quotation marks at the edge of a
# word, apostrophes in it, dashes, the ellipsis and no-break spaces, a currency sign or degrees at a number.
_TYPOGRAPHIC = re.compile(
    r"""(?<![^\s(—–-]) [‘“‚„«]+ (?=\S)  |  (?<=\S) [’”“»]+ (?!\w)  |  (?<=\w) ’ (?=\w)  |  « (?=\s)  |  (?<=\s) »
      | [–—…\u00a0]  |  [£€] (?=\s?\d)  |  (?<=\d) [€°]""",
    re.VERBOSE,
)
_FEW = 8  # characters; with fewer, only the common table (windows-1252) convinces, and only if each one fits
_FOREIGN_LETTERS = 32  # fewer letters of another script prove nothing


class DecodingError(ValueError):
    """Bytes that are no text in an encoding that convinces; `offset` is that of the first bad byte."""

    def __init__(self, byte: int, offset: int) -> None:
        super().__init__(f"byte 0x{byte:02x} at offset {offset:,} is not UTF-8, and no older encoding convinces")
        self.offset = offset


def unmarked(stream: BinaryIO) -> BinaryIO:
    """Drop a byte order mark, and turn UTF-16 and UTF-32 that have one into UTF-8; other bytes pass as they are.

    Reading the result raises `UnicodeDecodeError` where the bytes break the encoding that the mark promised.
    """
    buffered = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
    head = _peek(buffered, 4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            buffered.read(len(mark))
            return io.BufferedReader(_Transcoded(buffered, encoding))
    if head.startswith(codecs.BOM_UTF8):
        buffered.read(len(codecs.BOM_UTF8))
    return buffered


def is_binary(stream: BinaryIO) -> bool:
    """Whether the next bytes are no text: more than one in a hundred is a control character, or a known format."""
    head = _peek(stream, _HEAD)
    return head.startswith(_MAGIC) or len(_CONTROL.findall(head)) * 100 > len(head)


def decode(data: bytes) -> str:
    """Decode UTF-8, else an older encoding that convinces.

    Raises:
        DecodingError: neither.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        encoding = _convincing(data)
        if encoding:
            return data.decode(encoding, "replace")
        raise DecodingError(data[error.start], error.start) from None


def _convincing(data: bytes) -> str | None:
    sample = data[:_GUESS] if _OUTSIDE_ASCII.search(data[:_GUESS].decode("latin-1")) else data[-_GUESS:]
    high = sum(byte >= 0x80 for byte in sample)
    # Whole UTF-8 characters, or the start of one at the end, are no accident: the bytes are UTF-8 with damage.
    whole = len(_OUTSIDE_ASCII.findall(sample.decode(errors="ignore")))
    if whole * 20 > high or _cut_short(data):
        return None
    matches = [match for match in from_bytes(sample) if match.chaos <= 0.1]
    # Bytes of western text mean the same in many tables; like the web, take them for windows-1252.
    western = any("cp1252" in match.could_be_from_charset for match in matches)
    candidates = [("cp1252", 0.0)] * western + [(match.encoding, match.coherence) for match in matches if high >= _FEW]
    return next((name for name, coherence in candidates if _looks_written(sample, name, coherence)), None)


def _cut_short(data: bytes) -> bool:
    """Whether all is UTF-8 but for a character that the end cuts off."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.end == len(data) and error.reason == "unexpected end of data" and error.end - error.start > 1
    return False


def _looks_written(sample: bytes, encoding: str, coherence: float) -> bool:
    text = sample.decode(encoding, "replace")
    outside = len(_OUTSIDE_ASCII.findall(text))
    words = [word for word in _WORD.findall(text) if not word.isascii() and word.isalpha()]
    foreign = sum(len(word) for word in words if not re.search(r"[A-Za-z]", word))
    if foreign >= _FOREIGN_LETTERS and foreign * 5 >= outside * 4:
        return coherence >= 0.5
    # The letters of bytes 0xFE and 0xFF hardly occur, those bytes in damaged files do.
    mixed = [word for word in words if re.search(r"[A-Za-z]", word) and not re.search(r"[þÿ]", word)]
    accented = [word for word in mixed if word.isupper() or word[1:].islower()]
    plausible = sum(len(_OUTSIDE_ASCII.findall(text)) for text in accented + _TYPOGRAPHIC.findall(text))
    return plausible == outside if outside < _FEW else plausible * 10 >= outside * 9


def _peek(stream: BinaryIO, size: int) -> bytes:
    """The next bytes without taking them; every stream here is an `io.BufferedReader`."""
    return stream.peek(size)[:size] if isinstance(stream, io.BufferedReader) else b""


class _Transcoded(io.RawIOBase):
    """A stream in another encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._left = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer with UTF-8; raises `UnicodeDecodeError` where the bytes are not in the encoding."""
        target = memoryview(buffer).cast("B")
        while not self._left:
            chunk = self._stream.read(_HEAD)
            self._left = self._decoder.decode(chunk, final=not chunk).encode()
            if not chunk:
                break
        piece, self._left = self._left[: len(target)], self._left[len(target) :]
        target[: len(piece)] = piece
        return len(piece)
