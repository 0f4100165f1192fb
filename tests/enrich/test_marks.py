"""Quotation marks are paired by character, whatever their make, and no text is an error."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.enrich.marks import paragraphs, quoted_regions


def strings(text: str) -> list[str]:
    return [text[region.start : region.end] for region in quoted_regions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“One,” he said. “Two.”", ["“One,”", "“Two.”"]),
        ('"One," he said. "Two."', ['"One,"', '"Two."']),
        ("``One,'' he said. ''Two.''", ["``One,''", "''Two.''"]),
        ("'I can't,' he said. 'The boys' toys.'", ["'I can't,'", "'The boys' toys.'"]),
        ("‘It’s the workers’ plan,’ she said.", ["‘It’s the workers’ plan,’"]),
        ("«Oui», dit-il. »Ja«, sagte sie. „Nein“, rief er.", ["«Oui»", "»Ja«", "„Nein“"]),
        ("”Nej”, sade hon.", ["”Nej”"]),
        ("“He said ‘go “now” away’ and left,” she said.", ["“He said ‘go “now” away’ and left,”"]),
        ('"He said "go" to me," she said.', ['"He said "go" to me,"']),
    ],
)
def test_every_make_of_marks_pairs(text: str, expected: list[str]) -> None:
    assert strings(text) == expected


def test_marks_turned_the_wrong_way_still_close() -> None:
    assert strings("He said: “It is so. Atrocities have been committed here. “") == [
        "“It is so. Atrocities have been committed here. “"
    ]


@pytest.mark.parametrize(
    "text", ["He is 6'10\" tall.", "rock ’n’ roll of the ‘90s", "the workers' and the boys' club", "“ ” \" ''"]
)
def test_inches_apostrophes_and_empty_marks_quote_nothing(text: str) -> None:
    assert strings(text) == []


def test_a_quotation_left_open_ends_with_its_paragraph_and_goes_on_in_the_next() -> None:
    first, second = quoted_regions("“One. Two.\n“Three,” he said.")
    assert (first.closed, first.continues) == (False, False)
    assert (second.closed, second.continues) == (True, True)


def test_a_quotation_over_several_lines_is_found_on_each() -> None:
    text = "He said: “One.\nTwo.\nThree.” Then he left."
    assert strings(text) == ["“One.", "Two.", "Three.”"]


def test_a_mark_too_many_spoils_only_its_own_place() -> None:
    assert strings('He said "we go home. "It is over," she said.') == ['"we go home.', '"It is over,"']


def test_a_line_wrapped_to_a_width_stays_in_its_paragraph() -> None:
    text = "He said it was\nover and done.\nShe left."
    assert [text[start:end] for start, end in paragraphs(text)] == ["He said it was\nover and done.", "She left."]


@given(st.text(alphabet="“”\"'‘’«»„`‚() ab.,?!—\n\r\u2028\u00a09sS", max_size=400))
@example('"9\r?»9')  # closes on a line without a word
def test_any_text_gives_ordered_strings_that_do_not_overlap(text: str) -> None:
    end = 0
    for region in quoted_regions(text):
        assert end <= region.start < region.end <= len(text)
        assert any(char.isalnum() or char == "_" for char in text[region.start : region.end])
        end = region.end
