"""A new version of an index from what is stored, while others read and write; then the alias moves to it.

1. The new index is made (`…-v2`), reachable as `…-next` only, and what the old one holds is copied into it.
2. What was written meanwhile is copied too, again until little is left. Elasticsearch numbers the writes of each shard
   (`_seq_no`), so a pass sees exactly what came after the one before, rewrites of the same version among them.
3. The old index takes no writes for a moment: writers wait and try again (`bulk`), readers notice nothing. The rest is
   copied. Now the new index holds each document of the old one; where it holds more, those were deleted meanwhile and
   go. So equal counts mean equal sets; that, and a sample compared field by field, is the check.
4. The alias moves in one step, and the writers go on in the new index.

If anything fails the old index takes writes again, the new one is deleted, and the alias has never moved. The old
version stays, closed to writes, until `drop_old`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, helpers
from elasticsearch.helpers import ScanError

from pipeline.elastic import alias, answering, reason
from pipeline.errors import RebuildFailed, WhosaidError
from pipeline.index.bulk import CONFLICT, send
from pipeline.index.documents import without_text
from pipeline.index.patience import patiently
from pipeline.index.schema import index_body, replace_templates
from pipeline.index.versions import NAMES, versions
from pipeline.settings import Settings

PAGE = 200
"""Documents in memory at once; an article may have a megabyte."""
IDS = 5000
LITTLE = 500
"""Documents that may be left to copy while writers wait."""
PASSES = 20
"""After so many, writers write faster than this copies, and have to wait for it."""
SAMPLE = 200

log = logging.getLogger(__name__)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """An index that has a new version."""

    alias: str
    old: str
    new: str
    documents: int


def rebuild(
    client: Elasticsearch,
    settings: Settings,
    *,
    names: Sequence[str] = ("articles", "quotes"),
    afresh: bool = False,
    progress: Progress = lambda step: None,
) -> list[Rebuilt]:
    """Copy these indices into new versions with this release's mapping, and move their aliases, all in one step.

    `settings.shards` and `replicas` hold for the new versions, and with `store_text` false they hold no running text.
    `afresh` first removes what a rebuild that was killed has left; only while no other one runs. `progress` is told of
    each step.

    Raises:
        RebuildFailed: a document does not fit the new mapping, the check failed, or another rebuild is at work or was
            killed. Nothing has changed.
        Unreachable: Elasticsearch went out of reach.
    """
    if unknown := set(names).difference(NAMES):
        raise RebuildFailed(f"There is no index {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    moves = [_plan(client, settings, name, afresh=afresh) for name in names]
    with _undone_on_failure(client, settings, moves):
        for move in moves:
            move.create()
            while (copied := move.catch_up()) and move.passes < PASSES:
                progress(f"{move.source}: {copied:,} documents copied to {move.target}")
                if copied <= LITTLE:
                    break
            if not move.is_even():
                move.prune()
        progress("the last documents, while writers wait")
        for move in moves:
            move.block()
        for move in moves:
            move.catch_up()
            if not move.is_even():
                move.prune()
        progress("check")
        rebuilt = [move.check() for move in moves]
        with answering(settings):
            client.indices.update_aliases(actions=[action for move in moves for action in move.actions()])
    return rebuilt


def _plan(client: Elasticsearch, settings: Settings, name: str, *, afresh: bool) -> _Move:
    current, numbered = versions(client, settings, name)
    begun = [index for version, index in numbered.items() if version > current]
    if begun and not afresh:
        raise RebuildFailed(
            f"{', '.join(begun)} is there already: another rebuild is at work, or one was killed. "
            "When none is at work, run `whosaid index rebuild --afresh`"
        )
    for index in begun:
        patiently(settings, partial(client.indices.delete, index=index, ignore_unavailable=True))
    move = _Move(client, settings, name, numbered[current], f"{alias(settings, name)}-v{current + 1}")
    if afresh:
        move.unblock()
    return move


@contextmanager
def _undone_on_failure(client: Elasticsearch, settings: Settings, moves: Sequence[_Move]) -> Iterator[None]:
    put_back = replace_templates(client, settings)
    try:
        yield
    except BaseException as failure:
        try:
            undone = [move.undo() for move in moves]
            if all(undone):
                put_back()
        except WhosaidError as trouble:  # the first failure is what the caller has to know
            log.warning("%s; `whosaid index rebuild --afresh` clears up", trouble)
        if isinstance(failure, ApiError | ScanError):
            why = reason(failure) if isinstance(failure, ApiError) else str(failure)
            raise RebuildFailed(f"{why}. Nothing has changed; run it again") from failure
        raise


@dataclass(slots=True)
class _Move:
    """One index on its way into its new version."""

    client: Elasticsearch
    settings: Settings
    name: str
    source: str
    target: str
    created: bool = False
    passes: int = 0
    copied_to: dict[str, int] = field(default_factory=dict)
    """The last write, by shard, that has been copied for sure."""

    @property
    def next(self) -> str:
        """The alias of the new version while it is being made."""
        return f"{alias(self.settings, self.name)}-next"

    def create(self) -> None:
        body = index_body(self.settings, self.name) | {"aliases": {self.next: {"is_write_index": True}}}
        with answering(self.settings):
            self.client.indices.create(index=self.target, body=body)
        self.created = True

    def catch_up(self) -> int:
        """Copy what was written since the last pass; returns how many documents."""
        self.passes += 1
        done, copied = self._checkpoints(), 0
        self._refresh(self.source)
        for shard in done:
            after = {"range": {"_seq_no": {"gt": self.copied_to.get(shard, -1)}}}
            hits = self._scan(self.source, query={"query": after, "version": True}, preference=f"_shards:{shard}")
            while page := list(islice(hits, PAGE)):
                self._write([self._operation(hit) for hit in page])
                copied += len(page)
        self.copied_to = done
        self._refresh(self.target)
        return copied

    def is_even(self) -> bool:
        """Whether both versions hold as many documents."""
        self._refresh(self.source)
        return self._count(self.source) == self._count(self.target)

    def prune(self) -> None:
        """Remove from the new version what is no longer in the old one."""
        hits = self._scan(self.target, query={"_source": False, "version": True}, size=IDS)
        while page := list(islice(hits, IDS)):
            wanted = [{"_id": hit["_id"], "_source": False} | _routing(hit, "routing") for hit in page]
            answer = patiently(self.settings, partial(self.client.mget, index=self.source, docs=wanted))
            there = {document["_id"] for document in answer["docs"] if document.get("found")}
            self._write([
                {"_op_type": "delete", "_index": self.next, "_id": hit["_id"]} | _version(hit)
                for hit in page
                if hit["_id"] not in there
            ])  # fmt: skip
        self._refresh(self.target)

    def block(self) -> None:
        """Let nobody write to the old version; returns when the last write that was under way is done."""
        with answering(self.settings):
            self.client.indices.add_block(index=self.source, block="write")

    def unblock(self) -> None:
        unblocked = {"index.blocks.write": None}
        patiently(self.settings, partial(self.client.indices.put_settings, index=self.source, settings=unblocked))

    def undo(self) -> bool:
        """Leave all as it was; whether it could be. Not where the alias did move, and only the answer was lost.

        The name `…-next` goes first: the step that moves the alias needs it too, so only one of the two can happen.
        """
        if self.created:
            unnamed = [{"remove": {"index": self.target, "alias": self.next, "must_exist": True}}]
            try:
                patiently(self.settings, partial(self.client.indices.update_aliases, actions=unnamed))
            except NotFoundError:
                return False
            patiently(self.settings, partial(self.client.indices.delete, index=self.target, ignore_unavailable=True))
        self.unblock()
        return True

    def check(self) -> Rebuilt:
        """Compare the two versions: how many documents, and a sample of them field by field. Raises `RebuildFailed`."""
        old, new = self._count(self.source), self._count(self.target)
        if old != new:
            raise RebuildFailed(f"{self.source} holds {old:,} documents, {self.target} {new:,}. Nothing has changed")
        at_random = {"function_score": {"random_score": {}, "boost_mode": "replace"}}
        with answering(self.settings):
            sample = self.client.search(index=self.source, query=at_random, size=SAMPLE, version=True)["hits"]["hits"]
            if sample:
                wanted = [{"_id": hit["_id"]} | _routing(hit, "routing") for hit in sample]
                for hit, copy in zip(sample, self.client.mget(index=self.target, docs=wanted)["docs"], strict=True):
                    expected = (hit["_version"], self._document(hit))
                    if not copy.get("found") or (copy["_version"], copy["_source"]) != expected:
                        raise RebuildFailed(
                            f"{hit['_id']} is not in {self.target} as it is in {self.source}. Nothing has changed"
                        )
        return Rebuilt(alias(self.settings, self.name), self.source, self.target, new)

    def actions(self) -> Iterator[dict[str, Any]]:
        """What moves the alias."""
        full = alias(self.settings, self.name)
        yield {"remove": {"index": self.source, "alias": full, "must_exist": True}}
        yield {"remove": {"index": self.target, "alias": self.next, "must_exist": True}}
        yield {"add": {"index": self.target, "alias": full, "is_write_index": True}}

    def _document(self, hit: dict[str, Any]) -> dict[str, Any]:
        source: dict[str, Any] = hit["_source"]
        return source if self.settings.store_text else without_text(self.name, source)

    def _operation(self, hit: dict[str, Any]) -> dict[str, Any]:
        operation = {"_op_type": "index", "_index": self.next, "_id": hit["_id"], "_source": self._document(hit)}
        return operation | _version(hit)

    def _write(self, operations: list[dict[str, Any]]) -> None:
        for operation, answer in zip(operations, send(self.client, self.settings, operations), strict=True):
            if answer.status == CONFLICT or not answer.ok:
                raise RebuildFailed(
                    f"{self.target} refuses {operation['_id']} of {self.source}: {answer.error}. Nothing has changed"
                )

    def _scan(self, index: str, *, size: int = PAGE, **given: Any) -> Iterator[dict[str, Any]]:
        with answering(self.settings):
            yield from helpers.scan(self.client, index=index, size=size, **given)

    def _checkpoints(self) -> dict[str, int]:
        """The write, by shard, up to which all are on every copy of the shard."""
        stats = patiently(self.settings, partial(self.client.indices.stats, index=self.source, level="shards"))
        shards = stats["indices"][self.source]["shards"]
        return {shard: max(copy["seq_no"]["global_checkpoint"] for copy in copies) for shard, copies in shards.items()}

    def _count(self, index: str) -> int:
        return int(patiently(self.settings, partial(self.client.count, index=index))["count"])

    def _refresh(self, index: str) -> None:
        patiently(self.settings, partial(self.client.indices.refresh, index=index))


def _version(hit: dict[str, Any]) -> dict[str, Any]:
    return {"_version": hit["_version"], "_version_type": "external_gte"} | _routing(hit, "_routing")


def _routing(hit: dict[str, Any], name: str) -> dict[str, Any]:
    return {name: hit["_routing"]} if "_routing" in hit else {}
