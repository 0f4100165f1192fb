"""The API does what its OpenAPI description says, for whatever anybody may send."""

from __future__ import annotations

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from pipeline.settings import Settings
from pipeline.web import create_app
from tests.web.conftest import TOKEN, Desk

app = create_app(Settings(), token=TOKEN, corrections=lambda: pytest.fail("only its description is asked for"))
schema = schemathesis.openapi.from_dict(app.openapi())
corrections = schema.include(path_regex="^/api/corrections")
reading = schema.exclude(path_regex="^/api/corrections")
some = hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
# What is well-formed may still make no sense: `since` after `until`, an `after` that no page gave, a quote of nowhere.
MAY_REFUSE = [positive_data_acceptance]


@reading.parametrize()
@some
def test_answers_are_as_described(case: schemathesis.Case, desk: Desk) -> None:
    case.call_and_validate(base_url=desk.url, timeout=120, excluded_checks=MAY_REFUSE)


@corrections.parametrize()
@some
def test_answers_to_who_has_the_token_are_as_described(case: schemathesis.Case, desk: Desk) -> None:
    signed = {"Authorization": f"Bearer {TOKEN}"}  # which it takes to be left out, where that is what it tries
    unsure = [*MAY_REFUSE, negative_data_rejection]
    case.call_and_validate(base_url=desk.url, timeout=120, headers=signed, excluded_checks=unsure)


@corrections.parametrize()
@some
def test_who_leaves_the_token_out_learns_and_changes_nothing(case: schemathesis.Case, desk: Desk) -> None:
    case.headers.pop("Authorization", None)
    answer = case.call(base_url=desk.url, timeout=120)
    assert 400 <= answer.status_code < 500, answer.text  # other methods and broken bodies are refused before
    assert answer.json().keys() == {"error"}


def test_the_description_names_every_refusal(desk: Desk) -> None:
    paths = requests.get(f"{desk.url}/api/openapi.json", timeout=60).json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert {"400", "422", "429", "503"} <= operation["responses"].keys(), f"{method} {path}"


def test_errors_say_what_to_do(desk: Desk) -> None:
    answer = requests.get(f"{desk.url}/api/quotes?countries=Germany", timeout=60)
    assert answer.status_code == 400
    assert "two letters, such as DE" in answer.json()["error"]["message"]
    answer = requests.get(f"{desk.url}/api/quotes?size=1000", timeout=60)
    assert answer.status_code == 422
    assert "size" in answer.json()["error"]["message"]


def test_names_complete_by_any_word_and_without_accents(desk: Desk) -> None:
    def names(begun: str) -> list[str]:
        found = requests.get(f"{desk.url}/api/names", params={"begun": begun}, timeout=60).json()
        return [one["name"] for one in found]

    assert names("pesk") == names("Dmitry Pes") == names("PESKOV") == ["Dmitry Peskov"]
    assert names("alvar") == names("Ruiz álvarez") == ["José Álvarez Ruiz"]
    assert "Irena Kostovic" in names("ir")
    assert names("*") == names("zzzz") == []
