"""Articles from rows and quotes to rows: what `whosaid enrich` reads and writes, without Elasticsearch.

In: plain text, or JSON Lines `{"id", "text", "title"?, "outlet"?, "url"?, "published_at"?}`. Out: JSON Lines
`{"id", "quotes": […], "actors": [{"name", "id"}], "countries": […]}`. Among the quotes there is a row for each
contiguous piece; pieces of one utterance share a `group`, `nested_in` names the group of the quote around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.article import Article, EnrichedArticle, Quote, countries_in
from pipeline.errors import Unreadable

EPOCH = datetime.fromtimestamp(0, UTC)


def read_rows(data: bytes, name: str) -> Iterator[Article | Unreadable]:
    """The articles in `data`, or what is wrong with a line. Text that starts with a brace is JSON Lines.

    The text stays as it is, character by character, so that offsets fit what was handed in.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Unreadable(f"{name}: byte {error.start} is not UTF-8; convert the file to UTF-8 first.")
        return
    if not text.lstrip().startswith("{"):
        yield _article(Path(name).stem, text, name, None)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _row(json.loads(line), name, number)
            except (ValueError, RecursionError) as error:
                yield Unreadable(
                    f"{name}, line {number}: {error}. Each line must be a JSON object with `id` and `text`."
                )


def _row(row: Any, name: str, number: int) -> Article:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError("no text")
    published = row.get("published_at")
    moment = datetime.fromisoformat(published) if isinstance(published, str) else None
    article = _article(str(row.get("id", number)), row["text"], name, moment)
    title, outlet, url = (row[key] if isinstance(row.get(key), str) else None for key in ("title", "outlet", "url"))
    return replace(article, title=title, outlet=outlet, url=url)


def _article(identity: str, text: str, name: str, published: datetime | None) -> Article:
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate has no place in any output
    return Article(
        id=identity,
        text=text,
        content_hash=sha256(text.encode()).hexdigest(),
        source_file=name,
        source_time=published or EPOCH,
        published_at=published,
    )


def write_row(enriched: EnrichedArticle) -> str:
    """One line of JSON for one article."""
    return json.dumps(row_of(enriched), ensure_ascii=False)


def row_of(enriched: EnrichedArticle) -> dict[str, Any]:
    """What was found in one article, as a row."""
    quotes = [
        row for number, quote in enumerate(enriched.quotes) for row in _pieces(number, quote, enriched.article.text)
    ]
    return {
        "id": enriched.article.id,
        "quotes": quotes,
        "actors": [{"name": name, "id": actor_id} for name, actor_id in enriched.actors.items()],
        "countries": countries_in(enriched.mentions),
    }


def _pieces(number: int, quote: Quote, text: str) -> Iterator[dict[str, Any]]:
    speaker = quote.speaker and {
        "start": quote.speaker.start,
        "end": quote.speaker.end,
        "text": quote.speaker.mention,
        "canonical": quote.speaker.name,
        "id": quote.speaker.id,
        "kind": quote.speaker.kind,
        "role": quote.speaker.role,
        "country": quote.speaker.country,
        "evidence": quote.speaker.evidence,
    }
    for piece in quote.pieces:
        yield {
            "start": piece.start,
            "end": piece.end,
            "type": quote.kind,
            "act": quote.act,
            "text": text[piece.start : piece.end],
            "speaker": speaker,
            "cue": quote.cue and text[quote.cue.start : quote.cue.end],
            "addressee": quote.addressee,
            "negated": quote.negated,
            "confidence": round(quote.confidence, 3),
            "group": f"q{number}",
            "nested_in": None if quote.nested_in is None else f"q{quote.nested_in}",
        }
