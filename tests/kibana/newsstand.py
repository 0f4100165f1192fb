"""A thousand articles of the last weeks with their quotes, runs and failures, made without reading a word of text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pipeline.actors.register import of_settings
from pipeline.article import (
    Act,
    Article,
    DeadLetter,
    EnrichedArticle,
    Evidence,
    Mention,
    Quote,
    QuoteKind,
    Span,
    Speaker,
    SpeakerKind,
)  # fmt: skip
from pipeline.elastic import connect
from pipeline.index import FileRecord, FileState, Manifest, Writer, create
from pipeline.index.actors import ActorIndex
from pipeline.settings import Settings
from pipeline.whoswho import update

NOW = datetime.now(UTC).replace(microsecond=0)
PEOPLE = {
    "Ada Quill": ("minister", "DE"), "Bruno Brandt": ("spokesman", "RU"), "Carla Castell": ("president", "US"),
    "Dario Dorsey": ("mayor", "FR"), "Edda Eklund": ("chief executive", "SE"),
}  # fmt: skip
POINTS = {
    "DE": (51.0, 9.0), "RU": (60.0, 90.0), "US": (39.8, -98.6), "FR": (46.6, 2.5), "SE": (62.0, 15.0),
    "UA": (49.0, 32.0),
}  # fmt: skip
OUTLETS = {"Norwick Herald": "GB", "Elan Post": "FR", "Vesterby Avis": "DK"}


def article(number: int) -> EnrichedArticle:
    """Article `number`: three quotes, one of them nobody's, in sentences that name somebody and a country."""
    draw = random.Random(number)
    name = draw.choice(list(PEOPLE))
    role, country = PEOPLE[name]
    lines = [
        f"{name} told the council that Ukraine would get help.",
        f"“It is late,” {name} wrote.",
        "“Enough,” one said.",
    ]
    text = "\n".join(lines)
    second, third = text.index("“It"), text.index("“Enough")
    speaker = Speaker(
        0, len(name), name, name, SpeakerKind.PERSON,
        id=name.lower().replace(" ", "-"), role=role, country=country, evidence=Evidence.NAME,
    )  # fmt: skip
    ukraine = text.index("Ukraine")
    quotes = (
        Quote((Span(text.index("that"), len(lines[0]) - 1),), QuoteKind.INDIRECT,
              cue=Span(len(name) + 1, len(name) + 5), cue_lemma="tell", speaker=speaker, addressee="the council"),
        Quote((Span(second, second + 13),), QuoteKind.DIRECT, Act.WRITING, cue_lemma="write", speaker=speaker),
        Quote((Span(third, third + 9),), QuoteKind.DIRECT, confidence=0.4),
    )  # fmt: skip
    mentions = (
        Mention(0, len(name), "PERSON", name, speaker.id, country),
        Mention(ukraine, ukraine + 7, "GPE", "Ukraine", "gov-ua", "UA"),
    )
    outlet = draw.choice(list(OUTLETS))
    when = NOW - timedelta(hours=number % 480 + 1)
    source = Article(
        id=sha256(f"{number}".encode()).hexdigest(), text=text, content_hash=f"{number}", source_file="day.jsonl",
        source_time=when, source_member=f"line {number}", url=f"https://news.example/{number}",
        title=f"Council {number}", outlet=outlet, outlet_country=OUTLETS[outlet], published_at=when,
    )  # fmt: skip
    return EnrichedArticle(source, "first", quotes, mentions, POINTS)


def records() -> Iterator[FileRecord]:
    """Forty files of five runs; some failed, some wait."""
    for number in range(40):
        state = (FileState.INDEXED, FileState.FAILED, FileState.PLANNED)[0 if number % 5 else number % 3]
        failed = 5 * (state is FileState.FAILED)
        at = NOW - timedelta(days=number // 8, minutes=number)
        yield FileRecord(
            f"/data/{number}.jsonl", state, at - timedelta(minutes=3), at, f"run {number // 8}", size=1000 * number,
            reason="json" if failed else None, read=25, indexed=20 - failed, unchanged=5, failed=failed,
            quotes=60, enrichment="first",
        )  # fmt: skip


def letters() -> Iterator[DeadLetter]:
    """Thirty, for three reasons in three stages."""
    for number in range(30):
        stage, reason = (("read", "json"), ("enrich", "memory"), ("index", "rejected"))[number % 3]
        yield DeadLetter(f"/data/{number}.jsonl", f"line {number}", stage, reason, f"{number}.jsonl: mend it")


def fill(settings: Settings, articles: int = 1000) -> list[EnrichedArticle]:
    """Write all of it under the settings' prefix; returns the articles."""
    client = connect(settings)
    create(client, settings)
    made = [article(number) for number in range(articles)]
    writer, manifest = Writer(client, settings, generation=1), Manifest(client, settings)
    for at in range(0, articles, 250):
        writer.write(made[at : at + 250])
    manifest.record(list(records()))
    manifest.bury(letters(), run="run 0")
    update(ActorIndex(client, settings), of_settings(settings))
    client.indices.refresh(index=f"{settings.index_prefix}*")
    return made
