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
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup, Token

from pipeline.article import Quote, Span
from pipeline.enrich.attribution import Attribution, read
from pipeline.enrich.carry import carry_over
from pipeline.enrich.encoder import Encoder
from pipeline.enrich.encoder_input import paragraphs_with_regions
from pipeline.enrich.joining import Thresholds, join, settle_sources
from pipeline.enrich.marks import Region, quoted_regions
from pipeline.enrich.masking import Masked, mask
from pipeline.enrich.names import WEIGHTS, Names, encoder_of
from pipeline.enrich.paragraph import Paragraph
from pipeline.enrich.reader import Reader
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
    """Make the component; `batch_size` documents have their masked paragraphs parsed together.

    Without `reader` the rules decide alone. With it, a `whosaid_trees` or `whosaid_names` before it shares its one pass
    over the words.
    """
    return QuoteFinder(nlp, name, batch_size, reader)


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
        """The learned reader: that of the pipeline's `whosaid_names`, else ours; nothing if it is not wanted."""
        has_one = WEIGHTS.is_dir() or any(isinstance(component, Names) for _, component in self.nlp.components)
        return encoder_of(self.nlp) if self.reader and has_one else None

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int | None = None) -> Iterator[Doc]:
        """Find the quotes of many documents, whose masked paragraphs are parsed in batches over all of them."""
        for docs in _batches(stream, self.batch_size):
            plans = [plan_of(doc.text) for doc in docs]
            masks = [masked for plan in plans for _, _, masked in plan if masked is not None]
            parsed, encoder = iter(self.parse(masks)), self.encoder
            for doc, plan in zip(docs, plans, strict=True):
                reader = Reader.of(doc, [part[:2] for part in plan], encoder) if encoder is not None else None
                annotate(doc, find(doc, plan, parsed, reader, self.thresholds))
                yield doc

    def parse(self, masks: list[Masked]) -> Iterator[Doc]:
        """Run the components before this one that make the parse over the masked paragraphs."""
        docs: Iterable[Doc] = (_prepare(self.nlp.make_doc(masked.text), masked) for masked in masks)
        for name, component in self.nlp.pipeline:
            if name == self.name:
                break
            if _SYNTAX.isdisjoint(self.nlp.get_pipe_meta(name).assigns) or name == "whosaid_lines":
                continue
            if isinstance(component, Trees):
                docs = _parsed(component, docs)
            else:
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


def _parsed(trees: Trees, docs: Iterable[Doc]) -> Iterator[Doc]:
    """Trees alone: nobody asks for the names and cues of a masked paragraph."""
    for doc in docs:
        trees.parse(doc)
        yield doc


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        yield batch


Plan = list[tuple[Span, list[Region], Masked | None]]


def plan_of(text: str) -> Plan:
    """The paragraphs of a text with their quotation-marked strings, masked where these are clauses."""
    return [(bounds, regions, mask(text, bounds, regions)) for bounds, regions in paragraphs_with_regions(text)]


def find(
    doc: Doc, plan: Plan, parsed: Iterator[Doc], reader: Reader | None = None, thresholds: Thresholds | None = None
) -> tuple[Quote, ...]:
    """The quotes of a parsed `doc`; `parsed` gives the parses of its masked paragraphs in order."""
    found = attributions(doc, plan, parsed, reader, thresholds or Thresholds())
    return quotes_of(doc.text, found, [region for _, regions, _ in plan for region in regions], reader)


def attributions(
    doc: Doc, plan: Plan, parsed: Iterator[Doc], reader: Reader | None, thresholds: Thresholds
) -> list[Attribution]:
    """The same before they are quotes: rules, then the reader, then what is carried over."""
    text, tokens = doc.text, _Tokens(doc)
    readings = []
    nested = []
    for bounds, regions, masked in plan:
        if masked is not None:
            paragraph = Paragraph(list(next(parsed)), bounds, masked.regions, masked.offsets)
            nested += _inside(tokens, text, masked)
        else:
            placed = [(region, region.start, region.end, False) for region in regions]
            paragraph = Paragraph(tokens.within(bounds), bounds, placed, None)
        readings.append(read(text, paragraph))
    if reader is not None:
        join(readings, nested, reader, thresholds)
    carry_over(text, readings)
    if reader is not None:
        settle_sources(readings, reader, thresholds)
    return utterances(text, readings, nested)


class _Tokens:
    """A document's tokens, each made once."""

    def __init__(self, doc: Doc) -> None:
        self._all = list(doc)
        self._starts = [token.idx for token in self._all]

    def within(self, span: Span) -> list[Token]:
        """Those that begin in a span of characters."""
        return self._all[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]


def _inside(tokens: _Tokens, text: str, masked: Masked) -> list[Attribution]:
    """What the quoted say that others said: attributions with a cue and a source inside masked quotations."""
    found = []
    for region, _, _, clausal in masked.regions:
        if not clausal:
            continue
        inner = Span(region.start + 1, region.end - 1 if region.closed else region.end)
        own = tokens.within(inner)
        if not any(is_strong_cue(token.lower_) for token in own):
            continue
        regions = [
            (Region(r.start + inner.start, r.end + inner.start), r.start + inner.start, r.end + inner.start, False)
            for r in quoted_regions(text[inner.start : inner.end])
        ]
        reading = read(text, Paragraph(own, inner, regions, None))
        found += [a for a in (*reading.direct, *reading.indirect) if a.source is not None and a.cue is not None]
    return found


def _prepare(doc: Doc, masked: Masked) -> Doc:
    """Tell the parser where sentences cannot start: inside a stand-in, and where no final punctuation stands before."""
    standins = [(start, end) for _, start, end, clausal in masked.regions if clausal]
    after: list[int] = []  # the first token after each stand-in
    before = ""
    k = 0
    for token in doc:
        while k < len(standins) and standins[k][1] <= token.idx:
            after.append(token.i)
            k += 1
        if k < len(standins) and standins[k][0] < token.idx:
            token.is_sent_start = False
        elif before:
            last = before[-1]
            if last not in ".?!…:;—–―-" or (last in ":;—–―-" and not token.text[:1].isupper()):
                token.is_sent_start = False
        if not token.is_space and token.text not in _CLOSERS:
            before = token.text
    for (_, end), i in zip(standins, after, strict=False):
        if i:
            _prepare_after(doc, i, masked.text[end - 2])
    return doc


def _prepare_after(doc: Doc, i: int, ending: str) -> None:
    """The sentence goes on after a stand-in from token `i` on, unless it ended with a full stop."""
    if ending == "." and doc[i].text[:1].isupper():
        doc[i].is_sent_start = True
        return
    for k, token in enumerate(doc[i : i + 31]):
        if token.text in (".", ";"):
            return
        if ending == "," or ending.isalnum() or (k == 0 and not token.text[:1].isupper()):
            token.is_sent_start = False


_CLOSERS = {'"', "”", "“", "''", "``", ")", "(", "’", "'", "‘", "[", "]"}


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
