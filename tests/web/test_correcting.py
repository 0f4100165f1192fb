"""A reader corrects what the pipeline found: shown at once, honoured when the file is ingested again, and undone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from pipeline.actors.register import of_settings
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import Decisions, Takedowns, create, tombstone
from pipeline.index.actors import ActorIndex
from pipeline.ingest import ingest
from pipeline.settings import Settings
from pipeline.whoswho import update
from tests.documents import random_prefix
from tests.web.conftest import SEEDS, TOKEN, Desk, serving, signed_in, tab

PESKOVS = "Moscow was certainly not ready to accept US terms"


@pytest.fixture(scope="module")
def own(elasticsearch_url: str, enricher: Enricher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk of this file's own, with the seed alone: what is corrected here is nobody else's."""
    home = tmp_path_factory.mktemp("correcting")
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix(), home=home)
    client = connect(settings)
    create(client, settings)
    ingest_seed(settings, enricher)
    update(ActorIndex(client, settings), of_settings(settings))
    client.indices.refresh(index=f"{settings.index_prefix}*")
    with serving(settings) as url:
        yield Desk(url, settings)


def ingest_seed(settings: Settings, enricher: Enricher, more: str = "", day: int = 1) -> None:
    """The seed as an article of an address, as it stood on that day, with more at its end."""
    text = (SEEDS / "000_49708155d52889bd.txt").read_text(encoding="utf-8") + more
    dates = {"published_at": "2022-12-02", "modified_at": f"2022-12-{day:02}"}
    row = {"url": "https://news.example/talks", "title": "Talks", "text": text} | dates
    path = settings.home / "seed.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert ingest([str(path)], settings, enricher=enricher).indexed == 1
    connect(settings).indices.refresh(index=f"{settings.index_prefix}*")


def quotes(desk: Desk, **asked: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = requests.get(
        f"{desk.url}/api/quotes", params={"size": "100", **asked}, timeout=60
    ).json()["quotes"]
    return found


def said_by(desk: Desk, words: str) -> list[object]:
    return [one["speaker"] for one in quotes(desk, said=f'"{words}"')]


def sign_in(page: Page) -> None:
    page.get_by_role("link", name="Sign in to correct").click()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_label("Your name").fill("Rosa")
    page.get_by_role("button", name="Sign in").click()


def open_correction(page: Page, words: str) -> None:
    page.goto("/?" + "said=" + words.replace(" ", "+"))
    quote = page.locator("article.quote", has_text=words)
    quote.get_by_role("link", name="Correct").click()
    page.wait_for_url("**/correct?**")


def test_a_speaker_is_corrected_and_stays_so(browser: Browser, own: Desk, enricher: Enricher) -> None:
    assert said_by(own, PESKOVS) == ["Dmitry Peskov"]
    with tab(browser, own) as page:
        page.goto("/?said=ready")
        sign_in(page)
        assert "said=ready" in page.url
        open_correction(page, PESKOVS)
        page.get_by_label("Somebody else said it").check()
        page.get_by_role("combobox", name="Name").press_sequentially("lavr")
        page.get_by_role("option", name="Sergey Lavrov").click()
        page.get_by_role("button", name="Correct", exact=True).click()
        page.wait_for_url("**/article/**")
        expect(page.locator("details.voice", has_text=PESKOVS[:30])).to_contain_text("Sergey Lavrov")
    assert said_by(own, PESKOVS) == ["Sergey Lavrov"]
    ingest_seed(own.settings, enricher, "\nNobody said more.", day=9)
    assert said_by(own, PESKOVS) == ["Sergey Lavrov"]

    with tab(browser, own) as page:
        page.goto("/")
        sign_in(page)
        page.get_by_role("link", name="Corrections").click()
        expect(page.locator(".decisions li").first).to_contain_text("Sergey Lavrov said")
        expect(page.locator(".decisions li").first).to_contain_text("Rosa")
        page.get_by_role("button", name="Undo").first.click()
        expect(page.locator(".decisions li").first).to_contain_text("undone")
    assert said_by(own, PESKOVS) == ["Dmitry Peskov"]


def test_ends_and_what_is_no_quote_are_corrected_without_scripts(browser: Browser, own: Desk) -> None:
    with tab(browser, own, java_script_enabled=False, complaining=False) as page:
        page.goto("/")
        sign_in(page)
        open_correction(page, PESKOVS)
        page.get_by_label("It is exactly these words").check()
        page.get_by_label("Words, as they stand").fill("words that are nowhere in it")
        page.get_by_role("button", name="Correct", exact=True).click()
        assert "does not stand in the article" in (page.get_by_role("alert").text_content() or "")
        page.get_by_label("It is exactly these words").check()
        page.get_by_label("Words, as they stand").fill("certainly not ready\r\nto accept US terms")
        page.get_by_role("button", name="Correct", exact=True).click()
        assert "/article/" in page.url
        assert [one["text"] for one in quotes(own, said='"accept US terms"')] == [
            "certainly not ready to accept US terms"
        ]
        open_correction(page, "certainly not ready to accept US terms")
        page.get_by_label("It is no quote").check()
        page.get_by_role("button", name="Correct", exact=True).click()
        assert quotes(own, said='"accept US terms"') == []


def test_two_names_become_one(browser: Browser, own: Desk) -> None:
    both = len(quotes(own, speakers="Joe Biden")) + len(quotes(own, speakers="Emmanuel Macron"))
    with tab(browser, own) as page:
        page.goto("/speaker?name=Joe+Biden")
        sign_in(page)
        page.get_by_role("link", name="This is somebody else’s name too").click()
        page.get_by_role("combobox", name="Is the same as").press_sequentially("macr")
        page.get_by_role("option", name="Emmanuel Macron").click()
        page.get_by_role("button", name="Make them one").click()
        page.wait_for_url("**/speaker?**")
        expect(page.get_by_role("heading", level=1)).to_have_text("Joe Biden")
        expect(page.locator(".numbers")).to_contain_text(f"{both} quotes")
    assert quotes(own, speakers="Emmanuel Macron") == []


def test_programs_correct_with_the_token_as_a_bearer(own: Desk) -> None:
    quote = quotes(own, speakers="Antonio Tajani")[0]
    body = {"kind": "speaker", "quote_id": quote["id"], "name": "Sergey Lavrov", "by": "a script"}
    url = f"{own.url}/api/corrections"
    assert requests.post(url, json=body, timeout=60).status_code == 401
    headers = {"Authorization": f"Bearer {TOKEN}"}
    made = requests.post(url, json=body, headers=headers, timeout=60).json()
    assert [one["speaker"] for one in quotes(own, articles=str(quote["article_id"])) if one["id"] == quote["id"]] == [
        "Sergey Lavrov"
    ]
    assert requests.get(url, headers=headers, timeout=60).json()[0]["id"] == made["id"]
    assert requests.delete(f"{url}/{made['id']}", headers=headers, timeout=60).json()["undone"]
    assert quote["id"] in [one["id"] for one in quotes(own, speakers="Antonio Tajani")]
    wrong = requests.post(url, json=body | {"quote_id": "none"}, headers=headers, timeout=60)
    assert wrong.status_code == 400


def test_a_form_that_is_refused_comes_back_as_it_was_filled_in(own: Desk) -> None:
    quote = quotes(own, speakers="Antonio Tajani")[0]
    with requests.Session() as session:
        given = {"csrf": signed_in(session, own.url), "reason": "I was there"}
        form = given | {"quote": str(quote["id"]), "what": "extent", "words": "nowhere in it"}
        page = session.post(f"{own.url}/correct", data=form, timeout=60).text
        assert "\nnowhere in it</textarea>" in page
        assert 'value="extent" checked' in page and 'value="I was there"' in page
        form = given | {"name": "Antonio Tajani", "other": "Nobody Known", "keep": "other"}
        page = session.post(f"{own.url}/same", data=form, timeout=60).text
        assert 'value="other" checked' in page and 'value="one" checked' not in page
        assert 'value="Nobody Known"' in page and 'value="I was there"' in page


def test_whoever_may_correct_may_not_bring_back_what_was_taken_down(own: Desk) -> None:
    decision = tombstone(article_id="f" * 64)
    Takedowns(connect(own.settings), own.settings).take_down(decision)
    Decisions(connect(own.settings), own.settings).show()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{own.url}/api/corrections"
    assert requests.delete(f"{url}/{decision.id}", headers=headers, timeout=60).status_code == 400
    assert decision.id not in [one["id"] for one in requests.get(url, headers=headers, timeout=60).json()]
    with requests.Session() as session:
        form = {"csrf": signed_in(session, own.url), "decision": decision.id}
        assert session.post(f"{own.url}/undo", data=form, timeout=60).status_code == 400
        assert decision.id not in session.get(f"{own.url}/corrections", timeout=60).text
    assert decision.id in Decisions(connect(own.settings), own.settings).standing([decision.id])
