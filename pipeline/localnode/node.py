"""One Elasticsearch process with its data: start, stop, status."""

# ruff: noqa: PLC0415 - what the extra `node` installs is imported where it is used: the rest works without it

from __future__ import annotations

import http.client
import json
import logging
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pipeline.errors import NodeError
from pipeline.localnode import installation, jars, preflight
from pipeline.localnode.command import HOST, java_environment, write_config
from pipeline.localnode.failure import explain

if TYPE_CHECKING:
    import psutil

POLL = 0.1
"""Seconds between two looks at a node that is starting."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """A node as it is now."""

    running: bool
    """Its process lives; it may still be starting."""
    home: Path
    version: str
    """Of Elasticsearch: of the running node, else of the one that would be started."""
    heap: str
    pid: int | None = None
    url: str | None = None
    """Where it answers; nothing while it does not."""
    health: str | None = None
    """`green`, `yellow` or `red`; nothing while it does not answer."""


class LocalNode:
    """A node whose data, configuration and logs lie in `home`.

    Port 0 takes any free port (`url` tells which); `heap` is written as Java does (`512m`, `2g`). Archives are kept in
    `cache`, shared by all nodes of the user; `settings` are further ones of `elasticsearch.yml`. All methods raise
    `NodeError`, with what to do about it.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int = 9200,
        transport_port: int | None = None,
        heap: str = "512m",
        cache: Path | None = None,
        settings: Mapping[str, str | int] | None = None,
    ) -> None:
        preflight.require_extra()
        self.home = Path(home).expanduser().resolve()
        self.port, self.transport_port, self.heap = port, transport_port or 0, heap
        self.cache = cache or installation.default_cache()
        self.settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, timeout: float = 120) -> Status:
        """Start the node and wait until it answers and all its data is readable (the cluster is yellow or green).

        A node that runs in this home already is left as it is, whatever its port and heap. `timeout` is in seconds and
        does not count the download before the very first start.
        """
        try:
            with self._alone():
                if self._running() is None or not self._becomes_ready(timeout):
                    self._launch()
                    if not self._becomes_ready(timeout):
                        reason = explain(self.tail(400), self.log_path, self._exit_status(), self.heap, self.port)
                        self._end(timeout=0)  # only what it left behind
                        raise reason
        except OSError as failure:  # a folder that cannot be written, a full disk
            raise NodeError(f"The node in {self.home} cannot be started: {failure}") from failure
        return self.status()

    def stop(self, *, timeout: float = 30) -> bool:
        """End the node, by force after `timeout` seconds; False when it was not running."""
        if not self.home.is_dir():
            return False
        with self._alone():
            return self._end(timeout)

    def status(self) -> Status:
        """How the node is now."""
        process = self._running()
        if process is None:
            return Status(running=False, home=self.home, version=jars.version(), heap=self.heap)
        record = self._record()
        address = self._address()
        health = _get(address, "/_cluster/health").get("status") if address else None
        return Status(
            running=True,
            home=self.home,
            version=record.get("version", jars.version()),
            heap=record.get("heap", self.heap),
            pid=process.pid,
            url=f"http://{HOST}:{address}" if health else None,
            health=health,
        )

    @property
    def url(self) -> str:
        """Where the node answers, or will once it is started."""
        port = (self._address() if self._running() else None) or self.port
        if not port:
            raise NodeError(f"The node in {self.home} is not running, and will take any free port: start it first.")
        return f"http://{HOST}:{port}"

    @property
    def log_path(self) -> Path:
        """What the node has written since its last start; the start before is in `node.previous.log`."""
        return self.home / "logs" / "node.log"

    def tail(self, lines: int = 50) -> str:
        """The last lines of the log; empty when the node was never started."""
        try:
            with self.log_path.open(encoding="utf-8", errors="replace") as file:
                return "".join(deque(file, lines))
        except FileNotFoundError:
            return ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _alone(self) -> AbstractContextManager[None]:
        """Let one start or stop of this home happen at a time, over all processes."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return installation.only_one(self.home / "lock")

    def _launch(self) -> None:
        """Run Java in a session of its own, so that Ctrl-C in the terminal of the caller does not reach it."""
        preflight.require_memory(self.heap)
        for port in (self.port, self.transport_port):
            preflight.require_free_port(port)
        if stale := self._record():
            log.warning("Process %s ended without being told to: the node recovers its data", stale.get("pid"))
        installed = installation.install(self.cache)
        self._ports_file.unlink(missing_ok=True)
        config = write_config(self.home, port=self.port, transport_port=self.transport_port, settings=self.settings)
        if self.log_path.exists():
            self.log_path.replace(self.log_path.with_name("node.previous.log"))
        with self.log_path.open("wb") as output:
            self._process = subprocess.Popen(
                installed.node_command(config, self.heap),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env=java_environment(),
                start_new_session=True,
            )
        record = {"pid": self._process.pid, "version": installed.version, "heap": self.heap}
        self._record_file.write_text(json.dumps(record), "utf-8")
        log.info("Elasticsearch %s is starting in %s (process %d)", installed.version, self.home, self._process.pid)

    def _becomes_ready(self, timeout: float) -> bool:
        """Wait until all data can be read; False when the process ends instead."""
        deadline = time.monotonic() + timeout
        health = None
        try:
            while health not in ("yellow", "green"):
                if self._running() is None:
                    return False
                if time.monotonic() > deadline:
                    raise self._late(timeout, health)
                time.sleep(POLL)
                if (address := self._address()) is not None:
                    health = _get(address, "/_cluster/health").get("status")
        except BaseException:  # Ctrl-C too
            if health is None:
                self._end(timeout=5)  # of no use to anybody
            raise
        return True

    def _late(self, timeout: float, health: str | None) -> NodeError:
        if health is None:
            return NodeError(
                f"The node did not answer within {timeout:g} s and was ended. Give it more time on a busy machine;"
                f" what it was doing is in {self.log_path}."
            )
        indices = _get(self._address() or 0, "/_cluster/health?level=indices").get("indices", {})
        unreadable = ", ".join(name for name, index in indices.items() if index["status"] == "red")
        return NodeError(
            f"The node answers at {self.url}, but after {timeout:g} s these indices cannot be read: {unreadable}. It is"
            f" left running: /_cluster/allocation/explain says why. A damaged index can be deleted and filled again."
        )

    def _end(self, timeout: float) -> bool:
        import psutil

        if process := self._running():
            try:
                process.terminate()
                process.wait(timeout)
            except psutil.TimeoutExpired:
                log.warning("The node did not end within %g s: it is killed, and recovers when it is started", timeout)
                process.kill()
                process.wait(timeout)
            except psutil.AccessDenied as refusal:
                raise NodeError("The node belongs to another user of this machine, who alone can stop it.") from refusal
        self._exit_status()
        self._record_file.unlink(missing_ok=True)
        self._ports_file.unlink(missing_ok=True)
        return process is not None

    def _running(self) -> psutil.Process | None:
        """The node's process. A recorded id whose process is gone, or has become another program's, is none."""
        import psutil

        try:
            if self._process is not None and self._process.poll() is None:
                # Our own child, sure to be it; just after it was made its command line may still be empty.
                return psutil.Process(self._process.pid)
            process = psutil.Process(self._record()["pid"])
            command = process.cmdline()  # of a process that has ended but was not waited for: empty or an error
        except (KeyError, TypeError, ValueError, psutil.NoSuchProcess):
            return None
        except psutil.AccessDenied:  # another user's, so not one we started
            return None
        return process if command[-1:] == [str(self.home / "config")] else None

    def _record(self) -> dict[str, Any]:
        try:
            record = json.loads(self._record_file.read_text("utf-8"))
        except (OSError, ValueError):  # none, or one that was cut short: the lock of the data folder guards us
            return {}
        return record if isinstance(record, dict) else {}

    def _address(self) -> int | None:
        """The port of the running node, once it listens."""
        try:
            return int(self._ports_file.read_text("utf-8").split()[0].rpartition(":")[2])
        except (OSError, IndexError, ValueError):
            return None

    def _exit_status(self) -> int | None:
        return self._process.poll() if self._process else None

    @property
    def _record_file(self) -> Path:
        return self.home / "node.json"

    @property
    def _ports_file(self) -> Path:
        return self.home / "logs" / "http.ports"


def _get(port: int, path: str) -> dict[str, Any]:
    """The JSON object that the node answers; empty when it does not. No proxy is asked, unlike with most clients."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}
