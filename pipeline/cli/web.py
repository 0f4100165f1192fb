"""`whosaid web`: the page to search on."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import typer

from pipeline.cli.common import err, out, settings
from pipeline.errors import ConfigurationError


def web(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is all of them.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 8080,
) -> None:
    """Serve the page to search on and to correct, with its API; on this machine only unless told otherwise."""
    try:
        from pipeline.corrections import Corrections
        from pipeline.elastic import connect
        from pipeline.web import create_app, soon
        from pipeline.web.access import token_of
        from pipeline.web.guard import own_names
        from pipeline.web.listening import listen, server
    except ImportError as error:
        raise ConfigurationError(f"The page needs {error.name}: pip install 'whosaid[web]'") from error

    knobs = settings()
    # Connects with the first correction, and again with the next one where that failed.
    door = cache(lambda: Corrections(connect(soon(knobs)), soon(knobs)))
    token, kept_in = token_of(knobs)
    app = create_app(knobs, token=token, corrections=door, hosts=own_names(host))
    socket = listen(host, port)
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - only compared with
    out.print(f"Whosaid answers at http://{shown}:{socket.getsockname()[1]}/ (Ctrl-C ends it)", markup=False)
    if kept_in:
        out.print(f"The token for correcting is in {kept_in}", markup=False)
    if host not in {"127.0.0.1", "localhost", "::1"}:
        err.print(
            "It can be reached from other machines: put a proxy with TLS before it (docs/web.md).", style="yellow"
        )
    server(app).run(sockets=[socket])
