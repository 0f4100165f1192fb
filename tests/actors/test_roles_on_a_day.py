"""Who held a role on the day an article was published."""

from datetime import date, timedelta

import pytest

from pipeline.actors.actor import HONOURED
from pipeline.actors.register import Register


def who(register: Register, phrase: str, day: str | None, country: str | None = None) -> str | None:
    found = register.by_role(phrase, on=date.fromisoformat(day) if day else None, country=country)
    return found.name if found else None


def test_two_articles_that_say_the_us_president_mean_two_people(register: Register) -> None:
    assert who(register, "the US president", "2018-03-01") == "Donald Trump"
    assert who(register, "the US president", "2023-03-01") == "Joe Biden"


def test_on_the_day_of_a_handover_it_is_the_one_who_came(register: Register) -> None:
    assert who(register, "the US president", "2021-01-19") == "Donald Trump"
    assert who(register, "the US president", "2021-01-20") == "Joe Biden"


@pytest.mark.parametrize(
    "phrase",
    ["the German chancellor", "Germany's chancellor", "the chancellor of Germany", "German leader", "Berlin's leader"],
)
def test_a_role_may_be_said_in_many_ways(register: Register, phrase: str) -> None:
    assert who(register, phrase, "2016-06-01") == "Angela Merkel"


@pytest.mark.parametrize(
    ("phrase", "day", "name"),
    [
        ("NATO's secretary-general", "2012-05-01", "Anders Fogh Rasmussen"),
        ("the NATO chief", "2017-05-01", "Jens Stoltenberg"),
        ("the archbishop of Canterbury", "2010-05-01", "Rowan Williams"),
        ("the Kremlin spokesman", "2019-05-01", "Dmitry Peskov"),
        ("Russia's foreign ministry spokeswoman", "2019-05-01", "Maria Zakharova"),
        ("Merkel's spokesman", "2019-05-01", "Steffen Seibert"),
        ("the White House press secretary", "2019-10-01", "Stephanie Grisham"),
        ("America's top diplomat", "2013-09-01", "John Kerry"),
        ("Britain's finance minister", "2021-03-01", "Rishi Sunak"),
        ("the EU foreign policy chief", "2020-03-01", "Josep Borrell"),
        ("the UN human rights chief", "2019-03-01", "Michelle Bachelet"),
        ("the mayor of London", "2010-03-01", "Boris Johnson"),
        ("the London mayor", "2019-03-01", "Sadiq Khan"),
        ("Scotland's first minister", "2016-03-01", "Nicola Sturgeon"),
        ("the governor of the Bank of England", "2015-03-01", "Mark Carney"),
        ("the pontiff", "2014-03-01", "Pope Francis"),
        ("the Turkish leader", "2012-03-01", "Recep Tayyip Erdoğan"),
        ("the Hamas leader", "2018-03-01", "Ismail Haniyeh"),
    ],
)
def test_offices_of_states_and_of_bodies(register: Register, phrase: str, day: str, name: str) -> None:
    assert who(register, phrase, day) == name


def test_the_article_s_country_says_whose_prime_minister(register: Register) -> None:
    assert who(register, "the prime minister", "2020-03-01") is None
    assert who(register, "the prime minister", "2020-03-01", "IN") == "Narendra Modi"
    assert who(register, "the chancellor", "2020-03-01", "DE") == "Angela Merkel"
    assert who(register, "the chancellor", "2019-03-01", "GB") == "Philip Hammond"


def test_a_spokeswoman_is_no_man(register: Register) -> None:
    assert who(register, "the Kremlin spokeswoman", "2019-05-01") is None


@pytest.mark.parametrize("phrase", ["the former US president", "the ex-chancellor", "the late pope", "a future king"])
def test_former_and_future_holders_are_not_the_holder(register: Register, phrase: str) -> None:
    assert who(register, phrase, "2016-06-01", "US") is None


@pytest.mark.parametrize(
    "phrase", ["the deputy Russian foreign minister", "the US president's son", "the baker", "the minister"]
)
def test_what_the_register_does_not_know_is_nobody(register: Register, phrase: str) -> None:
    assert who(register, phrase, "2016-06-01", "US") is None


def test_without_a_date_a_role_needs_a_single_holder(register: Register) -> None:
    assert who(register, "the US president", None) is None
    assert who(register, "the Chechen leader", None) == "Ramzan Kadyrov"


def test_a_vacant_office_is_nobody_s(register: Register) -> None:
    assert who(register, "the pope", "2025-05-01") is None


def test_an_open_role_is_believed_for_a_while_and_then_no_longer(register: Register) -> None:
    pope = register.by_name("Pope Leo XIV")
    assert pope is not None
    assert pope.roles[0].as_of is not None
    last = pope.roles[0].as_of.last + HONOURED
    assert register.by_role("the pope", on=last) == pope
    assert register.by_role("the pope", on=last + timedelta(days=1)) is None
