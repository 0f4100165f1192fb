"""`whosaid_speakers`: who the speakers of an article's quotes are, as far as the article itself tells.

    "Peskov"                  → Dmitry Peskov          the fullest form of the name
    "the Kremlin spokesman"   → Dmitry Peskov          the role he was introduced with
    "he"                      → Dmitry Peskov          who is near, a subject, and spoke last
    "the Kremlin", "Berlin"   → Kremlin, Berlin        an institution, a place that speaks
    "a spokesman"             → spokesman (unnamed), "officials" → officials (group)

A pronoun is never a speaker's name: one that cannot be resolved is `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as Tokens

from pipeline.article import Mention, Quote, QuoteKind, Span, Speaker, SpeakerKind
from pipeline.enrich.entities import POSSESSIVE, Entities, Entity
from pipeline.enrich.names_vote import INSTITUTIONS
from pipeline.enrich.pronouns import FIRST_PERSON, PRONOUNS, Pronouns
from pipeline.enrich.roles import find_roles, person_called, role_text

UNKNOWN = "unknown"
LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP"})
GOVERNMENT = frozenset(
    "ministry government cabinet department embassy presidency treasury administration foreign-office parliament chancellery".split()
)
COLLECTIVE = frozenset(
    "police opposition army military government team staff group family jury committee press media public crowd union company council "
    "board party people couple majority panel majority coalition agency ministry court commission".split()
)
MANY = frozenset("some many several most all both two three four five six few other others these those".split())

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
        """The article's quotes, their speakers named."""
        quotes: list[Quote] = list(self.doc._.quotes)
        spoken = [i for i, quote in enumerate(quotes) if quote.speaker is not None]
        for i in sorted(spoken, key=lambda i: (quotes[i].speaker.start, i)):  # type: ignore[union-attr]
            outer = quotes[i].nested_in
            holder = quotes[outer].speaker if outer is not None and outer < len(quotes) else None
            quotes[i] = replace(quotes[i], speaker=self.resolve(quotes[i].speaker, holder))  # type: ignore[arg-type]
        return tuple(quotes)

    def resolve(self, speaker: Speaker, holder: Speaker | None = None) -> Speaker:
        """The speaker with name, kind and role; `holder` says the quotation that this one is told in."""
        place = Span(speaker.start, speaker.end)
        span = self.doc.char_span(*place, alignment_mode="expand")
        if span is None or not len(span):
            return replace(speaker, name=UNKNOWN, kind=SpeakerKind.UNKNOWN)
        if _is_pronoun(span):
            return self._pronoun(speaker, span[0], holder)
        entity = self._named(span) or self._by_role(span)
        if entity is None:
            self._last = None
            return replace(speaker, **_described(span))
        self._last = entity
        return self._as(speaker, entity)

    def _as(self, speaker: Speaker, entity: Entity) -> Speaker:
        self._meant[Span(speaker.start, speaker.end)] = entity
        role = role_text(entity) if entity.label == "PERSON" else None
        return replace(speaker, name=entity.name, kind=_kind(entity.label, entity.words), role=role)

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
        for i in range(token.i - 1, max(-1, token.i - 4), -1):
            ent = next((e for e in self.doc.ents if e.start <= i < e.end), None)
            if ent is not None:
                return self.entities.of(ent)
        return None

    def _named(self, span: Tokens) -> Entity | None:
        """The entity that a mention names: a person in it who is no possessor and hangs on no preposition, else a whole name."""
        for ent in span.ents:
            if ent.label_ == "PERSON" and not _possessor(ent, span) and not _after_preposition(ent, span):
                return self.entities.of(ent)
        words = _bare(span)
        for ent in span.ents:
            if ent.label_ in LABELS and [t.i for t in _bare(ent)] == [t.i for t in words]:
                return self.entities.of(ent)
        if words and all(t.text[:1].isupper() for t in words):
            return self.entities.called([t.text for t in words])
        return None

    def _by_role(self, span: Tokens) -> Entity | None:
        if span[0].lower_ in {"a", "an"} | MANY or span.root.tag_ == "NNS":
            return None
        person = person_called(list(span), self.entities.people(), span.start)
        if person is not None:
            self.pronouns.add(span.root, person)
        return person


def _is_pronoun(span: Tokens) -> bool:
    return len(span) == 1 and span[0].lower_ in PRONOUNS and not (span[0].is_upper and len(span[0]) > 1)


def _bare(span: Tokens) -> list[Token]:
    """The tokens of a phrase without its article, its possessive and punctuation at its ends."""
    kept = [token for token in span if not token.is_space]
    while kept and (kept[0].lower_ in {"the", "a", "an"} or kept[0].is_punct):
        kept = kept[1:]
    while kept and (kept[-1].is_punct or kept[-1].text in POSSESSIVE):
        kept = kept[:-1]
    return kept


def _possessor(ent: Tokens, span: Tokens) -> bool:
    after = ent.end if ent[-1].text not in POSSESSIVE else ent.end - 1
    return after < span.end - 1 and span.doc[after].text in POSSESSIVE


def _after_preposition(ent: Tokens, span: Tokens) -> bool:
    return any(token.tag_ in {"IN", "TO"} and token.dep_ != "mark" for token in span.doc[span.start : ent.start]) and not any(
        token.text == "," for token in span.doc[span.start : ent.start]
    )


def _kind(label: str, words: Sequence[str]) -> SpeakerKind:
    if label == "PERSON":
        return SpeakerKind.PERSON
    if label == "NORP":
        return SpeakerKind.GROUP
    lower = {word.lower() for word in words}
    if label in {"GPE", "LOC"} or " ".join(words).lower() in INSTITUTIONS or not GOVERNMENT.isdisjoint(lower):
        return SpeakerKind.GOVERNMENT
    return SpeakerKind.ORGANIZATION


def _described(span: Tokens) -> dict[str, object]:
    """Name and kind of a speaker whom the article does not name, or whose name was not recognised."""
    words = _bare(span)
    stop = next((i for i, t in enumerate(words) if i and (t.text in {",", "(", "—", "–"} or t.lower_ in {"who", "which"})), len(words))
    words = words[:stop]
    if not words:
        return {"name": UNKNOWN, "kind": SpeakerKind.UNKNOWN}
    name = _text(words)
    if all(token.text[:1].isupper() or token.lower_ in {"of", "the", "and", "for", "de", "von", "van"} for token in words):
        last = words[-1].lower_
        if last in GOVERNMENT | COLLECTIVE or len(words) > 3:
            return {"name": name, "kind": _kind("ORG", [token.text for token in words])}
        return {"name": name, "kind": SpeakerKind.PERSON if words[0].tag_.startswith("NNP") else SpeakerKind.UNNAMED}
    many = words[0].lower_ in MANY or span.root.tag_ in {"NNS", "NNPS"} or span.root.lower_ in COLLECTIVE
    return {"name": name, "kind": SpeakerKind.GROUP if many else SpeakerKind.UNNAMED}


def _text(words: Iterable[Token]) -> str:
    return "".join(token.text_with_ws for token in words).strip().replace("\n", " ")
