"""What somebody who trains relies on when the corpora are fetched: the very files, or none and why."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from training.data import Part, fetch, locked

TREE = b"1\tHello\thello\tINTJ\tUH\t_\t0\troot\t_\t_\n\n" * 50


@pytest.fixture
def publisher() -> Iterator[tuple[str, dict[str, bytes | str], list[str]]]:
    """A publisher: its address, what it keeps by path (a string sends elsewhere, None dawdles), what it was asked."""
    kept: dict[str, bytes | str] = {}
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            content = kept.get(self.path)
            self.send_response(404 if content is None else 302 if isinstance(content, str) else 200)
            if isinstance(content, str):
                self.send_header("Location", content)
            self.end_headers()
            if isinstance(content, bytes):
                for i in range(0, len(content), 500):
                    if self.path.endswith("slow.conllu"):
                        time.sleep(0.2)
                    self.wfile.write(content[i : i + 500])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", kept, asked
    server.shutdown()
    server.server_close()


def part(name: str, content: bytes = TREE) -> Part:
    return Part(hashlib.sha256(content).hexdigest(), "b10b", len(content), f"gum/{name}", f"them/corpus/v1/dep/{name}")


def test_files_come_from_their_publisher_once(
    tmp_path: Path, publisher: tuple[str, dict[str, bytes | str], list[str]]
) -> None:
    address, kept, asked = publisher
    kept["/them/corpus/v1/dep/a.conllu"] = TREE
    assert list(fetch([part("a.conllu")], tmp_path, address)) == []
    assert list(fetch([part("a.conllu")], tmp_path, address)) == []
    assert (tmp_path / "gum" / "a.conllu").read_bytes() == TREE
    assert len(asked) == 1
    (tmp_path / "gum" / "a.conllu").write_bytes(TREE[:-1])
    assert list(fetch([part("a.conllu")], tmp_path, address)) == []
    assert (tmp_path / "gum" / "a.conllu").read_bytes() == TREE


def test_a_file_that_its_publisher_changed_is_had_by_its_content(
    tmp_path: Path, publisher: tuple[str, dict[str, bytes | str], list[str]]
) -> None:
    address, kept, _ = publisher
    kept["/them/corpus/v1/dep/a.conllu"] = TREE.replace(b"INTJ", b"NOUN")
    kept["/them/corpus/git/blobs/b10b"] = TREE
    assert list(fetch([part("a.conllu")], tmp_path, address)) == []
    assert (tmp_path / "gum" / "a.conllu").read_bytes() == TREE


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (TREE.replace(b"INTJ", b"NOUN"), "is not the file"),
        (TREE + b"more", "has more than"),
        (TREE[:700], "is not the file"),
        ("http://127.0.0.1/elsewhere", "answers 302"),
        (None, "answers 404"),
    ],
)
def test_anything_else_is_refused_and_not_kept(
    tmp_path: Path,
    publisher: tuple[str, dict[str, bytes | str], list[str]],
    answer: bytes | str | None,
    why: str,
) -> None:
    address, kept, _ = publisher
    kept["/them/corpus/v1/dep/good.conllu"] = TREE
    if answer is not None:
        kept["/them/corpus/v1/dep/a.conllu"] = answer
    ((missing, reason),) = fetch([part("a.conllu"), part("good.conllu")], tmp_path, address)
    assert missing.name == "gum/a.conllu"
    assert f"{address}/them/corpus/v1/dep/a.conllu: {why}" in reason
    assert [path.name for path in (tmp_path / "gum").iterdir()] == ["good.conllu"]


def test_a_publisher_that_dawdles_is_left(
    tmp_path: Path, publisher: tuple[str, dict[str, bytes | str], list[str]]
) -> None:
    address, kept, _ = publisher
    kept["/them/corpus/v1/dep/slow.conllu"] = TREE * 2
    ((_, reason),) = fetch([part("slow.conllu", TREE * 2)], tmp_path, address, whole_within=0.3)
    assert "takes too long" in reason
    assert not (tmp_path / "gum").exists()


def test_the_lock_names_each_file_once_and_no_path_outside() -> None:
    names = [part.name for part in locked()]
    assert len(names) == len(set(names)) > 150
    assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]
