"""What users of the packaged pipeline rely on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import spacy
import srsly
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.enrich.language import OURS, fingerprint, load
from pipeline.errors import ConfigurationError


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def test_loads_from_its_folder_and_reads_a_sentence(nlp: Language) -> None:
    doc = nlp("The minister said Pavel Novak was wrong.")
    assert [token.dep_ for token in doc if token.text == "minister"] == ["nsubj"]
    assert [ent.text for ent in doc.ents] == ["Pavel Novak"]
    assert [token.lemma_ for token in doc if token.pos_ in {"VERB", "AUX"}] == ["say", "be"]


def test_a_line_ends_its_sentence(nlp: Language) -> None:
    doc = nlp("A headline without a full stop\nThe minister left. He flew\nto Oslo on Friday")
    assert [sent.text.strip() for sent in doc.sents] == [
        "A headline without a full stop",
        "The minister left.",
        "He flew\nto Oslo on Friday",
    ]


def test_same_annotation_alone_or_in_a_batch(nlp: Language) -> None:
    texts = ["Ms Okafor said no.", "", "\n", "“Yes,” he said.\nThen he left."]
    alone = [nlp(text).to_json() for text in texts]
    assert [doc.to_json() for doc in nlp.pipe(texts)] == alone


def test_vocabulary_holds_no_handles_links_or_addresses() -> None:
    strings = srsly.read_json(OURS / "vocab" / "strings.json")
    assert not [s for s in strings if re.search(r"https?:|www\.|\w\.(com|org|net|co)\b|^[@#]\w\w|\w@\w+\.", s)]
    assert len(strings) < 10_000


def test_is_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in OURS.rglob("*") if path.is_file()) <= 35 * 2**20


def test_card_gives_the_scores_that_were_measured() -> None:
    card = (OURS / "README.md").read_text(encoding="utf-8")
    meta = srsly.read_json(OURS / "meta.json")
    assert f"{meta['lang']}_{meta['name']} {meta['version']}" in card
    assert meta["license"] == "CC BY-SA 4.0"
    for key in ("tag_acc", "dep_uas", "dep_las", "sents_f", "lemma_acc", "ents_p", "ents_r", "ents_f"):
        assert f"{100 * meta['performance'][key]:.1f}" in card, key


@pytest.mark.parametrize(
    ("components", "missing"), [(["parser"], "entity recognition"), (["ner"], "dependency parser"), ([], "parser")]
)
def test_another_pipeline_without_a_parser_or_names_is_refused(
    tmp_path: Path, components: list[str], missing: str
) -> None:
    other = spacy.blank("en")
    for component in components:
        other.add_pipe(component).add_label("X")
    other.initialize()
    other.to_disk(tmp_path / "other")
    with pytest.raises(ConfigurationError, match=missing):
        load(str(tmp_path / "other"))


def test_another_pipeline_with_both_is_used(tmp_path: Path) -> None:
    other = spacy.blank("en")
    for component in ("parser", "ner"):
        other.add_pipe(component).add_label("X")
    other.initialize()
    other.to_disk(tmp_path / "other")
    assert load(str(tmp_path / "other")).pipe_names == ["whosaid_lines", "parser", "ner"]


def test_a_pipeline_that_is_not_installed_says_how_to_install_it() -> None:
    with pytest.raises(ConfigurationError, match="python -m spacy download en_not_here"):
        load("en_not_here")


@pytest.mark.filterwarnings("ignore")
def test_a_pipeline_made_for_another_spacy_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "old")
    meta = srsly.read_json(tmp_path / "old" / "meta.json")
    srsly.write_json(tmp_path / "old" / "meta.json", {**meta, "spacy_version": ">=2.3.0,<2.4.0"})
    with pytest.raises(ConfigurationError, match=r"spaCy >=2\.3\.0,<2\.4\.0"):
        load(str(tmp_path / "old"))


def test_fingerprint_changes_with_the_weights_and_only_with_them(nlp: Language, tmp_path: Path) -> None:
    assert fingerprint(nlp) == fingerprint(load())
    prints = set()
    for name in ("one", "two", "three"):
        spacy.blank("en").to_disk(tmp_path / name)
        if name == "three":
            (tmp_path / name / "weights").write_bytes(b"other")
        prints.add(fingerprint(spacy.load(tmp_path / name)))
    assert len(prints) == 2


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_it_fail(nlp: Language, text: str) -> None:
    assert nlp(text).text == text
