"""Correcting for programs: the same door as the page's, behind the same token as a bearer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from pipeline.article import Span
from pipeline.corrections import OF_READERS, Change, Corrections, told
from pipeline.web.api import REFUSALS, Refusal

Words = Annotated[str, Field(min_length=1, max_length=500)]
QuoteId = Annotated[str, Field(max_length=200, description="A quote's `id`.")]
ActorId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]*$")]


class _Correction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: Words | None = None
    reason: Words | None = None


class WrongSpeaker(_Correction):
    """Somebody else said it; nobody who is named, with neither name nor id."""

    kind: Literal["speaker"]
    quote_id: QuoteId
    name: Words | None = None
    actor_id: ActorId | None = None


class Piece(BaseModel):
    """Characters of the article's text, half-open."""

    start: int = Field(ge=0, le=10_000_000)
    end: int = Field(ge=0, le=10_000_000)


class WrongExtent(_Correction):
    """It begins and ends elsewhere."""

    kind: Literal["extent"]
    quote_id: QuoteId
    pieces: list[Piece] = Field(min_length=1, max_length=100)


class NoQuote(_Correction):
    """It is no quote."""

    kind: Literal["no_quote"]
    quote_id: QuoteId


class SameActor(_Correction):
    """Two ids are one actor, who keeps the name of the first."""

    kind: Literal["same_actor"]
    keep_id: ActorId
    other_id: ActorId


Correction = Annotated[WrongSpeaker | WrongExtent | NoQuote | SameActor, Field(discriminator="kind")]


class Corrected(BaseModel):
    """A correction that was made."""

    id: str
    told: str
    """In words."""
    made_at: datetime
    undone: bool
    article_id: str | None
    quote_id: str | None
    """Of the quote as it stood when it was corrected, or as it stands now when it has just been."""


bearer = HTTPBearer(auto_error=False, description="The token that `whosaid web` tells of when it starts.")


def _signed(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Corrections:
    if given is None or not request.app.state.access.knows(given.credentials):
        raise HTTPException(401, "Send the token: `Authorization: Bearer …`.", {"WWW-Authenticate": "Bearer"})
    door: Corrections = request.app.state.corrections()
    return door


Door = Annotated[Corrections, Depends(_signed)]
UNSIGNED: dict[int | str, dict[str, Any]] = {401: {"model": Refusal, "description": "The token is missing or wrong."}}
router = APIRouter(prefix="/api/corrections", responses=REFUSALS | UNSIGNED)


@router.post("")
def correct(door: Door, correction: Correction) -> Corrected:
    """Correct something; it is shown at once and honoured by every later run."""
    given = {"by": correction.by, "reason": correction.reason}
    match correction:
        case WrongSpeaker():
            change = door.speaker(correction.quote_id, correction.name, actor_id=correction.actor_id, **given)
        case WrongExtent():
            pieces = [Span(piece.start, piece.end) for piece in correction.pieces]
            change = door.extent(correction.quote_id, pieces, **given)
        case NoQuote():
            change = door.no_quote(correction.quote_id, **given)
        case SameActor():
            change = door.same_actor(correction.keep_id, correction.other_id, **given)
    return _corrected(change)


@router.get("")
def listed(door: Door, size: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[Corrected]:
    """The last corrections, the newest first."""
    made = door.recent(size, kinds=OF_READERS)
    return [_corrected(Change(one, *one.article_id[:1], *one.quote_id[:1])) for one in made]


@router.delete("/{decision_id}")
def undo(door: Door, decision_id: str) -> Corrected:
    """Take a correction back."""
    return _corrected(door.undo(decision_id, kinds=OF_READERS))


def _corrected(change: Change) -> Corrected:
    decision = change.decision
    return Corrected(
        id=decision.id, told=told(decision), made_at=decision.made_at, undone=decision.undone,
        article_id=change.article_id, quote_id=change.quote_id,
    )  # fmt: skip
