"""Score quotes on annotated passages, in totals: `python -m training.score_passages [--held-out | --real]`.

A quote is matched when it shares at least half of its words with the gold quote, all pieces together, one to one, and
right end to end when the speaker's mention is right too. The held-out passages are read by nobody who works on rules or
weights. The development passages (every fifth of the others) are read freely, and so are the real texts: news of PUD,
blogs and newsgroups of EWT, for which WHOSAID_DATA names the corpora.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from spacy.language import Language

from pipeline.article import Quote
from pipeline.enrich import language
from tests.enrich.grading import HALF, Words, align, speaker_right
from tests.enrich.notation import Example, Expected, parse, read
from training.corpora import Sentence, documents, english
from training.encoder.passages import HELD_OUT, annotated

KINDS = ("direct", "mixed", "indirect", "nested", "all")


def count(example: Example, found: Sequence[Quote]) -> Counter[tuple[str, str]]:
    """`gold`, `found`, `match` and `e2e`, each by kind; what is nested is a kind of its own."""
    words = Words(example.text)
    counts = Counter[tuple[str, str]]()
    pairs = align(example, found, words, HALF).pairs
    matched = {n: _kind(example.quotes[number]) for number, n in pairs.items()}
    for n, quote in enumerate(found):  # what is matched counts as the kind that it should be
        _add(counts, "found", matched.get(n) or ("nested" if quote.nested_in is not None else str(quote.kind)))
    for number, expected in example.quotes.items():
        kind = _kind(expected)
        _add(counts, "gold", kind)
        if number in pairs:
            _add(counts, "match", kind)
            if speaker_right(expected, found[pairs[number]], words):
                _add(counts, "e2e", kind)
    return counts


def _kind(expected: Expected) -> str:
    return "nested" if expected.nested_in else str(expected.kind)


def _add(counts: Counter[tuple[str, str]], what: str, kind: str) -> None:
    counts.update([(what, kind), (what, "all")])


def score(nlp: Language, passages: Iterable[Example]) -> Counter[tuple[str, str]]:
    """Counts of all passages; `nlp` ends in `whosaid_quotes`."""
    passages = list(passages)
    docs = nlp.pipe(passage.text for passage in passages)
    return sum(
        (count(passage, doc._.quotes) for passage, doc in zip(passages, docs, strict=True)), Counter[tuple[str, str]]()
    )


def report(counts: Counter[tuple[str, str]]) -> str:
    """F1 by kind, in percent, with the number of gold quotes."""
    lines = ["           match F1  e2e F1  e2e P  e2e R     n"]
    for kind in KINDS:
        gold, found = counts["gold", kind], counts["found", kind]
        match, right = (200 * counts[what, kind] / max(1, gold + found) for what in ("match", "e2e"))
        precision, recall = (100 * counts["e2e", kind] / max(1, n) for n in (found, gold))
        lines.append(f"{kind:10}{match:9.1f}{right:8.1f}{precision:7.1f}{recall:7.1f}{gold:6}")
    return "\n".join(lines)


def held_out() -> list[Example]:
    """The passages that nobody reads, written by fresh eyes."""
    return [passage for path in HELD_OUT for passage in read(path.read_text(encoding="utf-8"))]


def real() -> dict[str, list[Example]]:
    """Documents of the treebanks, a sentence a line, by treebank; only where the braces stand is kept here."""
    root, written = english(), (HELD_OUT[0].parent / "real.jsonl").read_text(encoding="utf-8")
    read_before: dict[str, list[list[Sentence]]] = {}
    found = dict[str, list[Example]]()
    for row in map(json.loads, written.splitlines()):
        if row["file"] not in read_before:
            read_before[row["file"]] = [*documents(root / row["file"])]
        text = "\n".join(sentence for sentence, _ in read_before[row["file"]][row["document"]])
        for place, brace in reversed(row["braces"]):
            text = text[:place] + brace + text[place:]
        treebank = "PUD" if "pud" in row["file"] else "EWT"
        found.setdefault(treebank, []).append(Example(f"{row['file']} {row['document']}", *parse(text)))
    return found


def main() -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--held-out", action="store_true")
    which.add_argument("--real", action="store_true")
    parser.add_argument("--model")
    parser.add_argument("--rules-alone", action="store_true")
    chosen = parser.parse_args()
    nlp = language.load(chosen.model)
    nlp.add_pipe("whosaid_quotes", config={"reader": not chosen.rules_alone})
    if chosen.real:
        for treebank, examples in real().items():
            print(f"{treebank}\n{report(score(nlp, examples))}\n")
    else:
        print(report(score(nlp, held_out() if chosen.held_out else annotated(development=True))))


if __name__ == "__main__":
    main()
