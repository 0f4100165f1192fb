"""A thousand articles with what was said in them, made by code: ministers and mayors, wire reports and their copies."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.article import Act, Article, EnrichedArticle, Mention, Quote, QuoteKind, Span, Speaker, SpeakerKind
from tests.newsroom import SYLLABLES

ORIGINALS, WIRES, COPIES = 850, 50, 3
"""Articles that are printed once, those that are copied, and the copies of each."""
START = datetime(2024, 1, 1, 23, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """A speaker, how articles refer to them, and other names that only the index of actors knows."""

    name: str
    id: str | None
    kind: SpeakerKind
    country: str | None
    role: str | None
    forms: tuple[str, ...]
    aliases: tuple[str, ...] = ()


PERSON, GOVERNMENT, ORGANIZATION = SpeakerKind.PERSON, SpeakerKind.GOVERNMENT, SpeakerKind.ORGANIZATION
PEOPLE = [
    Person(
        "Dmitry Peskov", "peskov", PERSON, "RU", "Kremlin spokesman", ("Peskov", "the Kremlin spokesman", "he"),
        ("Dmitri Sergejewitsch Peskow",),
    ),
    Person(
        "Sergey Lavrov", "lavrov", PERSON, "RU", "foreign minister", ("Lavrov", "Russia’s foreign minister"),
        ("Sergej Lawrow",),
    ),
    Person("Annalena Baerbock", "baerbock", PERSON, "DE", "German foreign minister", ("Baerbock", "she")),
    Person("Boris Pistorius", "pistorius", PERSON, "DE", "defence minister", ("Pistorius", "Germany's minister")),
    Person("Olaf Scholz", "scholz", PERSON, "DE", "chancellor", ("Scholz", "the chancellor")),
    Person("Emmanuel Macron", "macron", PERSON, "FR", "president", ("Macron", "the French president")),
    Person(
        "José Manuel Álvarez", "alvarez", PERSON, "ES", "foreign minister", ("Álvarez", "the minister"),
        ("Pepe Álvarez",),
    ),
    Person("José Bergson", "person:jose-bergson", PERSON, "FR", "union leader", ("Bergson",)),
    Person("Ursula von der Leyen", "leyen", PERSON, "DE", "president of the Commission", ("von der Leyen",)),
    Person("German government", "gov-de", GOVERNMENT, "DE", None, ("Berlin",), ("Germany", "Bundesregierung")),
    Person("Kremlin", "kremlin", GOVERNMENT, "RU", None, ("the Kremlin",)),
    Person("Harwick Bank", "organization:harwick-bank", ORGANIZATION, "GB", None, ("the bank",)),
    Person("a spokesman", None, SpeakerKind.UNNAMED, None, "spokesman", ("a spokesman",)),
]  # fmt: skip
SAID = [
    "The talks about {place} cannot fail",
    "We talked about {person} in {place}",
    "No talks at all, and no peace",
    "Sanctions against {place} will be lifted soon",
    "A café in {place} is no ministry",
    "The ministers agreed: peace in {place} comes first",
    "Grain prices are rising and {person} knows it",
    "Nobody in {place} wants a naïve peace plan",
]
PLACES = [("Ukraine", "UA"), ("Kyiv", "UA"), ("Moscow", "RU"), ("Paris", "FR"), ("Georgia", None), ("Gaza", "PS")]
MENTIONED = [
    ("Vladimir Putin", "putin", "RU"),
    ("Volodymyr Zelensky", "zelensky", "UA"),
    ("Emmanuel Macron", "macron", "FR"),
]
OUTLETS = [("Capital Wire", "GB"), ("La Repubblica", "IT"), ("Le Monde", "FR"), ("Norwick Herald", "GB"), (None, None)]
KNOWN_ALIASES = {"putin": ("Vladimir Vladimirovich Putin", "Wladimir Putin"), "zelensky": ("Wolodymyr Selenskyj",)}
TITLES = ["and the grain", "before the summit", "in pictures"]
CUES = [("said", "say"), ("wrote", "write"), ("denied", "deny"), ("thinks", "think")]


def corpus() -> list[EnrichedArticle]:
    """The articles in the order of their ids' numbers; those of one wire report are copies of one another."""
    made = [_article(number) for number in range(ORIGINALS + WIRES)]
    copies = [_copied(made[ORIGINALS + wire], wire, copy) for wire in range(WIRES) for copy in range(COPIES)]
    return [*made, *copies]


def stories() -> dict[str, str]:
    """By article id, an id that all copies of a report have in common, as they were made."""
    ids = {_id(number): _id(number) for number in range(ORIGINALS + WIRES)}
    return ids | {
        _id(_copy_number(wire, copy)): _id(ORIGINALS + wire) for wire in range(WIRES) for copy in range(COPIES)
    }


def actors() -> list[dict[str, Any]]:
    """The documents of the index of actors, with the other names."""
    known = [(one.id, one.name, one.aliases, str(one.kind)) for one in PEOPLE if one.id]
    mentioned = [(id_, name, KNOWN_ALIASES.get(id_, ()), "person") for name, id_, _ in MENTIONED if id_ != "macron"]
    return [
        {"id": id_, "name": name, "aliases": list(aliases), "kind": kind, "quote_count": 1}
        for id_, name, aliases, kind in [*known, *mentioned]
    ]


def _id(number: int) -> str:
    return f"{number * 7919 % 100_003:064x}"  # not in the order of the dates


def _copy_number(wire: int, copy: int) -> int:
    return ORIGINALS + WIRES + wire * COPIES + copy


def _words(draw: random.Random, count: int) -> str:
    return " ".join("".join(draw.choice(SYLLABLES) + draw.choice("aeiou") for _ in range(3)) for _ in range(count))


def _article(number: int) -> EnrichedArticle:
    draw = random.Random(number)
    lines: list[str] = []
    quotes: list[Quote] = []
    mentions: list[Mention] = []
    at = 0
    for _ in range(draw.randint(2, 5) if number >= ORIGINALS else draw.randint(0, 4)):
        line, quote, named = _line(draw, at)
        lines.append(line)
        quotes.append(quote)
        mentions += named
        at += len(line) + 1
    lines += [f"{_words(draw, 40).capitalize()}."] * (1 if quotes else 2)
    outlet, country = ("Capital Wire", "GB") if number >= ORIGINALS else draw.choice(OUTLETS)
    day = START + timedelta(hours=draw.randint(0, 150 * 24))
    return EnrichedArticle(
        Article(
            id=_id(number), text="\n".join(lines), content_hash=str(number), source_file="invented", source_time=day,
            title=f"{_words(draw, 3).capitalize()} {draw.choice(TITLES)}",
            url=f"https://news.example/{number}", outlet=outlet, outlet_country=country,
            published_at=day if number % 20 else None,
        ),
        "first", tuple(quotes), tuple(mentions),
    )  # fmt: skip


def _line(draw: random.Random, at: int) -> tuple[str, Quote, list[Mention]]:
    person = draw.choice([*PEOPLE, None])
    (place, country), (someone, actor_id, home) = draw.choice(PLACES), draw.choice(MENTIONED)
    cue, lemma = draw.choice(CUES)
    said = draw.choice(SAID).format(place=place, person=someone)
    form = draw.choice(person.forms) if person else "somebody"
    words = f"{form[0].upper()}{form[1:]} {cue} on {draw.choice(['Monday', 'Friday'])}: "
    text = f"{words}“{said}, {_words(draw, 6)}.”"
    start = at + len(words)
    named = [
        Mention(
            at + text.index(name, len(words)), at + text.index(name, len(words)) + len(name), label, name, id_, where
        )
        for name, id_, label, where in ((place, None, "GPE", country), (someone, actor_id, "PERSON", home))
        if name in said
    ]
    speaker = person and Speaker(
        at, at + len(form), text[: len(form)], person.name, person.kind, person.id, person.role, person.country
    )
    acts = {"write": Act.WRITING, "think": Act.THOUGHT}
    quote = Quote(
        (Span(start, at + len(text)),), draw.choice(list(QuoteKind)), acts.get(lemma, Act.SPEECH),
        Span(at + len(form) + 1, at + len(form) + 1 + len(cue)), lemma, speaker, negated=lemma == "deny",
        confidence=draw.randint(0, 100) / 100,
    )  # fmt: skip
    return text, quote, named


def _copied(wire: EnrichedArticle, number: int, copy: int) -> EnrichedArticle:
    """The same report under another headline, in another outlet, later, below a first line of its own."""
    draw = random.Random(f"copy {number}/{copy}")
    first = f"{_words(draw, 3).capitalize()}.\n"
    outlet, country = draw.choice(OUTLETS[1:4])
    article = wire.article
    printed = article.published_at and article.published_at + timedelta(hours=draw.randint(1, 60))
    return replace(
        wire,
        article=replace(
            article, id=_id(_copy_number(number, copy)), text=first + article.text, title=_words(draw, 4).capitalize(),
            url=f"{article.url}/{copy}", outlet=outlet, outlet_country=country, published_at=printed,
            content_hash=f"{article.content_hash}/{copy}",
        ),
        quotes=tuple(_later(quote, len(first)) for quote in wire.quotes),
        mentions=tuple(replace(one, start=one.start + len(first), end=one.end + len(first)) for one in wire.mentions),
    )  # fmt: skip


def _later(quote: Quote, by: int) -> Quote:
    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    speaker = quote.speaker and replace(quote.speaker, start=quote.speaker.start + by, end=quote.speaker.end + by)
    return replace(quote, pieces=tuple(map(moved, quote.pieces)), cue=quote.cue and moved(quote.cue), speaker=speaker)
