"""What goes wrong: told to people as a page, under `/api` as `{"error": {"status", "message"}}`; no stack traces."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from pipeline.errors import BadQuery, WhosaidError
from pipeline.web.rendering import page

log = logging.getLogger(__name__)

TITLES = {
    400: "This cannot be searched for",
    401: "Sign in first",
    403: "This was not sent from this page",
    404: "There is nothing here",
    405: "This cannot be done here",
    413: "That is too much at once",
    421: "Not under this name",
    422: "This cannot be searched for",
    429: "A little slower, please",
    500: "Something went wrong",
    503: "The index is out of reach",
}
RETRY_SECONDS = 5


def refusal(scope: Scope, status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is not served."""
    headers = dict(headers or {}) | ({"Retry-After": str(RETRY_SECONDS)} if status in {429, 503} else {})
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": {"status": status, "message": message}}, status, headers)
    title = TITLES.get(status) or HTTPStatus(status).phrase
    return page("error.html", status=status, headers=headers, title=title, message=message, code=status)


def install(app: FastAPI) -> None:
    """Let this app answer in this way whatever is expected to go wrong; the guard answers the rest."""

    def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 303:  # the way to signing in
            return RedirectResponse((error.headers or {})["Location"], 303)
        status, message = told(error)
        if status == 503:
            log.warning("%s: %s", request.url.path, message)
        headers = dict(getattr(error, "headers", None) or {})
        if status == 405:
            headers["Allow"] = ", ".join(sorted(_methods(app, request.url.path)))
        return refusal(request.scope, status, message, headers)

    for kind in (HTTPException, RequestValidationError, WhosaidError):
        app.add_exception_handler(kind, answer)


def _methods(app: FastAPI, path: str) -> set[str]:
    """What may be done at this address; the framework tells what the first of its handlers does."""
    fitting = (route for route in app.routes if isinstance(route, Route) and route.path_regex.match(path))
    return {method for route in fitting for method in route.methods or ()}


def told(error: Exception) -> tuple[int, str]:
    """The status that an error is answered with, and what is said."""
    match error:
        case BadQuery():
            return 400, str(error)
        case RequestValidationError():
            return 422, "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
        case HTTPException(status_code=404, detail="Not Found"):
            return 404, "The address may be mistyped, or the article was taken out of the index."
        case HTTPException():
            return error.status_code, str(error.detail)
    return 503, str(error)  # Elasticsearch does not answer, or is not set up
