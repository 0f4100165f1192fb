"""What somebody who trains the encoder relies on: trees, names and quotes come out of the files as they went in."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from pipeline.enrich.language import OURS
from training.encoder import rounds
from training.encoder.labels import Labels, morph
from training.encoder.packing import Pieces, Window, packed
from training.encoder.passages import unit_of
from training.encoder.prepare import numbers
from training.encoder.standins import masked
from training.encoder.trees import Treebank, curled
from training.encoder.unit import UNKNOWN, Unit

ROWS = [
    "1 The the DET DT Definite=Def|PronType=Art 2 det _ _",
    "2 minister minister NOUN NN Number=Sing 3 nsubj _ _",
    "3 left leave VERB VBD Mood=Ind|Tense=Past|VerbForm=Fin 0 root _ SpaceAfter=No",
    "4 . . PUNCT . _ 3 punct _ _",
]
SENTENCE = ("The minister left.", [row.split() for row in ROWS])


@pytest.fixture(scope="module")
def treebank() -> Treebank:
    return Treebank([[SENTENCE] * 6])


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(OURS / "whosaid_names" / "tokenizer.json")


def tree(unit: Unit, labels: Labels) -> list[tuple[str, str, str]]:
    words, syntax = unit.words.texts, unit.syntax
    assert syntax is not None
    heads = ["ROOT" if head == 0 else words[head - 1] for head in syntax.heads]
    return [(w, h, labels.relations[r]) for w, h, r in zip(words, heads, syntax.relations, strict=True)]


def test_a_treebank_s_sentences_keep_their_trees_however_they_are_cut(treebank: Treebank) -> None:
    for seed in range(5):
        for unit in treebank.units(random.Random(seed)):
            found = [(w.lower(), h if h == "ROOT" else h.lower(), r) for w, h, r in tree(unit, treebank.labels)]
            sentence = [("the", "minister", "det"), ("minister", "left", "nsubj"), ("left", "ROOT", "ROOT")]
            assert found == [*sentence, (".", "left", "punct")] * (len(found) // 4)
            assert unit.syntax is not None
            assert unit.syntax.starts == [1, 0, 0, 0] * (len(found) // 4)
            assert UNKNOWN not in (*unit.syntax.tags, *unit.syntax.morphs)


def test_features_are_one_label_in_whatever_order() -> None:
    assert morph("VERB", "Tense=Past|Mood=Ind") == morph("VERB", "Mood=Ind|Tense=Past") == "VERB|Mood=Ind|Tense=Past"
    assert morph("PUNCT", "_") == morph("PUNCT", "") == "PUNCT"


def test_a_window_comes_out_of_the_file_as_it_went_in(treebank: Treebank, pieces: Pieces, tmp_path: Path) -> None:
    said = unit_of("{S Ada Quill} {C said} {Q the bridge would hold}.")
    chance = random.Random(1)
    windows = [*packed([said] * 3, pieces, chance), *packed(list(treebank.units(chance)), pieces, chance)]
    rounds.write(tmp_path / "00.npz", ((numbers(window), window.unit.anchors) for window in windows))
    read = rounds.read(tmp_path / "00.npz")
    assert len(read) == len(windows)
    for row, window in zip(read, windows, strict=True):
        assert {name: values.tolist() for name, values in row.of.items()} == {
            name: list(values) for name, values in numbers(window).items()
        }
        assert row.at.tolist() == [anchor.at for anchor in window.unit.anchors]
        assert row.parts.tolist() == [anchor.parts for anchor in window.unit.anchors]
    assert any(row.parts.any() for row in read)


def test_what_is_too_long_is_cut_and_a_head_beyond_the_cut_is_not_known(treebank: Treebank, pieces: Pieces) -> None:
    words = [f"word{n}" for n in range(400)]
    doc = Doc(spacy.blank("en").vocab, words, heads=[399] * 400, deps=["dep"] * 399 + ["ROOT"])
    windows = list(packed([treebank.unit(doc)], pieces, random.Random(1)))
    assert len(windows) > 1
    assert sum(len(window.first) for window in windows) == 400
    assert {head for window in windows[:-1] for head in heads(window)} == {UNKNOWN}
    assert heads(windows[-1])[-1] == 0


def heads(window: Window) -> list[int]:
    assert window.unit.syntax is not None
    return window.unit.syntax.heads


def test_a_clausal_quotation_gives_way_to_a_stand_in_that_hangs_where_it_hung() -> None:
    words = ["“", "We", "shall", "never", "surrender", ",", "”", "she", "said", "."]
    hung = [4, 4, 4, 4, 8, 4, 4, 8, 8, 8]
    deps = ["punct", "nsubj", "aux", "advmod", "ccomp", "punct", "punct", "nsubj", "ROOT", "punct"]
    spaces = [False, True, True, True, False, False, True, True, False, False]
    tags = ["``", "PRP", "MD", "RB", "VB", ",", "''", "PRP", "VBD", "."]
    doc = Doc(spacy.blank("en").vocab, words, spaces, heads=hung, deps=deps, tags=tags)
    found = masked(doc)
    assert found.text == "“It works,” she said."
    assert [(t.text, t.dep_, t.head.text) for t in found][:3] == [
        ("“", "punct", "works"),
        ("It", "nsubj", "works"),
        ("works", "ccomp", "said"),
    ]


def test_curly_quotation_marks_change_nothing_else() -> None:
    doc = Doc(
        spacy.blank("en").vocab, ['"', "No", '"', "'s"], heads=[1, 1, 1, 1], deps=["punct", "ROOT", "punct", "dep"]
    )
    curly = curled(doc)
    assert [token.text for token in curly] == ["“", "No", "”", "’s"]
    assert np.array_equal(curly.to_array(["HEAD", "DEP"]), doc.to_array(["HEAD", "DEP"]))
