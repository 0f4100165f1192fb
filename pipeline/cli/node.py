"""`whosaid node …`: the local Elasticsearch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import err, out, settings

if TYPE_CHECKING:
    from pipeline.localnode import LocalNode

app = typer.Typer(help="A real Elasticsearch on this machine, for trying out and for tests.", no_args_is_help=True)

Port = Annotated[int, typer.Option(help="HTTP port on 127.0.0.1.")]
Heap = Annotated[str, typer.Option(help="Java heap, such as 512m or 2g.")]
Home = Annotated[Path | None, typer.Option(help="Folder of the node's data and logs.  [default: .whosaid/node]")]


def _node(home: Path | None, port: int = 9200, heap: str = "512m") -> LocalNode:
    from pipeline.localnode import LocalNode

    return LocalNode(home or settings().home / "node", port=port, heap=heap)


@app.command("start")
def start(port: Port = 9200, heap: Heap = "512m", home: Home = None) -> None:
    """Start Elasticsearch and wait until it answers; one that runs already is left as it is."""
    with err.status("Starting Elasticsearch (the first time it is downloaded)"):
        status = _node(home, port, heap).start()
    out.print(f"Elasticsearch {status.version} answers at {status.url} (process {status.pid}, data in {status.home})")


@app.command("stop")
def stop(home: Home = None) -> None:
    """End Elasticsearch; its data stays."""
    out.print("Ended." if _node(home).stop() else "It was not running.")


@app.command("status")
def status(home: Home = None) -> None:
    """Say whether Elasticsearch runs, and where; exit status 1 when it does not answer."""
    status = _node(home).status()
    state = "running" if status.url else "starting" if status.running else "not running"
    out.print(f"Elasticsearch {status.version}: {state}", markup=False)
    for name in ("url", "health", "pid", "heap", "home"):
        if (value := getattr(status, name)) is not None:
            out.print(f"  {name:7} {value}", markup=False)
    if not status.url:
        raise typer.Exit(1)


@app.command("logs")
def logs(lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many.")] = 50, home: Home = None) -> None:
    """Print the end of Elasticsearch's log."""
    out.print(_node(home).tail(lines), markup=False)
