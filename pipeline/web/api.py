"""The JSON API: what the page shows, for programs. `/api/openapi.json` describes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from pipeline.search import Count, Hit, to_link
from pipeline.search.completion import Suggestion
from pipeline.search.profile import Profile
from pipeline.search.query import MAX_TEXT, Interval
from pipeline.search.reading import StoredArticle
from pipeline.web.parameters import Parameters


class Fault(BaseModel):
    """What is wrong."""

    status: int
    message: str


class Refusal(BaseModel):
    """The answer to every request that is not served."""

    error: Fault


class Point(BaseModel):
    """A step of the timeline that has quotes."""

    start: date
    quotes: int


class Page(BaseModel):
    """One page of quotes."""

    total: int
    exact: bool
    """False when there are more than `total`."""
    quotes: list[Hit]
    facets: dict[str, list[Count]]
    """The most frequent values of each filter; a filter does not narrow its own facet."""
    interval: Interval
    timeline: list[Point]
    after: str | None
    """Where the next page begins; nothing when this is the last."""


class Search(Parameters):
    """A search, and how much is told of what is found."""

    facet_size: Annotated[int, Query(ge=0, le=100, description="Values of each facet; 0 for none.")] = 0


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "The search cannot be answered as it is asked."},
    413: {"model": Refusal, "description": "More was sent than is read at once."},
    421: {"model": Refusal, "description": "The host in the request is not this one."},
    422: {"model": Refusal, "description": "A parameter cannot be understood."},
    429: {"model": Refusal, "description": "Too many requests; `Retry-After` says when to come back."},
    503: {"model": Refusal, "description": "Elasticsearch does not answer; `Retry-After` says when to come back."},
}
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "There is none."}}
router = APIRouter(prefix="/api", responses=REFUSALS)


@router.get("/quotes")
def quotes(request: Request, parameters: Annotated[Search, Query()]) -> Page:
    """Find quotes. Pages go on with `after`, which the page before gave."""
    result = request.app.state.desk.search(parameters.query())
    return Page(
        total=result.total.quotes,
        exact=result.total.exact,
        quotes=list(result.hits),
        facets={name: list(counts) for name, counts in result.facets.items()},
        interval=result.interval,
        timeline=[Point(start=step.start, quotes=step.quotes) for step in result.timeline],
        after=to_link(result.after) if result.after else None,
    )


@router.get("/names")
def names(
    request: Request,
    begun: Annotated[str, Query(max_length=MAX_TEXT, description="The beginning of a name: `pesk`.")],
    size: Annotated[int, Query(ge=1, le=20)] = 8,
) -> list[Suggestion]:
    """Names that go on like this, those of most quotes first."""
    return list(request.app.state.desk.complete(begun, size=size))


@router.get("/speaker", responses=MISSING)
def speaker(
    request: Request, name: Annotated[str, Query(max_length=MAX_TEXT, description="The canonical name.")]
) -> Profile:
    """Who somebody is, as the register and the articles have it."""
    found: Profile | None = request.app.state.desk.profile(name)
    if found is None:
        raise HTTPException(404, "Nobody is quoted under this name.")
    return found


@router.get("/articles/{article_id}", responses=MISSING)
def article(request: Request, article_id: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]) -> StoredArticle:
    """An article with its quotes and the names in it; offsets are characters of its text, half-open."""
    found: StoredArticle | None = request.app.state.desk.article(article_id)
    if found is None:
        raise HTTPException(404, "No article of this id is in the index.")
    return found
