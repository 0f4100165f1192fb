"""Sentences of EWT and GUM with what our own rules find in them, given the annotators' trees instead of a parse.

Only attributions of rules that are mostly right are taken, and only sentences in which no weaker rule spoke: what the
rules find nothing in is taken for nothing, one sentence in four.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.enrich.attribution import Attribution, read
from pipeline.enrich.masking import marked_paragraphs
from pipeline.enrich.paragraph import Paragraph
from pipeline.enrich.parse import Parse
from tests.enrich.notation import Expected
from training.encoder.anchored import unit
from training.encoder.clauses import Row, trees
from training.encoder.unit import Unit

TRUSTED = frozenset(
    {"cue", "closing cue", "complement", "interposed", "postposed", "according to", "infinitive", "gerund"}
)
_VOCAB = Vocab()
WEIGHT = 0.5


def silver(data: Path) -> Iterator[Unit]:
    """Units of the sentences that hold a cue."""
    for n, (_, rows) in enumerate(trees(data)):
        if not 5 <= len(rows) <= 70 or any("http" in row[1] or "@" in row[1] for row in rows):
            continue
        doc = _doc(rows)
        found = _attributions(doc)
        if found is None or not (found or n % 4 == 0) or any(a.rule not in TRUSTED or not a.source for a in found):
            continue
        quotes = {
            i: Expected(pieces=list(a.pieces), speakers=[a.source], cues=[a.cue], addressee=a.addressee)
            for i, a in enumerate(found, start=1)
            if a.source is not None and a.cue is not None
        }
        yield unit(doc, quotes, WEIGHT)


def _attributions(doc: Doc) -> list[Attribution] | None:
    text = doc.text
    paragraphs = marked_paragraphs(text)
    if len(paragraphs) != 1:
        return None
    bounds, regions, clausal = paragraphs[0]
    placed = [(region, region.start, region.end, own) for region, own in zip(regions, clausal, strict=True)]
    reading = read(text, Paragraph(Parse.of(doc), bounds, placed, None))
    return [a for a in (*reading.direct, *reading.indirect) if a.rule != "none"]


def _doc(rows: list[Row]) -> Doc:
    heads = [int(row[6]) - 1 if row[6] != "0" else i for i, row in enumerate(rows)]
    return Doc(
        _VOCAB,
        words=[row[1].strip() or "-" for row in rows],
        spaces=["SpaceAfter=No" not in row[9] for row in rows],
        tags=[row[4] for row in rows],
        heads=heads,
        deps=["ROOT" if row[6] == "0" else row[7] for row in rows],
        lemmas=[row[2] for row in rows],
        sent_starts=[i == 0 for i in range(len(rows))],
    )
