"""Nodes of a test's own, ended with it whatever happens."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.localnode import LocalNode
from pipeline.localnode.installation import default_cache


@pytest.fixture
def local_node(node: LocalNode, tmp_path: Path) -> Iterator[Callable[..., LocalNode]]:
    """Makes nodes with homes below the test's folder (the archives are there, for the session's node runs)."""
    made: list[LocalNode] = []

    def make(name: str = "home", **options: object) -> LocalNode:
        made.append(LocalNode(tmp_path / name, **{"port": 0, "heap": "256m", **options}))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def archives(node: LocalNode, tmp_path: Path) -> Path:
    """A cache that holds the archives and nothing made from them; damaging it harms no other."""
    cache = tmp_path / "cache"
    shutil.copytree(default_cache() / "jars", cache / "jars", copy_function=os.link)
    return cache


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request goes to a proxy where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
