"""One file from its first byte to its last, whatever is in it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from pipeline.article import Article, DeadLetter
from pipeline.errors import PassingFailure
from pipeline.settings import Settings
from pipeline.sources.encoding import is_binary, unmarked
from pipeline.sources.files import File
from pipeline.sources.origin import Origin
from pipeline.sources.registry import source_for, suffixes

# What trying again does not change. Everything else that an operating system reports while reading may pass: a network
# file system that does not answer, too many open files, a disk that fails now and then.
_LASTING = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


def read(file: File, settings: Settings) -> Iterator[Article | DeadLetter]:
    """Give every article of a file, in its order, and a dead letter for each that cannot be read.

    Bad content never raises and never ends the file, as far as what follows can be read. Of one article no more than
    `settings.max_article_bytes` is in memory.

    Raises:
        PassingFailure: the file could not be read now, but may be later.
    """
    origin = Origin(file.uri, file.modified)
    source = source_for(file.uri)
    if source is None:
        remedy = f"convert it to one of {', '.join(suffixes())}, or add a source for it"
        yield origin.dead_letter("format", "no source reads this format", remedy)
        return
    if file.size > settings.max_file_bytes:
        what = f"{file.size:,} bytes, more than the {settings.max_file_bytes:,} of a file"
        yield origin.dead_letter("too_large", what, "split it, or raise WHOSAID_MAX_FILE_BYTES")
        return
    try:
        with file.open() as opened:
            stream = unmarked(opened)
            if is_binary(stream):
                yield origin.dead_letter("binary", "no text", "name it by what it is, or leave it out")
                return
            yield from source.read(stream, origin, settings)
    except UnicodeDecodeError as error:
        what = f"the byte order mark says {error.encoding}, which its bytes are not ({error.reason})"
        yield origin.dead_letter("encoding", what, "save it as UTF-8")
    except OSError as error:
        if error.errno not in _LASTING:
            raise PassingFailure(f"{file.uri}: {error.strerror or error}; it is tried again later") from error
        reason = "missing" if error.errno == errno.ENOENT else "permission"
        yield origin.dead_letter(reason, f"{error.strerror}", "look whether it is there and may be read, and try again")
