"""Trees in which a quotation is one word: what the rules rely on where `whosaid_trees` read the article."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.enrich.component import plan_of
from pipeline.enrich.masking import Masked
from pipeline.enrich.names import encoder_of
from pipeline.enrich.parse import Parse
from pipeline.enrich.reader import Reader

WILD = st.lists(
    st.sampled_from(
        ["“", "”", '"', "‘", "’", "«", "»", "said", "She", "It works,", ".", "?", "\n", "\n\n", " ", ",", "’s"]
    )
    | st.text(max_size=4),
    max_size=60,
).flatmap(lambda parts: st.sampled_from([" ".join(parts), "".join(parts)]))


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("whosaid_trees")
    return nlp


def around(nlp: Language, text: str) -> Iterator[tuple[Masked, Parse]]:
    """Each paragraph with a clausal quotation, and its parse."""
    doc, plan = nlp(text), plan_of(text)
    reader = Reader.of(doc.text, Parse.of(doc), encoder_of(nlp))
    for _, masked in plan:
        if masked is not None:
            yield masked, reader.around.parse(masked)


def test_a_quotation_of_several_sentences_hangs_on_the_verb_beside_it(nlp: Language) -> None:
    ((masked, parse),) = around(
        nlp, "“We came late. The pumps had failed. Who, pray, was to know?” the skipper asked on Monday."
    )
    assert masked.text == "“It works?” the skipper asked on Monday."
    assert parse.texts == ["“", "It", "works", "?", "”", "the", "skipper", "asked", "on", "Monday", "."]
    works, skipper, asked = 2, 6, 7
    assert parse.heads[works] == asked or parse.heads[asked] == works
    assert (parse.heads[skipper], parse.deps[skipper]) == (asked, "nsubj")
    assert [i for i, begun in enumerate(parse.begins) if begun] == [0]


def test_what_stands_outside_quotations_keeps_its_tags(nlp: Language) -> None:
    ((_, parse),) = around(nlp, "The skipper said: “We came late. Nobody knew.” Then he left.")
    assert dict(zip(parse.texts, parse.tags, strict=True))["skipper"] == "NN"
    assert dict(zip(parse.texts, parse.tags, strict=True))["left"] == "VBD"


def test_a_quotation_longer_than_what_is_read_at_once(nlp: Language) -> None:
    long = "The pumps had failed and nobody on the bridge knew why they had failed. " * 30
    ((_, parse),) = around(nlp, f"“{long.strip()}” the skipper said.")
    assert parse.texts == ["“", "It", "works", ".", "”", "the", "skipper", "said", "."]
    assert parse.heads[6] == 7


def check(masked: Masked, parse: Parse) -> None:
    """Words stand where the masked text has them, and each sentence is one tree."""
    assert parse.starts == sorted(parse.starts)
    for word, start in zip(parse.texts, parse.starts, strict=True):
        assert masked.text[start : start + len(word)].split() == word.split()
    sentence = list(accumulate(parse.begins))
    for i in range(len(parse.texts)):
        at, steps = i, 0
        while parse.heads[at] != at and steps <= len(parse.texts):
            at, steps = parse.heads[at], steps + 1
        assert parse.heads[at] == at and parse.deps[at] == "ROOT" and sentence[at] == sentence[i]
    roots = [sentence[i] for i, head in enumerate(parse.heads) if head == i]
    assert len(roots) == len(set(roots)) == sum(parse.begins)


@settings(max_examples=150, deadline=None)
@given(WILD)
@example("He tweeted:#“no”“Yes!”#now and left.")  # one token that holds two strings
@example("lit“b”“Yes,”[1] he said.")
def test_any_text_gives_trees_over_words_in_their_places(nlp: Language, text: str) -> None:
    for masked, parse in around(nlp, text):
        check(masked, parse)


LONG = "a stone bridge over a slow river " * 40
"""More than is read at once."""


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["“It will hold,”", f"“{LONG}!”", "she said", LONG, "and he asked:", ". Then", ", but"]),
        min_size=3,
        max_size=9,
    )
)
def test_paragraphs_and_quotations_longer_than_what_is_read_at_once_are_trees_too(
    nlp: Language, parts: list[str]
) -> None:
    for masked, parse in around(nlp, " ".join(parts)):
        check(masked, parse)
