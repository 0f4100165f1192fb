"""Somebody looks for who said what: with the mouse, with the keyboard alone, and without scripts."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import requests
from elasticsearch import helpers
from playwright.sync_api import Browser, Page, expect

from pipeline.elastic import alias, connect
from tests.web.conftest import Desk, tab

Documents = list[dict[str, Any]]


@pytest.fixture(scope="module")
def quotes(desk: Desk) -> Documents:
    client = connect(desk.settings)
    return [hit["_source"] for hit in helpers.scan(client, index=alias(desk.settings, "quotes"))]


def listed(page: Page) -> list[str]:
    return [str(one.get_attribute("data-quote")) for one in page.locator("article.quote").all()]


def of(quotes: Documents, **fields: str) -> set[str]:
    def fits(quote: dict[str, Any]) -> bool:
        return all(
            value in quote.get(name, ()) if name == "countries" else quote.get(name) == value
            for name, value in fields.items()
        )

    return {quote["id"] for quote in quotes if fits(quote)}


def marked(page: Page) -> dict[int, str]:
    """What is marked as each quote in the text of an article, by the quote's position."""
    spans: list[list[Any]] = page.locator(".text [data-quotes]").evaluate_all(
        "all => all.map(one => [one.dataset.quotes, Number(one.dataset.start), one.textContent])"
    )
    found: dict[int, str] = {}
    for numbers, _, text in sorted(spans, key=lambda span: span[1]):
        for number in map(int, numbers.split()):
            found[number] = found.get(number, "") + text
    return found


def offsets(page: Page) -> list[tuple[int, str]]:
    spans: list[list[Any]] = page.locator(".text [data-start]").evaluate_all(
        "all => all.map(one => [Number(one.dataset.start), one.textContent])"
    )
    return [(start, text) for start, text in spans]


def check_article(page: Page, desk: Desk) -> None:
    """Everything in the open article is marked exactly where the index has it."""
    article = requests.get(f"{desk.url}/api/articles/{page.url.partition('/article/')[2][:64]}", timeout=60).json()
    for start, text in offsets(page):
        assert article["text"][start : start + len(text)] == text
    expected = {
        number: "".join(article["text"][start:end].replace("\n", "") for start, end in quote["pieces"])
        for number, quote in enumerate(article["quotes"])
    }
    assert marked(page) == expected
    assert expected


def test_a_name_is_completed_narrowed_read_and_taken_away(browser: Browser, desk: Desk, quotes: Documents) -> None:
    with tab(browser, desk) as page:
        page.goto("/")
        page.get_by_role("combobox", name="Who").press_sequentially("pesk")
        page.get_by_role("option", name="Dmitry Peskov").click()
        page.wait_for_url("**speakers=Dmitry+Peskov**")
        his = of(quotes, speaker="Dmitry Peskov")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{len(his)} quotes")
        assert set(listed(page)) <= his
        assert len(listed(page)) == 20

        page.locator("#facets section", has_text="Country mentioned").get_by_role("link", name="Ukraine").click()
        page.wait_for_url("**countries=UA**")
        both = of(quotes, speaker="Dmitry Peskov", countries="UA")
        assert set(listed(page)) == both
        state, rows = page.url, listed(page)

        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        taken = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
        assert [row["id"] for row in taken] == rows
        with page.expect_download() as download:
            page.get_by_role("link", name="JSON Lines").click()
        lines = download.value.path().read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["id"] for line in lines] == rows

        page.locator("a.headline").first.click()
        page.wait_for_url("**/article/**")
        check_article(page, desk)

        page.go_back()
        assert page.url == state
        assert listed(page) == rows
        page.locator(".chips a", has_text="Ukraine").click()
        page.wait_for_url(lambda url: "countries" not in url)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{len(his)} quotes")


def test_all_of_it_goes_by_keyboard_alone(browser: Browser, desk: Desk, quotes: Documents) -> None:
    def tab_to(words: str) -> None:
        for _ in range(400):
            page.keyboard.press("Tab")
            if words in page.evaluate("document.activeElement.textContent"):
                return
        pytest.fail(f"no Tab leads to {words!r}")

    with tab(browser, desk) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        while page.evaluate("document.activeElement.id") != "speaker":
            page.keyboard.press("Tab")
        page.keyboard.type("pesk")
        expect(page.get_by_role("option", name="Dmitry Peskov")).to_be_visible()
        page.keyboard.press("ArrowDown")
        selected = page.locator(f"#{page.get_by_role('combobox').get_attribute('aria-activedescendant')}")
        expect(selected).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**speakers=Dmitry+Peskov**")
        tab_to("Germany")
        page.keyboard.press("Enter")
        page.wait_for_url("**countries=DE**")
        assert set(listed(page)) == of(quotes, speaker="Dmitry Peskov", countries="DE")
        state = page.url
        headline = page.locator("a.headline").first.text_content() or ""
        tab_to(headline)
        page.keyboard.press("Enter")
        page.wait_for_url("**/article/**")
        tab_to("Dmitry Peskov")
        while page.evaluate("document.activeElement.tagName") != "SUMMARY":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        voice = page.locator("details.voice[open]")
        number = voice.get_attribute("data-voice") or ""
        for span in page.locator(".text .said").all():
            is_his = number in (span.get_attribute("data-voices") or "").split()
            assert is_his != ("quiet" in (span.get_attribute("class") or "").split())
        page.go_back()
        assert page.url == state


def test_searching_works_without_scripts(browser: Browser, desk: Desk, quotes: Documents) -> None:
    with tab(browser, desk, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_label("Who").fill("peskof")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Dmitry Peskov").click()
        assert "speakers=Dmitry+Peskov" in page.url
        page.get_by_label("said", exact=True).fill("talks")
        page.get_by_role("button", name="Search").click()
        assert "speakers=Dmitry+Peskov" in page.url
        found = page.locator("article.quote")
        assert found.count() > 0
        assert {one.get_attribute("data-speaker") for one in found.all()} == {"Dmitry Peskov"}
        assert page.locator("mark").count() >= found.count()
        page.get_by_role("link", name="oldest").click()
        assert "sort=oldest" in page.url
        page.locator("a.headline").first.click()
        check_article(page, desk)
        page.locator("details.voice summary", has_text="Dmitry Peskov").click()
        page.get_by_role("link", name="All about Dmitry Peskov").click()
        assert page.get_by_role("heading", level=1).text_content() == "Dmitry Peskov"


def test_pages_follow_one_another_without_gap_or_repeat(desk: Desk, quotes: Documents) -> None:
    seen: list[str] = []
    after = ""
    while True:
        found = requests.get(
            f"{desk.url}/api/quotes?outlets=Le+Phare&size=50" + (f"&after={after}" if after else ""), timeout=60
        ).json()
        seen += [quote["id"] for quote in found["quotes"]]
        if not (after := found["after"]):
            break
    assert len(seen) == len(set(seen)) == found["total"]
    assert set(seen) == of(quotes, outlet="Le Phare")


def test_an_article_without_its_text_shows_its_quotes(desk: Desk, browser: Browser) -> None:
    client = connect(desk.settings)
    index = alias(desk.settings, "articles")
    hit = client.search(index=index, size=1, query={"term": {"outlet": "Capital Wire"}})["hits"]["hits"][0]
    source = hit["_source"]
    id_ = "f" * 64
    bare = {name: value for name, value in source.items() if name != "text"} | {"id": id_}
    client.index(index=index, id=id_, document=bare)
    try:
        answer = requests.get(f"{desk.url}/article/{id_}", timeout=60)
        assert answer.status_code == 200
        assert "The text of this article is not kept here" in answer.text
    finally:
        client.delete(index=index, id=id_)
