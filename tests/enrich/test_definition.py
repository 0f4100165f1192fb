"""The definition of a quote, held true: every example of `docs/quotes.md` is read by the extractor and compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.enrich import language
from tests.enrich.grading import problems
from tests.enrich.notation import Example, read

if TYPE_CHECKING:
    from spacy.language import Language

PAGE = Path(__file__).parents[2] / "docs" / "quotes.md"
EXAMPLES = read(PAGE.read_text(encoding="utf-8"))

HARD_CASES = {
    "indirect": "Maria Keller said the bridge would open",
    "direct": "“The bridge will open in May,” the engineer",
    "mixed": "“a box-ticking exercise”",
    "a pronoun speaks": "she said.",
    "a common noun speaks": "a spokesman said",
    "an organisation speaks": "Nordbank said",
    "a place speaks for its government": "Ottawa said",
    "nobody is named": "It was claimed that",
    "interrupted": "“The bridge,” Keller said, “will",
    "several sentences": "“I saw the smoke. I rang the bell. Nobody came,”",
    "never closed": "“We heard three knocks",
    "a paragraph that goes on in the next": "“By spring there was nothing left",
    "odd number of marks": "The clerk put down the file.”",
    "inches": "6'2\"",
    "rare cue": "moaned Baz",
    "according to": "According to",
    "in the words of": "In the words of",
    "was quoted as saying": "was quoted as saying",
    "told somebody": "told reporters",
    "somebody's statement": "Keller’s statement that",
    "in a tweet": "In a tweet",
    "colon": "one critic:",
    "floating": "shook her head. “They",
    "scare quotes": "“smart” bins",
    "title": "“The Salt Road”",
    "nickname": "Erik “the Bear”",
    "two straight single marks": "''Nobody checked",
    "grave accents": "``Nobody checked",
    "straight marks": '"Nobody checked',
    "single marks": "‘It wasn’t the players’ fault,’",
    "guillemets": "«The doors",
    "marks turned the wrong way": "Stay off the lake. “",
    "aside": "Brandt, who replaced Keller in June, said",
    "inversion": "said Admiral Okafor",
    "passive": "were told by a harbour official",
    "reported question": "whether she had read",
    "reported command": "to hand over its ledgers",
    "negated": "did not say",
    "hypothetical": "If the referee says",
    "nested": "the inspectors had told her",
    "dialogue turns": "“And what did you find?”",
    "signature": "— Lena Ortiz",
    "transcript": "KELLER: The bridge",
    "thought": "Villagers fear",
}


@pytest.fixture(scope="module")
def nlp() -> Language:
    """The packaged pipeline with the quote component on top."""
    loaded = language.load(None)
    if "whosaid_quotes" not in loaded.pipe_names:
        loaded.add_pipe("whosaid_quotes")
    return loaded


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_is_read_as_the_page_says(nlp: Language, example: Example) -> None:
    told = problems(example, nlp(example.text)._.quotes)
    assert not told, "\n".join([example.text, *told])


def test_the_page_has_many_examples_in_every_section_that_defines_something() -> None:
    assert len(EXAMPLES) >= 90
    assert len({example.text for example in EXAMPLES}) == len(EXAMPLES), "an example stands twice"
    sections = re.findall(r"^## (?!How to read)(.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(sections) >= 12
    assert not [title for title, body in sections if "```quotes" not in body]


@pytest.mark.parametrize("words", HARD_CASES.values(), ids=HARD_CASES.keys())
def test_every_hard_case_has_an_example(words: str) -> None:
    assert any(words in example.text for example in EXAMPLES)
