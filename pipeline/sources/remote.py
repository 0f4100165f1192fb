"""Files elsewhere: `s3://`, `gs://` and `https://` addresses, through fsspec (the extra `whosaid[remote]`).

A file is fetched whole into a temporary one when it is first opened, and that goes with the `File`. So no connection
has to outlast the minutes that its articles take, a zip can be read from its end, and the hash costs no second
download. Credentials and endpoints come from where the clouds' own tools take them (`AWS_…`, `GOOGLE_…`).
"""

from __future__ import annotations

import asyncio
import errno
import functools
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from pipeline.errors import ConfigurationError, PassingFailure, Unreadable
from pipeline.settings import Settings
from pipeline.sources.registry import known

logger = logging.getLogger(__name__)

SCHEMES = ("s3", "gs", "https", "http")
LONGEST_FETCH = 3600.0
"""Seconds that one file may take."""
_SILENCE = 60  # seconds without a byte after which a server is given up
_REDIRECTS = 5
_DEEPEST = 100  # folders in folders, as on disk
_PIECE = 1 << 20
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a file whose server does not say when it changed: the same in every run, and older than whatever says it."""

_MISSING = {404, 410}
_FORBIDDEN = {401, 403, 407}
_PASSING_REFUSALS = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file on a server, of which nothing has been fetched yet."""

    uri: str
    size: int
    """Bytes; 0 where the server does not say."""
    modified: datetime
    """UTC."""
    opener: Callable[[], BinaryIO] = field(repr=False, compare=False)


def is_remote(named: str) -> bool:
    """Whether the word names a place elsewhere."""
    return "://" in named and urlsplit(named).scheme in SCHEMES


def find_remote(named: str) -> Iterator[Entry]:
    """The files behind an address: one file, or for `s3://` and `gs://` also a folder or a glob, in sorted order.

    Raises:
        Unreadable: there is nothing, or it may not be read.
        PassingFailure: the server does not answer now.
        ConfigurationError: fsspec or its driver is not installed.
    """
    scheme = _checked(named)
    server = _server(scheme)
    if scheme in ("http", "https"):
        with _told(named):
            yield _entry(server, scheme, server.info(named))
        return
    with _told(named):
        info = _info(server, named)
        if info is None:
            matches = _matches(server, named)
            if not matches:
                raise Unreadable(f"{named}: nothing there; check the spelling of bucket and path")
            yield from (_entry(server, scheme, match) for match in matches)
        elif info["type"] == "file":
            yield _entry(server, scheme, info)
        else:
            passed_over: Counter[str] = Counter()
            yield from _walk(server, scheme, info["name"], passed_over, 0)
            if passed_over:
                suffixes = ", ".join(f"{suffix} ({count})" for suffix, count in sorted(passed_over.items()))
                logger.warning("%s: files passed over, no source reads %s", named, suffixes)


def _checked(named: str) -> str:
    parts = urlsplit(named)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Unreadable(f"{named}: what comes over http can be changed on its way; name it with https://")
    if parts.username or parts.password:
        raise Unreadable(
            f"{parts.scheme}://…@{parts.hostname}: credentials do not belong into an address, which is stored"
        )
    return parts.scheme


@functools.cache
def _server(scheme: str) -> Any:
    """The client for a scheme, with limits; what it lists is not remembered, since archives grow."""
    try:
        import fsspec  # noqa: PLC0415  (the extra `remote`)

        if scheme in ("http", "https"):
            import aiohttp  # noqa: PLC0415

            limits = aiohttp.ClientTimeout(total=LONGEST_FETCH, sock_connect=_SILENCE, sock_read=_SILENCE)
            # A `.gz` stays as it is, whatever the server calls it: what reads it keeps an eye on what it expands to.
            plain = {"timeout": limits, "auto_decompress": False, "headers": {"Accept-Encoding": "identity"}}
            return fsspec.filesystem(scheme, client_kwargs=plain, max_redirects=_REDIRECTS, skip_instance_cache=True)
        if scheme == "s3":
            config = {"connect_timeout": _SILENCE, "read_timeout": _SILENCE, "retries": {"max_attempts": 3}}
            return fsspec.filesystem(scheme, config_kwargs=config, use_listings_cache=False, skip_instance_cache=True)
        return fsspec.filesystem(scheme, use_listings_cache=False, skip_instance_cache=True)
    except ImportError as error:
        raise ConfigurationError(f"{scheme}:// needs more packages: pip install 'whosaid[remote]' ({error})") from error


def _info(server: Any, named: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = server.info(named)
    except FileNotFoundError:
        return None
    return found


def _matches(server: Any, pattern: str) -> list[dict[str, Any]]:
    """What a glob matches, sorted, without what is hidden."""
    found = server.glob(pattern, detail=True) if any(sign in pattern for sign in "*?[") else {}
    return [
        found[path]
        for path in sorted(found)
        if found[path]["type"] == "file" and known(path) and "/." not in f"/{path}"
    ]


def _walk(server: Any, scheme: str, folder: str, passed_over: Counter[str], depth: int) -> Iterator[Entry]:
    """What can be read below a folder, as on disk: its files first, then its folders; one listing is held at a time."""
    if depth > _DEEPEST:
        raise Unreadable(f"{folder[:200]}…: more than {_DEEPEST} folders in one another; name the ones that matter")
    folders = []
    for one in sorted(server.ls(folder, detail=True), key=lambda one: str(one["name"])):
        name = str(one["name"]).rstrip("/").rpartition("/")[2]
        if name.startswith(".") or one["name"].rstrip("/") == folder.rstrip("/"):
            continue
        if one["type"] == "directory":
            folders.append(one["name"])
        elif known(name):
            yield _entry(server, scheme, one)
        else:
            passed_over["." + name.rpartition(".")[2] if "." in name else "without a suffix"] += 1
    for inner in folders:
        yield from _walk(server, scheme, inner, passed_over, depth + 1)


def _entry(server: Any, scheme: str, info: dict[str, Any]) -> Entry:
    name = info["name"] if "://" in info["name"] else f"{scheme}://{info['name']}"
    if "url" in info:
        _check_way(name, [info["url"]])
    size = int(info.get("size") or 0)
    return Entry(name, size, _modified(info), _Fetched(server, name, size).open)


def _check_way(uri: str, way: Iterable[str]) -> None:
    """Refuse redirects that leave https, or for plain http this machine."""
    secure = uri.startswith("https:")
    for step in map(urlsplit, way):
        if step.scheme != "https" and (secure or step.hostname not in _LOOPBACK):
            raise Unreadable(f"{uri}: it redirects to an address without https; name an address that does not")


def _modified(info: dict[str, Any]) -> datetime:
    told = info.get("LastModified") or info.get("updated") or info.get("mtime") or info.get("Last-Modified")
    if isinstance(told, datetime):
        return told.astimezone(UTC)
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = parse(str(told))
        except ValueError:
            continue
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return UNKNOWN_TIME


class _Fetched:
    """A file that is fetched when it is first opened, and kept as long as anybody can open it again."""

    def __init__(self, server: Any, uri: str, size: int) -> None:
        self._server, self._uri, self._size = server, uri, size
        self._copy: Any = None

    def open(self) -> BinaryIO:
        """A reader of its own from the first byte on. Raises `OSError`, `PassingFailure`."""
        if self._copy is None:
            copy = tempfile.NamedTemporaryFile(prefix="whosaid-")  # noqa: SIM115  (it goes with this object)
            with _told(self._uri, gone=True), self._server.open(self._uri, "rb", block_size=self._block) as stream:
                answer = getattr(stream, "r", None)  # over http: the last answer, which knows its way
                if answer is not None:
                    _check_way(self._uri, [str(one.url) for one in (*answer.history, answer)])
                self._fetch(stream, cast(BinaryIO, copy))
            copy.flush()
            self._copy = copy
        return Path(self._copy.name).open("rb")

    @property
    def _block(self) -> int:
        return 0 if self._uri.startswith("http") else 8 << 20  # 0: one request, read as it comes

    def _fetch(self, stream: BinaryIO, copy: BinaryIO) -> None:
        until, got = time.monotonic() + LONGEST_FETCH, 0
        most = 0 if self._size else Settings().max_file_bytes  # where the server does not say how long it is
        while piece := stream.read(_PIECE):
            got += len(piece)
            if self._size and got > self._size:
                raise PassingFailure(f"{self._uri}: more than the {self._size:,} bytes it was said to have; try again")
            if time.monotonic() > until:
                raise PassingFailure(f"{self._uri}: not there after {LONGEST_FETCH:.0f} seconds; try again")
            copy.write(piece)
            if most and got > most:  # enough for `read` to see that it is too large
                return
        if got < self._size:
            raise PassingFailure(f"{self._uri}: ended after {got:,} of {self._size:,} bytes; try again")


@contextmanager
def _told(uri: str, *, gone: bool = False) -> Iterator[None]:
    """Turn what the drivers raise into what the house knows.

    What is missing or forbidden is `Unreadable`, or with `gone` the `OSError` that `read` makes a dead letter of; all
    else may pass. fsspec calls every failure over http a missing file and keeps the truth as its cause.
    """
    try:
        yield
    except (PassingFailure, ConfigurationError):
        raise
    except Unreadable as error:
        if gone:
            raise OSError(errno.EPERM, str(error)) from error
        raise
    except Exception as error:
        number, told = _meaning(error)
        if number is None:
            raise PassingFailure(f"{uri}: {told}; it is tried again later") from error
        if gone:
            raise OSError(number, told) from error
        remedy = "check the address" if number == errno.ENOENT else "check the credentials and what they may read"
        raise Unreadable(f"{uri}: {told}; {remedy}") from error


def _meaning(error: Exception) -> tuple[int | None, str]:
    """The number that an operating system would give, nothing where it may pass, and words for it."""
    inner = (
        error.__cause__ if isinstance(error, FileNotFoundError) and isinstance(error.__cause__, Exception) else error
    )
    status = getattr(inner, "status", None)  # aiohttp's
    if status is None and type(inner).__name__ == "HttpError":  # gcsfs's
        status = getattr(inner, "code", None)
    words = str(inner).strip() or type(inner).__name__
    if type(inner).__name__ in ("NoCredentialsError", "DefaultCredentialsError", "RefreshError"):
        return errno.EACCES, f"no credentials ({words})"
    if type(inner).__name__ == "TooManyRedirects":
        return errno.ELOOP, f"more than {_REDIRECTS} redirects"
    if isinstance(status, int) and status:
        if status in _MISSING:
            return errno.ENOENT, f"not there ({status})"
        if status in _FORBIDDEN:
            return errno.EACCES, f"not to be read ({status})"
        if 400 <= status < 500 and status not in _PASSING_REFUSALS:
            return errno.EPERM, f"refused ({status})"
        return None, f"the server answers {status}"
    if isinstance(inner, FileNotFoundError):
        return errno.ENOENT, "not there"
    if isinstance(inner, PermissionError):
        return errno.EACCES, f"not to be read ({words})"
    if isinstance(inner, asyncio.TimeoutError | TimeoutError):
        return None, "no answer in time"
    return None, words
