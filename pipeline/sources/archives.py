"""Archives as folders: the members of `.zip` and `.tar` files one after the other, never written to disk.

Like in a folder, hidden files and files of formats that no source reads are passed over (`reading` counts them). What
could do harm elsewhere is refused: a path that leads out of the archive or too deep, a link, an encrypted member.
"""

from __future__ import annotations

import io
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO, cast

from pipeline.sources.guard import Budget, DamagedError, RefusedError, damage, guarded

_DEEPEST = 64  # folders in folders
_LONGEST = 1024  # characters of a path
_BLOCK = 512  # bytes; what a tar is made of
_HEADER = 16 << 10  # bytes of a tar header; the longest path and its times take 5 KiB
_DIRECTORY = 16 << 20  # bytes of a zip's directory, which is read as a whole: about 160,000 members
_IN_MEMORY = 32 << 20  # bytes of a zip in another archive: its directory is at its end, so it cannot be streamed
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2}

UNPACK = "look where the archive comes from; if it can be trusted, unpack it and name the folder"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    path: str
    modified: datetime | None
    """UTC; nothing where the archive says nothing that could be true."""
    refused: RefusedError | None
    """Why it is not read."""
    opener: Callable[[], BinaryIO]

    def open(self) -> BinaryIO:
        """Open it; only until the next member is asked for. Raises `DamagedError`."""
        with damage():
            return self.opener()

    @property
    def suffix(self) -> str:
        """The end of its name, with the dot."""
        name = _parts(self.path)[-1]
        return name[name.rindex(".") :] if "." in name else "without a suffix"

    @property
    def hidden(self) -> bool:
        """Whether it, or a folder it is in, has a name that starts with a dot."""
        return any(part.startswith(".") and part != "." for part in _parts(self.path))


def is_archive(name: str) -> bool:
    """Whether a file of this name holds others."""
    return name.lower().endswith((".tar", ".zip"))


def members(name: str, stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    """The files in an archive, in its order. Raises `RefusedError` where it cannot be read on."""
    return _zip(stream, budget) if name.lower().endswith(".zip") else _tar(stream)


def _tar(stream: BinaryIO) -> Iterator[Member]:
    forward = _Forward(stream)
    with damage():
        tar = tarfile.open(fileobj=cast(io.BufferedReader, forward), mode="r:")  # noqa: SIM115  (the file is not ours)
    while member := _next(tar):
        # Kept by tarfile for finding members again, and growing with the archive; here nothing is sought twice.
        vars(tar).update(members=[], pax_headers={})
        if not member.isdir():
            yield Member(_shown(member.name), _time(member.mtime), _tar_refused(member), partial(_content, tar, member))
    if forward.last != bytes(_BLOCK):  # tarfile takes a broken header for the end
        raise DamagedError("a header cannot be read, or the end is missing")
    while forward.read(_HEADER):  # what compressed it checks its sum at the very end
        pass


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    with damage():
        return tar.next()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    return guarded(cast(BinaryIO, tar.extractfile(member)), piece=_HEADER)


def _tar_refused(member: tarfile.TarInfo) -> RefusedError | None:
    return _refused(member.name) or _special(
        link=member.issym() or member.islnk(), file=member.isreg() and not member.issparse()
    )


def _zip(stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    if not stream.seekable():
        held = stream.read(_IN_MEMORY + 1)
        if len(held) > _IN_MEMORY:
            what = f"a zip of more than {_IN_MEMORY:,} bytes in another archive, which cannot be streamed"
            raise RefusedError("too_large", what, "unpack the outer archive, or pack it as tar")
        stream = io.BytesIO(held)
    with damage():
        archive = zipfile.ZipFile(cast(BinaryIO, _Capped(stream)))
    for member in archive.infolist():
        if not member.is_dir():
            opener = partial(_inflated, archive, member, budget)
            yield Member(_shown(member.filename), _zip_time(member), _zip_refused(member), opener)


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    return guarded(cast(BinaryIO, archive.open(member)), budget)


def _zip_refused(member: zipfile.ZipInfo) -> RefusedError | None:
    mode = member.external_attr >> 16
    refused = _refused(member.filename) or _special(stat.S_ISLNK(mode), stat.S_IFMT(mode) in (0, stat.S_IFREG))
    if refused:
        return refused
    if member.flag_bits & 1:
        return RefusedError("encrypted", "encrypted", "unpack it with its password and name the folder")
    if member.compress_type not in _METHODS:
        return RefusedError("format", f"compressed in a way ({member.compress_type}) that is not read here", UNPACK)
    return None


def _refused(path: str) -> RefusedError | None:
    parts = _parts(path)
    if ".." in parts or path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path):
        return RefusedError("path", "the path leads out of the archive", UNPACK)
    if len(parts) > _DEEPEST or len(path) > _LONGEST:
        return RefusedError("path", f"a path of {len(parts):,} folders and {len(path):,} characters", UNPACK)
    return None


def _parts(path: str) -> list[str]:
    """Folders and name; not by `pathlib`, which remembers each name and so grows with the archive."""
    return path.replace("\\", "/").split("/")


def _special(link: bool, file: bool) -> RefusedError | None:
    if link:
        return RefusedError("link", "a link, which is not followed", "pack the file itself")
    return None if file else RefusedError("format", "a device, a pipe or a file with holes", "pack it as a plain file")


def _shown(path: str) -> str:
    """The path as text that can be stored; of one that is too long, its start."""
    return path[:_LONGEST].encode(errors="backslashreplace").decode()


def _zip_time(member: zipfile.ZipInfo) -> datetime | None:
    try:
        return _time(datetime(*member.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _time(seconds: float) -> datetime | None:
    """Archives that are to be the same byte for byte set 1970 or 1980, which says nothing."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if datetime(1980, 1, 2, tzinfo=UTC) < at < datetime.now(UTC) else None


class _Forward:
    """A stream for `tarfile` that only goes forward, by skipping, and hands out no header that fills the memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0
        self.last = b""
        """What was read last."""

    def tell(self) -> int:
        """Bytes so far."""
        return self._at

    def seek(self, to: int) -> int:
        """Skip to a place further on."""
        if to < self._at:
            raise DamagedError("a header points back")
        while self._at < to and self.read(min(to - self._at, _HEADER)):
            pass
        return self._at

    def read(self, size: int) -> bytes:
        """The next bytes."""
        if size < 0:
            raise DamagedError("a header of negative size")
        if size > _HEADER:
            raise RefusedError("path", f"a path or header of {size:,} bytes, more than {_HEADER:,}", UNPACK)
        self.last = self._stream.read(size)
        self._at += len(self.last)
        return self.last


class _Capped:
    """A file for `zipfile` that hands out no directory that would fill the memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.tell, self.seek, self.seekable = stream.tell, stream.seek, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """The next bytes, or all that are left."""
        data = self._stream.read(_DIRECTORY + 1 if size < 0 else min(size, _DIRECTORY + 1))
        if len(data) > _DIRECTORY:
            what = f"a directory of more than {_DIRECTORY:,} bytes"
            raise RefusedError("too_large", what, "split the archive, or pack it as tar")
        return data
