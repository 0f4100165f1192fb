"""Which source reads which file: by the end of its name, one source for one format.

A new format is a module with `suffixes` and `read`, named in `SOURCES` below (`docs/sources.md` shows one).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import jsonlines, text
from pipeline.sources.archives import is_archive
from pipeline.sources.compression import split
from pipeline.sources.origin import Origin


class Source(Protocol):
    """Reads one format; a module is one, if it has these two names."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Ends of file names, lower case, with the dot."""

    def read(self, stream: BinaryIO, origin: Origin, settings: Settings) -> Iterator[Article | DeadLetter]:
        """Give each article of `stream`, or a dead letter in its place, in the order of the file.

        Bad content never raises; `OSError` of the stream passes through. No more than `settings.max_article_bytes` of
        one article is held in memory. `stream` is UTF-8 wherever a byte order mark said otherwise.
        """


SOURCES: tuple[Source, ...] = (text, jsonlines)


def source_for(name: str) -> Source | None:
    """The source that reads files of this name, if there is one."""
    lowered = name.lower()
    return next((source for source in SOURCES if lowered.endswith(source.suffixes)), None)


def known(name: str) -> bool:
    """Whether files of this name can be read: by a source, or as what they hold."""
    held, compression = split(name)
    return is_archive(held) or source_for(held) is not None or (compression is not None and known(held))


def suffixes() -> list[str]:
    """Every end of a file name that a source reads, for messages."""
    return sorted(suffix for source in SOURCES for suffix in source.suffixes)
