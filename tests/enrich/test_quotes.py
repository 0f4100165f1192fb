"""What users of the component `whosaid_quotes` rely on, beyond the definition that `test_definition.py` holds true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import cast

import pytest
import spacy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import QuoteKind
from pipeline.enrich.component import QuoteFinder
from pipeline.enrich.language import OURS
from tests.enrich.notation import read

DEFINITION = Path(__file__).parents[2] / "docs" / "quotes.md"
SENTENCES = [example.text for example in read(DEFINITION.read_text(encoding="utf-8"))]
SEED = Path(__file__).parents[2] / "seeds" / "000_49708155d52889bd.txt"
MARKS = ["“", "”", '"', "''", "``", "‘", "’", "'", "«", "»", "„", "(", ")", "[", "]"]
SPACES = ["\n", "\n\n", "\r\n", "\u2028", " ", "\u00a0"]
WORDS = [
    "said",
    "told",
    "he",
    "Keller",
    "that",
    "according",
    "to",
    "claim",
    "if",
    "as",
    "KELLER:",
    "a",
    "Q",
    "7",
    "é",
    "😀",
    "ﬁ",
    ",",
    ".",
    "?",
    ":",
    ";",
    "—",
    "…",
]
PIECES = st.sampled_from([*MARKS, *SPACES, *(f"{word} " for word in WORDS), "a", "\ud7ff", "\x00"])
WILD = st.lists(PIECES, max_size=80).map("".join)


@pytest.fixture(scope="module")
def nlp() -> Iterator[Language]:
    nlp = spacy.load(OURS, exclude=["whosaid_names"])
    nlp.add_pipe("whosaid_quotes")
    yield nlp


def check(doc: Doc) -> None:
    text = doc.text
    starts = [quote.start for quote in doc._.quotes]
    assert starts == sorted(starts)
    for i, quote in enumerate(doc._.quotes):
        end = 0
        for piece in quote.pieces:
            assert end <= piece.start < piece.end <= len(text)
            end = piece.end
        assert 0 < quote.confidence <= 1
        assert quote.speaker is None or quote.speaker.mention == text[quote.speaker.start : quote.speaker.end] != ""
        assert quote.nested_in is None or quote.nested_in < i
        if quote.speaker is not None and quote.kind is not QuoteKind.DIRECT:  # who says it is no part of what is said
            assert not any(p.start <= quote.speaker.start and quote.speaker.end <= p.end for p in quote.pieces)
    assert len(doc.spans["quotes"]) == sum(len(quote.pieces) for quote in doc._.quotes)


def test_the_seed_article_gives_its_speakers(nlp: Language) -> None:
    doc = nlp(SEED.read_text(encoding="utf-8"))
    check(doc)
    said = {(quote.speaker.mention, doc.text[quote.start : quote.end]) for quote in doc._.quotes if quote.speaker}
    assert ("the Kremlin", "As for Kiev, it completely rejects the idea of talks") in said
    assert ("Lavrov", "Russia has not received any signals through diplomatic channels") in said
    assert any(
        mention == "The Kremlin spokesman" and words.startswith("“What did President Biden") for mention, words in said
    )
    assert any("Justin Welby" in mention and words.startswith("there could be no peace") for mention, words in said)


def test_a_batch_gives_what_each_article_gives_alone(nlp: Language) -> None:
    texts = [
        "“It works,” she said.",
        "No quotes here.",
        "",
        "He said: “A. B.”\n“C,” he added.",
        SEED.read_text(encoding="utf-8"),
    ]
    assert [doc._.quotes for doc in nlp.pipe(texts)] == [nlp(text)._.quotes for text in texts]


def test_spans_are_in_the_groups_that_spacy_users_look_in(nlp: Language) -> None:
    doc = nlp("“It works,” the engineer told reporters.")
    assert [span.text for span in doc.spans["quotes"]] == ["“It works,”"]
    assert [span.text for span in doc.spans["cues"]] == ["told"]
    assert [span.text for span in doc.spans["speakers"]] == ["the engineer"]


def test_a_pipeline_with_the_component_can_be_saved_and_loaded(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    text = "Keller said the bridge would open in May."
    assert spacy.load(tmp_path)(text)._.quotes == nlp(text)._.quotes != ()


def test_a_pipeline_without_a_parser_finds_no_quotes_and_raises_nothing() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("whosaid_quotes")
    check(nlp("“It works,” she said. Keller said it did."))


def test_wrapped_lines_and_foreign_line_ends_change_nothing(nlp: Language) -> None:
    one = nlp("Keller said the bridge would open in May.\n“It works,” she added.")._.quotes
    other = nlp("Keller said the bridge would\nopen in May.\r\n“It works,” she added.")._.quotes
    assert (
        [(quote.kind, quote.speaker and quote.speaker.mention) for quote in one]
        == [(quote.kind, quote.speaker and quote.speaker.mention) for quote in other]
        == [(QuoteKind.INDIRECT, "Keller"), (QuoteKind.DIRECT, "she")]
    )


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=WILD)
@example(text="“KELLER: ")  # a name of a transcript that says nothing
@example(text="He tweeted:#“no”“Yes!”#now and left.")
@example(text="Keller said that the work was over and done with, but")  # it ends where another clause would begin
def test_no_text_raises_and_every_span_lies_in_it(nlp: Language, text: str) -> None:
    check(nlp(text))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    sentences=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), random=st.randoms(), reader=st.booleans()
)
def test_no_sentence_whose_words_are_missing_or_moved_raises(
    nlp: Language, sentences: list[str], random: Random, reader: bool
) -> None:
    words = [word for word in " ".join(sentences).split(" ") if random.random() > 0.2]
    if random.random() < 0.5:
        random.shuffle(words)
    finder = cast(QuoteFinder, nlp.get_pipe("whosaid_quotes"))
    try:
        finder.reader = reader
        check(nlp(" ".join(words)))
    finally:
        finder.reader = True


@pytest.mark.soak
@pytest.mark.parametrize("quarter", range(4))  # of 20,000 texts, an hour or more in all: to see them pass by
@settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_text_up_to_100_000_characters_raises(nlp: Language, quarter: int, data: st.DataObject) -> None:
    text = data.draw(WILD)
    length = data.draw(st.sampled_from([0] * 200 + [1_000, 10_000, 100_000]))
    check(nlp((text * (length // max(1, len(text)) + 1))[: max(length, len(text))]))
