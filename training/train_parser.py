"""`make train-parser`: tags, morphology, trees and lemmas, from UD_English-EWT and GUM's open genres, on one core.

    python -m training.train_parser [OUT] [--steps N] [--seed N]        OUT: build/parser

It may be stopped at any moment and goes on where it was, with the same weights at the end: every step draws its
chances from its own number, and OUT/checkpoint.npz holds the network and what Adam remembers of it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, cast

import numpy as np
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.training.augment import create_combined_augmenter
from spacy.util import load_config
from thinc.api import NumpyOps, set_current_ops
from thinc.optimizers import Optimizer

from training.corpora import Sentence, documents, english, gold_doc, gum_documents

HERE = Path(__file__).parent
MERGED = {"obl:agent": "obl", "nsubj:outer": "nsubj", "csubj:outer": "csubj"}
"""Variants that not all treebanks mark, PUD among them, and no rule asks for."""
STEPS = 4500
PEAK, WARM_UP = 0.0015, 200
DROPOUT = 0.1
AUGMENT = create_combined_augmenter(
    lower_level=0.05,
    orth_level=0.0,
    orth_variants=None,
    whitespace_level=0.15,
    whitespace_per_token=0.03,
    whitespace_variants=["\n", "\n\n", " "],
)
"""Without white space here and there the parser takes each line break for the end of a sentence."""


@dataclass(frozen=True)
class Chunk:
    """Neighbouring sentences to read as one text, with curly quotation marks or as they are."""

    sentences: Sequence[Sentence]
    curly: bool

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.sentences)


def corpus() -> list[list[Sentence]]:
    """The documents to learn from, with the labels to learn."""
    root = english()
    found = [*documents(root / "ud_ewt" / "train.conllu"), *gum_documents(root / "gum")]
    return [[(text, [_merged(row) for row in rows]) for text, rows in document] for document in found]


def _merged(row: list[str]) -> list[str]:
    return [*row[:7], MERGED.get(row[7], row[7]), *row[8:]]


def batches(corpus: Sequence[Sequence[Sentence]], seed: int) -> Iterator[list[Chunk]]:
    """Endless batches, from 200 to 1,200 words."""
    step, batch = 0, list[Chunk]()
    for chunk in chain.from_iterable(chunks(corpus, f"{seed} {number}") for number in count()):
        batch.append(chunk)
        if sum(map(len, batch)) >= min(1200, 200 + step):
            yield batch
            step, batch = step + 1, []


def chunks(corpus: Sequence[Sequence[Sentence]], seed: str) -> list[Chunk]:
    """All documents, cut into one to six sentences each, in some order."""
    draw, found = random.Random(seed), list[Chunk]()  # noqa: S311 (repeatable)
    for document in corpus:
        start = 0
        while start < len(document):
            end = start + draw.randint(1, 6)
            found.append(Chunk(document[start:end], curly=draw.random() < 0.35))
            start = end
    draw.shuffle(found)
    return found


def example(nlp: Language, chunk: Chunk) -> Example:
    """A chunk as the tokenizer sees it beside its trees."""
    doc = gold_doc(nlp.vocab, chunk.sentences)
    if chunk.curly:
        doc = curled(doc)
    (found,) = AUGMENT(nlp, Example(nlp.make_doc(doc.text), doc))
    return found


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


def untrained(corpus: Sequence[Sequence[Sentence]], seed: int) -> Language:
    """The network with the labels of the corpus and random weights."""
    random.seed(seed)
    np.random.seed(seed)
    nlp = English.from_config(load_config(HERE / "parser.cfg"), auto_fill=True)
    examples = [example(nlp, chunk) for chunk in chunks(corpus, "labels")]
    nlp.initialize(lambda: examples)
    return nlp


class Run:
    """A training that can be put down and taken up again."""

    def __init__(self, nlp: Language, out: Path) -> None:
        self.nlp, self.path, self.done = nlp, out / "checkpoint.npz", 0
        self.adam = Optimizer(PEAK, L2=0.01, grad_clip=1.0, use_averages=True)
        self._weights = {
            (node.id, name): (node, f"{pipe} {n} {name}")
            for pipe, component in nlp.pipeline
            for n, node in enumerate(cast(Any, component).model.walk())
            for name in node.param_names
        }
        """By Adam's key: the node, and a name that is the same in every process."""

    def save(self) -> None:
        """Write where the run stands, all or nothing."""
        state: dict[str, Any] = {"done": self.done}
        for key, (node, label) in self._weights.items():
            if node.has_param(key[1]):
                state[f"weights {label}"] = node.get_param(key[1])
            if key in self.adam.mom1:
                state[f"mom1 {label}"], state[f"mom2 {label}"] = self.adam.mom1[key], self.adam.mom2[key]
                state[f"averages {label}"] = self.adam.averages[key]
                state[f"updates {label}"] = self.adam.nr_update[key]
        part = self.path.with_suffix(".part.npz")
        np.savez(part, **state)
        part.replace(self.path)

    def load(self) -> None:
        """Go on from what `save` wrote, if it did."""
        if not self.path.exists():
            return
        with np.load(self.path) as state:
            self.done = int(state["done"])
            for key, (node, label) in self._weights.items():
                if f"weights {label}" in state:
                    node.set_param(key[1], state[f"weights {label}"])
                if f"mom1 {label}" in state:
                    self.adam.mom1[key], self.adam.mom2[key] = state[f"mom1 {label}"], state[f"mom2 {label}"]
                    self.adam.averages[key] = state[f"averages {label}"]
                    self.adam.nr_update[key] = int(state[f"updates {label}"])

    def step(self, batch: Sequence[Chunk], seed: int, steps: int) -> dict[str, float]:
        """Learn from one batch; the losses. The rate rises for `WARM_UP` steps and falls to nothing at the last."""
        random.seed(f"{seed} {self.done}")
        np.random.seed((seed * 1_000_003 + self.done) % 2**32)
        self.adam.learn_rate = PEAK * min((self.done + 1) / WARM_UP, 1 - self.done / steps)
        losses: dict[str, float] = {}
        self.nlp.update(
            [example(self.nlp, chunk) for chunk in batch], drop=DROPOUT, sgd=cast(Any, False), losses=losses
        )
        for _, component in self.nlp.pipeline:
            cast(Any, component).finish_update(self.adam)
        self.done += 1
        return losses


def progress(nlp: Language, path: Path) -> str:
    """How well the first documents of a treebank are read, from raw text in pieces of five sentences."""
    docs = [
        gold_doc(nlp.vocab, [(text, [_merged(row) for row in rows]) for text, rows in document[i : i + 5]])
        for document in islice(documents(path), 150)
        for i in range(0, len(document), 5)
    ]
    scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs])
    return " ".join(f"{key} {100 * scores[key]:.1f}" for key in ("tag_acc", "dep_uas", "dep_las", "sents_f"))


def main() -> None:
    """Train, with a line of progress every 500 steps, and write the pipeline."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path, nargs="?", default=HERE.parent / "build" / "parser")
    arguments.add_argument("--steps", type=int, default=STEPS)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    set_current_ops(NumpyOps(use_blis=False))  # numpy's own BLAS: a third faster here
    texts = corpus()
    print(f"{len(texts)} documents, {sum(len(rows) for d in texts for _, rows in d):,} words", flush=True)
    nlp = untrained(texts, chosen.seed)
    run = Run(nlp, chosen.out)
    chosen.out.mkdir(parents=True, exist_ok=True)
    run.load()
    began = time.monotonic()
    for batch in islice(batches(texts, chosen.seed), run.done, chosen.steps):
        losses = run.step(batch, chosen.seed, chosen.steps)
        if run.done % 100 == 0 or run.done == chosen.steps:
            run.save()
        if run.done % 500 == 0 or run.done == chosen.steps:
            with nlp.use_params(run.adam.averages):
                told = progress(nlp, english() / "ud_ewt" / "dev.conllu")
            print(
                f"step {run.done} {time.monotonic() - began:.0f} s parser loss {losses['parser']:.0f} {told}",
                flush=True,
            )
    with nlp.use_params(run.adam.averages):
        lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
        lemmatizer.initialize()
        nlp.to_disk(chosen.out)


if __name__ == "__main__":
    main()
