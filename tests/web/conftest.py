"""One archive and one page for all tests of this room: the seeds through the real pipeline, and 300 more articles."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pipeline.actors.register import of_settings
from pipeline.corrections import Corrections
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import Writer, create
from pipeline.index.actors import ActorIndex
from pipeline.ingest import ingest
from pipeline.settings import Settings
from pipeline.web import create_app, soon
from pipeline.web.listening import listen, server
from pipeline.whoswho import update
from tests.documents import random_prefix
from tests.web.articles import INVENTED, PESKOV, articles

SEEDS = Path(__file__).parents[2] / "seeds"
TOKEN = "the token of these tests"  # noqa: S105
PATIENCE = 60_000
"""Milliseconds that a browser waits on a busy machine."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A page that is served, and the archive behind it."""

    url: str
    settings: Settings


@pytest.fixture(scope="session")
def archive(elasticsearch_url: str, enricher: Enricher, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an archive that holds the seeds and 300 more articles. Tests share it."""
    settings = Settings(
        elasticsearch_url=elasticsearch_url,
        index_prefix=random_prefix(),
        home=tmp_path_factory.mktemp("home"),
        web_requests_per_minute=0,
    )
    client = connect(settings)
    create(client, settings)
    Writer(client, settings, generation=1).write(list(articles(people=(*INVENTED, PESKOV))))
    ingest([str(SEEDS)], settings, enricher=enricher)
    update(ActorIndex(client, settings), of_settings(settings))
    client.indices.refresh(index=f"{settings.index_prefix}*")
    return settings


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The page of these settings on any free port, in a thread of its own."""
    socket = listen("127.0.0.1", 0)
    knobs = soon(settings)
    app = create_app(settings, token=TOKEN, corrections=cache(lambda: Corrections(connect(knobs), knobs)))
    running = server(app)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(timeout=30)


def signed_in(session: requests.Session, url: str) -> str:
    """Sign in without a browser; the mark that forms are to send."""
    page = session.post(f"{url}/sign-in", data={"token": TOKEN, "back": "/corrections"}, timeout=120).text
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


@pytest.fixture(scope="session")
def desk(archive: Settings) -> Iterator[Desk]:
    with serving(archive) as url:
        yield Desk(url, archive)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: .ci/apt installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser, desk: Desk, *, complaining: bool = True, **options: object) -> Iterator[Page]:
    """A page of a browser that has never been there; what its console complains of fails the test, if `complaining`."""
    context: BrowserContext = browser.new_context(base_url=desk.url, **options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        yield page
    finally:
        context.close()
    assert not complaining or complaints == []
