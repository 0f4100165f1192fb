"""Why a node ended instead of starting, read from what it wrote."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from pipeline.errors import NodeError
from pipeline.localnode.preflight import port_taken

NO_MEMORY = r"Could not reserve|Failed to (?:reserve|allocate|commit)|Cannot allocate memory|insufficient memory"
HEAP_TOO_SMALL = r"OutOfMemoryError|Too small maximum heap"
PORT_TAKEN = r"BindHttpException|BindTransportException|Address already in use"
IN_USE = r"failed to obtain node lock"
OTHER_VERSION = r"cannot (?:down|up)grade a node from version"


def explain(output: str, log_path: Path, exit_status: int | None, heap: str, port: int) -> NodeError:
    """The error for a node that wrote `output` and ended with `exit_status` (negative: the signal that ended it)."""

    def wrote(pattern: str) -> bool:
        return re.search(pattern, output) is not None

    if wrote(NO_MEMORY):
        return NodeError(
            f"The system has no memory for a heap of {heap}: end something else, or start with a smaller heap."
        )
    if wrote(HEAP_TOO_SMALL):
        return NodeError(f"A heap of {heap} is too small for the node and its data: start with a larger one.")
    if wrote(PORT_TAKEN):
        return port_taken(port)
    if wrote(IN_USE):
        return NodeError(
            f"Another Elasticsearch uses the data in {log_path.parent.parent}: stop it, or choose another home."
        )
    if wrote(OTHER_VERSION):
        return NodeError(
            f"The data in {log_path.parent.parent} was written by another version of Elasticsearch that this one cannot"
            f" read: start that version, or delete the folder and index again. {log_path} says more."
        )
    if exit_status == -signal.SIGKILL:
        return NodeError(
            f"The system killed the node, most likely for want of memory: start with a smaller heap than {heap},"
            " or end something else."
        )
    lines = "\n".join(line for line in output.splitlines() if not line.startswith("\tat "))[-2000:]
    return NodeError(f"The node ended while starting (exit status {exit_status}). The end of {log_path}:\n{lines}")
