"""The socket that the page listens on, taken before anything else, so that a taken port is told at once."""

from __future__ import annotations

import socket

from pipeline.errors import ConfigurationError


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
