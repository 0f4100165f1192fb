"""How the page is served: its socket, taken first so that a taken port is told at once, and its server."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp

from pipeline.errors import ConfigurationError

MAX_HEAD = 256 << 10
"""Bytes of a request's head that are read, so that the guard can refuse in words what is much shorter already."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises `ConfigurationError` where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"Port {port} of {host} cannot be listened on: {error.strerror}; pass another --port or --host."
        ) from error
    listening.listen(128)
    return listening


def server(app: ASGIApp) -> uvicorn.Server:
    """What answers on the socket: `server(app).run(sockets=[listen(…)])`."""
    return uvicorn.Server(
        uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
            http="h11", h11_max_incomplete_event_size=MAX_HEAD,
        )
    )  # fmt: skip
