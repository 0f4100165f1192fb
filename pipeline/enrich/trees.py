"""`whosaid_trees`: a spaCy component that finds sentences, tags, morphology and dependency trees.

nlp = spacy.blank("en")
nlp.add_pipe("whosaid_trees")
[token.dep_ for token in nlp("The minister said no.")]   # det, nsubj, ROOT, obj, punct

Sentence starts that were set before (`token.is_sent_start`, true or false) are kept. White space belongs to the word
before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, IS_SPACE, MORPH, POS, SENT_START, TAG
from spacy.language import Language
from spacy.parts_of_speech import IDS as WORD_CLASSES
from spacy.pipeline import Pipe
from spacy.pipeline.dep_parser import parser_score
from spacy.pipeline.morphologizer import morphologizer_score
from spacy.pipeline.tagger import tagger_score
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab

from pipeline.enrich.arborescence import trees
from pipeline.enrich.encoder import Encoder, Integers, Labels, Pass, Syntax
from pipeline.enrich.encoder_input import words_of
from pipeline.enrich.evidence import keep
from pipeline.enrich.labels import ANY, ROOT
from pipeline.enrich.names import encoder_of

Scoring = Callable[[Iterable[Example]], dict[str, Any]]
Numbers = NDArray[np.uint64]


@Language.factory(
    "whosaid_trees",
    assigns=[
        "token.tag", "token.pos", "token.morph", "token.head", "token.dep", "token.is_sent_start", "doc.sents",
    ],
    default_config={"evidence": True, "scorer": {"@scorers": "whosaid.trees_scorer.v1"}},
    default_score_weights={
        "tag_acc": 0.2, "pos_acc": 0.2, "morph_acc": 0.1, "dep_uas": 0.1, "dep_las": 0.3, "sents_f": 0.1,
        "morph_per_feat": None, "dep_las_per_type": None, "sents_p": None, "sents_r": None,
    },
)  # fmt: skip
def make_trees(nlp: Language, name: str, evidence: bool, scorer: Scoring | None) -> Trees:
    """The factory; the network is that of the pipeline's `whosaid_names`, else Whosaid's own.

    With `evidence` it leaves what it read to `whosaid_names` and `whosaid_quotes` after it, which then need not read.
    """
    return Trees(nlp, name, evidence, scorer)


class Trees(Pipe):
    """Sets tags, word classes, morphology, heads and relations of the tokens, and where sentences start."""

    def __init__(
        self, nlp: Language, name: str = "whosaid_trees", evidence: bool = True, scorer: Scoring | None = None
    ) -> None:
        self.nlp = nlp
        self.name = name
        self.evidence = evidence
        self.scorer = scorer
        self._keys: tuple[Encoder, _Keys] | None = None

    @property
    def encoder(self) -> Encoder:
        """The network."""
        return encoder_of(self.nlp)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one article."""
        encoder, words = self.encoder, words_of(doc)
        preset = doc.to_array([SENT_START, IS_SPACE]).reshape(-1, 2).view(np.int64)
        parse = _Parse(encoder, preset[:, 0], np.flatnonzero(preset[:, 1] == 0))
        encoded = encoder.gather(parse.reads(encoder.passes(words)), words)
        if len(doc):
            self._annotate(doc, parse)
        if self.evidence:
            keep(doc, encoded, grammar="whosaid_quotes" in self.nlp.pipe_factories.values())
        return doc

    def _annotate(self, doc: Doc, parse: _Parse) -> None:
        """Write a parse into its document."""
        keys = self._keys_of(doc.vocab, self.encoder)
        tokens, starts = parse.tokens, parse.starts
        heads = _space_heads(starts, tokens)
        heads[tokens] = tokens[parse.heads]
        array = np.zeros((len(doc), 5), np.uint64)
        array[:, :3] = keys.space
        array[tokens, 0] = keys.tags[parse.tags]
        array[tokens, 1:3] = keys.morphs[parse.morphs]
        array[:, 3] = (heads - np.arange(len(doc))).view(np.uint64)
        array[:, 4] = keys.relations[-1]  # without a relation spaCy takes a head for missing
        array[tokens, 4] = keys.relations[parse.relations]
        array[heads == np.arange(len(doc)), 4] = keys.root
        doc.from_array([TAG, POS, MORPH, HEAD, DEP], cast(Any, array))
        # spaCy finds the starts anew from the trees, but gives up on trees that cross themselves too often.
        doc.from_array([SENT_START], cast(Any, np.where(starts, 1, -1).astype(np.int64).view(np.uint64)))

    def add_labels(self, vocab: Vocab) -> None:
        """Put the labels into a vocabulary, to be written with it; the first document of a pipeline does so else."""
        self._keys_of(vocab, self.encoder)

    def _keys_of(self, vocab: Vocab, encoder: Encoder) -> _Keys:
        if self._keys is None or self._keys[0] is not encoder:
            self._keys = encoder, _Keys.of(vocab, encoder.labels)
        return self._keys[1]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_keys": None}

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing to write: the network belongs to `whosaid_names`."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Nothing to read."""
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Nothing to read."""
        return self


@dataclass(frozen=True, slots=True)
class _Keys:
    """The numbers that spaCy knows labels by; none of their strings goes with a memory zone."""

    tags: Numbers
    """[tags]"""
    morphs: Numbers
    """Word class and morphology [morphs, 2]."""
    relations: Numbers
    """[relations + 1], the last for any."""
    space: Numbers
    """Tag, word class and morphology of white space [3]."""
    root: int

    @classmethod
    def of(cls, vocab: Vocab, labels: Labels) -> _Keys:
        def key(label: str) -> int:
            return int(cast(Any, vocab.strings).add(label, allow_transient=False))

        def morph(label: str) -> tuple[int, int]:
            word_class, _, features = label.partition("|")
            return int(WORD_CLASSES[word_class]), int(vocab.morphology.add(features))

        def array(numbers: Iterable[Any]) -> Numbers:
            return np.array([*numbers], np.uint64)

        return cls(
            array(map(key, labels.tags)),
            array(map(morph, labels.morphs)).reshape(-1, 2),
            array(map(key, [*labels.relations, ANY])),
            array([key("_SP"), *morph("SPACE")]),
            key(ROOT),
        )


class _Parse:
    """The parse of a document as it grows by the window.

    `tags`, `morphs` and `relations` are numbers into the labels, `heads` those of words (a root is its own head), each
    [words]; `starts` says of each token whether a sentence starts there [tokens].
    """

    def __init__(self, encoder: Encoder, preset: Integers, tokens: Integers) -> None:
        """`preset`: 1 where a sentence must start, -1 where it cannot, else 0 [tokens]; `tokens`: those of words."""
        self.encoder = encoder
        self.tokens = tokens
        self.starts = preset == 1
        self.starts[tokens] = False
        self.starts[:1] = True
        # Where white space before a word starts its sentence, the word does not.
        opened = np.cumsum(self.starts & ~_at(tokens, len(preset)))[tokens]
        self._opened = np.diff(opened, prepend=0) > 0
        self._preset = preset[tokens]
        n = len(tokens)
        self.tags, self.morphs, self.relations, self.heads = (np.zeros(n, np.int64) for _ in range(4))
        self._root_relation = _index(encoder.labels.relations, ROOT)
        self._last_root = 0

    def reads(self, passes: Iterable[Pass]) -> Iterator[Pass]:
        """The passes as they come, each read."""
        for part in passes:
            self._read(slice(part.window.start, part.window.stop), part.syntax)
            yield part

    def _read(self, at: slice, syntax: Syntax) -> None:
        preset, opened = self._preset[at], self._opened[at]
        likely = syntax.starts > 0
        likely[0] = True  # what was not read together is no sentence, unless somebody said so
        starts = (preset == 1) | (likely & (preset == 0) & ~opened)
        if at.start == 0 and not opened[0]:
            starts[0] = True
        self.starts[self.tokens[at][starts]] = True
        heads = trees(syntax.arcs, np.cumsum(starts | opened))
        relations = self.encoder.relations(syntax.dependents, syntax.governors, heads)
        self.tags[at], self.morphs[at] = syntax.tags, syntax.morphs
        root = heads == 0
        self.relations[at] = np.where(relations == self._root_relation, -1, relations)
        self.heads[at] = at.start + np.where(root, np.arange(len(heads)), heads - 1)
        roots = np.flatnonzero(root)
        if not (starts[0] or opened[0]):  # the sentence goes on from the window before
            self.heads[at.start + roots[0]] = self._last_root
            self.relations[at.start + roots[0]] = -1
        if starts[0] or opened[0] or len(roots) > 1:
            self._last_root = at.start + int(roots[-1])


def _at(positions: Integers, length: int) -> NDArray[np.bool_]:
    marked = np.zeros(length, bool)
    marked[positions] = True
    return marked


def _index(labels: Iterable[str], label: str) -> int:
    return next((n for n, other in enumerate(labels) if other == label), -1)


def _space_heads(starts: NDArray[np.bool_], tokens: Integers) -> Integers:
    """For white space, the head of each token: the word before it in its sentence, else after, else its first token."""
    sentence = np.cumsum(starts)
    first: Integers = np.flatnonzero(starts)[sentence - 1]
    if not len(tokens):
        return first
    before = np.cumsum(_at(tokens, len(starts))) - 1
    heads = first
    for word in (np.minimum(before + 1, len(tokens) - 1), np.maximum(before, 0)):  # the word before overrules
        token = tokens[word]
        heads = np.where(sentence[token] == sentence, token, heads)
    return heads


def make_scorer() -> Scoring:
    """Tags, word classes, morphology, trees and sentences, as spaCy's own components are scored."""
    return score


registry.scorers.register("whosaid.trees_scorer.v1", func=make_scorer)


def score(examples: Iterable[Example], **options: Any) -> dict[str, Any]:
    """`tag_acc`, `pos_acc`, `morph_acc`, `dep_uas`, `dep_las`, `sents_f` and their parts."""
    examples = list(examples)
    return {
        **tagger_score(examples, **options),
        **morphologizer_score(examples, **options),
        **parser_score(examples, **options),
    }
