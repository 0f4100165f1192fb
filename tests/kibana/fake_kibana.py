"""A small server that answers as Kibana's saved objects API is documented to: what the client's tests talk to."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Key = tuple[str, str]


@dataclass
class Kibana:
    """What it holds, by space, type and id, and how it is in the mood to answer."""

    url: str
    spaces: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=lambda: {"": {}, "press": {}})
    authorization: str | None = None
    """What a request has to bring."""
    starting: int = 0
    """How many requests are still answered with 503."""
    redirects_to: str | None = None
    version: tuple[int, ...] = (9, 5, 0)
    requests: int = 0

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """Status and body for a POST."""
        self.requests += 1
        parts = urlsplit(path)
        found = re.fullmatch(r"(?:/s/([^/]+))?/api/saved_objects/_import", parts.path)
        if self.starting:
            self.starting -= 1
            return 503, "Kibana server is not ready yet"
        if self.authorization and headers["Authorization"] != self.authorization:
            return 401, _error(401, "Unauthorized")
        if not found:
            return 404, _error(404, "Not Found")
        if not headers["kbn-xsrf"]:
            return 400, _error(400, "Request must contain a kbn-xsrf header.")
        space = found[1] or ""
        if space not in self.spaces:
            return 404, _error(404, f"Saved object [space/{space}] not found")
        name, content = _file(headers, body)
        if not name.endswith(".ndjson"):
            return 400, _error(400, f"Invalid file extension {name}")
        objects = [json.loads(line) for line in content.decode().splitlines()]
        return self._import(self.spaces[space], objects, overwrite="overwrite=true" in parts.query)

    def _import(self, held: dict[Key, dict[str, Any]], objects: list[Any], *, overwrite: bool) -> tuple[int, Any]:
        given = {(one["type"], one["id"]) for one in objects}
        errors, results = [], []
        for one in objects:
            key = one["type"], one["id"]
            meta = {"title": one["attributes"]["title"], "icon": f"{one['type']}App"}
            named = {"type": key[0], "id": key[1], "meta": meta}
            missing = [r for r in one["references"] if (r["type"], r["id"]) not in given | held.keys()]
            if tuple(map(int, one["typeMigrationVersion"].split("."))) > self.version:
                return 422, _error(422, f"Document {one['id']} belongs to a more recent version of Kibana")
            if missing:
                errors.append(named | {"error": {"type": "missing_references", "references": missing}})
            elif key in held and not overwrite:
                errors.append(named | {"error": {"type": "conflict"}})
            else:
                results.append(named | {"managed": False} | ({"overwrite": True} if key in held else {}))
        for one in objects:
            if (one["type"], one["id"]) in {(result["type"], result["id"]) for result in results}:
                held[one["type"], one["id"]] = one
        answer: dict[str, Any] = {"success": not errors, "successCount": len(results), "warnings": []}
        return 200, answer | ({"successResults": results} if results else {}) | ({"errors": errors} if errors else {})


def _error(status: int, message: str) -> dict[str, Any]:
    return {"statusCode": status, "error": message, "message": message}


def _file(headers: Any, body: bytes) -> tuple[str, bytes]:
    """Name and content of the multipart field `file`."""
    message = message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body)
    (part,) = message.get_payload()  # type: ignore[misc]
    assert part.get_param("name", header="content-disposition") == "file"  # type: ignore[union-attr]
    return part.get_filename(), part.get_payload(decode=True)  # type: ignore[union-attr, return-value]


@contextlib.contextmanager
def running() -> Iterator[Kibana]:
    """A server on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kibana.redirects_to:
                self.send_response(302)
                self.send_header("Location", kibana.redirects_to)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, answer = kibana.answer(self.path, self.headers, body)
            content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if isinstance(answer, str) else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kibana = Kibana(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kibana
    finally:
        server.shutdown()
        server.server_close()
