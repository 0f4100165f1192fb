"""What became of each file (`files`), and of each article or file that failed (`dead-letters`)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch, helpers

from pipeline.article import DeadLetter
from pipeline.elastic import alias
from pipeline.index.bulk import send
from pipeline.index.patience import patiently
from pipeline.index.plain import iso, whole, without_unknown
from pipeline.index.reading import read
from pipeline.settings import Settings

Reference = tuple[str, str | None]
"""A file and, where it holds several articles, the member."""
MOMENTS = ("modified_at", "started_at", "finished_at")
PAGE = 1000
MAX_LISTED = 1000
"""Failed members listed in a file's record; the dead letters have them all."""


class FileState(StrEnum):
    """What became of a file."""

    PLANNED = "planned"
    """Nothing yet: a backfill knows of it."""
    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    GONE = "gone"
    REFUSED = "refused"
    """It is one article, and that was taken down. The record names neither path nor hash, but says that it is done."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of the manifest; of an archive too, whose members are counted and listed only where they failed."""

    path: str
    """Path or URI, as `Article.source_file` has it; empty in `every_file` where the record does not name it."""
    state: FileState
    started_at: datetime
    finished_at: datetime
    run: str
    hash: str | None = None
    """SHA-256 of its bytes."""
    size: int | None = None
    """Bytes."""
    modified_at: datetime | None = None
    reason: str | None = None
    """Why it failed, in a short word as in `DeadLetter.reason`."""
    read: int = 0
    """Articles in it; `read == indexed + unchanged + failed`."""
    indexed: int = 0
    unchanged: int = 0
    failed: int = 0
    quotes: int = 0
    failed_members: tuple[str, ...] = ()
    """The first 1,000 of them."""
    enrichment: str | None = None

    @property
    def outcome(self) -> FileState:
        """The state that follows from what was done with it."""
        if self.enrichment is None and not self.read:
            return FileState.PLANNED
        return FileState.FAILED if self.failed else FileState.INDEXED if self.indexed else FileState.UNCHANGED


NAMING = {"path", "hash", "failed_members", "reason"}
"""The fields of a record that tell which file it was."""
RECORDED = [field.name for field in fields(FileRecord)]
LETTER = [field.name for field in fields(DeadLetter)]


class Manifest:
    """Reads and writes the records of files and dead letters."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._files = alias(settings, "files")
        self._letters = alias(settings, "dead-letters")

    def files(self, paths: Collection[str]) -> dict[str, FileRecord]:
        """The records of those files that have one, by path. Raises `Unreachable`."""
        ids = {_file_id(path): path for path in paths}
        found = read(self._client, self._settings, self._files, ids, RECORDED)
        return {ids[id_]: _record(ids[id_], source) for id_, source in found.items()}

    def record(self, records: Sequence[FileRecord]) -> None:
        """Write the records; of two on the same file the one finished later stands. Raises `Unreachable`."""
        self._send([_write(self._files, _file_id(one.path), one.finished_at, _file_document(one)) for one in records])

    def plan(self, files: Sequence[tuple[str, int, datetime]], *, run: str) -> None:
        """Record files (path, bytes, modified) that have no record yet as planned. Raises `Unreachable`."""
        now = datetime.now(UTC)
        records = [
            FileRecord(path, FileState.PLANNED, now, now, run, size=size, modified_at=modified)
            for path, size, modified in files
        ]
        self._send([
            # older than any version by time: whoever meanwhile records what became of the file is right
            _write(self._files, _file_id(one.path), now, _file_document(one)) | {"_version": 1}
            for one in records
        ])  # fmt: skip

    def bury(self, letters: Iterable[DeadLetter], *, run: str) -> None:
        """Keep these dead letters, counting the attempts at each reference. Raises `Unreachable`."""
        latest = {_letter_id((letter.source_file, letter.source_member)): letter for letter in letters}
        before = read(self._client, self._settings, self._letters, latest, ("attempts", "first_failed_at"))
        now = datetime.now(UTC)
        self._send([
            _write(self._letters, id_, now, _letter_document(id_, letter, before.get(id_, {}), now, run))
            for id_, letter in latest.items()
        ])  # fmt: skip

    def resolve(self, references: Collection[Reference]) -> int:
        """Take away the dead letters of what has succeeded since; returns how many. Raises `Unreachable`."""
        ids = [_letter_id(reference) for reference in references]
        return self._delete(read(self._client, self._settings, self._letters, ids, ("last_failed_at",)))

    def resolve_file(self, source_file: str, *, before: datetime) -> int:
        """Take away the dead letters of a file that has been walked whole since `before`, but for those buried since.

        Also those of members that the file no longer has. Returns how many there were. Raises `Unreachable`.
        """

        of_file = {"term": {"source_file": whole(source_file)}}
        earlier = {"range": {"last_failed_at": {"lt": iso(before)}}}
        query = {"query": {"bool": {"filter": [of_file, earlier]}}, "_source": ["last_failed_at"]}

        def older() -> dict[str, dict[str, Any]]:
            self._client.indices.refresh(index=self._letters)
            hits = helpers.scan(self._client, index=self._letters, query=query)
            return {hit["_id"]: hit["_source"] for hit in hits}

        return self._delete(patiently(self._settings, older))

    def resolve_articles(self, ids: Collection[str]) -> int:
        """Take away the dead letters of these articles, by article id; returns how many. Raises `Unreachable`."""
        query = {"query": {"terms": {"article_id": sorted(ids)}}, "_source": ["last_failed_at"]}

        def found() -> dict[str, dict[str, Any]]:
            self._client.indices.refresh(index=self._letters)
            hits = helpers.scan(self._client, index=self._letters, query=query)
            return {hit["_id"]: hit["_source"] for hit in hits}

        return self._delete(patiently(self._settings, found))

    def forget_articles(self, references: Collection[Reference]) -> None:
        """Remove what names these articles: the paths of files that are one article, and listed members."""
        gone = {(file, whole(member)) for file, member in references}
        named = self.files([file for file, _ in references]).values()
        kept = [
            replace(one, state=FileState.REFUSED)
            if (one.path, None) in gone
            else replace(one, failed_members=tuple(name for name in one.failed_members if (one.path, name) not in gone))
            for one in named
        ]
        self.record([one for one, before in zip(kept, named, strict=True) if one != before])

    def every_file(self) -> Iterator[FileRecord]:
        """The records of all files, in no order. Raises `Unreachable`."""
        self._client.indices.refresh(index=self._files)
        for hit in helpers.scan(self._client, index=self._files, query={"_source": RECORDED}, size=PAGE):
            yield _record(hit["_source"].get("path", ""), hit["_source"])

    def letters(
        self, *, reasons: Collection[str] = (), stages: Collection[str] = (), since: datetime | None = None
    ) -> Iterator[DeadLetter]:
        """Dead letters in the order of their files: of these reasons and stages, failed since then."""
        narrowed: list[dict[str, Any]] = []
        if reasons:
            narrowed.append({"terms": {"reason": sorted(reasons)}})
        if stages:
            narrowed.append({"terms": {"stage": sorted(stages)}})
        if since:
            narrowed.append({"range": {"last_failed_at": {"gte": iso(since)}}})
        order = [{"source_file": "asc"}, {"id": "asc"}]
        after: list[Any] | None = None
        while True:
            page = patiently(self._settings, partial(self._page, narrowed, order, after))
            for hit in page:
                yield DeadLetter(**{name: hit["_source"].get(name) for name in LETTER})
            if not page:
                return
            after = page[-1]["sort"]

    def _page(self, narrowed: list[dict[str, Any]], order: list[dict[str, str]], after: list[Any] | None) -> list[Any]:
        """The letters after a place in the order; what is resolved or fails anew meanwhile moves none of the others."""
        self._client.indices.refresh(index=self._letters)
        query = {"bool": {"filter": narrowed}}
        answer = self._client.search(index=self._letters, query=query, sort=order, search_after=after, size=PAGE)
        return list(answer["hits"]["hits"])

    def _delete(self, letters: Mapping[str, dict[str, Any]]) -> int:
        """Away with these letters, by id; also where they are from the future, because a clock was set back."""
        now = datetime.now(UTC)
        failed = {id_: datetime.fromisoformat(letter["last_failed_at"]) for id_, letter in letters.items()}
        self._send([_write(self._letters, id_, max(now, at), None) for id_, at in failed.items()])
        return len(letters)

    def _send(self, operations: list[dict[str, Any]]) -> None:
        send(self._client, self._settings, operations)


def _write(index: str, id_: str, moment: datetime, document: dict[str, Any] | None) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "_op_type": "delete" if document is None else "index",
        "_index": index,
        "_id": id_,
        "_version": int(moment.timestamp() * 1000),
        "_version_type": "external_gte",
    }
    return operation if document is None else operation | {"_source": document}


def _file_document(record: FileRecord) -> dict[str, Any]:
    document = asdict(record) | {name: iso(getattr(record, name)) for name in MOMENTS if getattr(record, name)}
    document |= {"id": _file_id(record.path), "failed_members": list(record.failed_members[:MAX_LISTED])}
    if record.state is FileState.REFUSED:
        document = {name: value for name, value in document.items() if name not in NAMING}
    return without_unknown(document)


def _record(path: str, source: dict[str, Any]) -> FileRecord:
    moments = {name: datetime.fromisoformat(source[name]) for name in MOMENTS if name in source}
    members = tuple(source.get("failed_members", ()))
    return FileRecord(
        **source | moments | {"path": path, "state": FileState(source["state"]), "failed_members": members}
    )


def _letter_document(id_: str, letter: DeadLetter, before: dict[str, Any], now: datetime, run: str) -> dict[str, Any]:
    document = asdict(letter) | {
        "id": id_,
        "attempts": before.get("attempts", 0) + 1,
        "first_failed_at": before.get("first_failed_at", iso(now)),
        "last_failed_at": iso(now),
        "run": run,
    }
    return without_unknown(document)


def _file_id(path: str) -> str:
    return hashlib.sha256(path.encode(errors="surrogatepass")).hexdigest()


def _letter_id(reference: Reference) -> str:
    source_file, member = reference
    return hashlib.sha256("\0".join((source_file, member or "")).encode(errors="surrogatepass")).hexdigest()
