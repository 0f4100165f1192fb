"""The faults, each a function that ingests the archive, lets one thing go wrong at a drawn moment and returns the run.

Nobody puts anything right before it is compared but the run itself, tried again as Airflow does, or the next run.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from pipeline.account import Account
from pipeline.ingest import ingest
from pipeline.orchestration.archive import ingest_shards
from pipeline.settings import Settings
from tests.faults.scene import Scene, broken_line, struck, worker

Run = tuple[Settings, Account, int]
"""Settings by which the index is found again, the account of the run that completed, and how many tries it took."""


def node_killed(scene: Scene, moment: random.Random) -> Run:
    """SIGKILL in the middle of a bulk request, and started again."""
    settings = scene.settings()

    def strike() -> None:
        os.kill(_pid(scene), signal.SIGKILL)
        scene.node.start()

    with struck(settings, moment, strike) as behind:
        return settings, *scene.ingest(behind)


def node_frozen(scene: Scene, moment: random.Random) -> Run:
    """SIGSTOP for longer than a request waits: the request is sent again, and done twice once the node wakes."""
    settings = scene.settings()

    def strike() -> None:
        os.kill(_pid(scene), signal.SIGSTOP)
        time.sleep(30 if scene.long else 5)
        os.kill(_pid(scene), signal.SIGCONT)

    with struck(settings, moment, strike) as behind:
        return settings, *scene.ingest(behind)


def disk_full(scene: Scene, moment: random.Random) -> Run:
    """No file of the node may grow until its translog has failed under a write, and a while longer."""
    settings = scene.settings()
    pid = _pid(scene)
    free = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    felt = threading.Event()  # heard from who waits here: the node's own log is a file that cannot grow either

    def strike() -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1 << 14, free[1]))
        felt.clear()
        try:
            felt.wait(60)
            time.sleep(10 if scene.long else 1)
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, free)
        _reroute(scene)

    ear = logging.Handler()
    ear.emit = lambda record: felt.set() if "trying again" in record.getMessage() else None  # type: ignore[method-assign]
    waiting = logging.getLogger("pipeline.index")
    waiting.addHandler(ear)
    try:
        with struck(settings, moment, strike) as behind:
            account, tries = scene.ingest(behind)
    finally:
        waiting.removeHandler(ear)
    assert felt.is_set()
    return settings, account, tries


def write_queue_full(scene: Scene, moment: random.Random) -> Run:
    """Eight shards write through one thread with a queue of one: most items of a bulk request are refused with 429."""
    settings = scene.settings().model_copy(update={"shards": 8, "batch_size": moment.randrange(10, 60)})
    before = _refusals(scene)
    account, tries = scene.ingest(settings)
    assert _refusals(scene) > before
    return settings, account, tries


def worker_killed(scene: Scene, moment: random.Random) -> Run:
    """SIGKILL in the middle of a chunk; the task is tried again and reads no finished shard twice."""
    settings = scene.settings()
    processes = []
    with struck(settings, moment, lambda: processes[0].kill()) as behind:  # noqa: PLW0108  (it is made below)
        processes.append(worker(scene, behind))
        assert processes[0].wait(120) == -signal.SIGKILL
    counts = ingest_shards([str(path) for path in scene.shards], settings)
    assert counts.pop("shards") == len(scene.shards)
    return settings, Account(**counts), 2


def same_shards_twice(scene: Scene, moment: random.Random) -> Run:
    """Two workers ingest the same shards at once."""
    settings = scene.settings()

    def late(seconds: float) -> tuple[Account, int]:
        time.sleep(seconds)
        return scene.ingest(settings)

    with ThreadPoolExecutor(2) as pool:
        (account, tries), (other, _) = pool.map(late, (0, moment.uniform(0, 0.3)))
    assert other.read == scene.articles
    return settings, account, tries


def clock_set_back(scene: Scene, moment: random.Random) -> Run:
    """A run that meets a broken line and is killed; its repetition, with the line mended, two days earlier."""
    library = _libfaketime()
    settings = scene.settings()
    with (
        broken_line(scene.shards[0]),
        pytest.raises(KeyboardInterrupt),
        struck(settings, moment, lambda: None) as behind,
    ):
        ingest(scene.shards, behind, enricher=scene.enricher, progress=_interrupt)
    back = worker(scene, settings, LD_PRELOAD=str(library), FAKETIME="-2d", FAKETIME_DONT_FAKE_MONOTONIC="1")
    assert back.wait(120) == 0
    return settings, Account(read=scene.articles, unchanged=scene.articles), 2


FAULTS: dict[str, Callable[[Scene, random.Random], Run]] = {
    fault.__name__: fault
    for fault in (
        write_queue_full, same_shards_twice, worker_killed, node_frozen, disk_full, clock_set_back, node_killed
    )
}  # fmt: skip


def _libfaketime() -> Path:
    named = filter(None, [os.environ.get("LIBFAKETIME")])
    for library in [*map(Path, named), *Path("/usr/lib").glob("*/faketime/libfaketime.so.1")]:
        return library
    pytest.skip("libfaketime is not installed: `apt-get install libfaketime`, or name its file in LIBFAKETIME")


def _interrupt(account: Account, file: object) -> None:
    if account.read >= 60:
        raise KeyboardInterrupt


def _reroute(scene: Scene) -> None:
    """What an operator does who made room, until every shard is back: Elasticsearch gives up after five failures.

    Once is not enough: the fifth may come to light after it.
    """
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with contextlib.suppress(requests.RequestException):
            requests.post(f"{scene.node.url}/_cluster/reroute?retry_failed=true&metric=none", timeout=30)
            health = f"{scene.node.url}/_cluster/health?wait_for_status=yellow&wait_for_events=languid&timeout=2s"
            if requests.get(health, timeout=30).ok:  # 408 when it waited in vain
                return
        time.sleep(0.5)
    raise AssertionError("shards are lost although there is room again")


def _pid(scene: Scene) -> int:
    pid = scene.node.status().pid
    assert pid
    return pid


def _refusals(scene: Scene) -> int:
    answer = requests.get(f"{scene.node.url}/_nodes/stats/thread_pool", timeout=30).json()
    (node,) = answer["nodes"].values()
    return int(node["thread_pool"]["write"]["rejected"])
