"""A parsed text with stand-ins for its clausal quotations, as `pipeline.enrich.masking` writes them before a parse."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

from spacy.tokens import Doc, Token

from pipeline.enrich.marks import Region
from pipeline.enrich.masking import final_mark, marked_paragraphs


@dataclass(frozen=True, slots=True)
class _Row:
    """A word of the new text; `head` is the number of an old word, or of a new one counted from -1 down."""

    word: str
    space: bool
    pos: str
    tag: str
    morph: str
    dep: str
    head: int
    start: bool
    number: int
    """Of the old word, or from -1 down."""


def masked(doc: Doc) -> Doc:
    """The text with “It works,” for each clausal quotation that hangs on the rest by one word, or by none.

    Where a quotation has several sentences, the last of them is the one that hangs on what follows.
    """
    text = doc.text
    regions = [
        region
        for paragraph in marked_paragraphs(text)
        for region in compress(paragraph.regions, paragraph.clausal)
        if region.closed
    ]
    spans = [
        (region, span)
        for region in regions
        if (span := doc.char_span(region.start, region.end)) is not None and len(span) > 5
    ]
    if not spans:
        return doc
    rows, at, made = list[_Row](), 0, 0
    instead: dict[int, int] = {}
    """The new word that stands for each old one."""
    for region, span in spans:
        found = _standin(doc, region, span.start, span.end, made)
        if found is None:
            continue
        rows += [_kept(token) for token in doc[at : span.start]]
        rows += found
        instead |= dict.fromkeys(range(span.start, span.end), -made - 3)
        made += len(found)
        at = span.end
    rows += [_kept(token) for token in doc[at:]]
    number = {row.number: n for n, row in enumerate(rows)}
    heads = [number[instead.get(row.head, row.head)] for row in rows]
    return Doc(
        doc.vocab,
        words=[row.word for row in rows],
        spaces=[row.space for row in rows],
        pos=[row.pos for row in rows],
        tags=[row.tag for row in rows],
        morphs=[row.morph for row in rows],
        deps=[row.dep for row in rows],
        heads=heads,
        sent_starts=[row.start for row in rows],
    )


def _kept(token: Token) -> _Row:
    start = bool(token.is_sent_start)
    morph = str(token.morph)
    return _Row(
        token.text, bool(token.whitespace_), token.pos_, token.tag_, morph, token.dep_, token.head.i, start, token.i
    )


def _standin(doc: Doc, region: Region, a: int, b: int, made: int) -> list[_Row] | None:
    """“ It works , ”, hung where the quotation's words were; nothing where they hang in several places."""
    inner = doc[a + 1 : b - 1]
    outward = [t for t in inner if not a <= t.head.i < b]
    roots = [t for t in inner if t.head.i == t.i]
    if len(outward) > 1 or (not outward and not roots):
        return None
    works = outward[0] if outward else roots[-1]
    into = [t for t in doc if not a <= t.i < b and a <= t.head.i < b]
    if any(t.head.i in (a, b - 1) or t.head.sent.start != works.sent.start for t in into):
        return None
    if any(not a <= t.head.i < b and t.head.i != works.head.i for t in (doc[a], doc[b - 1])):
        return None
    mark = final_mark(doc.text, region)
    first = -made - 1
    head = works.head.i if outward else first - 2
    dep = works.dep_ if outward else "ROOT"
    hung = first - 2
    rows = [
        _Row(doc[a].text, False, "PUNCT", "``", "", "punct", hung, bool(doc[a].is_sent_start), first),
        _Row("It", True, "PRON", "PRP", _IT, "nsubj", hung, False, first - 1),
        _Row("works", False, "VERB", "VBZ", _WORKS, dep, head, False, first - 2),
    ]
    if mark:
        rows.append(_Row(mark, False, "PUNCT", "." if mark in ".?!" else ",", "", "punct", hung, False, -made - 4))
    space = bool(doc[b - 1].whitespace_)
    rows.append(_Row(doc[b - 1].text, space, "PUNCT", "''", "", "punct", hung, False, -made - len(rows) - 1))
    return rows


_IT = "Case=Nom|Gender=Neut|Number=Sing|Person=3|PronType=Prs"
_WORKS = "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"
