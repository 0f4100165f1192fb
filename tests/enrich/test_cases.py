"""The stories about speakers are readable as they stand: a slip in one is told here, not by a wrong figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.article import EnrichedArticle, Quote, QuoteKind, Span, Speaker, SpeakerKind
from tests.enrich.examination import Question, Story, answer, read_stories


def test_there_are_many_stories_of_many_kinds() -> None:
    stories = read_stories()
    assert len(stories) >= 150
    assert len({story.section for story in stories}) >= 12
    nameless = [question for story in stories for question in story.questions if not question.names]
    assert len(nameless) <= len(stories) / 6


def test_a_right_name_stands_in_its_article_or_its_headline() -> None:
    missing = [
        question.line
        for story in read_stories()
        for question in story.questions
        if question.names and not any(name in f"{story.title}\n{story.text}" for name in question.names)
    ]
    assert not missing


def test_no_story_is_told_twice() -> None:
    asked = [(story.text, question.words) for story in read_stories() for question in story.questions]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("question", ["> the bridge", "> the tunnel => Keller", "> a => Keller"])
def test_a_question_that_cannot_be_asked_is_named(question: str, tmp_path: Path) -> None:
    file = tmp_path / "speakers.txt"
    file.write_text(f"# comment\n\n## Section\nKeller said the bridge was a mess.\n{question}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"speakers\.txt, line 5"):
        read_stories(file)


STORY = Story(1, "", None, "Mara Keller left. “It works,” she said.", (Question(2, "It works", ("Mara Keller",)),))
SHE = Speaker(30, 33, "she", "Mara Keller", SpeakerKind.PERSON)


@pytest.mark.parametrize(
    ("speaker", "right"),
    [
        (SHE, True),
        (replace(SHE, name="Keller"), False),
        (replace(SHE, name="Mara Keller", kind=SpeakerKind.UNNAMED), False),
        (None, False),
    ],
)
def test_a_speaker_is_right_by_the_fullest_name_only(speaker: Speaker | None, right: bool) -> None:
    quote = Quote((Span(18, 29),), QuoteKind.DIRECT, speaker=speaker)
    enriched = EnrichedArticle(STORY.article(), "", quotes=(quote,))
    assert answer(STORY, STORY.questions[0], enriched).right is right


def test_a_quote_that_was_not_found_is_a_miss_even_where_nobody_is_named() -> None:
    nobody = Question(2, "It works", ())
    elsewhere = Quote((Span(0, 5),), QuoteKind.INDIRECT)
    assert not answer(STORY, nobody, EnrichedArticle(STORY.article(), "", quotes=(elsewhere,))).right
    found = Quote((Span(18, 29),), QuoteKind.DIRECT)
    assert answer(STORY, nobody, EnrichedArticle(STORY.article(), "", quotes=(found,))).right
