"""Whom a name means."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.actors.names import fold, skeleton
from pipeline.actors.register import Register


@pytest.mark.parametrize(
    ("written", "actor"),
    [
        ("Sergei Lavrov", "sergei-lavrov"),
        ("Sergey Lavrov", "sergei-lavrov"),
        ("Sergey Viktorovich Lavrov", "sergei-lavrov"),
        ("Volodymyr Zelenskiy", "volodymyr-zelenskyy"),
        ("Volodymyr Zelensky", "volodymyr-zelenskyy"),
        ("Recep Tayyip Erdogan", "recep-tayyip-erdogan"),
        ("Владимир Путин", "vladimir-putin"),
        ("President Joseph R. Biden Jr.", "joe-biden"),
        ("Muammar Qaddafi", "muammar-gaddafi"),
        ("Mohammad bin Salman", "mohammed-bin-salman"),
        ("Abe Shinzo", "shinzo-abe"),
        ("Mr Putin", "vladimir-putin"),
        ("Angela Merkel’s", "angela-merkel"),
        ("the Fed", "federal-reserve"),
        ("U.N.", "united-nations"),
        ("World Health Organisation", "who"),
        ("Médecins sans Frontières", "msf"),
    ],
)
def test_one_actor_under_all_spellings_of_a_name(register: Register, written: str, actor: str) -> None:
    found = register.by_name(written)
    assert found is not None
    assert found.id == actor


@pytest.mark.parametrize("name", ["Johnson", "Smith", "Brown", "Kim", "Ian Nobody", "", "the", "…"])
def test_an_ambiguous_surname_or_an_unknown_name_is_nobody(register: Register, name: str) -> None:
    assert register.by_name(name, on=date(2020, 1, 1)) is None


def test_a_surname_after_its_bearer_s_title_is_a_name_while_the_role_is_held(register: Register) -> None:
    for written in ("Chancellor Scholz", "German Chancellor Scholz", "Prime Minister Johnson"):
        found = register.by_name(written, on=date(2022, 3, 1))
        assert found is not None
        assert found.name.endswith(written.rpartition(" ")[2])
        assert register.by_name(written, on=date(2015, 3, 1)) is None


def test_of_two_with_one_name_the_country_decides(register: Register) -> None:
    name = "Peoples Democratic Party"
    nigerian, turkish = register.by_name(name, country="NG"), register.by_name(name, country="TR")
    assert nigerian and turkish
    assert (nigerian.id, turkish.id) == ("pdp-ng", "hdp")
    assert register.by_name(name) is None


def test_pronouns_can_be_resolved_by_gender(register: Register) -> None:
    genders = [register.by_name(name).gender for name in ("Maria Zakharova", "Dmitry Peskov")]  # type: ignore[union-attr]
    assert genders == ["female", "male"]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_whatever_breaks_a_look_up(register: Register, text: str) -> None:
    register.by_name(text, on=date(2020, 1, 1), country="US")
    register.by_role(text, on=date(2020, 1, 1), country="US")
    register.government(text, country="US")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert skeleton(fold(text)).isascii()


@pytest.mark.parametrize(
    ("phrase", "actor"),
    [
        ("Berlin", "gov-de"),
        ("Moscow", "gov-ru"),
        ("Ankara", "gov-tr"),
        ("Washington", "gov-us"),
        ("the German government", "gov-de"),
        ("Iranian authorities", "gov-ir"),
        ("the government of Japan", "gov-jp"),
        ("the Kremlin", "kremlin"),
        ("Downing Street", "downing-street"),
        ("the White House", "white-house"),
        ("the Élysée", "elysee"),
        ("Brussels", "european-union"),
        ("the Vatican", "holy-see"),
        ("the State Department", "us-state-department"),
        ("the Russian foreign ministry", "gov-ru-foreign"),
        ("Turkey's Defense Ministry", "gov-tr-defence"),
    ],
)
def test_a_place_that_speaks_is_its_government_and_an_institution_is_itself(
    register: Register, phrase: str, actor: str
) -> None:
    found = register.government(phrase)
    assert found is not None
    assert found.id == actor
    assert found.kind == "government" or actor == "european-union"
    assert register.by_id(actor) == found


def test_whose_ministry_it_is_may_come_from_the_article(register: Register) -> None:
    assert register.government("the foreign ministry") is None
    ministry = register.government("the foreign ministry", country="CN")
    assert ministry is not None
    assert ministry.name == "Chinese foreign ministry"


@pytest.mark.parametrize("phrase", ["German", "Bavaria", "Smith", "the company", "foreign"])
def test_what_is_no_government_is_none(register: Register, phrase: str) -> None:
    assert register.government(phrase) is None
