"""The archives and what is made from them: once, checked, and shared by all nodes of a user."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from elasticsearch import Elasticsearch

from pipeline.errors import NodeError
from pipeline.localnode import LocalNode, jars

MakeNode = Callable[..., LocalNode]
STARTER = """
import sys
from pathlib import Path
from pipeline.localnode import LocalNode
home, cache = map(Path, sys.argv[1:])
print(LocalNode(home, port=0, heap="256m", cache=cache).start().url, flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("no_network")
def test_nodes_started_at_the_same_moment_share_what_one_of_them_makes(
    local_node: MakeNode, archives: Path, tmp_path: Path
) -> None:
    homes = ["one", "two"]
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, tmp_path / home, archives],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for home in homes
    ]
    nodes = [local_node(home, cache=archives) for home in homes]
    urls = [starter.stdout.readline().strip() for starter in starters if starter.stdout]
    assert urls == [node.url for node in nodes]
    assert len(set(urls)) == 2

    for starter in starters:
        os.killpg(starter.pid, signal.SIGINT)  # Ctrl-C in the terminal it was started from
        starter.communicate()
    for url in urls:
        with Elasticsearch(url) as client:
            assert client.cluster.health()["status"] == "green"

    (made,) = archives.glob("elasticsearch-*/built.sha256")
    before = made.stat()
    third = local_node("three", cache=archives)
    third.start()
    assert "aot" not in third.log_path.read_text(), "Java warns of a class cache that it cannot use"
    assert made.stat() == before, "a later node neither compiles nor warms up again"


def damage(folder: Path) -> tuple[jars.Jar, Path]:
    """Cut one archive short, as a full disk or a lost connection does; other links to it stay whole."""
    jar = next(jar for jar in jars.locked() if ":elasticsearch-cli:" in jar.coordinate)
    path = jar.path(folder)
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.unlink()
    path.write_bytes(half)
    return jar, path


def test_a_damaged_archive_is_fetched_again(archives: Path) -> None:
    jar, path = damage(archives / "jars")
    jars.fetch(archives / "jars")
    assert jars.sha256(path) == jar.sha256


@pytest.mark.usefixtures("no_network")
def test_a_damaged_archive_is_named_when_it_cannot_be_fetched_again(local_node: MakeNode, archives: Path) -> None:
    _, path = damage(archives / "jars")
    with pytest.raises(NodeError, match=f"{path.name} is missing from {path.parent} and cannot be downloaded"):
        local_node(cache=archives).start()


@contextmanager
def repository(folder: Path) -> Iterator[str]:
    """A Maven repository on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder))
    Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_an_archive_that_is_not_the_pinned_one_is_refused(
    archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar, path = damage(archives / "jars")
    forged = jar.path(tmp_path / "mirror")
    forged.parent.mkdir(parents=True)
    forged.write_bytes(b"not what was pinned")
    checksum = hashlib.sha1(forged.read_bytes()).hexdigest()  # noqa: S324 - what Maven repositories serve beside a file
    forged.with_name(f"{forged.name}.sha1").write_text(checksum)
    with repository(tmp_path / "mirror") as url:
        (tmp_path / "jgo.conf").write_text(f"[repositories]\ncentral = {url}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "jgo.conf"))
        with pytest.raises(NodeError, match=r"not the archive that jars.lock names.*not used"):
            jars.fetch(archives / "jars")
    assert not path.exists()
