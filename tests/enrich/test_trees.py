"""What users of `whosaid_trees` rely on."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.enrich.encoder import Encoder
from pipeline.enrich.encoder_input import WINDOW
from pipeline.enrich.language import load

NEWS = (
    "Harbour master Ines Calder shook her head. Two ferries had turned back, and nobody knew why.\n\n"
    "The port of Velden denied on Friday that its crane had been inspected."
)
WILD = st.lists(
    st.sampled_from(
        ["said", "\n", " ", "\n\n", ".", "“", "”", "He", "😀", "A" * 3000, "http://a.b/c", "’s", "\x00", "名前"]
    )
    | st.text(max_size=5),
    max_size=40,
).map(" ".join)
Annotation = list[tuple[str, str, str, int, str, bool]]


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("whosaid_trees")
    return nlp


def annotation(doc: Doc) -> Annotation:
    return [(t.tag_, t.pos_, str(t.morph), t.head.i, t.dep_, bool(t.is_sent_start)) for t in doc]


def check(doc: Doc) -> None:
    """Sentences follow each other, and each is one tree."""
    ends = 0
    for sentence in doc.sents:
        assert sentence.start == ends
        ends = sentence.end
        roots = [token.i for token in sentence if token.head == token]
        assert len(roots) == 1
        assert [token.i for token in sentence if token.dep_ == "ROOT"] == roots
        assert all(token.has_head() and sentence.start <= token.head.i < sentence.end for token in sentence)
        assert all(token == sentence.root or sentence.root in token.ancestors for token in sentence)
    assert ends == len(doc)


@settings(max_examples=60, deadline=None)
@given(WILD)
def test_any_text_falls_into_sentences_with_one_root_each(nlp: Language, text: str) -> None:
    doc = nlp(text)
    check(doc)
    assert all(bool(token.tag_) and (token.pos_ == "SPACE") == token.is_space for token in doc)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["word", "Word", ".", "\n"]), st.sampled_from([None, True, False]))), st.data()
)
def test_sentence_starts_that_were_set_before_are_kept(
    nlp: Language, tokens: list[tuple[str, bool | None]], data: st.DataObject
) -> None:
    tokens = tokens * data.draw(st.sampled_from([1, 1, 40]))  # more than a window, too
    doc = Doc(nlp.vocab, [word for word, _ in tokens])
    for token, (_, start) in list(zip(doc, tokens, strict=True))[1:]:
        token.is_sent_start = start
    wanted = [token.is_sent_start for token in doc]
    doc = nlp.get_pipe("whosaid_trees")(doc)
    check(doc)
    assert all(is_start in (token.is_sent_start, None) for token, is_start in zip(doc, wanted, strict=True))


def test_a_sentence_longer_than_a_window_stays_whole_when_it_must(nlp: Language) -> None:
    doc = nlp.make_doc("and so on " * WINDOW)
    for token in doc[1:]:
        token.is_sent_start = False
    assert len(list(nlp.get_pipe("whosaid_trees")(doc).sents)) == 1


def test_same_annotation_alone_or_in_a_batch(nlp: Language) -> None:
    texts = [NEWS, "", "\n", " Stop. ", NEWS * 10]
    assert [annotation(doc) for doc in nlp.pipe(texts)] == [annotation(nlp(text)) for text in texts]


def test_same_annotation_after_disk_bytes_and_copy(tmp_path: Path) -> None:
    nlp = load()
    wanted = annotation(nlp(NEWS))
    nlp.to_disk(tmp_path / "model")
    assert annotation(spacy.load(tmp_path / "model")(NEWS)) == wanted
    again = spacy.load(tmp_path / "model", exclude=["whosaid_names", "whosaid_trees", "lemmatizer", "whosaid_lines"])
    for name in nlp.pipe_names:
        again.add_pipe(name, config={"mode": "rule"} if name == "lemmatizer" else {})
    assert annotation(again.from_bytes(nlp.to_bytes())(NEWS)) == wanted
    assert annotation(copy.deepcopy(nlp)(NEWS)) == wanted
    doc = nlp(NEWS)
    assert annotation(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == wanted


def test_trees_names_and_quotes_share_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = load()
    nlp.add_pipe("whosaid_quotes")
    passes, read = [], Encoder.passes

    def counted(self: Encoder, words: object) -> object:
        passes.append(words)
        return read(self, words)  # type: ignore[arg-type]

    monkeypatch.setattr(Encoder, "passes", counted)
    names = [ent.text for ent in nlp(NEWS).ents]
    assert len(passes) == 1
    with nlp.select_pipes(enable=["whosaid_names"]):
        assert [ent.text for ent in nlp(NEWS).ents] == names
    assert len(passes) == 2


def test_labels_outlive_the_batch_in_which_they_were_first_used() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("whosaid_trees")
    with nlp.memory_zone():
        wanted = annotation(nlp(NEWS))
    assert annotation(nlp(NEWS)) == wanted


def test_is_scored_as_spacys_own_components_are(nlp: Language) -> None:
    gold = nlp(NEWS.replace("\n\n", " "))
    scores = nlp.evaluate([Example(nlp.make_doc(gold.text), gold)])
    assert {scores[key] for key in ("tag_acc", "pos_acc", "morph_acc", "dep_las", "sents_f")} == {1.0}
