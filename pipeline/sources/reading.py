"""One file from its first byte to its last, whatever is in it."""

from __future__ import annotations

import errno
import io
import logging
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import urlsplit

from pipeline.article import Article, DeadLetter
from pipeline.errors import PassingFailure
from pipeline.settings import Settings
from pipeline.sources.archives import Member, is_archive, members
from pipeline.sources.compression import decompressed, split
from pipeline.sources.encoding import is_binary, unmarked
from pipeline.sources.files import File
from pipeline.sources.guard import BombError, Budget, Counted, RefusedError
from pipeline.sources.origin import Origin
from pipeline.sources.registry import known, source_for, suffixes

logger = logging.getLogger(__name__)

# What trying again does not change. Everything else that an operating system reports while reading may pass: a network
# file system that does not answer, too many open files, a disk that fails now and then.
_LASTING = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}
_DEEPEST = 6  # archives and compressed files in one another; `.tar.gz` is two

Items = Iterator[Article | DeadLetter]


def read(file: File, settings: Settings) -> Items:
    """Give every article of a file, in its order, and a dead letter for each that cannot be read.

    Compressed files and archives are read as what they hold, in constant memory and without unpacking them to disk.
    Bad content never raises and never ends the file, as far as what follows can be read. Of one article no more than
    `settings.max_article_bytes` is in memory.

    Raises:
        PassingFailure: the file could not be read now, but may be later.
    """
    origin = Origin(file.uri, file.modified)
    try:
        _check_size(file.size, settings)
        with file.open() as opened:
            size = opened.seek(0, io.SEEK_END)
            opened.seek(0)
            _check_size(size, settings)  # of a file elsewhere it may not have been known before
            budget = Budget(size, settings.max_expanded_bytes)
            with io.BufferedReader(Counted(opened, budget)) as stream:
                yield from _Reading(settings, budget).read(_name(file.uri), stream, origin)
    except RefusedError as error:
        yield origin.dead_letter(error.reason, error.what, error.remedy)
    except OSError as error:
        if error.errno not in _LASTING:
            raise PassingFailure(f"{file.uri}: {error.strerror or error}; it is tried again later") from error
        reason = "missing" if error.errno == errno.ENOENT else "permission"
        yield origin.dead_letter(reason, f"{error.strerror}", "look whether it is there and may be read, and try again")


def _check_size(size: int, settings: Settings) -> None:
    if size > settings.max_file_bytes:
        what = f"{size:,} bytes, more than the {settings.max_file_bytes:,} of a file"
        raise RefusedError("too_large", what, "split it, or raise WHOSAID_MAX_FILE_BYTES")


def _name(uri: str) -> str:
    """What a file's name says of its format; an address may go on behind it (`…/day.jsonl.gz?key=…`)."""
    return urlsplit(uri).path if uri.startswith(("https://", "http://")) else uri


class _Reading:
    """The way into a file: what is compressed is expanded, what holds others is opened, the rest is for a source."""

    def __init__(self, settings: Settings, budget: Budget) -> None:
        self._settings, self._budget = settings, budget

    def read(self, name: str, stream: BinaryIO, origin: Origin, depth: int = 0) -> Items:
        """Give what is in a stream of this name. Raises `RefusedError` where it cannot be read on."""
        held, compression = split(name)
        if depth == _DEEPEST and known(name) and source_for(name) is None:
            raise RefusedError("nested", f"more than {_DEEPEST} archives in one another", "unpack the outer ones")
        if compression and known(name):
            yield from self.read(held, decompressed(stream, compression, self._budget), origin, depth + 1)
        elif is_archive(name):
            yield from self._members(name, stream, origin, depth + 1)
        else:
            yield from self._articles(name, stream, origin)

    def _articles(self, name: str, stream: BinaryIO, origin: Origin) -> Items:
        source = source_for(name)
        if source is None:
            remedy = f"convert it to one of {', '.join(suffixes())}, or add a source for it"
            raise RefusedError("format", "no source reads this format", remedy)
        try:
            text = unmarked(stream)
            if is_binary(text):
                raise RefusedError("binary", "no text", "name it by what it is, or leave it out")
            yield from source.read(text, origin, self._settings)
        except UnicodeDecodeError as error:
            what = f"the byte order mark says {error.encoding}, which its bytes are not ({error.reason})"
            raise RefusedError("encoding", what, "save it as UTF-8") from error

    def _members(self, name: str, stream: BinaryIO, origin: Origin, depth: int) -> Items:
        found = False
        passed_over: Counter[str] = Counter()
        for member in members(name, stream, self._budget):
            climbs = member.refused is not None and member.refused.reason == "path"
            if not climbs and (member.hidden or not known(member.path)):
                passed_over[member.suffix] += not member.hidden
                continue
            found = True
            yield from self._member(member, origin.in_member(member.path, member.modified), depth)
        if not found:
            raise RefusedError("empty", "no file in it that a source reads", f"pack files of {', '.join(suffixes())}")
        if passed_over.total():
            formats = ", ".join(f"{suffix} ({count})" for suffix, count in sorted(passed_over.items()) if count)
            logger.warning("%s: %d members passed over, no source reads %s", origin.file, passed_over.total(), formats)

    def _member(self, member: Member, origin: Origin, depth: int) -> Items:
        """A member that cannot be read is a dead letter, and the next one is read; a bomb ends the whole file."""
        try:
            if member.refused:
                raise member.refused
            with member.open() as stream:
                yield from self.read(member.path, stream, origin, depth)
        except BombError:
            raise
        except RefusedError as error:
            yield origin.dead_letter(error.reason, error.what, error.remedy)
