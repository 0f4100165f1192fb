"""The quote component works alone on any parser, with Universal Dependencies as well as ClearNLP's labels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

UD = "ud"
CLEAR = "clear"

# A sentence: words, then for each label set its heads, tags are shared.
Parse = tuple[list[str], list[str], dict[str, tuple[list[int], list[str]]]]

SAID_THAT: Parse = (
    ["Keller", "said", "on", "Monday", "that", "the", "bridge", "was", "closed", "by", "the", "mayor", "."],
    ["NNP", "VBD", "IN", "NNP", "IN", "DT", "NN", "VBD", "VBN", "IN", "DT", "NN", "."],
    {
        UD: (
            [1, 1, 3, 1, 8, 6, 8, 8, 1, 11, 11, 8, 1],
            [
                "nsubj",
                "ROOT",
                "case",
                "obl",
                "mark",
                "det",
                "nsubj:pass",
                "aux:pass",
                "ccomp",
                "case",
                "det",
                "obl",
                "punct",
            ],
        ),
        CLEAR: (
            [1, 1, 1, 2, 8, 6, 8, 8, 1, 8, 11, 9, 1],
            [
                "nsubj",
                "ROOT",
                "prep",
                "pobj",
                "mark",
                "det",
                "nsubjpass",
                "auxpass",
                "ccomp",
                "agent",
                "det",
                "pobj",
                "punct",
            ],
        ),
    },
)
ACCORDING: Parse = (
    ["Two", "ferries", "turned", "back", ",", "according", "to", "the", "port", "authority", "."],
    ["CD", "NNS", "VBD", "RB", ",", "VBG", "IN", "DT", "NN", "NN", "."],
    {
        UD: (
            [1, 2, 2, 2, 9, 9, 5, 9, 9, 2, 2],
            ["nummod", "nsubj", "ROOT", "advmod", "punct", "case", "fixed", "det", "compound", "obl", "punct"],
        ),
        CLEAR: (
            [1, 2, 2, 2, 2, 2, 5, 9, 9, 6, 2],
            ["nummod", "nsubj", "ROOT", "advmod", "punct", "prep", "prep", "det", "compound", "pobj", "punct"],
        ),
    },
)
DIRECT: Parse = (
    ["“", "It", "works", ",", "”", "said", "Moreau", "'s", "lawyer", "."],
    ["``", "PRP", "VBZ", ",", "''", "VBD", "NNP", "POS", "NN", "."],
    {
        UD: (
            [2, 2, 5, 2, 2, 5, 8, 6, 5, 5],
            ["punct", "nsubj", "ccomp", "punct", "punct", "ROOT", "nmod:poss", "case", "nsubj", "punct"],
        ),
        CLEAR: (
            [5, 2, 5, 5, 5, 5, 8, 6, 5, 5],
            ["punct", "nsubj", "ccomp", "punct", "punct", "ROOT", "poss", "case", "nsubj", "punct"],
        ),
    },
)
PARSES = [SAID_THAT, ACCORDING, DIRECT]


class ByHand:
    """A parser that knows the three sentences above by heart."""

    def __init__(self, labels: str) -> None:
        self.labels = labels

    def __call__(self, doc: Doc) -> Doc:
        words, tags, parses = next(parse for parse in PARSES if parse[0][-3:] == [token.text for token in doc][-3:])
        assert [token.text for token in doc] == words, "the parser sees the stand-in, not what is quoted"
        heads, deps = parses[self.labels]
        for token, tag, head, dep in zip(doc, tags, heads, deps, strict=True):
            token.tag_, token.head, token.dep_ = tag, doc[head], dep
        return doc


@Language.factory("parser_by_hand", assigns=["token.dep", "token.head", "token.tag"], default_config={"labels": UD})
def make_parser(nlp: Language, name: str, labels: str) -> ByHand:
    return ByHand(labels)


@pytest.fixture(params=[UD, CLEAR])
def nlp(request: pytest.FixtureRequest) -> Iterator[Language]:
    nlp = spacy.blank("en")
    nlp.add_pipe("parser_by_hand", config={"labels": request.param})
    nlp.add_pipe("whosaid_quotes")
    yield nlp


def only(doc: Doc) -> tuple[str, str | None]:
    (quote,) = doc._.quotes
    return " … ".join(doc.text[start:end] for start, end in quote.pieces), quote.speaker and quote.speaker.mention


def test_a_reported_clause_is_read_with_either_label_set(nlp: Language) -> None:
    doc = nlp("Keller said on Monday that the bridge was closed by the mayor.")
    assert only(doc) == ("the bridge was closed by the mayor", "Keller")


def test_according_to_is_read_with_either_label_set(nlp: Language) -> None:
    doc = nlp("Two ferries turned back, according to the port authority.")
    assert only(doc) == ("Two ferries turned back", "the port authority")


def test_a_direct_quotation_is_masked_for_any_parser(nlp: Language) -> None:
    doc = nlp.make_doc("“I came. I saw. I left,” said Moreau's lawyer.")  # unparsed: the component parses what it masks
    assert only(nlp.get_pipe("whosaid_quotes")(doc)) == ("“I came. I saw. I left,”", "Moreau's lawyer")
