"""Whatever is asked, sent or indexed: escaped or refused with 4xx, never a 5xx; and nothing opens by itself."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from pipeline.elastic import alias, connect
from pipeline.index import Writer
from pipeline.settings import Settings
from pipeline.spreadsheet import FORMULA
from pipeline.web.access import token_of
from pipeline.web.guard import MAX_BODY
from pipeline.web.parameters import Parameters
from tests.index.articles import make_article
from tests.index.proxy import proxy
from tests.web.conftest import TOKEN, Desk, serving, signed_in

HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE quotes; --", "javascript:alert(1)",
    "{{7*7}}", "{% raw %}", "${7*7}", "../../etc/passwd", "%00", "\x00", "\u202e\u2066", "\ufeff", "A\u0300" * 50,
    "\U0001f468\u200d\U0001f469", "((((((((((", '"', "*", "a" * 499, "a" * 501, "-" * 400, "|" * 400, "\ud83d",
    "\r\nSet-Cookie: a=b",
    "speaker:*", "/.*/", "~1000000", "٣", "0x41", "1e999", "NaN", "-1", "99999999999999999999", "2024-02-30",
    "0000-00-00", "=1+1", "+1", "@SUM(1)", "\t=1",
]  # fmt: skip
TIMES = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC), None]
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
PATHS = ["/", "/speaker", "/article/", "/download.csv", "/download.jsonl", "/api/quotes", "/api/names", "/api/speaker",
         "/api/articles/", "/correct", "/same", "/sign-in", "/static/"]  # fmt: skip
NAMES = [*Parameters.model_fields, "name", "begun", "back", "quote", "map", "v", "facet_size"]


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def ask(session: requests.Session, url: str, **given: Any) -> requests.Response:
    return session.request(given.pop("method", "GET"), url, timeout=120, allow_redirects=False, **given)


@hypothesis_settings(
    max_examples=800, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(path=st.sampled_from(PATHS), rest=words, pairs=st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=4))
def test_hostile_questions_are_answered_or_refused(
    desk: Desk, session: requests.Session, path: str, rest: str, pairs: list[tuple[str, str]]
) -> None:
    tail = quoted(rest, safe="", errors="replace") if path.endswith("/") and path != "/" else ""
    query = urlencode(pairs, errors="replace")
    answer = ask(session, f"{desk.url}{path}{tail}?{query}")
    assert answer.status_code < 500, answer.text[:2000]
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert_escaped(answer.text)


def assert_escaped(html: str) -> None:
    """No element, attribute or link but those of the templates."""
    assert "<script>" not in html
    assert "<img" not in html
    reader = Reader()
    reader.feed(html)
    for name, value in reader.attributes:
        assert not name.startswith("on")
        if name in {"href", "src", "action"}:
            assert not re.match(r"\s*(?:javascript|data|vbscript):", value or "", re.IGNORECASE)


class Reader(HTMLParser):
    """The attributes of a page as a browser takes them: what stands inside a value is none."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs


@hypothesis_settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    path=st.sampled_from(["/sign-in", "/sign-out", "/correct", "/same", "/undo", "/api/corrections", "/"]),
    form=st.dictionaries(
        st.sampled_from(["token", "back", "csrf", "quote", "what", "name", "words", "other", "keep", "decision"]), words
    ),
    cookie=st.text("abc.0123456789=", max_size=40),
)
def test_hostile_forms_change_nothing(
    desk: Desk, session: requests.Session, path: str, form: dict[str, str], cookie: str
) -> None:
    body = urlencode(form, errors="replace")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"whosaid={cookie}"}
    answer = ask(session, desk.url + path, method="POST", data=body, headers=headers)
    assert 300 <= answer.status_code < 500
    assert answer.headers.get("location", "/").startswith("/")
    assert not answer.headers.get("location", "/").startswith(("//", "/\\"))
    assert "whosaid=" not in answer.headers.get("set-cookie", "")


@pytest.fixture(scope="module")
def inside(desk: Desk) -> Iterator[tuple[requests.Session, dict[str, str]]]:
    """Somebody who has signed in, with the mark for forms and a quote to correct."""
    with requests.Session() as session:
        found = ask(session, f"{desk.url}/api/quotes?speaker=Peskov").json()["quotes"][0]
        yield session, {"csrf": signed_in(session, desk.url), "quote": found["id"]}


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    path=st.sampled_from(["/correct", "/same", "/undo"]),
    form=st.dictionaries(
        st.sampled_from(["quote", "what", "name", "words", "other", "keep", "reason", "decision"]), words
    ),
)
def test_hostile_forms_of_who_is_signed_in_are_refused(
    desk: Desk, inside: tuple[requests.Session, dict[str, str]], path: str, form: dict[str, str]
) -> None:
    session, given = inside
    body = urlencode(given | form, errors="replace")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ask(session, desk.url + path, method="POST", data=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.status_code not in {401, 403}
    assert_escaped(answer.text)


@pytest.fixture(scope="module")
def hostile(desk: Desk) -> Iterator[list[str]]:
    """Articles of all times whose every field is hostile, one headline of nearly a megabyte; gone afterwards."""
    client = connect(desk.settings)
    writer = Writer(client, desk.settings, generation=1)
    made = [
        make_article(
            "hostile ", str(number), [f"{word} {word}"], url=f"javascript:alert({number})", outlet=word,
            authors=(word,), section=word, title=f"hostile {word if number else '<b>' * 300_000}",
            published_at=TIMES[number % len(TIMES)],
        )
        for number, word in enumerate(HOSTILE)
    ]  # fmt: skip
    outcomes = writer.write(made)
    client.indices.refresh(index=f"{desk.settings.index_prefix}*")
    yield [outcome.article_id for outcome in outcomes if outcome.state == "indexed"]
    for article in made:
        for index, query in (("quotes", {"term": {"article_id": article.article.id}}),):
            for hit in client.search(index=alias(desk.settings, index), query=query, size=10)["hits"]["hits"]:
                client.delete(index=alias(desk.settings, index), id=hit["_id"], routing=article.article.id)
        client.options(ignore_status=404).delete(index=alias(desk.settings, "articles"), id=article.article.id)
    client.indices.refresh(index=f"{desk.settings.index_prefix}*")


def test_hostile_articles_are_shown_escaped(desk: Desk, session: requests.Session, hostile: list[str]) -> None:
    assert len(hostile) > 20
    searches = ("/?about=hostile&size=100", "/?speakers=Dmitry+Peskov", "/?about=hostile&since=9999-12-01",
                "/speaker?name=Dmitry+Peskov", "/api/quotes?about=hostile")  # fmt: skip
    for path in (*(f"/article/{id_}" for id_ in hostile), *searches):
        answer = ask(session, desk.url + path)
        assert answer.status_code == 200
        assert_escaped(answer.text)
        assert len(answer.content) < 400_000
    assert ask(session, f"{desk.url}/api/quotes?about=hostile&since=9999-12-01").json()["total"]
    csv.field_size_limit(2_000_000)  # of the headline
    text = ask(session, f"{desk.url}/download.csv?about=hostile").text
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert {"'=1+1", "'+1", "'@SUM(1)"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(FORMULA)]


def test_what_is_too_large_is_refused(desk: Desk, session: requests.Session) -> None:
    assert ask(session, f"{desk.url}/?said={'a' * 20_000}").status_code == 400
    assert ask(session, f"{desk.url}/sign-in", method="POST", data=b"token=" + b"a" * MAX_BODY).status_code == 413
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    endless = ask(session, f"{desk.url}/sign-in", method="POST", data=iter([b"a" * 10_000] * 1000), headers=form)
    assert endless.status_code == 413


def test_other_hosts_are_refused(desk: Desk, session: requests.Session) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"):
        assert ask(session, desk.url, headers={"Host": host}).status_code in {400, 421}
    assert ask(session, desk.url, headers={"Host": "LOCALHOST:1"}).status_code == 200


def test_every_answer_keeps_the_browser_in_bounds(desk: Desk, session: requests.Session) -> None:
    for path in ("/", "/nothing", "/api/quotes", "/api/nothing", "/static/style.css", "/?since=never"):
        headers = ask(session, desk.url + path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    pages = [ask(session, desk.url + path).text for path in ("/", "/speaker?name=Irena+Kostovic")]
    for page in pages:
        assert not re.search(r"""\s(?:src|href)=["'](?:https?:)?//""", page), "something is loaded from elsewhere"
        assert " style=" not in page


def test_a_page_without_elasticsearch_says_so_and_comes_back(tmp_path: Path, session: requests.Session) -> None:
    nowhere = Settings(elasticsearch_url="http://127.0.0.1:9", home=tmp_path)
    with serving(nowhere) as url:
        answer = ask(session, url)
        assert answer.status_code == 503
        assert "does not answer" in answer.text
        assert "Traceback" not in answer.text
        assert int(answer.headers["retry-after"]) > 0
        told = ask(session, f"{url}/api/quotes").json()["error"]
        assert told["status"] == 503


def test_pages_only_read_and_with_the_key_for_it(archive: Settings, session: requests.Session) -> None:
    with proxy(archive.elasticsearch_url) as between:
        keys = {"elasticsearch_api_key": SecretStr("d3JpdGU6YQ=="), "web_elasticsearch_api_key": SecretStr("cmVhZDph")}
        with serving(archive.model_copy(update=keys | {"elasticsearch_url": between.url})) as url:
            found = ask(session, f"{url}/api/quotes?speaker=Peskov").json()["quotes"][0]
            for path in ("/", "/?speaker=peskof", "/speaker?name=Dmitry+Peskov", f"/article/{found['article_id']}",
                         "/api/names?begun=pe", "/download.csv?kinds=direct"):  # fmt: skip
                assert ask(session, url + path).status_code == 200
    assert {authorization for _, _, authorization in between.seen} == {"ApiKey cmVhZDph"}
    for method, path, _ in between.seen:
        assert path == "/" or (method == "GET" and "/_doc/" in path) or re.search(r"/_m?search(\?|$)", path), path


def test_nobody_is_led_from_a_proxy_with_tls_to_http(desk: Desk, session: requests.Session) -> None:
    assert ask(session, f"{desk.url}/speaker/?name=Dmitry+Peskov").status_code == 404


def test_one_address_is_slowed_down(archive: Settings, session: requests.Session) -> None:
    slow = archive.model_copy(update={"web_requests_per_minute": 5})
    with serving(slow) as url:
        answers = [ask(session, f"{url}/sign-in").status_code for _ in range(8)]
    assert answers[:5] == [200] * 5
    assert 429 in answers[5:]


def test_the_token_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    token, path = token_of(settings)
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(token) >= 32
    assert token_of(settings) == (token, path)


def test_signing_in_needs_the_token_and_forms_the_mark_of_this_page(desk: Desk) -> None:
    with requests.Session() as session:
        wrong = ask(session, f"{desk.url}/sign-in", method="POST", data={"token": TOKEN + "x"})
        assert wrong.status_code == 401
        assert not session.cookies
        right = ask(session, f"{desk.url}/sign-in", method="POST", data={"token": TOKEN, "back": "//evil.example"})
        assert right.status_code == 303
        assert right.headers["location"] == "/"
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "secure" not in cookie
        assert ask(session, f"{desk.url}/undo", method="POST", data={"decision": "x"}).status_code == 403
        by_tls = {"X-Forwarded-Proto": "https"}
        right = ask(session, f"{desk.url}/sign-in", method="POST", data={"token": TOKEN}, headers=by_tls)
        assert "secure" in right.headers["set-cookie"].lower()
    assert requests.post(f"{desk.url}/undo", data={"decision": "x"}, timeout=60).status_code == 401
