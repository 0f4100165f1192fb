"""Files elsewhere: from an S3 server and a web server that really answer, on this machine."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pipeline.article import Article, DeadLetter
from pipeline.errors import PassingFailure, Unreadable
from pipeline.settings import Settings
from pipeline.sources import UNKNOWN_TIME, File, find, read
from pipeline.sources.remote import _server
from tests.sources.packing import tar, zipped

CHANGED = datetime(2024, 5, 2, 18, 0, tzinfo=UTC)


def lines(*texts: str) -> bytes:
    return b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)


def articles(files: list[File]) -> list[str]:
    items = [item for file in files for item in read(file, Settings())]
    return [item.text if isinstance(item, Article) else f"{item.reason}: {item.message}" for item in items]


@pytest.fixture(scope="module")
def s3() -> Iterator[Callable[[str, bytes], None]]:
    """A server that speaks S3, with the bucket `archive`; gives the function that puts a file there."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "reader")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        client.create_bucket(Bucket="archive")
        _server.cache_clear()
        yield lambda key, data: client.put_object(Bucket="archive", Key=key, Body=data) and None
        _server.cache_clear()
    server.stop()


def test_a_folder_in_s3_is_read_like_one_on_disk(s3: Callable[[str, bytes], None]) -> None:
    s3("2024/05/02.jsonl.gz", gzip.compress(lines("Two.", "Three.")))
    s3("2024/05/01.txt", b"One.")
    s3("2024/05/more/03.tar", tar(("a.txt", b"Four."), ("b.txt", b"Five.")))
    s3("2024/05/more/04.zip", zipped(("c.txt", b"Six.")))
    s3("2024/05/.hidden.txt", b"Not this.")
    s3("2024/05/picture.png", b"Nor this.")
    files = list(find(["s3://archive/2024/05"]))
    assert [file.uri for file in files] == [
        "s3://archive/2024/05/01.txt",
        "s3://archive/2024/05/02.jsonl.gz",
        "s3://archive/2024/05/more/03.tar",
        "s3://archive/2024/05/more/04.zip",
    ]
    assert articles(files) == ["One.", "Two.", "Three.", "Four.", "Five.", "Six."]
    assert [file.uri for file in find(["s3://archive/2024/**/*.txt", "s3://archive/2024/05/01.txt"])] == [files[0].uri]
    assert [file.sha256() for file in find([file.uri for file in files])] == [file.sha256() for file in files]


def test_a_bucket_or_path_that_is_not_there_is_named(s3: Callable[[str, bytes], None]) -> None:
    for address in ("s3://archive/nothing", "s3://archive/nothing/*.txt", "s3://no-such-bucket/a.txt"):
        with pytest.raises(Unreadable, match=address.split("*")[0]):
            list(find([address]))


def test_a_server_that_does_not_answer_is_a_passing_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    _server.cache_clear()
    with pytest.raises(PassingFailure, match="s3://archive"):
        list(find(["s3://archive/a.txt"]))
    _server.cache_clear()
    with pytest.raises(PassingFailure, match=r"127\.0\.0\.1"):
        list(find(["http://127.0.0.1:9/a.txt"]))


class Site(BaseHTTPRequestHandler):
    """Answers by what the path says."""

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        body = lines("One.", "Two.")
        if path.startswith("/status/"):
            return self._answer(int(path.split("/")[2].removesuffix(".txt")), b"")
        if path.startswith("/round/"):
            return self._answer(302, b"", Location=self.path)
        if path == "/away.jsonl":  # to this machine by a name that is not the loopback's
            return self._answer(302, b"", Location=f"http://127.0.0.2:{self.server.server_address[1]}/day.jsonl")
        if path == "/turns.jsonl":  # only the request for the content is sent elsewhere
            if self.command == "HEAD":
                return self._answer(200, body)
            return self._answer(302, b"", Location=f"http://127.0.0.2:{self.server.server_address[1]}/day.jsonl")
        if path == "/encoded.jsonl.gz":
            return self._answer(200, gzip.compress(body), **{"Content-Encoding": "gzip"})
        if path == "/moved.jsonl":
            return self._answer(302, b"", Location="/day.jsonl")
        if path == "/silent.jsonl":  # nothing of length or time
            return self._answer(200, body, length=False)
        if path == "/short.jsonl":
            return self._answer(200, body[: len(body) // 2], length=len(body))
        stamp = {"Last-Modified": format_datetime(CHANGED, usegmt=True)}
        return self._answer(200, gzip.compress(body) if path.endswith(".gz") else body, **stamp)

    def _answer(self, status: int, body: bytes, length: bool | int = True, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not False:
            self.send_header("Content-Length", str(len(body) if length is True else length))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
        self.close_connection = True


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """At 127.0.0.1, and at 127.0.0.2 for whoever is sent there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    elsewhere = ThreadingHTTPServer(("127.0.0.2", server.server_port), Site)
    for one in (server, elsewhere):
        threading.Thread(target=one.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    for one in (server, elsewhere):
        one.shutdown()
        one.server_close()


@pytest.mark.parametrize(
    "path", ["/day.jsonl", "/day.jsonl.gz", "/day.jsonl?key=1", "/moved.jsonl", "/silent.jsonl", "/encoded.jsonl.gz"]
)
def test_an_address_is_read_like_a_file(site: str, path: str) -> None:
    (file,) = find([site + path])
    assert articles([file]) == ["One.", "Two."]
    assert file.uri == site + path
    told = "silent" not in path and "encoded" not in path
    assert file.modified == (CHANGED if told else UNKNOWN_TIME)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/status/404.txt", "not there"),
        ("/status/410.txt", "not there"),
        ("/status/403.txt", "not to be read"),
        ("/round/a.txt", "redirects"),
        ("/away.jsonl", "redirects to an address without https"),
    ],
)
def test_an_address_that_cannot_be_read_is_named_with_the_reason(site: str, path: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        list(find([site + path]))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again_later(site: str, status: int) -> None:
    with pytest.raises(PassingFailure, match=str(status)):
        list(find([f"{site}/status/{status}.txt"]))


def test_what_is_cut_off_on_its_way_is_not_taken_for_whole(site: str) -> None:
    (file,) = find([site + "/short.jsonl"])
    with pytest.raises(PassingFailure):
        list(read(file, Settings()))


def test_a_redirect_of_the_content_alone_is_not_followed_away(site: str) -> None:
    (file,) = find([site + "/turns.jsonl"])
    (letter,) = read(file, Settings())
    assert isinstance(letter, DeadLetter)
    assert "without https" in letter.message


def test_no_more_is_taken_than_a_file_may_have(site: str) -> None:
    (file,) = find([site + "/silent.jsonl"])
    (letter,) = read(file, Settings(max_file_bytes=10))
    assert isinstance(letter, DeadLetter)
    assert letter.reason == "too_large"


@pytest.mark.parametrize("address", ["http://news.example/a.txt", "https://reader:word@news.example/a.txt"])
def test_addresses_that_give_something_away_are_refused(address: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        list(find([address]))
    assert "word@" not in str(refusal.value)
