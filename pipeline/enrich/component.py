"""`whosaid_quotes`: a spaCy component that finds who said what.

    import spacy
    nlp = spacy.load("en_core_web_sm")
    nlp.add_pipe("whosaid_quotes")
    doc = nlp("“It works,” she said.")
    doc._.quotes[0].speaker.mention   # "she"
    doc.spans["quotes"]               # also "cues" and "speakers"

It works on any English pipeline with a parser, whose labels are Universal Dependencies or ClearNLP's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline.article import Quote, Span
from pipeline.enrich.attribution import Attribution, read
from pipeline.enrich.carry import carry_over
from pipeline.enrich.encoder import Encoder
from pipeline.enrich.evidence import take
from pipeline.enrich.joining import Thresholds, join, settle_sources
from pipeline.enrich.marks import Region, quoted_regions
from pipeline.enrich.masking import Marked, Masked, marked_paragraphs, mask
from pipeline.enrich.names import WEIGHTS, Names, encoder_of
from pipeline.enrich.paragraph import Paragraph
from pipeline.enrich.parse import Parse, StandIn, sentence_hints
from pipeline.enrich.reader import Reader
from pipeline.enrich.text import text_of
from pipeline.enrich.trees import Trees
from pipeline.enrich.uses import is_strong_cue
from pipeline.enrich.utterances import quotes_of, utterances

if not Doc.has_extension("quotes"):
    Doc.set_extension("quotes", default=())

_SYNTAX = {"token.dep", "token.head", "token.tag", "token.pos", "doc.tensor", "doc._.trf_data", "token.is_sent_start"}
"""A component before ours that assigns one of these has a part in the parse, and sees the masked paragraphs too."""


@Language.factory(
    "whosaid_quotes",
    assigns=["doc._.quotes", "doc.spans"],
    requires=["token.dep", "token.head", "token.tag"],
    default_config={"batch_size": 64, "reader": True},
)
def make_quotes(nlp: Language, name: str, batch_size: int, reader: bool) -> QuoteFinder:
    """Make the component.

    A `whosaid_trees` or `whosaid_names` before it shares its one pass over the words. After other parsers, `batch_size`
    documents have their masked paragraphs parsed together. Without `reader` the rules decide alone.
    """
    return QuoteFinder(nlp, name, batch_size, reader)


class Found(NamedTuple):
    """What is found in a document, and with whose help."""

    doc: Doc
    text: str
    """The document's, which makes it anew each time it is asked."""
    attributions: list[Attribution]
    regions: list[Region]
    """Its strings in quotation marks."""
    reader: Reader | None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The attributions as quotes, in the same order."""
        return quotes_of(self.text, self.attributions, self.regions, self.reader)


class QuoteFinder:
    """Sets `doc._.quotes`, a tuple of `Quote`, and the span groups `quotes`, `cues` and `speakers`."""

    def __init__(self, nlp: Language, name: str, batch_size: int = 64, reader: bool = True) -> None:
        self.nlp = nlp
        self.name = name
        self.batch_size = batch_size
        self.reader = reader
        self.thresholds = Thresholds()

    @property
    def encoder(self) -> Encoder | None:
        """The network of the pipeline, else ours; nothing if neither the reader nor trees are wanted of it."""
        has_one = WEIGHTS.is_dir() or any(isinstance(component, Names) for _, component in self.nlp.components)
        return encoder_of(self.nlp) if has_one and (self.reader or self.reads_around) else None

    @property
    def reads_around(self) -> bool:
        """Whether trees around quotations are read off the scores of `whosaid_trees`, without another parse."""
        before = takewhile(lambda named: named[0] != self.name, self.nlp.pipeline)
        return any(isinstance(component, Trees) for _, component in before)

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int | None = None) -> Iterator[Doc]:
        """Find the quotes of many documents."""
        for found in self.read(stream):
            annotate(found.doc, found.quotes)
            yield found.doc

    def read(self, stream: Iterable[Doc]) -> Iterator[Found]:
        """What is found in each document, without setting it; masked paragraphs are parsed in batches over several."""
        encoder, reads_around = self.encoder, self.reads_around
        for docs in _batches(stream, 1 if reads_around else self.batch_size):
            texts = list(map(text_of, docs))
            plans = list(map(plan_of, texts))
            masks = [masked for plan in plans for _, masked in plan if masked is not None]
            parsed: Iterator[Parse] = map(Parse.of, () if reads_around else self.parse(masks))
            for doc, text, plan in zip(docs, texts, plans, strict=True):
                parse = Parse.of(doc)
                evidence = take(doc)  # whether or not it is wanted: nobody needs it afterwards
                paragraphs = [paragraph for paragraph, _ in plan]
                reader = Reader.of(text, parse, encoder, evidence, paragraphs) if encoder else None
                if reads_around and reader is not None and masks:
                    parsed = map(reader.around.parse, masks)  # of this one document
                reader = reader if self.reader else None
                found = attributions(text, parse, plan, parsed, reader, self.thresholds)
                yield Found(
                    doc, text, found, [region for paragraph in paragraphs for region in paragraph.regions], reader
                )

    def parse(self, masks: Sequence[Masked]) -> Iterator[Doc]:
        """Run the components before this one that make the parse over the masked paragraphs."""
        docs: Iterable[Doc] = (_prepare(self.nlp.make_doc(masked.text), masked) for masked in masks)
        for name, component in self.nlp.pipeline:
            if name == self.name:
                break
            if _SYNTAX.isdisjoint(self.nlp.get_pipe_meta(name).assigns) or name == "whosaid_lines":
                continue
            docs = component.pipe(docs, batch_size=128) if hasattr(component, "pipe") else map(component, docs)
        return iter(docs)

    def to_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> None:
        """Nothing to write: the rules and the cue lexicon are part of the package."""

    def from_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> QuoteFinder:
        """Nothing to read."""
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> QuoteFinder:
        """Nothing to read."""
        return self


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        yield batch


Plan = list[tuple[Marked, Masked | None]]
"""The paragraphs of a text, and with stand-ins those that hold a quotation that is a clause."""


def plan_of(text: str) -> Plan:
    """What is read of a text, paragraph by paragraph."""
    return [(paragraph, mask(text, paragraph)) for paragraph in marked_paragraphs(text)]


def attributions(
    text: str, parse: Parse, plan: Plan, parsed: Iterator[Parse], reader: Reader | None, thresholds: Thresholds
) -> list[Attribution]:
    """Who says what in a parsed text: rules, then the reader, then what is carried over.

    `parsed` gives the parses of its masked paragraphs in order.
    """
    readings = []
    nested = []
    for (bounds, regions, _), masked in plan:
        if masked is not None:
            paragraph = Paragraph(next(parsed), bounds, masked.regions, masked.offsets)
            nested += _inside(parse, text, masked)
        else:
            placed = [(region, region.start, region.end, False) for region in regions]
            paragraph = Paragraph(parse.within(bounds), bounds, placed, None)
        readings.append(read(text, paragraph))
    if reader is not None:
        join(readings, nested, reader, thresholds)
    carry_over(text, readings)
    if reader is not None:
        settle_sources(readings, reader, thresholds)
    return utterances(text, readings, nested)


def _inside(parse: Parse, text: str, masked: Masked) -> list[Attribution]:
    """What the quoted say that others said, or were told: attributions with a cue inside masked quotations."""
    found = []
    for region, _, _, clausal in masked.regions:
        if not clausal:
            continue
        inner = Span(region.start + 1, region.end - 1 if region.closed else region.end)
        own = parse.within(inner)
        if not any(is_strong_cue(token.lower()) for token in own.texts):
            continue
        regions = [
            (Region(r.start + inner.start, r.end + inner.start), r.start + inner.start, r.end + inner.start, False)
            for r in quoted_regions(text[inner.start : inner.end])
        ]
        reading = read(text, Paragraph(own, inner, regions, None))
        found += [a for a in (*reading.direct, *reading.indirect) if a.cue is not None and _told_by(a, a.cue)]
    return found


def _told_by(a: Attribution, cue: Span) -> bool:
    """Whether somebody says it, or it is said to somebody: “I was told to sign”, but not “Ask yourselves why”."""
    return a.source is not None or (a.addressee is not None and a.addressee.end <= cue.start)


def _prepare(doc: Doc, masked: Masked) -> Doc:
    """Tell the parser where sentences must and cannot start."""
    starts = [token.idx for token in doc]
    standins = [
        StandIn(bisect_left(starts, start), bisect_left(starts, end) - 1, masked.text[end - 2])
        for _, start, end, clausal in masked.regions
        if clausal
    ]
    for token, hint in zip(doc, sentence_hints([token.text for token in doc], standins), strict=True):
        if hint:
            token.is_sent_start = hint > 0
    return doc


def annotate(doc: Doc, quotes: tuple[Quote, ...]) -> None:
    """Put the quotes on the document, and their spans (words touched are taken whole) into its span groups."""
    doc._.quotes = quotes
    spans: dict[str, list[Span]] = {
        "quotes": [piece for quote in quotes for piece in quote.pieces],
        "cues": [quote.cue for quote in quotes if quote.cue is not None],
        "speakers": [Span(quote.speaker.start, quote.speaker.end) for quote in quotes if quote.speaker is not None],
    }
    for key, group in spans.items():
        found = [doc.char_span(start, end, alignment_mode="expand") for start, end in group]
        doc.spans[key] = SpanGroup(doc, name=key, spans=[span for span in found if span is not None])
