"""`whosaid index …`: what is set up in Elasticsearch."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import err, out, settings

app = typer.Typer(help="The indices in Elasticsearch.", no_args_is_help=True)


@app.command("create")
def create() -> None:
    """Install mappings and create the indices; what is there already is checked and left as it is."""
    from pipeline.elastic import connect
    from pipeline.index import schema

    knobs = settings()
    changes = schema.create(connect(knobs), knobs)
    for change in changes:
        out.print(f"created {change.kind} {change.name}")
    if not changes:
        out.print("Everything is there already.")


@app.command("check")
def check() -> None:
    """Compare what is installed with what this version expects; exit status 1 when they differ."""
    from pipeline.elastic import connect
    from pipeline.index import schema

    knobs = settings()
    differences = schema.check(connect(knobs), knobs)
    for difference in differences:
        out.print(str(difference), markup=False)
    out.print("Nothing differs." if not differences else f"{len(differences)} differences.")
    if differences:
        raise typer.Exit(1)


@app.command("sweep")
def sweep(
    grace: Annotated[float, typer.Option(min=0, help="Seconds to wait for writers that are at work.")] = 900,
) -> None:
    """Remove what crashes have left: quotes without their article, and anything of what is taken down."""
    from pipeline.elastic import connect
    from pipeline.index import Takedowns, sweep

    knobs = settings()
    client = connect(knobs)
    taken_down = Takedowns(client, knobs).enforce()
    out.print(f"removed {sweep(client, knobs, grace=grace)} quotes without an article")
    if taken_down.articles or taken_down.quotes:
        out.print(f"removed {taken_down.articles} articles and {taken_down.quotes} quotes that are taken down")


@app.command("rebuild")
def rebuild(
    index: Annotated[list[str] | None, typer.Option(help="Which, instead of articles and quotes; repeatable.")] = None,
    afresh: Annotated[bool, typer.Option("--afresh", help="Clear up after a rebuild that was killed, first.")] = False,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Only delete the versions left from before.")] = False,
) -> None:
    """Copy what is stored into a new version of the indices, check it, and move the aliases there; nobody notices."""
    from pipeline import index as indices
    from pipeline.elastic import connect

    knobs = settings()
    client = connect(knobs)
    if drop_old:
        dropped = indices.drop_old(client, knobs)
        out.print(f"deleted {', '.join(dropped)}" if dropped else "There are no old versions.")
        return
    names = tuple(index or ("articles", "quotes"))
    with err.status("Copying") as line:
        for one in indices.rebuild(client, knobs, names=names, afresh=afresh, progress=line.update):
            out.print(f"{one.alias}: {one.documents:,} documents, now in {one.new}; {one.old} is kept until --drop-old")
