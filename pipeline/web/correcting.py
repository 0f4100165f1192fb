"""Signing in, and correcting what the pipeline found."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pipeline.web.access import COOKIE, same
from pipeline.web.pages import base
from pipeline.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_form(request: Request, back: str = "/") -> Response:
    """Where the token is asked for."""
    return page("sign-in.html", **base(request), back=_own(back), fault=None)


@router.post("/sign-in")
def sign_in(request: Request, token: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Sign in, and go back to where one came from."""
    access = request.app.state.access
    if not access.knows(token.strip()):
        fault = "This is not the token. `whosaid web` prints where it is kept when it starts."
        return page("sign-in.html", status=401, **base(request), back=_own(back), fault=fault)
    response = RedirectResponse(_own(back), status_code=303)
    access.sign_in(response, secure=request.url.scheme == "https")
    return response


@router.post("/sign-out")
def sign_out(request: Request, csrf: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Sign out."""
    allowed(request, csrf)
    response = RedirectResponse(_own(back), status_code=303)
    response.delete_cookie(COOKIE)
    return response


def allowed(request: Request, csrf: str) -> None:
    """Raises what is answered to a form that was not sent from this page by somebody who is signed in."""
    session = request.app.state.access.session(request)
    if session is None:
        raise HTTPException(401, "Sign in with the token first; after twelve hours again.")
    if not same(csrf, session.csrf):
        raise HTTPException(403, "The form was made before you signed in, or elsewhere. Open it again.")


def _own(back: str) -> str:
    """An address of this page, whatever the link said."""
    plain = back if back.isascii() and back.isprintable() else "/"
    return plain if plain.startswith("/") and not plain.startswith(("//", "/\\")) else "/"
