"""Every page in light and dark, wide and on a phone: nothing that axe-core finds, and light enough for a slow line."""

from __future__ import annotations

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.elastic import alias, connect
from tests.web.conftest import TOKEN, Desk, tab

LOOKS = [(scheme, width) for width in (1280, 390) for scheme in ("light", "dark")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}
MOST_BYTES = 200_000


@pytest.fixture(scope="module")
def paths(desk: Desk) -> list[str]:
    """Every page that there is, in each of its states."""
    client = connect(desk.settings)
    query = {"bool": {"filter": {"term": {"speaker": "Dmitry Peskov"}}, "must_not": {"exists": {"field": "outlet"}}}}
    seed = client.search(index=alias(desk.settings, "quotes"), query=query)["hits"]["hits"][0]["_source"]
    return [
        "/",
        "/?speakers=Dmitry+Peskov&said=talks&since=2020-01-01&map=countries",
        "/?speaker=peskof&said=nothing",
        "/?since=never",
        "/speaker?name=Irena+Kostovic",
        f"/article/{seed['article_id']}",
        "/nothing-here",
        "/sign-in",
        f"/correct?quote={seed['id']}",
        "/same?name=Dmitry+Peskov",
        "/corrections",
    ]


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is, light and dark, wide and on a phone."""
    page.evaluate(Axe().axe_script)
    found = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        faults = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
        place = f"{page.url}, {scheme}, {width} wide"
        found += [f"{place}: {fault['id']}: {node['html']}" for fault in faults for node in fault["nodes"]]
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{place}: scrolls sideways by {beyond}"] if beyond > 0 else []
    return found


def test_axe_finds_nothing_on_any_page(browser: Browser, desk: Desk, paths: list[str]) -> None:
    found = []
    with tab(browser, desk, complaining=False, reduced_motion="reduce") as page:
        sign_in(page)
        for path in paths:
            page.goto(path)
            for summary in page.locator("details:not([open]) > summary").all()[:6]:
                summary.click()
            found += violations(page)
        page.goto("/")
        page.get_by_role("combobox", name="Who").press_sequentially("ko")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        found += violations(page)
    assert found == []


def test_a_page_is_light(desk: Desk, paths: list[str]) -> None:
    for path in [*paths, "/static/world.svg", "/static/style.css", "/static/page.js"]:
        size = len(requests.get(desk.url + path, timeout=60).content)
        assert size < MOST_BYTES, path
