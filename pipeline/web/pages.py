"""The pages: search, a speaker, an article; and the rows of a search to take away."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pipeline.errors import BadQuery
from pipeline.search import Result, to_link
from pipeline.search.completion import Suggestion
from pipeline.search.desk import Desk
from pipeline.search.request import FACETS
from pipeline.web import downloads
from pipeline.web.marking import paragraphs, voice_of, voices
from pipeline.web.parameters import Parameters, read
from pipeline.web.pictures import bars, timeline, world
from pipeline.web.rendering import page
from pipeline.web.state import State
from pipeline.web.words import value_label

router = APIRouter(include_in_schema=False)

FACET_SIZE = 60
"""Values of each facet that are counted: the map wants more countries than the side shows."""
SHOWN = 20
"""Values of each facet at the side, most of them folded away."""
LINKED = 500
"""Characters of a value that may stand in a link."""
QUOTES_OF_A_SPEAKER = 10
MAPS = ("speaker_countries", "countries")


def desk(request: Request) -> Desk:
    """Where questions are answered."""
    found: Desk = request.app.state.desk
    return found


def base(request: Request) -> dict[str, Any]:
    """What every page is filled with."""
    session = request.app.state.access.session(request)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return {"signed_in": session is not None, "csrf": session.csrf if session else "", "here": here}


@router.get("/")
def search(request: Request) -> Response:
    """Quotes, with whatever narrows them further."""
    items = request.query_params.multi_items()
    if any(not value.strip() for _, value in items):  # a form sends its empty fields too; a link is better without
        kept = State(tuple((name, value) for name, value in items if value.strip()))
        return RedirectResponse(kept.url(), status_code=303)
    mapped = request.query_params.get("map")
    context = base(request) | {"map_of": mapped if mapped in MAPS else MAPS[0]}
    try:
        parameters = read(items)
        result = desk(request).search(parameters.query(facet_size=FACET_SIZE))
    except BadQuery as error:
        asked = State(tuple((name, value) for name, value in items if name in Parameters.model_fields))
        return page("search.html", status=400, **context, state=asked, result=None, fault=str(error))
    state = State.of(parameters)
    if mapped in MAPS:
        state = state.with_(map=mapped)
    suggestions: tuple[Suggestion, ...] = ()
    if not result.hits and parameters.speaker and not parameters.after:
        suggestions = desk(request).complete(parameters.speaker, size=5)
    return page(
        "search.html",
        **context,
        state=state,
        result=result,
        fault=None,
        suggestions=suggestions,
        facets={name: _facet(result, state, name) for name in FACETS},
        steps=_steps(result, state),
        shapes=world(result.facets[context["map_of"]], lambda code: state.toggled(context["map_of"], code).url()),
        next=state.at(to_link(result.after)).url() if result.after else None,
    )


def _facet(result: Result, state: State, name: str) -> Any:
    chosen = state.values(name)
    counted = {count.value: count.quotes for count in result.facets[name]}
    values = list(dict.fromkeys((*chosen, *counted)))[:SHOWN]  # what is chosen stands first
    return bars(
        (
            value_label(name, value),
            counted.get(value, 0),
            state.toggled(name, value).url() if len(value) <= LINKED else "",
            value in chosen,
        )
        for value in values
    )


def _steps(result: Result, state: State) -> Any:
    return timeline(result.timeline, result.interval, lambda first, last: state.with_(since=first, until=last).url())


@router.get("/speaker")
def speaker(request: Request, name: str = "") -> Response:
    """Who somebody is: over time, about whom and which countries, by which outlets."""
    if not name or len(name) > LINKED:
        raise HTTPException(404, "Name a speaker: /speaker?name=…")
    who = desk(request).profile(name)
    if who is None:
        raise HTTPException(404, f"Nobody is quoted under the name {name[:100]!r}. Search for a part of it.")
    state = State((("speakers", name),))
    result = desk(request).search(Parameters(speakers=[name], size=QUOTES_OF_A_SPEAKER).query(facet_size=FACET_SIZE))
    return page(
        "speaker.html",
        **base(request),
        who=who,
        state=state,
        result=result,
        facets={name: _facet(result, state, name)[:10] for name in ("actors", "countries", "outlets", "kinds")},
        steps=_steps(result, state),
        shapes=world(result.facets["countries"], lambda code: state.toggled("countries", code).url()),
    )


@router.get("/article/{article_id}")
def article(request: Request, article_id: str) -> Response:
    """An article with every quote, speaker, actor and place marked."""
    found = desk(request).article(article_id) if re.fullmatch(r"[0-9a-f]{64}", article_id) else None
    if found is None:
        raise HTTPException(404, "No article of this address is in the index; it may have been taken out.")
    heard = voices(found.quotes)
    by_name = {voice.name: voice for voice in heard}
    return page(
        "article.html",
        **base(request),
        article=found,
        voices=heard,
        voice_of_quote=[by_name[voice_of(quote.hit)] for quote in found.quotes],
        speaking={voice.name: voice for voice in heard if voice.named},
        paragraphs=list(paragraphs(found.text, found.quotes, found.mentions)) if found.text else None,
    )


@router.get("/download.csv")
def download_csv(request: Request) -> Response:
    """The rows of a search as CSV."""
    return _download(request, "csv", "text/csv; charset=utf-8")


@router.get("/download.jsonl")
def download_jsonl(request: Request) -> Response:
    """The rows of a search as JSON Lines."""
    return _download(request, "jsonl", "application/jsonl")


def _download(request: Request, kind: str, media_type: str) -> Response:
    parameters = read(request.query_params.multi_items())
    hits = downloads.hits(desk(request), parameters)
    lines = downloads.csv_lines(hits) if kind == "csv" else downloads.json_lines(hits)
    name = f'attachment; filename="whosaid-quotes.{kind}"'
    return StreamingResponse(lines, media_type=media_type, headers={"Content-Disposition": name})
