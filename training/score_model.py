"""Score the packaged pipeline, from raw text, on trees and names that it has not seen.

    python -m training.score_model [--model pipeline/model] [--write]           (WHOSAID_DATA names the corpora)

Trees: PUD, EWT's test documents and GUM's news; read by document, with blanks between sentences. Attachments leave out
punctuation. *Relations* count the label without its variant (`acl:relcl` as `acl`); *labelled* the whole label, so that
a treebank that marks other variants than the training's costs points.
Names: PUD and EWT's test documents; right when characters and label agree, GPE read as LOC; NORP has no gold.
--write puts the figures into the model's meta.json
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import spacy
import srsly
from rich.console import Console
from rich.table import Table
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from training.corpora import Sentence, documents, english, gold_doc

GOLD = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
FOUND = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}
TREES = {
    "tag_acc": "tags",
    "pos_acc": "word classes",
    "dep_uas": "unlabelled",
    "dep_las": "labelled",
    "dep_las_universal": "relations",
    "sents_f": "sentences F1",
    "lemma_acc": "lemmas",
}
NAMES = {
    "ents_p": "P",
    "ents_r": "R",
    "ents_f": "F1",
    "ents_f_PERSON": "PERSON",
    "ents_f_ORG": "ORG",
    "ents_f_LOC": "places",
}


def score_trees(nlp: Language, texts: Sequence[Sequence[Sentence]]) -> dict[str, float]:
    """Accuracy of tags, attachments (three ways) and lemmas, F1 of sentences, and the number of words."""
    golds = [gold_doc(nlp.vocab, document) for document in texts]
    docs = list(nlp.pipe([gold.text for gold in golds]))
    scores = Scorer(nlp).score(_examples(docs, golds))
    for doc in (*docs, *golds):
        for token in doc:
            token.dep_ = token.dep_.split(":")[0]
    scores["dep_las_universal"] = Scorer(nlp).score(_examples(docs, golds))["dep_las"]
    return {**{key: scores[key] for key in TREES}, "words": sum(map(len, golds))}


def _examples(docs: Sequence[Doc], golds: Sequence[Doc]) -> list[Example]:
    return [Example(doc, gold) for doc, gold in zip(docs, golds, strict=True)]


def offsets(text: str, rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where each word stands in its sentence; parts of a contraction are looked for from where the last one ended."""
    found, position = [], 0
    for row in rows:
        start = text.find(row[1], position)
        start = position if start < 0 else start
        position = start + len(row[1])
        found.append((start, position))
    return found


def gold_names(document: Sequence[Sentence]) -> set[tuple[int, int, str]]:
    """Characters and label of each name in the text of a document."""
    names, shift = set(), 0
    for text, rows in document:
        open_name: list[int | str] = []
        for (start, end), row in zip(offsets(text, rows), rows, strict=True):
            if row[2].startswith("B-"):
                open_name = [shift + start, shift + end, row[2][2:]]
            elif row[2].startswith("I-") and open_name:
                names.discard(tuple(open_name))
                open_name[1] = shift + end
            else:
                open_name = []
            if open_name:
                names.add(tuple(open_name))
        shift += len(text) + 1
    return {(int(a), int(b), GOLD[str(label)]) for a, b, label in names if label in GOLD}


def score_names(nlp: Language, texts: Sequence[Sequence[Sentence]]) -> dict[str, float]:
    """Precision, recall and F1 over all names, F1 by label, and their number."""
    counts: Counter[tuple[str, str]] = Counter()
    docs = nlp.pipe(" ".join(text for text, _ in document) for document in texts)
    for document, doc in zip(texts, docs, strict=True):
        wanted = gold_names(document)
        found = {(e.start_char, e.end_char, FOUND[e.label_]) for e in doc.ents if e.label_ in FOUND}
        for kind, names in {"wanted": wanted, "found": found, "right": wanted & found}.items():
            counts.update((kind, label) for _, _, label in names)
            counts[kind, "all"] += len(names)
    f1 = {
        label: 2 * counts["right", label] / (counts["wanted", label] + counts["found", label])
        for label in ("all", "PERSON", "ORG", "LOC")
    }
    return {
        "ents_p": counts["right", "all"] / counts["found", "all"],
        "ents_r": counts["right", "all"] / counts["wanted", "all"],
        "ents_f": f1.pop("all"),
        **{f"ents_f_{label}": value for label, value in f1.items()},
        "names": counts["wanted", "all"],
    }


def _table(title: str, unit: str, columns: dict[str, str], scores: dict[str, dict[str, float]]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("texts", unit, *columns.values()):
        table.add_column(column, justify="left" if column == "texts" else "right")
    for texts, values in scores.items():
        table.add_row(texts, f"{values[unit]:,}", *(f"{100 * values[key]:.1f}" for key in columns))
    return table


def main() -> None:
    """Read the arguments, print the tables, write the figures if asked to."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, default=Path(__file__).parent.parent / "pipeline" / "model")
    arguments.add_argument("--write", action="store_true")
    chosen = arguments.parse_args()
    root, nlp = english(), spacy.load(chosen.model)
    treebanks = {
        "PUD": [*documents(root / "heldout" / "ud_pud.conllu")],
        "EWT test": [*documents(root / "ud_ewt" / "test.conllu")],
        "GUM news": [d for path in sorted((root / "gum").glob("GUM_news_*.conllu")) for d in documents(path)],
    }
    trees, names = dict[str, dict[str, float]](), dict[str, dict[str, float]]()
    with nlp.select_pipes(disable=["whosaid_names"]):
        for name, texts in treebanks.items():
            trees[name] = score_trees(nlp, texts)
    with nlp.select_pipes(enable=["whosaid_names"]):
        names["PUD"] = score_names(nlp, [*documents(root / "heldout" / "uner_pud.iob2")])
        names["EWT test"] = score_names(nlp, [*documents(root / "uner_ewt" / "test.iob2")])
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(_table("Trees, from raw text", "words", TREES, trees))
    console.print(_table("Names, from raw text", "names", NAMES, names))
    if chosen.write:
        scores = {
            **trees["PUD"],
            **names["PUD"],
            **{f"ewt_{key}": value for key, value in {**trees["EWT test"], **names["EWT test"]}.items()},
            **{f"gum_news_{key}": value for key, value in trees["GUM news"].items()},
        }
        meta = srsly.read_json(chosen.model / "meta.json")
        meta["performance"] = {key: round(value, 6) for key, value in scores.items()}
        srsly.write_json(chosen.model / "meta.json", meta)


if __name__ == "__main__":
    main()
