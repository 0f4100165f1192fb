"""`whosaid kibana import`, over HTTP, against a server that answers as Kibana's API is documented to."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import ConfigurationError, Unreachable
from pipeline.kibana import objects
from tests.kibana.fake_kibana import Kibana, running
from tests.ports import free_port


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    with running() as kibana:
        yield kibana


def whosaid(kibana: Kibana | str, **settings: str) -> Result:
    environment = {"WHOSAID_KIBANA_URL": kibana if isinstance(kibana, str) else kibana.url}
    environment |= {f"WHOSAID_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(app, ["kibana", "import"], env=environment)


def held(kibana: Kibana, space: str = "") -> dict[tuple[str, str], Any]:
    return kibana.spaces[space]


def test_everything_is_created_and_the_second_time_replaced(kibana: Kibana) -> None:
    first = whosaid(kibana)
    assert first.exit_code == 0, first.output
    assert held(kibana).keys() == {(one.type, one.id) for one in objects()}
    assert first.stdout.count("created ") == len(objects())
    assert f"Who said what: {kibana.url}/app/dashboards#/view/whosaid-who-said-what" in first.stdout
    second = whosaid(kibana)
    assert second.stdout.count("replaced ") == len(objects())
    assert "created" not in second.stdout


def test_a_kibana_that_starts_is_waited_for_and_one_that_never_does_is_given_up(kibana: Kibana) -> None:
    kibana.starting = 2
    assert whosaid(kibana).exit_code == 0
    kibana.starting = 1000
    for nowhere in (kibana, f"http://127.0.0.1:{free_port()}"):
        given_up = whosaid(nowhere, kibana_wait="0.6")
        assert isinstance(given_up.exception, Unreachable)
        assert "WHOSAID_KIBANA_WAIT" in str(given_up.exception)


def test_key_and_user_are_sent_and_a_refusal_says_what_to_set(kibana: Kibana) -> None:
    kibana.authorization = "ApiKey c2VjcmV0"
    assert whosaid(kibana, kibana_api_key="c2VjcmV0").exit_code == 0
    refused = whosaid(kibana, kibana_api_key="b3RoZXI=")
    assert isinstance(refused.exception, ConfigurationError)
    assert "WHOSAID_KIBANA_API_KEY" in str(refused.exception)
    assert "b3RoZXI=" not in str(refused.exception)
    kibana.authorization = f"Basic {b64encode(b'elastic:open sesame').decode()}"
    assert whosaid(kibana, kibana_user="elastic", kibana_password="open sesame").exit_code == 0  # noqa: S106


def test_another_prefix_and_space_stand_beside_the_first(kibana: Kibana) -> None:
    whosaid(kibana)
    assert whosaid(kibana, index_prefix="test-").exit_code == 0
    views = {one["attributes"]["title"] for one in held(kibana).values() if one["type"] == "index-pattern"}
    assert {"whosaid-quotes", "test-quotes"} <= views
    assert len(held(kibana)) == 2 * len(objects())
    inside = whosaid(kibana, kibana_space="press")
    assert f"{kibana.url}/s/press/app/dashboards" in inside.stdout
    assert len(held(kibana, "press")) == len(objects())
    missing = whosaid(kibana, kibana_space="sports")
    assert isinstance(missing.exception, ConfigurationError)
    assert "no space sports" in str(missing.exception)


def test_an_index_without_prefix_has_data_views_without_one(kibana: Kibana) -> None:
    assert whosaid(kibana, index_prefix="").exit_code == 0
    assert held(kibana)["index-pattern", "whosaid-quotes"]["attributes"]["title"] == "quotes"


def test_what_is_no_kibana_or_an_old_one_is_told(kibana: Kibana) -> None:
    kibana.version = (8, 4, 0)
    old = whosaid(kibana)
    assert isinstance(old.exception, ConfigurationError)
    assert "Kibana 9 is needed" in str(old.exception)
    elsewhere = whosaid(f"{kibana.url}/elsewhere")
    assert "is no Kibana" in str(elsewhere.exception)
    assert isinstance(whosaid("kibana").exception, ConfigurationError)


def test_credentials_do_not_follow_a_redirect(kibana: Kibana) -> None:
    with running() as thief:
        kibana.redirects_to = f"{thief.url}/api/saved_objects/_import"
        result = whosaid(kibana, kibana_api_key="c2VjcmV0")
        assert isinstance(result.exception, ConfigurationError)
        assert thief.requests == 0


def test_objects_that_kibana_refuses_are_named(kibana: Kibana, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = [one for one in objects() if one.type != "index-pattern"]
    monkeypatch.setattr("pipeline.kibana.client.objects", lambda _: cut)
    refused = whosaid(kibana)
    assert isinstance(refused.exception, ConfigurationError)
    assert "lens whosaid-top-speakers: missing_references" in str(refused.exception)


def test_what_is_sent_is_what_is_committed(kibana: Kibana, pytestconfig: pytest.Config) -> None:
    whosaid(kibana)
    committed = (pytestconfig.rootpath / "mappings" / "kibana" / "whosaid.ndjson").read_text()
    assert [json.loads(line) for line in committed.splitlines()] == list(held(kibana).values())
