"""`whosaid_speakers`: who the speakers of an article's quotes are, as far as the article itself tells.

    "Peskov"                  → Dmitry Peskov          the fullest form of the name
    "the Kremlin spokesman"   → Dmitry Peskov          the role he was introduced with
    "he"                      → Dmitry Peskov          who is near, a subject, and spoke last
    "the Kremlin", "Berlin"   → Kremlin, Berlin        an institution, a place that speaks
    "a spokesman"             → spokesman (unnamed), "officials" → officials (group)

A pronoun is never a speaker's name: one that cannot be resolved is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as Tokens

from pipeline.article import Mention, Quote, QuoteKind, Span, Speaker, SpeakerKind
from pipeline.enrich.entities import Entities, Entity
from pipeline.enrich.naming import INDEFINITE, LABELS, core, described, kind_of, naming, of_entity
from pipeline.enrich.pronouns import FIRST_PERSON, PRONOUNS, Pronouns
from pipeline.enrich.roles import entity_called, find_roles, role_text
from pipeline.enrich.wordlists import word_list

UNKNOWN = "unknown"
AGE = re.compile(r"\d-year-old\b")
ANY_ORGANISATION = word_list("any organisation")

if not Doc.has_extension("quotes"):
    Doc.set_extension("quotes", default=())


@Language.component("whosaid_speakers", requires=["doc.ents", "doc._.quotes"], assigns=["doc._.quotes"])
def speakers(doc: Doc) -> Doc:
    """Name the speakers of `doc._.quotes`, whose mentions are known, as the article names them."""
    if doc._.quotes:
        doc._.quotes = Resolver(doc).quotes()
    return doc


def mentions(doc: Doc) -> tuple[Mention, ...]:
    """The names in an article in text order, each with the fullest form that the article gives it."""
    entities = Entities(doc)
    found = []
    for ent in doc.ents:
        entity = entities.of(ent)
        if entity is not None and ent.label_ in LABELS:
            found.append(Mention(ent.start_char, ent.end_char, ent.label_, entity.name))
    return tuple(found)


class Resolver:
    """Reads the speakers of one article in text order: who spoke last helps to know who speaks next."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.entities = Entities(doc)
        find_roles(doc, self.entities)
        direct = [piece for q in doc._.quotes if q.kind is QuoteKind.DIRECT for piece in q.pieces]
        self.pronouns = Pronouns(doc, self.entities, sorted(direct))
        self._meant: dict[Span, Entity | None] = {}
        self._last: Entity | None = None

    def quotes(self) -> tuple[Quote, ...]:
        """The article's quotes, their speakers named: first those that the article tells, then those in quotations."""
        quotes: list[Quote] = list(self.doc._.quotes)
        spoken = [(quote.speaker, i) for i, quote in enumerate(quotes) if quote.speaker is not None]
        order = sorted((self._holder(quotes, i, s) is not None, s.start, i) for s, i in spoken)
        for told, _, i in order:
            speaker = quotes[i].speaker
            if speaker is not None:
                holder = self._holder(quotes, i, speaker) if told else None
                quotes[i] = replace(quotes[i], speaker=self.resolve(speaker, holder))
        return tuple(quotes)

    @staticmethod
    def _holder(quotes: Sequence[Quote], i: int, speaker: Speaker) -> Speaker | None:
        """Who says the direct quotation in which the mention of a speaker stands: there, "I" is that holder."""
        outer = quotes[i].nested_in
        inside = quotes if outer is None else [quotes[outer]]
        for quote in inside:
            says = quote is not quotes[i] and quote.kind is QuoteKind.DIRECT
            if says and quote.speaker and any(p.start <= speaker.start < p.end for p in quote.pieces):
                return quote.speaker
        return None

    def resolve(self, speaker: Speaker, holder: Speaker | None = None) -> Speaker:
        """The speaker with name, kind and role; `holder` says the quotation that this one is told in."""
        place = Span(speaker.start, speaker.end)
        span = self.doc.char_span(*place, alignment_mode="expand")
        if span is None or not len(span):
            return replace(speaker, name=UNKNOWN, kind=SpeakerKind.UNKNOWN)
        if (pronoun := _pronoun_in(span)) is not None:
            return self._pronoun(speaker, pronoun, holder)
        named = naming(span, self.entities)
        if named is None and (entity := self._by_role(span)) is not None:
            named = of_entity(entity)
        self._last = named.entity if named is not None else None
        if named is None:
            name, kind, role = described(span)
            return replace(speaker, name=name, kind=kind, role=role)
        if named.entity is None:
            return replace(speaker, name=named.name, kind=named.kind)
        return self._as(speaker, named.entity)

    def _as(self, speaker: Speaker, entity: Entity) -> Speaker:
        self._meant[Span(speaker.start, speaker.end)] = entity
        role = role_text(entity) if entity.label == "PERSON" else None
        return replace(speaker, name=entity.name, kind=kind_of(entity.label, entity.words), role=role)

    def _pronoun(self, speaker: Speaker, token: Token, holder: Speaker | None) -> Speaker:
        told_by = self._meant.get(Span(holder.start, holder.end)) if holder is not None else None
        if token.lower_ in FIRST_PERSON:
            entity = told_by
        elif token.lower_ in {"who", "whom", "which", "that"}:
            entity = self._antecedent(token)
        else:
            entity = self.pronouns.meant(token, self._last, told_by)
        if entity is None:
            return replace(speaker, name=UNKNOWN, kind=SpeakerKind.UNKNOWN)
        self._last = entity
        return self._as(speaker, entity)

    def _antecedent(self, token: Token) -> Entity | None:
        """Whom a relative pronoun follows: "Cable, who said …"."""
        near = self.doc[max(0, token.i - 4) : token.i].ents
        return self.entities.of(near[-1]) if near else None

    def _by_role(self, span: Tokens) -> Entity | None:
        """Whom a definite phrase means: somebody introduced so, "the 43-year-old" or "the company" who is nearest."""
        if span[0].lower_ in INDEFINITE or span.root.tag_ == "NNS":
            return None
        entity = entity_called(list(span), self.entities, span.start)
        phrase = core(span)
        if entity is None and span[0].lower_ == "the" and AGE.search(span.text):
            entity = self.pronouns.nearest(span[0], "PERSON", self._last)
        elif entity is None and len(phrase) == 1 and phrase[0].lower_ in ANY_ORGANISATION:
            entity = self.pronouns.nearest(span[0], "ORG", self._last)
        if entity is not None:
            self.pronouns.add(span.root, entity)
        return entity


def _pronoun_in(span: Tokens) -> Token | None:
    """The pronoun that a mention consists of, but not "WHO", "US" or "IT"."""
    words = core(span)
    if len(words) != 1 or words[0].lower_ not in PRONOUNS or (words[0].is_upper and len(words[0]) > 1):
        return None
    return words[0]
