"""Three hundred invented articles with all that is found in them, made without the model: quick, always the same.

Enrichment is what other tests are about; here it is told what it would find, so that offsets are known.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.article import (
    Act,
    Article,
    EnrichedArticle,
    Evidence,
    Mention,
    Quote,
    QuoteKind,
    Span,
    Speaker,
    SpeakerKind,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in these articles."""

    name: str
    country: str
    role: str
    weight: int

    @property
    def id(self) -> str:
        return "person:" + self.name.lower().replace(" ", "-")

    @property
    def surname(self) -> str:
        return self.name.rpartition(" ")[2]


INVENTED = (
    Person("Irena Kostovic", "HR", "foreign minister", 14),
    Person("Aurel Damian", "RO", "foreign minister", 10),
    Person("Marguerite Osei", "GH", "head of mission", 9),
    Person("Philippa Adeyemi", "GB", "managing director", 8),
    Person("Tomas Brandvik", "NO", "union leader", 7),
    Person("Saskia Brouwer", "NL", "coach", 6),
    Person("Beatriz Lindqvist", "CA", "mayor", 5),
    Person("Iker Lasa", "ES", "captain", 4),
    Person("Aiyana Redsky", "US", "biologist", 4),
    Person("José Álvarez Ruiz", "MX", "energy minister", 3),
    Person("Nuala Prendergast", "IE", "coach", 2),
    Person("Hana Kobayashi", "JP", "central bank governor", 2),
)
PESKOV = Person("Dmitry Peskov", "RU", "Kremlin spokesman", 8)
"""For tests alone: nobody should see words in the mouth of somebody who lives."""
PLACES = (
    ("Germany", "DE"), ("Ukraine", "UA"), ("France", "FR"), ("Brazil", "BR"), ("Kenya", "KE"), ("Japan", "JP"),
    ("Canada", "CA"), ("Norway", "NO"), ("Singapore", "SG"), ("Australia", "AU"), ("India", "IN"), ("Poland", "PL"),
)  # fmt: skip
OUTLETS = (
    ("Harbour Courier", "GB"), ("Capital Wire", "US"), ("Upland Gazette", "CA"), ("Touchline Daily", "IE"),
    ("Le Phare", "FR"), ("Morgenblatt", "DE"),
)  # fmt: skip
SUBJECTS = (
    "the crossing", "the accord", "the ferry timetable", "the harvest forecast", "the rail link", "the grain corridor",
    "the fishing quota", "the budget", "the vaccine programme", "the water treaty",
)  # fmt: skip
HOPES = (
    "will be ready before the winter", "needs more time than anybody expected", "is a small door, but it is a door",
    "cannot wait for another summit", "has to work for the people who live there", "was agreed in good faith",
)  # fmt: skip
CUES = (("said", "say"), ("told reporters", "tell"), ("warned", "warn"), ("added", "add"), ("insisted", "insist"))


class _Text:
    """A text in the making, with what stands where."""

    def __init__(self) -> None:
        self.text = ""
        self.mentions: list[Mention] = []

    def add(self, words: str) -> Span:
        start = len(self.text)
        self.text += words
        return Span(start, len(self.text))

    def person(self, person: Person, words: str) -> Span:
        span = self.add(words)
        self.mentions.append(Mention(*span, "PERSON", person.name, person.id, person.country))
        return span

    def place(self, name: str, country: str) -> None:
        self.mentions.append(Mention(*self.add(name), "GPE", name, None, country))


def articles(count: int = 300, people: Sequence[Person] = INVENTED) -> Iterator[EnrichedArticle]:
    """The first `count` of them, over two and a half years."""
    return (_article(number, people) for number in range(count))


def _article(number: int, people: Sequence[Person]) -> EnrichedArticle:
    draw = random.Random(f"web {number}")
    outlet, outlet_country = draw.choice(OUTLETS)
    subject = draw.choice(SUBJECTS)
    published = datetime(2023, 1, 3, 9, tzinfo=UTC) + timedelta(days=int(900 * draw.random() ** 0.7))
    url = f"https://news.example/{outlet_country.lower()}/{number}"
    text, quotes = _Text(), []
    for person in draw.sample(people, k=draw.randint(1, 3), counts=[one.weight for one in people]):
        quotes += _said(text, draw, person, subject)
    return EnrichedArticle(
        Article(
            id=hashlib.sha256(url.encode()).hexdigest(),
            text=text.text,
            content_hash=str(number),
            source_file="invented",
            source_time=published,
            url=url,
            title=f"{subject[4:].capitalize()} {draw.choice(HOPES)}",
            outlet=outlet,
            outlet_country=outlet_country,
            published_at=published,
        ),
        "invented",
        tuple(quotes),
        tuple(text.mentions),
        points={"RU": (61.5, 105.3), "DE": (51.2, 10.4)},
    )


def _said(text: _Text, draw: random.Random, person: Person, subject: str) -> Iterator[Quote]:
    """A paragraph in which the person is introduced and quoted once or twice."""
    (place, country), (cue, lemma) = draw.choice(PLACES), draw.choice(CUES)
    role = f"The {person.role} "
    text.add(role)
    mention = text.person(person, person.name)
    text.add(" ")
    said = text.add(cue)
    text.add(" that ")
    start = len(text.text)
    text.add(f"{subject} with ")
    text.place(place, country)
    text.add(f" {draw.choice(HOPES)}")
    yield _quote(Span(start, len(text.text)), person, mention, text, QuoteKind.INDIRECT, said, lemma)
    text.add(".\n")
    if draw.random() < 0.8:
        quoted = text.add(f"“{draw.choice(SUBJECTS).capitalize()} {draw.choice(HOPES)},” ")
        mention = text.person(person, person.surname)
        text.add(" ")
        said = text.add("said")
        text.add(".\n")
        yield _quote(Span(quoted.start, quoted.end - 1), person, mention, text, QuoteKind.DIRECT, said, "say")


def _quote(piece: Span, person: Person, mention: Span, text: _Text, kind: QuoteKind, cue: Span, lemma: str) -> Quote:
    speaker = Speaker(
        *mention, text.text[mention.start : mention.end], person.name, SpeakerKind.PERSON, id=person.id,
        role=person.role, country=person.country, evidence=Evidence.NAME,
    )  # fmt: skip
    return Quote((piece,), kind, Act.SPEECH, cue, lemma, speaker, confidence=0.9)
