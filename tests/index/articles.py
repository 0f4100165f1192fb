"""Small enriched articles whose content follows from the words they are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.article import Article, EnrichedArticle, Mention, Quote, QuoteKind, Span, Speaker, SpeakerKind

NOON = datetime(2022, 12, 2, 12, tzinfo=UTC)


def make_article(
    desk: str, name: str, sayings: Sequence[str], *, minute: int = 0, enrichment: str = "first", **given: Any
) -> EnrichedArticle:
    """An article, a line `Dmitry Peskov said: “…”` for each saying, last changed `minute` minutes after noon."""
    lines, quotes, mentions, at = [], [], [], 0
    for saying in sayings:
        line = f"Dmitry Peskov said: “{saying}”"
        start = at + line.index("“")
        speaker = Speaker(
            at, at + 13, "Dmitry Peskov", "Dmitry Peskov", SpeakerKind.PERSON, role="spokesman", country="RU"
        )
        quotes.append(
            Quote(
                pieces=(Span(start, at + len(line)),),
                kind=QuoteKind.DIRECT,
                cue=Span(at + 14, at + 18),
                cue_lemma="say",
                speaker=speaker,
            )
        )
        mentions.append(Mention(at, at + 13, "PERSON", "Dmitry Peskov", country="RU"))
        lines.append(line)
        at += len(line) + 1
    text = "\n".join(lines)
    fields: dict[str, Any] = {
        "id": hashlib.sha256((desk + name).encode()).hexdigest(),
        "text": text,
        "content_hash": hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        "source_file": f"{name}.txt",
        "source_time": NOON + timedelta(minutes=minute),
        "title": desk + name,
    }
    return EnrichedArticle(Article(**fields | given), enrichment, tuple(quotes), tuple(mentions))
