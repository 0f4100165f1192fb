"""`whosaid_speakers`: who the speakers of an article's quotes are, and whom its names stand for.

    "Peskov"                  → Dmitry Peskov          the fullest form of the name
    "the Kremlin spokesman"   → Dmitry Peskov          the role he was introduced with
    "the US president"        → Joe Biden              the role he held on the day, when nobody is introduced with it
    "he"                      → Dmitry Peskov          who is near, a subject, and spoke last
    "the Kremlin", "Berlin"   → Kremlin, German government    an institution, a place that speaks
    "a spokesman"             → spokesman (unnamed), "officials" → officials (group)

What goes beyond the article (canonical names, roles on a day, governments) needs the register in `doc._.context`.
A pronoun is never a speaker's name: one that cannot be resolved is `unknown`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as Tokens

from pipeline.article import Evidence, Mention, Quote, QuoteKind, Span, Speaker, SpeakerKind
from pipeline.enrich.context import Context
from pipeline.enrich.entities import Entities, Entity
from pipeline.enrich.headline import add_headline
from pipeline.enrich.identities import Identities, country_in
from pipeline.enrich.naming import INDEFINITE, LABELS, bare, core, described, naming
from pipeline.enrich.pronouns import FIRST_PERSON, Pronouns, is_pronoun
from pipeline.enrich.roles import entity_called, find_roles, role_text
from pipeline.enrich.wordlists import word_list

UNKNOWN = "unknown"
AGE = re.compile(r"\d-year-old\b")
ANY_PERSON, ANY_BUSINESS = word_list("any person"), word_list("any business")
ANY_ORGANISATION = word_list("any organisation")
ACTING = frozenset({"PERSON", "ORG"})
"""Labels of names that are actors wherever they stand; places are so only where they speak."""

if not Doc.has_extension("quotes"):
    Doc.set_extension("quotes", default=())
if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=())


@Language.component(
    "whosaid_speakers", requires=["doc.ents", "doc._.quotes"], assigns=["doc._.quotes", "doc._.mentions"]
)
def speakers(doc: Doc) -> Doc:
    """Name the speakers of `doc._.quotes`, whose mentions are known, and set `doc._.mentions`."""
    resolver = Resolver(doc)
    doc._.quotes = resolver.quotes()
    doc._.mentions = resolver.mentions()
    return doc


class Resolver:
    """Reads the speakers of one article in text order: who spoke last helps to know who speaks next."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.entities = Entities(doc)
        find_roles(doc, self.entities)
        context: Context = doc._.context
        if context.headline is not None:
            add_headline(self.entities, context.headline)
        self.identities = Identities(doc, self.entities, context)
        direct = [piece for q in doc._.quotes if q.kind is QuoteKind.DIRECT for piece in q.pieces]
        self.pronouns = Pronouns(doc, self.entities, sorted(direct))
        self._meant: dict[Span, Entity | None] = {}
        self._last: Entity | None = None

    def quotes(self) -> tuple[Quote, ...]:
        """The article's quotes, their speakers named: first those that the article tells, then those in quotations."""
        quotes: list[Quote] = list(self.doc._.quotes)
        holders = _holders(quotes)
        spoken = sorted((i in holders, quote.speaker.start, i) for i, quote in enumerate(quotes) if quote.speaker)
        for _, _, i in spoken:
            speaker = quotes[i].speaker
            if speaker is not None:
                holder = quotes[holders[i]].speaker if i in holders else None
                quotes[i] = replace(quotes[i], speaker=self.resolve(speaker, holder))
        return tuple(quotes)

    def mentions(self) -> tuple[Mention, ...]:
        """The names in the article in text order, each with its actor: of a place only where it speaks."""
        found = []
        speaking = {entity for entity in self._meant.values() if entity is not None}
        places = {(place.start, place.end) for place in self._meant}
        for ent in self.entities.spans:
            entity = self.entities.of(ent)
            if entity is None or ent.label_ not in LABELS:
                continue
            name, actor_id = entity.name, None
            start, end = ent.start_char, ent.end_char
            if entity.label in ACTING or (entity in speaking and any(a <= start and end <= b for a, b in places)):
                who = self.identities.of(entity)
                name, actor_id = who.name, who.id
            found.append(Mention(start, end, ent.label_, name, actor_id, self.identities.countries.get(ent.start)))
        return tuple(found)

    def resolve(self, speaker: Speaker, holder: Speaker | None = None) -> Speaker:
        """The speaker with name, kind, role, id and country; `holder` says the quotation that this one is told in."""
        span = self.doc.char_span(speaker.start, speaker.end, alignment_mode="expand")
        if span is None or not len(span):
            return replace(speaker, name=UNKNOWN, kind=SpeakerKind.UNKNOWN)
        if (pronoun := _pronoun_in(span)) is not None:
            return self._pronoun(speaker, pronoun, holder)
        named = None if _one_of_a_people(span) else naming(span, self.entities)
        if named is not None and named.entity is not None:
            self._last = named.entity
            return self._as(speaker, named.entity, Evidence.NAME)
        if named is None:
            entity, evidence = self._by_role(span)
            if entity is not None:
                self._last = entity
                return self._as(speaker, entity, evidence)
        self._last = None
        if named is not None and named.several:
            return replace(speaker, name=named.name, kind=named.kind, evidence=Evidence.DESCRIPTION)
        if named is not None:
            name, kind, role = named.name, named.kind, None
        else:
            name, kind, role = described(span)
        return self._as_described(speaker, name, kind, role, span)

    def _as_described(self, speaker: Speaker, name: str, kind: SpeakerKind, role: str | None, span: Tokens) -> Speaker:
        if kind is SpeakerKind.GOVERNMENT or kind is SpeakerKind.ORGANIZATION:
            who = self.identities.body(name, kind, span.start)
            return replace(
                speaker, name=who.name, kind=who.kind, id=who.id, country=who.country, evidence=Evidence.DESCRIPTION
            )
        country = country_in(name)
        return replace(speaker, name=name, kind=kind, role=role, country=country, evidence=Evidence.DESCRIPTION)

    def _as(self, speaker: Speaker, entity: Entity, evidence: Evidence) -> Speaker:
        self._meant[Span(speaker.start, speaker.end)] = entity
        role = role_text(entity) if entity.label == "PERSON" else None
        if role is None and evidence is Evidence.OFFICE:
            role = _without_article(speaker.mention)
        who = self.identities.of(entity)
        return replace(
            speaker, name=who.name, kind=who.kind, id=who.id, role=role, country=who.country, evidence=evidence
        )

    def _pronoun(self, speaker: Speaker, token: Token, holder: Speaker | None) -> Speaker:
        told_by = self._meant.get(Span(holder.start, holder.end)) if holder is not None else None
        if token.lower_ in FIRST_PERSON:
            entity = told_by
        elif token.lower_ in {"who", "whom", "which", "that"}:
            entity = self._antecedent(token)
        else:
            entity = self.pronouns.meant(token, self._last, told_by)
        if entity is None:
            return replace(speaker, name=UNKNOWN, kind=SpeakerKind.UNKNOWN, evidence=Evidence.PRONOUN)
        self._last = entity
        return self._as(speaker, entity, Evidence.PRONOUN)

    def _antecedent(self, token: Token) -> Entity | None:
        """Whom a relative pronoun follows: "Cable, who said …"."""
        near = self.entities.within(max(0, token.i - 4), token.i)
        return self.entities.of(near[-1]) if near else None

    def _by_role(self, span: Tokens) -> tuple[Entity | None, Evidence]:
        """Whom a definite phrase means, and how that is known.

        Somebody introduced so; who held that office on the day; "the 43-year-old" or "the company" who is nearest.
        """
        evidence = Evidence.ROLE
        if span[0].lower_ in INDEFINITE or span.root.tag_ == "NNS":
            return None, evidence
        entity = entity_called(list(span), self.entities, span.start)
        phrase = core(span)
        if entity is None and (entity := self.identities.holder(phrase)) is not None:
            evidence = Evidence.OFFICE
        elif entity is None and span[0].lower_ == "the":
            evidence = Evidence.NEAREST
            entity = self._nearest(span, phrase)
        if entity is not None:
            self.pronouns.add(span.root, entity)
        return entity, evidence

    def _nearest(self, span: Tokens, phrase: Sequence[Token]) -> Entity | None:
        """Whom words mean that nobody was introduced with and that fit anybody: who is nearest.

        "The company" is any organisation; "the airline" is one of which the article has not said that it is a bank.
        """
        head = next((t for t, after in pairwise([*phrase, None]) if after is None or after.lower_ == "of"), None)
        if head is None:
            return None
        if AGE.search(span.text) or _one_of_a_people(span) or head.lower_ in ANY_PERSON:
            return self.pronouns.nearest(span[0], "PERSON", self._last)
        if len(phrase) == 1 and head.lower_ in ANY_ORGANISATION:
            return self.pronouns.nearest(span[0], "ORG", self._last)
        if len(phrase) == 1 and head.lower_ in ANY_BUSINESS:
            found = self.pronouns.nearest(span[0], "ORG", self._last)
            return found if found is not None and not found.roles else None
        return None


def _holders(quotes: Sequence[Quote]) -> dict[int, int]:
    """In whose direct quotation the mention of a quote's speaker stands, both by their numbers: there, "I" is that one.

    Of a nested quote that can only be the one which it is nested in; of several around another, the first.
    """
    said = [i for i, quote in enumerate(quotes) if quote.kind is QuoteKind.DIRECT and quote.speaker]
    pieces = deque(sorted((piece.start, piece.end, i) for i in said for piece in quotes[i].pieces))
    begun: list[tuple[int, int]] = []
    found = {}
    for start, i in sorted((quote.speaker.start, i) for i, quote in enumerate(quotes) if quote.speaker):
        while pieces and pieces[0][0] <= start:
            begun.append(pieces.popleft()[1:])
        begun = [(end, holder) for end, holder in begun if end > start]
        outer = quotes[i].nested_in
        around = [holder for _, holder in begun if holder != i and outer in {None, holder}]
        if around:
            found[i] = min(around)
    return found


def _pronoun_in(span: Tokens) -> Token | None:
    """The pronoun that a mention consists of."""
    words = core(span)
    return words[0] if len(words) == 1 and is_pronoun(words[0].text) else None


def _one_of_a_people(span: Tokens) -> bool:
    """ "The Belgian", but not "the Belgians", nor "the French", who are many."""
    words = bare(span)
    if len(words) != 1 or span[0].lower_ != "the" or words[0].ent_type_ != "NORP":
        return False
    return words[0].tag_ in {"NN", "NNP", "JJ"} and not words[0].lower_.endswith(("s", "sh", "ch", "ese", "i"))


def _without_article(mention: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", " ".join(mention.split()), flags=re.IGNORECASE)
