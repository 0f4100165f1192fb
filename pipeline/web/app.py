"""The application: rooms of addresses behind one guard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pipeline.corrections import Corrections
from pipeline.search.desk import Desk
from pipeline.settings import Settings
from pipeline.web import api, correcting, correcting_api, pages, refusals, signing
from pipeline.web.access import Access
from pipeline.web.guard import Guard, own_names

SECONDS = 10.0
"""The longest that somebody waits for one answer of Elasticsearch."""


def create_app(
    settings: Settings, *, token: str, corrections: Callable[[], Corrections], hosts: Iterable[str] = ()
) -> FastAPI:
    """The page and its API, answered from the settings' Elasticsearch.

    `token` is what opens correcting, `corrections` gives the door that does it; `hosts` are the names the page may be
    asked for, beside those of this machine.
    """
    app = FastAPI(
        title="Whosaid",
        version="1",
        summary="Who said what in the news.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its viewers are loaded from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # behind a proxy it would lead to http
    )
    app.state.desk = Desk(_reading(settings))
    app.state.access = Access(token)
    app.state.corrections = corrections
    refusals.install(app)
    for router in (pages.router, signing.router, correcting.router, api.router, correcting_api.router):
        app.include_router(router)
    app.mount("/static", _Kept(directory=str(files("pipeline.web").joinpath("static"))))
    names = {*own_names("127.0.0.1"), *hosts, *settings.web_hosts.split()}
    app.add_middleware(Guard, hosts=names, per_minute=settings.web_requests_per_minute)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    return app


def soon(settings: Settings) -> Settings:
    """The settings with the patience of somebody who waits for a page, not of a run at night."""
    return settings.model_copy(
        update={"retries": 1, "elasticsearch_timeout": min(SECONDS, settings.elasticsearch_timeout)}
    )


def _reading(settings: Settings) -> Settings:
    """The settings for reading: with the key that may do nothing else, where there is one."""
    key = settings.web_elasticsearch_api_key
    return soon(settings).model_copy(update={"elasticsearch_api_key": key} if key else {})


class _Kept(StaticFiles):
    """Files whose address changes with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().file_response(*args, **kwargs)
        scope: Scope = args[2]
        if b"v=" in scope["query_string"]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
