"""Who said what: `whosaid search`, `speakers` and `show`."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import options
from pipeline.cli.common import err, out, settings
from pipeline.errors import BadQuery

if TYPE_CHECKING:
    from pipeline.search import Query


def search(
    speaker: options.Speaker = None,
    role: options.Role = None,
    speaker_kinds: options.SpeakerKinds = None,
    countries: options.Countries = None,
    said: options.Said = None,
    about: options.About = None,
    mentions: options.Mentions = None,
    mentioned_countries: options.MentionedCountries = None,
    kinds: options.Kinds = None,
    acts: options.Acts = None,
    negated: options.Negated = None,
    min_confidence: options.MinConfidence = None,
    outlets: options.Outlets = None,
    outlet_countries: options.OutletCountries = None,
    since: options.Since = None,
    until: options.Until = None,
    fold: options.Fold = False,
    stories: options.Stories = None,
    sort: Annotated[str | None, typer.Option(help="date, oldest or relevance.")] = None,
    size: Annotated[int, typer.Option(help="Quotes at most, up to 100.")] = 20,
    after: Annotated[str | None, typer.Option(metavar="PAGE", help="Go on where a page ended.")] = None,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count what is found, by speaker, country, outlet …")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is found, as --csv or --json.")] = False,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
) -> None:
    """Find quotes: who said what, where and when."""
    from pipeline.search import Query, from_link

    query = Query(
        speaker=speaker, role=role, said=said, about=about, mentions=mentions, negated=negated, fold=fold,
        min_confidence=min_confidence, since=options.day(since), until=options.day(until),
        speaker_kinds=options.values(speaker_kinds), speaker_countries=options.values(countries),
        countries=options.values(mentioned_countries), kinds=options.values(kinds), acts=options.values(acts),
        outlets=options.values(outlets), outlet_countries=options.values(outlet_countries),
        stories=options.values(stories), sort=_sort(sort), size=size, facet_size=10 if facets else 0,
        after=from_link(after) if after else None,
    )  # fmt: skip
    if as_json and as_csv:
        raise BadQuery("--json and --csv exclude one another")
    if everything:
        _export(query, as_json=as_json, as_csv=as_csv)
    else:
        _page(query, as_json=as_json, as_csv=as_csv)


def _sort(word: str | None) -> Any:
    from pipeline.search import Sort

    try:
        return Sort(word) if word else None
    except ValueError:
        raise BadQuery(f"--sort is {word}; it is one of {', '.join(Sort)}") from None


def _page(query: Query, *, as_json: bool, as_csv: bool) -> None:
    from pipeline.cli.printing import print_facets, print_quotes
    from pipeline.elastic import connect
    from pipeline.search import search, to_link
    from pipeline.search.export import COLUMNS
    from pipeline.spreadsheet import line

    knobs = settings()
    result = search(connect(knobs), knobs, query)
    if as_json:
        for hit in result.hits:
            sys.stdout.write(_json(hit))
    elif as_csv:
        sys.stdout.write(line(COLUMNS))
        sys.stdout.writelines(line(getattr(hit, name) for name in COLUMNS) for hit in result.hits)
    else:
        print_quotes(out, result)
        print_facets(out, result)
    if result.after:
        err.print(f"go on with --after {to_link(result.after)}", style="dim", markup=False)


def _export(query: Query, *, as_json: bool, as_csv: bool) -> None:
    from pipeline.cli.exporting import export
    from pipeline.elastic import connect

    if not (as_json or as_csv):
        raise BadQuery("--all prints everything that is found: add --csv or --json")
    knobs = settings()
    export(connect(knobs), knobs, query, sys.stdout, err, as_json=as_json)


def speakers(
    name: Annotated[str | None, typer.Argument(help="Words of any of their names.")] = None,
    role: options.Role = None,
    speaker_kinds: options.SpeakerKinds = None,
    countries: options.Countries = None,
    said: options.Said = None,
    about: options.About = None,
    outlets: options.Outlets = None,
    since: options.Since = None,
    until: options.Until = None,
    fold: options.Fold = False,
    size: Annotated[int, typer.Option(min=1, max=100, help="Speakers at most.")] = 20,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
) -> None:
    """List who is quoted most, and with how many quotes."""
    from pipeline.cli.printing import print_voices
    from pipeline.elastic import connect
    from pipeline.search import Query
    from pipeline.search.names import similar
    from pipeline.search.speakers import Voice, speakers
    from pipeline.spreadsheet import line

    query = Query(
        speaker=name, role=role, said=said, about=about, fold=fold, since=options.day(since), until=options.day(until),
        speaker_kinds=options.values(speaker_kinds), speaker_countries=options.values(countries),
        outlets=options.values(outlets), facet_size=size,
    )  # fmt: skip
    knobs = settings()
    client = connect(knobs)
    found = speakers(client, knobs, query)
    if as_json:
        sys.stdout.writelines(map(_json, found))
    elif as_csv:
        columns = [field.name for field in dataclasses.fields(Voice)]
        sys.stdout.write(line(columns))
        sys.stdout.writelines(line(getattr(voice, column) for column in columns) for voice in found)
    else:
        print_voices(out, found, similar(client, knobs, name) if name and not found else ())


def show(
    article: Annotated[str, typer.Argument(help="Its address or id, or the id of one of its quotes.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as one JSON object.")] = False,
) -> None:
    """Show an article with its quotes marked in the text."""
    from pipeline.cli.showing import print_article
    from pipeline.elastic import connect
    from pipeline.search.reading import read_article
    from pipeline.sources import article_id

    try:
        wanted = article_id(article, None, "") if "://" in article else article.partition(":")[0].strip().lower()
    except ValueError as error:
        raise BadQuery(f"{article}: {error}; copy the article's address") from error
    knobs = settings()
    stored = read_article(connect(knobs), knobs, wanted) if wanted else None
    if stored is None:
        raise BadQuery(f"There is no article {article}; `whosaid search --json` gives the ids of what is found")
    if as_json:
        sys.stdout.write(_json(stored))
    else:
        print_article(out, stored)


def _json(found: Any) -> str:
    return json.dumps(dataclasses.asdict(found), default=str, ensure_ascii=False) + "\n"
