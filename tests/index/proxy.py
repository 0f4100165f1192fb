"""A real HTTP proxy on loopback in front of Elasticsearch: troubles of a network, at the moment a test needs them."""

from __future__ import annotations

import http.client
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Trouble(Enum):
    """Connections lost, before or after Elasticsearch got the request."""

    LOST_REQUEST = auto()
    LOST_ANSWER = auto()


Plan = Callable[[int, int], "Trouble | int | None"]
"""(which bulk request, its bytes) → a trouble, an HTTP status to answer with, or nothing."""


@dataclass(slots=True)
class Proxy:
    url: str
    bulks: list[list[str]] = field(default_factory=list)
    """Ids of each bulk request that Elasticsearch got, in their order."""
    asked: int = 0
    """Bulk requests, those that Elasticsearch never saw among them."""
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and authorization of every request."""


@contextmanager
def proxy(to: str, plan: Plan = lambda nth, size: None, *, forbid: str | None = None) -> Iterator[Proxy]:
    """Stand between; `forbid` is a part of paths that are answered with 403, as for a key that may not."""
    target = urlsplit(to)
    state = Proxy("")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            state.seen.append((self.command, self.path, self.headers.get("authorization")))
            trouble: Trouble | int | None = None
            if "_bulk" in self.path:
                with lock:
                    state.asked += 1
                    trouble = plan(state.asked, len(body))
            if forbid and forbid in self.path:
                trouble = 403
            if trouble is Trouble.LOST_REQUEST:
                self.close_connection = True
                return
            if isinstance(trouble, int):
                self.answer(trouble, {"content-type": "text/plain"}, b"trouble ordered by the test")
                return
            if "_bulk" in self.path:
                state.bulks.append(list(_ids(body)))
            onward = http.client.HTTPConnection(target.hostname or "", target.port)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            onward.request(self.command, self.path, body, headers)
            got = onward.getresponse()
            payload = got.read()
            onward.close()
            if trouble is Trouble.LOST_ANSWER:
                self.close_connection = True
                return
            self.answer(got.status, dict(got.getheaders()), payload)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815  (names of the base class)

        def answer(self, status: int, headers: dict[str, str], payload: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = _Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """Says nothing of workers that are killed while they are answered."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _ids(body: bytes) -> Iterator[str]:
    lines = iter(body.splitlines())
    for line in lines:
        ((kind, action),) = json.loads(line).items()
        yield action["_id"]
        if kind != "delete":
            next(lines)
