"""The scripts that set the stack up. What only a full Elasticsearch can answer is played as documented."""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from pipeline.errors import ConfigurationError
from pipeline.settings import Settings
from tests.documents import random_prefix
from tests.stack.scripts import DOCKER, ROOT, script


def make_secrets(folder: Path) -> dict[str, str]:
    subprocess.run([sys.executable, DOCKER / "make_secrets.py", folder], check=True, timeout=60)
    return dict(script("make_secrets").read(folder / "env"))


def test_passwords_are_made_once_for_each_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = make_secrets(tmp_path / ".stack")
    secrets = [value for name, value in first.items() if not name.startswith("STACK_")]
    assert len(set(secrets)) == len(secrets) == 11
    assert min(map(len, secrets)) >= 44
    assert first["STACK_UID"] != "0"
    for path in (tmp_path / ".stack").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert make_secrets(tmp_path / ".stack") == first


def test_a_variable_that_is_new_is_added_and_changes_of_the_user_stay(tmp_path: Path) -> None:
    first = make_secrets(tmp_path / ".stack")
    file = tmp_path / ".stack" / "env"
    lines = [line for line in file.read_text().splitlines() if not line.startswith(("REDIS_", "STACK_ARTICLES"))]
    file.write_text("\n".join([*lines, f"STACK_ARTICLES={tmp_path}", "EXTRA=1"]) + "\n")
    again = make_secrets(tmp_path / ".stack")
    assert again["STACK_ARTICLES"] == str(tmp_path)
    assert again["EXTRA"] == "1"
    assert again["REDIS_PASSWORD"] != first["REDIS_PASSWORD"]
    assert again["ELASTIC_PASSWORD"] == first["ELASTIC_PASSWORD"]


def test_nothing_of_it_is_committed(tmp_path: Path) -> None:
    ignored = subprocess.run(["git", "check-ignore", ".stack/env", ".stack/keys/a"], cwd=ROOT, check=False, timeout=60)
    assert ignored.returncode in {0, 128}  # 128: a copy without git's folder
    assert ".stack/" in (ROOT / ".gitignore").read_text()


@pytest.fixture
def certificates(tmp_path: Path) -> tuple[Path, Path]:
    folders = (tmp_path / "authority", tmp_path / "certificate")
    for folder in folders:
        folder.mkdir()
    subprocess.run(["sh", DOCKER / "certificates.sh", *folders], check=True, timeout=60)
    return folders[0] / "ca.crt", folders[1] / "elasticsearch.crt"


def test_the_certificate_is_good_for_elasticsearch_and_its_authority_signs_nothing_else(
    certificates: tuple[Path, Path],
) -> None:
    authority, certificate = certificates
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for host in ("127.0.0.1", "localhost"):
            url = f"https://{host}:{server.server_address[1]}/nothing"
            assert requests.get(url, verify=str(authority), timeout=30).status_code == 404
            with pytest.raises(requests.exceptions.SSLError):
                requests.get(url, timeout=30)
    finally:
        server.shutdown()
        server.server_close()
    assert b"DNS:elasticsearch" in subprocess.run(
        ["openssl", "x509", "-in", certificate, "-noout", "-ext", "subjectAltName"], capture_output=True, check=True
    ).stdout  # fmt: skip
    keys = [path for path in authority.parents[1].rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert keys == [certificate.with_suffix(".key")]
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o640


def test_certificates_that_are_there_stay(certificates: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in certificates]
    subprocess.run(["sh", DOCKER / "certificates.sh", *(path.parent for path in certificates)], check=True, timeout=60)
    assert [path.read_bytes() for path in certificates] == before


def test_the_key_comes_from_its_file_into_the_environment(tmp_path: Path) -> None:
    key = tmp_path / "pipeline.key"
    command = ["sh", DOCKER / "entrypoint.sh", "sh", "-c", 'echo "key=${WHOSAID_ELASTICSEARCH_API_KEY:-}"']
    environment = {"PATH": "/usr/bin:/bin", "WHOSAID_ELASTICSEARCH_API_KEY_FILE": str(key)}

    def printed() -> str:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout

    assert printed() == "key=\n"
    key.write_text("c2VjcmV0")
    assert printed() == "key=c2VjcmV0\n"


def test_the_keys_may_do_what_the_documentation_says_and_no_more() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    documented = json.loads(re.search(r"The API key needs.*?```json\n(.*?)```", page, re.DOTALL)[1])  # type: ignore[index]
    roles = script("setup").ROLES
    assert roles["pipeline"] == documented
    (reads,) = roles["reader"]["indices"]
    assert roles["reader"]["cluster"] == []
    assert set(reads["privileges"]) == {"read", "view_index_metadata"}
    assert all(one["names"] == ["whosaid-*"] for role in roles.values() for one in role["indices"])


class Security:
    """Elasticsearch's security API as documented, for what the set-up asks; everything else is the local node's."""

    def __init__(self, elasticsearch_url: str, password: str) -> None:
        self.elasticsearch_url, self.password = elasticsearch_url, password
        self.keys: dict[str, dict[str, Any]] = {}
        self.passwords: dict[str, str] = {}

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        given = headers.get("Authorization", "")
        if not path.startswith("/_security/"):
            if given.removeprefix("ApiKey ") not in self.keys:
                return 401, {"error": "missing authentication credentials"}
            sent = {name: headers[name] for name in ("Content-Type", "Accept") if name in headers}
            answer = requests.request(method, f"{self.elasticsearch_url}{path}", data=body, headers=sent, timeout=60)
            return answer.status_code, answer.json() if answer.content else None
        if path == "/_security/_authenticate":
            return (200, {}) if given.removeprefix("ApiKey ") in self.keys else (401, {})
        if given != requests.auth._basic_auth_str("elastic", self.password):
            return 401, {"error": "unable to authenticate user [elastic]"}
        asked = json.loads(body) if body else {}
        if path.endswith("/_password"):
            self.passwords[path.split("/")[3]] = asked["password"]
            return 200, {}
        if method == "GET":
            name = re.search(r"name=([\w-]+)", path)[1]  # type: ignore[index]
            return 200, {"api_keys": [{"id": key} for key, one in self.keys.items() if one["name"] == name]}
        if method == "DELETE":
            for key in asked["ids"]:
                del self.keys[key]
            return 200, {}
        self.keys[encoded := f"key-{len(self.keys)}-{random_prefix()}"] = asked
        return 200, {"id": encoded, "encoded": encoded}


@contextlib.contextmanager
def serving(security: Security) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_all(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = security.answer(self.command, self.path, self.headers, body)
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_all  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_the_set_up_makes_keys_once_and_installs_the_indices_with_the_pipelines_own(
    elasticsearch_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setup = script("setup")
    security = Security(elasticsearch_url, "of elastic")
    environment = {"ELASTIC_PASSWORD": "of elastic", "KIBANA_PASSWORD": "of kibana"}
    with serving(security) as url:
        settings = Settings(elasticsearch_url=url, index_prefix=random_prefix())
        setup.set_up_elasticsearch(settings, environment, tmp_path)
        assert security.passwords == {"kibana_system": "of kibana"}
        roles = {one["name"]: one["role_descriptors"] for one in security.keys.values()}
        assert roles == {f"whosaid-{name}": {f"whosaid-{name}": role} for name, role in setup.ROLES.items()}
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
            "pipeline.key": next(iter(security.keys)), "reader.key": list(security.keys)[1],
        }  # fmt: skip
        assert f"created index {settings.index_prefix}quotes" in capsys.readouterr().out
        before = set(security.keys)
        setup.set_up_elasticsearch(settings, environment, tmp_path)
        assert set(security.keys) == before
        (tmp_path / "reader.key").write_text("lost")
        setup.set_up_elasticsearch(settings, environment, tmp_path)
        assert len(security.keys) == 2
        assert set(security.keys) != before
        with pytest.raises(ConfigurationError, match="401"):
            setup.set_up_elasticsearch(settings, environment | {"ELASTIC_PASSWORD": "another"}, tmp_path)
