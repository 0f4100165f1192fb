"""The API does what its OpenAPI description says, for whatever anybody may send."""

from __future__ import annotations

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from pipeline.settings import Settings
from pipeline.web import create_app
from tests.web.conftest import TOKEN, Desk

app = create_app(Settings(), token=TOKEN, corrections=lambda: pytest.fail("only its description is asked for"))
schema = schemathesis.openapi.from_dict(app.openapi())


@schema.parametrize()
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_as_described(case: schemathesis.Case, desk: Desk) -> None:
    # What is well-formed may still make no sense: `since` after `until`, an `after` that no page gave.
    case.call_and_validate(base_url=desk.url, timeout=120, excluded_checks=[positive_data_acceptance])


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
