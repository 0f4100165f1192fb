"""The data that walks through the house: frozen, plain, without behaviour that needs a library.

Offsets are characters of `Article.text`, half-open. Times are UTC. Names are those of the index (`docs/data-model.md`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as its source gives it."""

    id: str
    """SHA-256 of the canonical URL, else of outlet and normalised text."""
    text: str
    content_hash: str
    """SHA-256 of all that the source says of the article: the same hash, the same documents."""
    source_file: str
    """Path or URI of the file it came from."""
    source_time: datetime
    """When the source last changed the article; the newer version wins."""
    source_member: str | None = None
    """Where in the file: `line 17` of a JSON Lines file, a member of an archive."""
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    outlet_country: str | None = None
    section: str | None = None
    language: str = "en"
    published_at: datetime | None = None
    published_at_flag: str | None = None
    """Why `published_at` should not be trusted (`before_1600`, `future`, `unparsable`), or nothing."""


class QuoteKind(StrEnum):
    """How much of the content stands in quotation marks: all, none or some."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Act(StrEnum):
    """What the speaker does with the content."""

    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"


class SpeakerKind(StrEnum):
    """What a speaker is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    GOVERNMENT = "government"
    GROUP = "group"
    UNNAMED = "unnamed"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """How the speaker behind a mention was found."""

    NAME = "name"
    """It holds the name, or a form of it."""
    ROLE = "role"
    """The article introduces somebody with this role."""
    OFFICE = "office"
    """The register knows who held this role on the day."""
    PRONOUN = "pronoun"
    """Who is near, a subject, of that gender, and spoke last."""
    NEAREST = "nearest"
    """A phrase that fits anybody ("the 43-year-old"): who is nearest."""
    DECISION = "decision"
    """Somebody who read the article said so."""
    DESCRIPTION = "description"
    """The words of the mention; no name is known."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text."""

    start: int
    end: int
    label: str
    """`PERSON`, `ORG`, `GPE`, `LOC` or `NORP`."""
    name: str
    """The fullest form of the name in the article."""
    actor_id: str | None = None
    country: str | None = None
    found_name: str | None = None
    """As enrichment found it, where people decided that its actor is another one."""
    found_id: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom the text attributes the words to."""

    start: int
    """Where the mention stands that the attribution names."""
    end: int
    mention: str
    """The words of that mention: "Peskov", "he", "the Kremlin spokesman"."""
    name: str
    """The canonical name: "Dmitry Peskov"."""
    kind: SpeakerKind
    id: str | None = None
    role: str | None = None
    country: str | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """One utterance, however often it is interrupted."""

    pieces: tuple[Span, ...]
    """Its contiguous pieces in text order, never empty, without the cue; direct pieces with their marks."""
    kind: QuoteKind
    act: Act = Act.SPEECH
    cue: Span | None = None
    cue_lemma: str | None = None
    speaker: Speaker | None = None
    """Nothing when nobody is named: such a quote is kept, its speaker unknown."""
    addressee: str | None = None
    negated: bool = False
    confidence: float = 1.0
    nested_in: int | None = None
    """Position, in the article's quotes, of the quote that holds this one."""

    @property
    def start(self) -> int:
        """First character of the first piece."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Character after the last piece."""
        return self.pieces[-1].end


def actors_in(mentions: Iterable[Mention]) -> dict[str, str | None]:
    """The ids, where they have one, of the actors among mentions, by name and in text order.

    People are actors wherever they are named, all others where they have an id: a place only where it speaks.
    """
    return {mention.name: mention.actor_id for mention in mentions if mention.actor_id or mention.label == "PERSON"}


def countries_in(mentions: Iterable[Mention]) -> list[str]:
    """The countries that mentions name, in text order."""
    return list(dict.fromkeys(mention.country for mention in mentions if mention.country))


def countries_of(quotes: Iterable[Quote], mentions: Iterable[Mention]) -> set[str]:
    """The countries that an article's mentions name, and those of its speakers."""
    speaking = {quote.speaker.country for quote in quotes if quote.speaker and quote.speaker.country}
    return speaking.union(countries_in(mentions))


@dataclass(frozen=True, slots=True)
class EnrichedArticle:
    """An article with what was found in it; `enrichment` says what found it."""

    article: Article
    enrichment: str
    """Fingerprint of code, model and data files: the same fingerprint finds the same. After `+` that of the decisions
    that changed it, if any."""
    quotes: tuple[Quote, ...] = ()
    mentions: tuple[Mention, ...] = ()
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Latitude and longitude in degrees of about the middle of each country named in it, by code."""
    found_quotes: tuple[Quote, ...] | None = None
    """Its quotes as enrichment found them, where decisions changed them."""
    replaced_ids: tuple[str, ...] = ()
    """Ids of actors in whose place decisions put others."""

    @property
    def actors(self) -> dict[str, str | None]:
        """Who is mentioned, and who speaks without being named (“the US president”): ids, where there are, by name."""
        speaking = (quote.speaker for quote in self.quotes if quote.speaker and quote.speaker.id)
        return actors_in(self.mentions) | {speaker.name: speaker.id for speaker in speaking}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An article or file that will never work as it is, with enough to try it again."""

    source_file: str
    source_member: str | None
    stage: str
    """Where it failed: `read`, `enrich` or `index`."""
    reason: str
    """A short word to group by: `empty`, `binary`, `encoding`, `too_large`, `json`, `field`, `rejected`, …"""
    message: str
    """What is wrong, where, and the remedy."""
    article_id: str | None = None
