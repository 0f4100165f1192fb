"""`whosaid delete`: articles go, and stay out."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import err, out, settings
from pipeline.errors import BadQuery

if TYPE_CHECKING:
    from pipeline.index import Decision


def delete(
    url: Annotated[str | None, typer.Option(help="The article at this address.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Every article of this outlet, spelled as in the index.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The article of this id.")] = None,
    reason: Annotated[str | None, typer.Option(help="Kept in the tombstone: a request's number, say.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take articles down: removes all that is stored of them, and keeps them out when their files come again."""
    from pipeline.elastic import connect
    from pipeline.index import Takedowns, create

    stone = _tombstone(url, outlet, id_, reason)
    knobs = settings()
    client = connect(knobs)
    create(client, knobs)
    takedowns = Takedowns(client, knobs)
    articles = takedowns.count(stone)
    if not yes:
        if not sys.stdin.isatty():
            raise BadQuery("Nobody can be asked whether to go on: add --yes to delete without asking.")
        typer.confirm(f"Delete {articles:,} articles with their quotes, and keep them out?", abort=True, err=True)
    removed = takedowns.take_down(stone)
    out.print(
        f"deleted {removed.articles:,} articles, {removed.quotes:,} quotes and {removed.dead_letters:,} dead letters; "
        f"tombstone {stone.id}"
    )
    if not articles:
        err.print("Nothing of it was stored; it will stay out all the same.", style="yellow")


def _tombstone(url: str | None, outlet: str | None, id_: str | None, reason: str | None) -> Decision:
    from pipeline.index import tombstone
    from pipeline.sources import article_id

    if sum(given is not None for given in (url, outlet, id_)) != 1:
        raise BadQuery("Say what to delete: exactly one of --url, --outlet and --id.")
    if url:
        try:
            id_ = article_id(url, None, "")  # an article with an address is known by that alone
        except ValueError as error:
            raise BadQuery(f"{url}: {error}; copy the article's address.") from error
    if not (id_ or outlet):
        raise BadQuery("What to delete is empty.")
    return tombstone(
        article_id=id_.strip().lower() if id_ else None, outlet=outlet, by=getpass.getuser(), reason=reason
    )
