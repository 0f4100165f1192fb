"""What came in, went out, failed and is missing, by source and day, from the manifest.

A file's **source** is its path up to the first date in it (`/data/herald/{day}`), else its folder. Its **day** is the
last date in its path, else the day (UTC) on which it was ingested. A source with dates in its paths misses the days
between its first and last one on which there is no file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from elasticsearch import Elasticsearch

from pipeline.corrections.applying import MARK
from pipeline.elastic import alias, answering
from pipeline.errors import Unreadable
from pipeline.index import FileRecord, FileState, Manifest
from pipeline.settings import Settings

DATE = re.compile(r"(?<!\d)(\d{4})([-_./]?)(\d\d)\2(\d\d)(?!\d)")
MOST = 1000
"""Vanished files and missing days that are listed; all are counted."""
FACET = 1000
"""Reasons and enrichments that are told apart."""


@dataclass(slots=True)
class Day:
    """One day of one source."""

    source: str
    day: str
    files: int = 0
    read: int = 0
    indexed: int = 0
    unchanged: int = 0
    failed: int = 0
    quotes: int = 0
    gone: int = 0
    """Files that are no longer there."""

    def add(self, record: FileRecord) -> None:
        """Count a file."""
        self.files += 1
        self.gone += record.state is FileState.GONE
        for name in ("read", "indexed", "unchanged", "failed", "quotes"):
            setattr(self, name, getattr(self, name) + getattr(record, name))


@dataclass(slots=True)
class Status:
    """The state of the house."""

    articles: int = 0
    quotes: int = 0
    files: dict[str, int] = field(default_factory=dict)
    """By state."""
    dead_letters: dict[str, int] = field(default_factory=dict)
    """By reason."""
    enrichments: dict[str, int] = field(default_factory=dict)
    """Articles by the fingerprint of what enriched them."""
    days: list[Day] = field(default_factory=list)
    """By source, and by day in it."""
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Days without a file, by source; the first 1,000 of each."""
    gone: list[str] = field(default_factory=list)
    """Files that are no longer there; the first 1,000."""

    def as_dict(self) -> dict[str, Any]:
        """To be written as JSON."""
        return asdict(self)


def status(client: Elasticsearch, settings: Settings, *, check_files: bool = False) -> Status:
    """What the index and the manifest say; with `check_files`, what the file system says of local files first.

    Raises `ConfigurationError` when nothing is set up; `Unreadable` when not one of the files is here; `Unreachable`.
    """
    manifest = Manifest(client, settings)
    with answering(settings):
        if check_files:
            _check_files(manifest)
        state = Status(
            articles=_count(client, settings, "articles"),
            quotes=_count(client, settings, "quotes"),
            dead_letters=_facet(client, settings, "dead-letters", "reason"),
            enrichments=_enrichments(_facet(client, settings, "articles", "enrichment")),
        )
        days: dict[tuple[str, str], Day] = {}
        dated: set[str] = set()
        for record in manifest.every_file():
            state.files[record.state] = state.files.get(record.state, 0) + 1
            if not record.path:  # taken down
                continue
            source, day = _place(record.path)
            if day:
                dated.add(source)
            key = source, day or record.finished_at.date().isoformat()
            days.setdefault(key, Day(*key)).add(record)
            if record.state is FileState.GONE and len(state.gone) < MOST:
                state.gone.append(record.path)
    state.days = [days[key] for key in sorted(days)]
    for source in sorted(dated):
        if missing := _missing({day for one, day in days if one == source}):
            state.missing[source] = missing
    state.gone.sort()
    return state


def _check_files(manifest: Manifest) -> None:
    """Record which local files are gone, and which have come back."""
    looked_at = [path for one in manifest.every_file() if (path := _local(one.path))][:MOST]
    if looked_at and not any(path.exists() for path in looked_at):
        raise Unreadable(
            f"{looked_at[0]} and {len(looked_at) - 1} further files of the manifest are not here; "
            "run `whosaid status --check-files` on a machine on which they are mounted"
        )
    page: list[FileRecord] = []
    for record in manifest.every_file():
        path = _local(record.path)
        gone = path is not None and not path.exists()
        if path and gone != (record.state is FileState.GONE):
            page.append(replace(record, state=FileState.GONE if gone else record.outcome))
        if len(page) == MOST:
            manifest.record(page)
            page = []
    manifest.record(page)


def _local(path: str) -> Path | None:
    if path.startswith("file://"):
        return Path(os.fsdecode(unquote_to_bytes(path.removeprefix("file://"))))
    return None if "://" in path or not path else Path(path)


def _place(path: str) -> tuple[str, str | None]:
    """A file's source, and its day where its path tells."""
    dates = list(_dates(path))
    if not dates:
        return path.rpartition("/")[0] or "/", None
    return path[: dates[0][0]] + "{day}", dates[-1][1]


def _dates(path: str) -> Iterator[tuple[int, str]]:
    for match in DATE.finditer(path):
        try:
            day = date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
        if 1600 <= day.year < 2200:  # a number is no date
            yield match.start(), day.isoformat()


def _missing(days: set[str]) -> list[str]:
    day, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    missing: list[str] = []
    while (day := day + timedelta(days=1)) < last and len(missing) < MOST:
        if day.isoformat() not in days:
            missing.append(day.isoformat())
    return missing


def _count(client: Elasticsearch, settings: Settings, name: str) -> int:
    client.indices.refresh(index=alias(settings, name))
    return int(client.count(index=alias(settings, name))["count"])


def _enrichments(counts: dict[str, int]) -> dict[str, int]:
    """Articles by the fingerprint of enrichment alone, whatever decisions changed in them."""
    plain: dict[str, int] = {}
    for enrichment, count in counts.items():
        fingerprint = enrichment.partition(MARK)[0]
        plain[fingerprint] = plain.get(fingerprint, 0) + count
    return plain


def _facet(client: Elasticsearch, settings: Settings, name: str, of: str) -> dict[str, int]:
    client.indices.refresh(index=alias(settings, name))
    aggregations = {"values": {"terms": {"field": of, "size": FACET}}}
    answer = client.search(index=alias(settings, name), size=0, aggregations=aggregations)
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["values"]["buckets"]}
