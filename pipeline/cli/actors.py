"""Who is who: `whosaid actors …`."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from pipeline.cli.common import out, settings

app = typer.Typer(help="Everybody who is quoted or mentioned, and who is one with whom.", no_args_is_help=True)

By = Annotated[str | None, typer.Option("--by", help="Who decides it.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why.")]


@app.command("update")
def update() -> None:
    """Gather all actors that articles and quotes hold into the index of actors. Run it after ingestion."""
    from pipeline.actors.register import of_settings
    from pipeline.elastic import connect
    from pipeline.index import create
    from pipeline.index.actors import ActorIndex
    from pipeline.whoswho import update

    knobs = settings()
    client = connect(knobs)
    create(client, knobs)
    out.print(f"{update(ActorIndex(client, knobs), of_settings(knobs)):,} actors")


@app.command("review")
def review(most: Annotated[int, typer.Option("--size", min=1, help="How many pairs to list.")] = 50) -> None:
    """List actors that may be one, for `whosaid actors same` or `whosaid actors different` to decide."""
    from pipeline.duplicates import likely
    from pipeline.elastic import connect
    from pipeline.index import Decisions
    from pipeline.index.actors import ActorIndex
    from pipeline.whoswho import decided, told_apart

    knobs = settings()
    client = connect(knobs)
    index, decisions = ActorIndex(client, knobs), Decisions(client, knobs)
    gone = decided(decisions)
    actors = (actor for actor in index.all() if actor["id"] not in gone)
    listed = 0
    for pair in islice(likely(actors, index.company, told_apart(decisions)), most):
        listed += 1
        for actor in (pair.keep, pair.other):
            seen = f"{actor['quote_count']:,} quotes, {actor['article_count']:,} articles"
            out.print(
                f"{actor['name']} ({', '.join(actor.get('roles_told', [])[:2]) or 'no role'}; {seen})", markup=False
            )
        out.print(f"  {pair.why}: whosaid actors same {pair.keep['id']} {pair.other['id']}\n", markup=False)
    if not listed:
        out.print("Nobody looks like anybody else.")


@app.command("same")
def same(
    keep: Annotated[str, typer.Argument(help="Id of the one whose name and id stay.")],
    other: Annotated[str, typer.Argument(help="Id of the one who is the same.")],
    by: By = None,
    reason: Reason = None,
) -> None:
    """Decide that two ids are one actor. Every later run honours it; `apply` changes what is indexed."""
    from pipeline.actors.register import of_settings
    from pipeline.elastic import connect
    from pipeline.index import Decisions
    from pipeline.index.actors import ActorIndex
    from pipeline.whoswho import decide_same

    knobs = settings()
    client = connect(knobs)
    decide_same(
        ActorIndex(client, knobs), Decisions(client, knobs), of_settings(knobs), keep, other, by=by, reason=reason
    )
    out.print(f"{other} is {keep}. `whosaid actors apply` changes what is indexed.", markup=False)


@app.command("different")
def different(one: str, other: str, by: By = None, reason: Reason = None) -> None:
    """Decide that two ids are two actors: the review does not list them again."""
    from pipeline.elastic import connect
    from pipeline.index import Decision, Decisions
    from pipeline.whoswho import DIFFERENT

    knobs = settings()
    decision = Decision(DIFFERENT, actor_id=(one, other), by=by, reason=reason)
    Decisions(connect(knobs), knobs).record([decision])
    out.print(f"{one} is not {other}.", markup=False)


@app.command("apply")
def apply() -> None:
    """Put what was decided into the articles and quotes that are indexed, then gather the actors anew."""
    from pipeline.actors.register import of_settings
    from pipeline.corrections.replay import Replay
    from pipeline.elastic import connect
    from pipeline.index import create
    from pipeline.index.actors import ActorIndex
    from pipeline.whoswho import update

    knobs = settings()
    client = connect(knobs)
    create(client, knobs)
    changed = Replay(client, knobs).actors().changed
    actors = update(ActorIndex(client, knobs), of_settings(knobs))
    out.print(f"{changed:,} articles changed, {actors:,} actors")
