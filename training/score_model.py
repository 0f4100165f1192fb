"""Score the packaged pipeline, from raw text, on trees and names that it has not seen.

    python training/score_model.py TREES.conllu NAMES.iob2 [--model pipeline/model] [--write]

TREES   a Universal Dependencies treebank, NAMES a Universal NER file (PER, ORG, LOC); read by document, with blanks
        between sentences. Names count when their characters and label agree, GPE read as LOC; NORP has no gold.
--write puts the figures into the model's meta.json
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import spacy
import srsly
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

GOLD = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
FOUND = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}
PARSE = ("tag_acc", "pos_acc", "dep_uas", "dep_las", "sents_f", "lemma_acc")

Sentence = tuple[str, list[list[str]]]


def documents(path: Path) -> Iterator[list[Sentence]]:
    """Documents as lists of sentences: their text and their rows of columns."""
    document: list[Sentence] = []
    text, rows = "", list[list[str]]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# newdoc") and document:
            yield document
            document = []
        elif line.startswith("# text ="):
            text = line.removeprefix("# text =").strip()
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            document.append((text, rows))
            rows = []
    if document:
        yield document


def offsets(text: str, rows: list[list[str]]) -> Iterator[tuple[int, int]]:
    """Where each word stands in its sentence; parts of a contraction are looked for from where the last one ended."""
    position = 0
    for row in rows:
        start = text.find(row[1], position)
        start = position if start < 0 else start
        position = start + len(row[1])
        yield start, position


def gold_names(document: list[Sentence]) -> set[tuple[int, int, str]]:
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


def score_names(nlp: Language, path: Path) -> dict[str, float]:
    """Precision, recall and F1 over all names, F1 by label, and their number."""
    counts: Counter[tuple[str, str]] = Counter()
    gold = list(documents(path))
    for document, doc in zip(gold, nlp.pipe(" ".join(text for text, _ in d) for d in gold), strict=True):
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


def gold_doc(nlp: Language, document: list[Sentence]) -> Doc:
    """The trees of a document, as spaCy holds them."""
    columns: dict[str, list[str]] = {name: [] for name in ("words", "lemmas", "pos", "tags", "deps")}
    heads, starts, spaces = list[int](), list[bool | int | None](), list[bool]()
    for text, rows in document:
        words = [row for row in rows if row[0].isdigit()]
        ends = [end for _, end in offsets(text, words)]
        shift = len(heads)
        for row, end in zip(words, ends, strict=True):
            for name, column in zip(columns, (1, 2, 3, 4, 7), strict=True):
                columns[name].append(row[column])
            heads.append(shift + (int(row[6]) or int(row[0])) - 1)
            starts.append(row[0] == "1")
            spaces.append(end >= len(text) or text[end].isspace())
    columns["deps"] = ["ROOT" if dep == "root" else dep for dep in columns["deps"]]
    return Doc(nlp.vocab, spaces=spaces, heads=heads, sent_starts=starts, **columns)  # type: ignore[arg-type]


def score_trees(nlp: Language, path: Path) -> dict[str, float]:
    """Accuracy of tags, attachments (unlabelled, labelled) and lemmas, F1 of sentences, and the number of words."""
    docs = [gold_doc(nlp, document) for document in documents(path)]
    scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs])
    return {**{key: scores[key] for key in PARSE}, "words": sum(map(len, docs))}


def main() -> None:
    """Read the arguments, print the figures, write them if asked to."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("trees", type=Path)
    arguments.add_argument("names", type=Path)
    arguments.add_argument("--model", type=Path, default=Path(__file__).parent.parent / "pipeline" / "model")
    arguments.add_argument("--write", action="store_true")
    chosen = arguments.parse_args()
    nlp = spacy.load(chosen.model)
    scores = {**score_trees(nlp, chosen.trees), **score_names(nlp, chosen.names)}
    scores = {name: round(value, 4) for name, value in scores.items()}
    print("\n".join(f"{name:16}{value}" for name, value in scores.items()))
    if chosen.write:
        meta = srsly.read_json(chosen.model / "meta.json")
        srsly.write_json(chosen.model / "meta.json", {**meta, "performance": scores})


if __name__ == "__main__":
    main()
