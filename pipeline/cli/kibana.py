"""`whosaid kibana …`: dashboards for people."""

from __future__ import annotations

import typer

from pipeline.cli.common import err, out, settings

app = typer.Typer(help="Data views, searches and dashboards in Kibana.", no_args_is_help=True)


@app.callback()
def kibana() -> None:
    """Keeps `import` a command of its own name, though it is the only one."""


@app.command("import")
def import_() -> None:
    """Put data views, searches and dashboards into Kibana, in the place of those of an earlier version."""
    from pipeline.kibana.client import dashboards, import_objects

    knobs = settings()
    with err.status("Importing into Kibana") as line:
        imported = import_objects(knobs, waiting=lambda why: line.update(f"Waiting for Kibana ({why})"))
    for one in imported:
        out.print(f"{'replaced' if one.replaced else 'created'} {one.type} {one.id} “{one.title}”", markup=False)
    for title, address in dashboards(knobs):
        out.print(f"{title}: {address}", markup=False)
