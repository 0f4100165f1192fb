"""Who may correct: whoever knows the token. Signing in leaves a signed cookie; nothing is kept on the server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import ConfigurationError
from pipeline.settings import Settings

COOKIE = "whosaid"
HOURS = 12
"""How long somebody stays signed in."""
NAME = 100
"""Characters of a name."""


class Session(NamedTuple):
    """Somebody who has signed in."""

    csrf: str
    """What each form sends along, to show that it came from this page."""
    name: str | None
    """Who it is, by their own word."""


class Access:
    """Checks tokens and cookies. Another token ends all sessions."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def knows(self, token: str) -> bool:
        """Whether this is the token; takes as long whatever it is."""
        return hmac.compare_digest(hashlib.sha256(token.encode()).digest(), hashlib.sha256(self._token).digest())

    def sign_in(self, response: Response, name: str, *, secure: bool) -> None:
        """Leave a cookie that no script and no other site can use."""
        told = base64.urlsafe_b64encode(name[:NAME].encode(errors="replace")).decode()
        ticket = f"{int(time.time()) + HOURS * 3600}.{secrets.token_urlsafe(12)}.{told}"
        response.set_cookie(
            COOKIE, f"{ticket}.{self._sign('session', ticket)}", max_age=HOURS * 3600,
            httponly=True, samesite="strict", secure=secure,
        )  # fmt: skip

    def session(self, request: Request) -> Session | None:
        """Who asks, or nothing."""
        ticket, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        ends = ticket.partition(".")[0]
        if not same(signature, self._sign("session", ticket)) or not ends.isdecimal() or int(ends) < time.time():
            return None
        name = base64.urlsafe_b64decode(ticket.rpartition(".")[2]).decode(errors="replace")
        return Session(self._sign("form", ticket), name or None)

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._token, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal; takes as long whatever they are."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def token_of(settings: Settings) -> tuple[str, Path | None]:
    """The token, and the file it is kept in unless the setting gives it; the file is made when it is missing.

    Raises `ConfigurationError` where it cannot be made or read.
    """
    if settings.web_token:
        return settings.web_token.get_secret_value(), None
    path = settings.home / "web-token"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24) + "\n")
        except FileExistsError:
            pass
        token = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; set WHOSAID_WEB_TOKEN, or WHOSAID_HOME.") from error
    if len(token) < 16:
        raise ConfigurationError(f"{path} holds no token; delete it, and the next start makes a new one.")
    return token, path
