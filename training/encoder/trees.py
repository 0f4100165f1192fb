"""Treebanks as units: tags, morphology, heads, relations and sentence starts of EWT and of GUM without its news."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import spacy
from spacy.tokens import Doc
from spacy.training import Example
from spacy.training.augment import create_combined_augmenter

from pipeline.enrich.encoder_input import words_of
from training.corpora import Sentence, documents, gold_doc, gum_documents
from training.encoder.labels import Labels, morph
from training.encoder.standins import masked
from training.encoder.unit import UNKNOWN, Syntax, Unit

MERGED = {"obl:agent": "obl", "nsubj:outer": "nsubj", "csubj:outer": "csubj"}
"""Variants that not all treebanks mark, PUD among them, and no rule asks for."""
CURLY, MASKED = 0.35, 0.4
"""Parts of the texts whose quotation marks are curled, and of their clausal quotations that give way to stand-ins."""
_BLANK = spacy.blank("en")
_AUGMENT = create_combined_augmenter(
    lower_level=0.03,
    orth_level=0.0,
    orth_variants=None,
    whitespace_level=0.15,
    whitespace_per_token=0.03,
    whitespace_variants=["\n", "\n\n", " "],
)
"""Without white space here and there each line break would be learnt as the end of a sentence."""


def corpus(root: Path) -> list[list[Sentence]]:
    """The documents to learn from."""
    found = [*documents(root / "ud_ewt" / "train.conllu"), *gum_documents(root / "gum")]
    return [[(text, [_merged(row) for row in rows]) for text, rows in document] for document in found]


def _merged(row: list[str]) -> list[str]:
    return [*row[:7], MERGED.get(row[7], row[7]), *row[8:]]


class Treebank:
    """Draws units, differently cut and written in each round."""

    def __init__(self, corpus: Sequence[Sequence[Sentence]]) -> None:
        self.corpus = corpus
        self.labels = Labels.of(rows for document in corpus for _, rows in document)
        self._tags = {label: n for n, label in enumerate(self.labels.tags)}
        self._morphs = {label: n for n, label in enumerate(self.labels.morphs)}
        self._relations = {label: n for n, label in enumerate(self.labels.relations)}

    def units(self, chance: random.Random) -> Iterator[Unit]:
        """All documents, in pieces of one to six sentences, in some order."""
        pieces = []
        for document in self.corpus:
            start = 0
            while start < len(document):
                end = start + chance.randint(1, 6)
                pieces.append(document[start:end])
                start = end
        chance.shuffle(pieces)
        for piece in pieces:
            doc = gold_doc(_BLANK.vocab, piece)
            if chance.random() < CURLY:
                doc = curled(doc)
            if chance.random() < MASKED:
                doc = masked(doc)
            yield self.unit(doc)

    def unit(self, gold: Doc) -> Unit:
        """A parsed text as the tokenizer cuts it."""
        (example,) = _AUGMENT(_BLANK, Example(_BLANK.make_doc(gold.text), gold))
        doc = example.predicted
        tags = example.get_aligned("TAG", as_string=True)
        pos = example.get_aligned("POS", as_string=True)
        morphs = example.get_aligned("MORPH", as_string=True)
        starts = example.get_aligned_sent_starts()
        heads, relations = example.get_aligned_parse(projectivize=False)
        syntax = Syntax([], [], [], [], [])
        position = {token.i: n for n, token in enumerate(token for token in doc if not token.is_space)}
        for i in position:
            head, relation = heads[i], relations[i]
            known = head is not None and head in position
            syntax.tags.append(self._tags.get(tags[i], UNKNOWN))
            syntax.morphs.append(self._morphs.get(morph(pos[i] or "", morphs[i] or ""), UNKNOWN))
            syntax.heads.append(UNKNOWN if not known else 0 if head == i else 1 + position[head])
            syntax.relations.append(self._relations.get(relation, UNKNOWN) if known else UNKNOWN)
            syntax.starts.append(UNKNOWN if starts[i] is None else int(starts[i] == 1))
        if syntax.starts:
            syntax.starts[0] = 1
        return Unit(words_of(doc), syntax=syntax)


def curled(doc: Doc) -> Doc:
    """The same with typographic quotation marks and apostrophes."""
    words, opened = [], False
    for token in doc:
        if token.text in ('"', "``", "''"):
            words.append("”" if opened else "“")
            opened = not opened
        else:
            words.append(token.text.replace("'", "’"))
    told = doc.to_array(["LEMMA", "POS", "TAG", "MORPH", "HEAD", "DEP", "SENT_START"])
    spaces = [bool(token.whitespace_) for token in doc]
    return Doc(doc.vocab, words, spaces).from_array(["LEMMA", "POS", "TAG", "MORPH", "HEAD", "DEP", "SENT_START"], told)
