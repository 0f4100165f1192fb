"""What users of the learned reader rely on."""

from __future__ import annotations

import gc
import weakref

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Quote
from pipeline.enrich.encoder_input import WINDOW, Words, windows, words_of
from pipeline.enrich.language import OURS, load

NEWS = (
    "Harbour master Ines Calder shook her head. “The crane was never inspected,” she told reporters in Velden.\n\n"
    "According to the port authority, two ferries had turned back. Calder, who resigned in May, denied that the logs "
    "had been “tidied up”."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = load()
    nlp.add_pipe("whosaid_quotes")
    return nlp


def said(doc: Doc) -> list[Quote]:
    return list(doc._.quotes)


def test_names_and_quotes_share_one_pass_and_the_same_is_found_without_it(nlp: Language) -> None:
    shared = said(nlp(NEWS))
    with nlp.select_pipes(disable=["whosaid_names"]):
        assert said(nlp(NEWS)) == shared


def test_nothing_of_it_stays_beside_the_document(nlp: Language) -> None:
    with nlp.select_pipes(disable=["whosaid_quotes"]):
        doc = nlp(NEWS)
    copy = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    found = [said(nlp.get_pipe("whosaid_quotes")(one)) for one in (doc, copy)]
    assert found[0] == found[1] == said(nlp(NEWS))
    assert (doc._.encoded, doc._.grammar) == (None, None)


def test_what_only_quotes_need_is_not_kept_without_them() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("whosaid_trees")
    doc = nlp(NEWS)
    assert not doc._.grammar
    finder = nlp.add_pipe("whosaid_quotes")
    assert said(finder(doc)) == said(nlp(NEWS))


def test_quotes_are_the_same_where_the_trees_kept_nothing(nlp: Language) -> None:
    silent = spacy.blank("en")
    silent.add_pipe("whosaid_lines")
    silent.add_pipe("whosaid_trees", config={"evidence": False})
    silent.add_pipe("whosaid_quotes")
    assert said(silent(NEWS)) == said(nlp(NEWS))


def test_same_quotes_alone_or_among_others(nlp: Language) -> None:
    texts = [NEWS, "", "He left.", NEWS.replace("\n\n", " ") * 8, "“No,” said Keller."]
    assert [said(doc) for doc in nlp.pipe(texts)] == [said(nlp(text)) for text in texts]


def test_the_rules_alone_still_read() -> None:
    nlp = spacy.load(OURS, exclude=["whosaid_names"])
    nlp.add_pipe("whosaid_quotes", config={"reader": False})
    assert [quote.speaker and quote.speaker.mention for quote in said(nlp(NEWS))][:1] == ["she"]


def test_a_verb_that_is_no_cue_makes_nobody_say_what_stands_beside_it(nlp: Language) -> None:
    thanks = "It went like this. “When we see a door, let us knock. When we see a wall, we ask.” Thank you all."
    assert [quote.speaker for quote in said(nlp(thanks)) if quote.nested_in is None] == [None]


def test_words_in_marks_that_nobody_says_are_no_quote(nlp: Language) -> None:
    clip = 'A clip "How To Avoid Talking To People "was seen by thousands. "Nobody Is Home "followed in May.'
    assert said(nlp(clip)) == []


def test_confidence_lies_between_nought_and_one_and_differs(nlp: Language) -> None:
    found = [quote.confidence for quote in said(nlp(NEWS))]
    assert all(0 < value < 1 for value in found)
    assert len(set(found)) > 1


def test_windows_hold_every_word_once_and_end_where_a_sentence_or_line_does(nlp: Language) -> None:
    words = words_of(nlp.make_doc(NEWS * 20))
    parts = list(windows(words, lambda word: 2))
    assert [i for part in parts for i in part] == list(range(len(words.texts)))
    assert all(2 * len(part) + 2 <= WINDOW for part in parts)
    assert all(words.breaks[part.start] for part in parts)


def test_one_endless_word_is_a_window_of_its_own() -> None:
    words = Words(["x"] * 3, [True, False, False], [0] * 3, [])
    assert [len(part) for part in windows(words, lambda word: WINDOW)] == [1, 1, 1]


def test_no_document_outlives_whoever_holds_it(nlp: Language) -> None:
    doc = nlp(NEWS)
    alive = weakref.ref(doc)
    del doc
    gc.collect()
    assert alive() is None


def test_a_name_at_the_edge_of_what_the_reader_sees_is_not_cut(nlp: Language) -> None:
    left = nlp(
        "Katarzyna Wilk-Moreland shook her head and looked for a long time at the wet stones of the old quay "
        "where the two boats that had come in from the north before dawn were tied to the. “They never even "
        "opened the file, and they never will.”"
    )
    right = nlp(
        "“We waited the whole night by the wet stones of the old quay and nobody came to tell us what had been found "
        "in the boats or,” said the owner Katarzyna Wilk-Moreland."
    )
    speakers = [said(doc)[0].speaker for doc in (left, right)]
    assert all(speaker and speaker.mention.endswith("Katarzyna Wilk-Moreland") for speaker in speakers)


def test_a_particle_is_no_cue(nlp: Language) -> None:
    assert said(nlp("Workers took down the sign that the mayor had put up.")) == []
