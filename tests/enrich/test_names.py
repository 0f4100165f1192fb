"""What users of `whosaid_names` rely on."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from pipeline.enrich.encoder_input import WINDOW
from pipeline.enrich.names_decode import decode
from pipeline.enrich.names_vote import vote

NEWS = (
    "Norwegian Prime Minister Ingrid Solheim met Pavel Novak in Oslo.\n\n"
    "Solheim said Norway would help. The Kremlin did not answer. “We wrote to the Kremlin,” Novak told "
    "Reuters in Berlin."
)
TAGS = ("O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG", "B-GPE", "I-GPE")


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("whosaid_names")
    return nlp


def names(doc: Doc) -> list[tuple[str, str]]:
    return [(ent.text, ent.label_) for ent in doc.ents]


def test_finds_people_organisations_places_and_peoples(nlp: Language) -> None:
    found = dict(names(nlp(NEWS)))
    wanted = {
        "Ingrid Solheim": "PERSON",
        "Pavel Novak": "PERSON",
        "Reuters": "ORG",
        "Oslo": "GPE",
        "Norwegian": "NORP",
        "Norway": "GPE",
    }
    assert wanted.items() <= found.items()


def test_surname_is_a_person_as_the_full_name_is(nlp: Language) -> None:
    assert {("Solheim", "PERSON"), ("Novak", "PERSON")} <= set(names(nlp(NEWS)))


@pytest.mark.parametrize(
    "line",
    ["Berlin said it would wait.", "Berlin urged calm, and officials in Berlin agreed.", "“No,” Berlin answered."],
)
def test_a_capital_that_speaks_is_a_place(nlp: Language, line: str) -> None:
    assert {label for text, label in names(nlp(line)) if text == "Berlin"} <= {"GPE"}


def test_the_kremlin_never_changes_its_label(nlp: Language) -> None:
    text = (
        "Kremlin said no. Talks in the Kremlin failed. The Kremlin’s Petrov spoke. Kremlin, again, on Kremlin Square."
    )
    assert {label for name, label in names(nlp(text)) if name == "Kremlin"} == {"ORG"}


def test_same_names_when_read_alone_or_among_others(nlp: Language) -> None:
    texts = [NEWS, "", "Reuters asked Ms Okafor.", NEWS * 20, "x"]
    assert [names(doc) for doc in nlp.pipe(texts, batch_size=3)] == [names(nlp(text)) for text in texts]


def test_same_names_after_disk_bytes_and_copy(nlp: Language, tmp_path: Path) -> None:
    wanted = names(nlp(NEWS))
    nlp.to_disk(tmp_path / "model")
    assert names(spacy.load(tmp_path / "model")(NEWS)) == wanted
    again = spacy.blank("en")
    again.add_pipe("whosaid_names")
    assert names(again.from_bytes(nlp.to_bytes())(NEWS)) == wanted
    assert names(copy.deepcopy(nlp.get_pipe("whosaid_names"))(nlp.make_doc(NEWS))) == wanted


def test_entities_of_an_earlier_component_stay(nlp: Language) -> None:
    doc = nlp.make_doc("Pavel Novak spoke in Oslo.")
    doc.ents = [Span(doc, 0, 2, label="CANDIDATE")]
    assert names(nlp.get_pipe("whosaid_names")(doc)) == [("Pavel Novak", "CANDIDATE"), ("Oslo", "GPE")]


def test_is_scored_as_spacys_own_components_are(nlp: Language) -> None:
    gold = nlp(NEWS)
    assert nlp.evaluate([Example(nlp.make_doc(NEWS), gold)])["ents_f"] == 1.0


def test_a_name_never_runs_over_a_line(nlp: Language) -> None:
    doc = nlp("By Pavel\nNovak Ingrid\n\nSolheim said so in New\nYork.")
    assert not [ent.text for ent in doc.ents if "\n" in ent.text]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Peskov", "\n", " ", "\u200b", "😀", "A" * 5000, "@x", "http://a.b/c", "’s", "the", "\x00", "名前", "."]
        )
        | st.text(),
        max_size=30,
    )
)
def test_no_text_makes_it_fail(nlp: Language, parts: list[str]) -> None:
    text = " ".join(parts)
    doc = nlp(text)
    assert doc.text == text
    assert all(ent.text.strip() and ent.label_ in nlp.get_pipe("whosaid_names").labels for ent in doc.ents)


def test_article_longer_than_many_windows_is_read_to_its_end(nlp: Language) -> None:
    doc = nlp("and so on and on " * WINDOW + "said Pavel Novak.")
    assert ("Pavel Novak", "PERSON") in names(doc)


def test_torch_is_never_imported() -> None:
    code = (
        "import spacy, sys; nlp = spacy.blank('en'); nlp.add_pipe('whosaid_names'); nlp('Reuters'); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 12), st.randoms(use_true_random=False))
def test_decoded_spans_obey_bio(length: int, random: object) -> None:
    rng = np.random.default_rng(random.randrange(1 << 30))  # type: ignore[attr-defined]
    scores = np.log(rng.dirichlet(np.ones(len(TAGS)), size=length)).astype(np.float32).reshape(length, len(TAGS))
    lines = [i % 4 == 0 for i in range(length)]
    ends = 0
    for start, end in decode(scores, TAGS, lines):
        assert ends <= start < end <= length
        assert not any(lines[start + 1 : end])
        ends = end


def test_every_mention_of_a_name_gets_the_label_most_evidence_speaks_for() -> None:
    def row(**chances: float) -> list[float]:
        return [chances.get(tag.replace("-", "_"), 0.001) for tag in TAGS]

    words = ["Acme", "met", "Acme", "and", "Acme"]
    none = row(O=0.99)
    scores = np.log(
        np.array([row(B_PERSON=0.6, B_ORG=0.3), none, row(B_ORG=0.9), none, row(O=0.7, B_ORG=0.3)], np.float32)
    )
    found = list(decode(scores, TAGS, [False] * 5))
    assert found == [(0, 1), (2, 3)]
    assert vote(words, [False] * 5, found, scores, TAGS) == [(0, 1, "ORG"), (2, 3, "ORG"), (4, 5, "ORG")]


def test_a_pronoun_is_no_name_but_the_who_and_the_us_are() -> None:
    words = ["She", "WHO", "his", "US", "I"]
    scores = np.log(np.array([[0.9 if tag == "B-ORG" else 0.01 for tag in TAGS]] * len(words), np.float32))
    found = [(n, n + 1) for n in range(len(words))]
    assert vote(words, [False] * len(words), found, scores, TAGS) == [(1, 2, "ORG"), (3, 4, "ORG")]


def test_a_body_that_the_register_knows_is_one_however_the_network_takes_it() -> None:
    words = ["Greenpeace", "met", "Ann", "Langley", "and", "Langley", "the", "Human", "Rights", "Watch"]
    taken = ["B-GPE", "O", "B-PERSON", "I-PERSON", "O", "B-PERSON", "O", "B-PERSON", "I-PERSON", "I-PERSON"]
    scores = np.log(np.array([[0.9 if tag == own else 0.01 for tag in TAGS] for own in taken], np.float32))
    found = vote(words, [False] * len(words), decode(scores, TAGS, [False] * len(words)), scores, TAGS)
    assert [(" ".join(words[start:end]), label) for start, end, label in found] == [
        ("Greenpeace", "ORG"),
        ("Ann Langley", "PERSON"),
        ("Langley", "PERSON"),  # the CIA elsewhere
        ("Human Rights Watch", "ORG"),
    ]


@pytest.mark.parametrize(
    ("name", "taken", "label"),
    [
        ("Taliban", "NORP", "ORG"),
        ("Xinhua", "PERSON", "ORG"),
        ("Al - Qaeda", "GPE", "ORG"),
        ("People ’s Liberation Army", "GPE", "ORG"),
        ("UNESCO", "PERSON", "ORG"),
        ("Roche", "PERSON", "PERSON"),  # as of Mr Roche
        ("Moody ’s", "PERSON", "PERSON"),
        ("Santander", "GPE", "GPE"),  # the town
        ("Lords", "NORP", "NORP"),
        ("Taliban", "GPE", "ORG"),
        ("World Health Organization", "MISC", "ORG"),
        ("Palace", "GPE", "GPE"),  # of which king?
        ("BMW", "MISC", "MISC"),  # the car
    ],
)
def test_a_body_is_an_organisation_unless_others_bear_its_name_too(name: str, taken: str, label: str) -> None:
    words, tags = name.split(), ["O", f"B-{taken}", f"I-{taken}"]
    own = [f"{'I' if i else 'B'}-{taken}" for i in range(len(words))]
    scores = np.log(np.array([[0.9 if tag == which else 0.05 for tag in tags] for which in own], np.float32))
    assert [found for _, _, found in vote(words, [False] * len(words), [(0, len(words))], scores, tags)] == [label]


def test_a_known_place_does_not_run_over_a_line() -> None:
    none = np.log(np.full((5, len(TAGS)), 0.14, np.float32))
    words = ["New", "Zealand", "New", "Zealand", "Kremlin"]
    assert [span[:2] for span in vote(words, [True, False, True, True, True], [], none, TAGS)] == [(0, 2), (4, 5)]
