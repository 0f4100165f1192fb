"""Which files there are: paths, folders, globs and addresses become `File`s, in an order that is the same everywhere.

A file is known by its absolute path, or by its address where it lies elsewhere (`remote`). A path whose bytes are not
UTF-8 is written as a `file://` URI instead, so that every name can be stored as text and found again.
"""

from __future__ import annotations

import glob
import hashlib
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pipeline.errors import Unreadable
from pipeline.sources.registry import known
from pipeline.sources.remote import find_remote, is_remote

logger = logging.getLogger(__name__)

_CHUNK = 1 << 20
_DEEPEST = 100  # folders in folders; `os.walk` would fail at a thousand


@dataclass(frozen=True, slots=True)
class File:
    """Something to read; nothing of it has been read yet."""

    uri: str
    """Absolute path or URI; `find` finds the file again by it."""
    size: int
    """Bytes; 0 where a server does not say."""
    modified: datetime
    """UTC."""
    opener: Callable[[], BinaryIO] = field(repr=False, compare=False)

    def open(self) -> BinaryIO:
        """Open it for reading from its first byte. Raises `OSError`; of a file elsewhere also `PassingFailure`."""
        return self.opener()

    def sha256(self) -> str:
        """Hash of the bytes as they are, read in chunks. Raises `OSError`."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def find(paths: Iterable[str | Path]) -> Iterator[File]:
    """Find the files behind paths, folders, globs (`**` for any depth) and addresses elsewhere, each file once.

    Folders are walked in sorted order. Left out there, and in globs: hidden files and folders, what is no regular file,
    links that lead out of the folder, and files of formats that no source reads (counted in a warning). A file named by
    itself is always given, whatever its format, so that nothing that was asked for is passed over.

    Raises:
        Unreadable: at once for a path that does not exist or a glob that matches nothing; on the way for a folder
            that cannot be listed, and for an address behind which there is nothing.
        PassingFailure: on the way, for a server that does not answer.
    """
    named = [os.fspath(path) for path in paths]
    with _refused():
        here = [path for name in named if not is_remote(name) for path in _expand(name)]
    return chain(_files(here), _elsewhere([name for name in named if is_remote(name)]))


def _elsewhere(named: list[str]) -> Iterator[File]:
    seen: set[str] = set()
    for name in named:
        for entry in find_remote(name):
            if len(named) == 1 or entry.uri not in seen:
                seen.add(entry.uri)
                yield File(entry.uri, entry.size, entry.modified, entry.opener)


@contextmanager
def _refused() -> Iterator[None]:
    """Say which place the operating system does not let us look at."""
    try:
        yield
    except OSError as error:
        raise Unreadable(f"{error.filename}: {error.strerror}; allow reading it, or name others") from error


def _expand(named: str) -> list[Path]:
    """The paths that the caller's word stands for: itself, or what the glob matches in sorted order."""
    local = os.fsdecode(unquote_to_bytes(named.removeprefix("file://"))) if named.startswith("file://") else named
    path = Path(os.path.abspath(local))  # noqa: PTH100  (a link keeps its own name, which `resolve` would lose)
    if path.exists():
        return [path]
    if not glob.has_magic(local):
        raise Unreadable(f"{named}: no such file or folder; check the spelling, and that the folder is mounted here")
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))  # noqa: PTH207  (absolute pattern)
    if not matches:
        raise Unreadable(f"{named}: nothing matches; check the pattern, and that the folder is mounted here")
    return [match for match in matches if match.is_dir() or _readable(match)]


def _files(paths: list[Path]) -> Iterator[File]:
    seen: set[Path] = set()
    with _refused():
        for path in paths:
            for found in _walk(path) if path.is_dir() else [path]:
                if len(paths) > 1:  # one folder cannot give a file twice, and may hold millions
                    if found in seen:
                        continue
                    seen.add(found)
                yield _file(found)


def _walk(folder: Path) -> Iterator[Path]:
    """What can be read below a folder, depth first, sorted; only one folder's names are held at a time."""
    root = folder.resolve()
    passed_over: Counter[str] = Counter()
    for here, folders, names in os.walk(folder, onerror=_raise):
        if len(Path(here).parts) - len(folder.parts) > _DEEPEST:
            raise Unreadable(f"{here[:200]}…: more than {_DEEPEST} folders in one another; name the ones that matter")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            if name.startswith("."):
                continue
            if not known(name):
                passed_over[path.suffix or "without a suffix"] += 1
            elif path.is_symlink() and not path.resolve().is_relative_to(root):
                logger.warning("%s: passed over, the link leads out of %s", path, folder)
            elif _readable(path):
                yield path
    if passed_over:
        suffixes = ", ".join(f"{suffix} ({count})" for suffix, count in sorted(passed_over.items()))
        logger.warning("%s: %d files passed over, no source reads %s", folder, passed_over.total(), suffixes)


def _readable(path: Path) -> bool:
    if path.is_file() and known(path.name):
        return True
    logger.warning("%s: passed over, no regular file of a format that a source reads", path)
    return False


def _raise(error: OSError) -> None:
    raise error


def _file(path: Path) -> File:
    uri, status = _uri(path), path.stat()
    if not path.is_file():
        raise Unreadable(f"{uri}: not a regular file; save what it gives to a file and name that")
    return File(uri, status.st_size, datetime.fromtimestamp(max(status.st_mtime, 0), UTC), lambda: path.open("rb"))


def _uri(path: Path) -> str:
    try:
        str(path).encode()
    except UnicodeEncodeError:  # a name in another encoding, which the operating system gives as lone surrogates
        return "file://" + quote_from_bytes(os.fsencode(path))
    return str(path)
