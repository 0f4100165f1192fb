"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pipeline.web.access import COOKIE, same
from pipeline.web.pages import base
from pipeline.web.rendering import page

router = APIRouter(include_in_schema=False)


def session_or_sign_in(request: Request) -> None:
    """Leads somebody who is not signed in to where they can, and back afterwards."""
    if request.app.state.access.session(request) is None:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise HTTPException(303, headers={"Location": f"/sign-in?{urlencode({'back': back})}"})


@router.get("/sign-in")
def sign_in_form(request: Request, back: str = "/") -> Response:
    """Where the token is asked for."""
    return page("sign-in.html", **base(request), back=own(back), name="", fault=None)


@router.post("/sign-in")
def sign_in(
    request: Request,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in, and go back to where one came from."""
    access = request.app.state.access
    if not access.knows(token.strip()):
        fault = "This is not the token. `whosaid web` tells where it is kept when it starts."
        return page("sign-in.html", status=401, **base(request), back=own(back), name=name[:100], fault=fault)
    response = RedirectResponse(own(back), status_code=303)
    access.sign_in(response, name.strip(), secure=_by_tls(request))
    return response


@router.post("/sign-out")
def sign_out(request: Request, csrf: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Sign out."""
    session = request.app.state.access.session(request)
    response = RedirectResponse(own(back), status_code=303)
    if session and same(csrf, session.csrf):
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _by_tls(request: Request) -> bool:
    """Whether the browser came by TLS, to us or to a proxy; who lies about it gets a cookie that is of less use."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))


def own(back: str) -> str:
    """An address of this page, whatever the link said."""
    plain = back if back.isascii() and back.isprintable() else "/"
    return plain if plain.startswith("/") and not plain.startswith(("//", "/\\")) else "/"
