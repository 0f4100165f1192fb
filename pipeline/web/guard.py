"""What every request passes before anything is done for it, and what every answer carries."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.refusals import refusal

log = logging.getLogger(__name__)

MAX_BODY = 64 << 10
"""Bytes of a form or of a JSON body."""
TOO_MUCH = f"More than {MAX_BODY:,} bytes were sent; send less at once."
MAX_QUERY = 16 << 10
"""Bytes behind the `?`."""
CLIENTS = 10_000
"""Addresses that are remembered; those that have not asked for longest are forgotten."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses foreign hosts, too large and too many requests; adds the headers that keep a browser in bounds."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], per_minute: int) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._quota = Quota(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer[name] = value
                answer.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        refused = self._refused(scope, headers)
        if refused:
            await refusal(scope, *refused)(scope, receive, guarded)
            return
        try:
            await self._app(scope, _limited(receive), guarded)
        except Exception:
            log.exception("%s", scope["path"])
            if begun:
                raise
            await refusal(scope, 500, "The log of the page says what. Try again.")(scope, receive, guarded)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = name_of(headers.get("host", ""))
        if host not in self._hosts:
            return 421, f"This page is not served under the name {host[:100]!r}; add it to WHOSAID_WEB_HOSTS."
        if len(scope["query_string"]) > MAX_QUERY:
            return 400, f"The address is longer than {MAX_QUERY:,} bytes; search for less at once."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return 413, TOO_MUCH
        client = scope.get("client")
        if not self._quota.take(client[0] if client else ""):
            return 429, f"More than {self._quota.per_minute:,} requests in a minute; wait a moment."
        return None


def _limited(receive: Receive) -> Receive:
    """`receive` for a body that does not say its length: raises what is answered to one that goes beyond the limit."""
    left = MAX_BODY

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, TOO_MUCH)
        return message

    return limited


def name_of(host: str) -> str:
    """The name in a `Host` header, without port and in lower case."""
    name = host.lower().partition("]")[0] + "]" if host.startswith("[") else host.lower().partition(":")[0]
    return name.rstrip(".")


def own_names(bound: str) -> set[str]:
    """The names under which a server bound to this address may be asked for."""
    names = {"localhost", "127.0.0.1", "[::1]"}
    try:
        address = ipaddress.ip_address(bound)
    except ValueError:
        return names | {bound.lower()}
    return names if address.is_unspecified else names | {f"[{bound}]" if address.version == 6 else bound}


class Quota:
    """So many requests a minute for each address, a burst of as many at once (a token bucket). 0 sets no limit."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str) -> bool:
        """Whether this address may ask once more."""
        if not self.per_minute:
            return True
        now = time.monotonic()
        with self._lock:
            left, then = self._left.pop(client, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - then) * self.per_minute / 60)
            allowed = left >= 1
            self._left[client] = (left - allowed, now)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        return allowed
