"""The cases are readable as they stand: whoever adds a line with a slip in it is told so here, not by a wrong
figure.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.actors.examination import read_countries, read_roles
from tests.answers import spelling

# ISO 3166-1 alpha-2 as officially assigned, and XK, which is widely used for Kosovo.
CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
"""


def test_country_cases_are_many_and_a_third_of_them_ambiguous() -> None:
    cases = read_countries()
    assert len(cases) >= 300
    assert sum(case.ambiguous for case in cases) >= 110


def test_every_country_is_a_code_of_the_standard() -> None:
    assert not {case.country for case in read_countries()} - {*CODES.split(), None}


def test_no_country_case_is_written_twice() -> None:
    texts = Counter((case.marked.text, case.marked.start) for case in read_countries())
    assert not [text for text, times in texts.items() if times > 1]


def test_a_mention_is_cut_out_of_its_text_to_the_character() -> None:
    (case,) = [case for case in read_countries() if case.marked.mention == "Guinea-Bissau"]
    assert case.marked.text == "Fishermen from Guinea-Bissau were freed."
    assert (case.marked.start, case.marked.end, case.country) == (15, 28, "GW")


@pytest.mark.parametrize("line", ["FR  A ferry to France.", "FR  From [[France]] to [[France]]."])
def test_a_line_without_exactly_one_mention_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "countries.txt"
    file.write_text(f"# a comment\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"countries\.txt, line 2"):
        read_countries(file)


def test_role_cases_are_many_and_some_must_not_be_resolved() -> None:
    cases = read_roles()
    assert len(cases) >= 150
    assert sum(not case.people for case in cases) >= 30


def test_roles_that_are_resolved_lie_in_the_years_that_the_register_covers() -> None:
    assert {case.date.year for case in read_roles() if case.people} == set(range(2010, 2025))


def test_nobody_is_named_in_the_sentence_that_asks_for_them() -> None:
    told = [case for case in read_roles() if any(name in case.marked.text for name in case.people)]
    assert not told


def test_one_office_means_different_people_at_different_times() -> None:
    office = [case for case in read_roles() if case.marked.mention.casefold() == "the us president"]
    people = {case.date.year: case.people for case in office if case.date.year in (2018, 2022)}
    assert people == {2018: ("Donald Trump",), 2022: ("Joe Biden",)}


def test_no_role_case_is_written_twice() -> None:
    texts = Counter((case.date, case.marked.text) for case in read_roles())
    assert not [text for text, times in texts.items() if times > 1]


@pytest.mark.parametrize(
    "line", ["2018-02-30 | A | [[The pope]].", "2018-02-03 | [[The pope]].", "2018-02-03 | A | No."]
)
def test_a_role_that_cannot_be_read_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "roles.txt"
    file.write_text(f"## Section\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"roles\.txt, line 3"):
        read_roles(file)


def test_accents_hyphens_and_full_stops_make_no_other_person() -> None:
    assert spelling("Binali Yıldırım") == spelling("Binali Yildirim")
    assert spelling("Kim Jong-un") == spelling("Kim Jong Un")
    assert spelling("Zeid Ra’ad al-Hussein") == spelling("Zeid Raad Al Hussein")
    assert spelling("Ferdinand Marcos Jr.") == spelling("Ferdinand Marcos Jr")
    assert spelling("George Bush") != spelling("George W. Bush")
