"""What goes wrong: told to people as a page, under `/api` as `{"error": {"status", "message"}}`; no stack traces."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from pipeline.errors import BadQuery, ConfigurationError, Unreachable, WhosaidError
from pipeline.web.rendering import page

log = logging.getLogger(__name__)

TITLES = {
    400: "This cannot be searched for",
    401: "Sign in first",
    403: "This was not sent from this page",
    404: "There is nothing here",
    405: "This cannot be done here",
    413: "That is too much at once",
    414: "That is too much at once",
    421: "Not under this name",
    422: "This cannot be searched for",
    429: "A little slower, please",
    500: "Something went wrong",
    503: "The index is out of reach",
}
RETRY_SECONDS = 5


def refusal(scope: Scope, status: int, message: str) -> Response:
    """The answer to a request that is not served."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if status in {429, 503} else {}
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": {"status": status, "message": message}}, status, headers)
    title = TITLES.get(status) or HTTPStatus(status).phrase
    return page("error.html", status=status, headers=headers, title=title, message=message, code=status)


def install(app: FastAPI) -> None:
    """Let this app answer everything that goes wrong in this way."""

    def answer(request: Request, error: Exception) -> Response:
        status, message = told(error)
        if status >= 500:
            log.log(logging.ERROR if status == 500 else logging.WARNING, "%s: %s", request.url.path, message,
                    exc_info=error if status == 500 else None)  # fmt: skip
        return refusal(request.scope, status, message if status != 500 else "The log of the page says what. Try again.")

    for kind in (HTTPException, RequestValidationError, WhosaidError, Exception):
        app.add_exception_handler(kind, answer)


def told(error: Exception) -> tuple[int, str]:
    """The status that an error is answered with, and what is said."""
    match error:
        case BadQuery():
            return 400, str(error)
        case Unreachable():
            return 503, str(error)
        case ConfigurationError():
            return 503, str(error)
        case RequestValidationError():
            return 422, "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
        case HTTPException(status_code=404, detail="Not Found"):
            return 404, "The address may be mistyped, or the article was taken out of the index."
        case HTTPException():
            return error.status_code, str(error.detail)
    return 500, repr(error)
