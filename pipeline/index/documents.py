"""An enriched article → the documents that `mappings/` describes, field by field. Pure; what is unknown is absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.article import Article, EnrichedArticle, Mention, Quote, Speaker, SpeakerKind, actors_in, countries_in
from pipeline.index.minhash import bands
from pipeline.index.plain import iso, without_unknown

Document = dict[str, Any]

UNKNOWN = "unknown"
"""The `speaker` of a quote that the article ascribes to nobody, or to nobody by name."""
NAMELESS = frozenset({SpeakerKind.UNKNOWN, SpeakerKind.UNNAMED})
"""What they are called is in `speaker_mention` and `speaker_role`: "a spokesman" is nobody's name."""
SEPARATOR = " … "
"""Between the pieces of a quote's text."""
CONTEXT = 200
"""Characters of the article kept on each side of a quote, less what is cut off to end at a word."""
RUNNING_TEXT = {"articles": ("text",), "quotes": ("context_before", "context_after")}
"""The fields that hold what an article says beside its quotes, by index; absent with `store_text` false."""


def article_document(
    enriched: EnrichedArticle,
    *,
    revision: int,
    ingested_at: datetime | str,
    store_text: bool = True,
    story_id: str | None = None,
) -> Document:
    """The document of `articles`, its `quote_ids` as `quote_documents` names them.

    It keeps the story that its older version was found to be of, until the pass looks at it again; a new one is alone.
    """
    article, mentions = enriched.article, enriched.mentions
    document = without_unknown(
        _publication(article, story_id)
        | {
            "id": article.id,
            "text": article.text,
            "authors": list(article.authors),
            "section": article.section,
            "published_at_flag": article.published_at_flag,
            "source_file": article.source_file,
            "source_member": article.source_member,
            "content_hash": article.content_hash,
            "word_count": len(article.text.split()),
            "ingested_at": ingested_at if isinstance(ingested_at, str) else iso(ingested_at),
            "mentions": [_mention(mention) for mention in mentions],
            "speakers": _distinct(
                quote.speaker.name for quote in enriched.quotes if quote.speaker and quote.speaker.kind not in NAMELESS
            ),
            "quote_ids": quote_ids(enriched),
            "quote_count": len(enriched.quotes),
            "enrichment": enriched.enrichment,
            "revision": revision,
            "minhash_bands": bands(article.text),
            "story_pending": True,
        }
        | _found(enriched, enriched.actors, mentions)
        | {"replaced_ids": list(enriched.replaced_ids)}
    )
    document |= with_found(enriched)
    return document if store_text else without_text("articles", document)


def with_found(enriched: EnrichedArticle) -> Document:
    """The field of the article's document that says what enrichment found, where decisions changed it."""
    if enriched.found_quotes is None:
        return {}
    return {"found_quotes": [bare_quote(quote, enriched.article.text) for quote in enriched.found_quotes]}


def quote_documents(
    enriched: EnrichedArticle, *, store_text: bool = True, story_id: str | None = None
) -> list[Document]:
    """The documents of `quotes`, one for each of the article's quotes, in their order; routed by `article_id`."""
    ids = quote_ids(enriched)
    documents = [_quote(enriched, quote, ids, position, story_id) for position, quote in enumerate(enriched.quotes)]
    return documents if store_text else [without_text("quotes", document) for document in documents]


def without_text(index: str, document: Document) -> Document:
    """The document of this index without the article's running text; what was said stays."""
    return {name: value for name, value in document.items() if name not in RUNNING_TEXT.get(index, ())}


def quote_ids(enriched: EnrichedArticle) -> list[str]:
    """`ARTICLE:START-END` of each quote's first piece; `…-2` and so on where several begin with the same piece."""
    seen: dict[str, int] = {}
    ids = []
    for quote in enriched.quotes:
        first = quote.pieces[0]
        plain = f"{enriched.article.id}:{first.start}-{first.end}"
        seen[plain] = seen.get(plain, 0) + 1
        ids.append(plain if seen[plain] == 1 else f"{plain}-{seen[plain]}")
    return ids


def _quote(
    enriched: EnrichedArticle, quote: Quote, ids: Sequence[str], position: int, story_id: str | None
) -> Document:
    article, text = enriched.article, enriched.article.text
    nested_in = None if quote.nested_in is None else ids[quote.nested_in]
    inside = [
        mention
        for mention in enriched.mentions
        if any(piece.start <= mention.start and mention.end <= piece.end for piece in quote.pieces)
    ]
    return without_unknown(
        bare_quote(quote, text)
        | _publication(article, story_id)
        | {
            "id": ids[position],
            "article_id": article.id,
            "start": quote.start,
            "end": quote.end,
            "context_before": context_before(text, quote.start),
            "context_after": context_after(text, quote.end),
            "nested_in": nested_in,
            "speaker_location": _point(enriched, quote.speaker.country) if quote.speaker else None,
        }
        | _found(enriched, actors_in(inside), inside)
    )


def bare_quote(quote: Quote, text: str) -> Document:
    """What a quote is in itself, without its article; `nested_in` is a position in the article's quotes."""
    speaker = quote.speaker
    return without_unknown(
        {
            "text": SEPARATOR.join(text[piece.start : piece.end] for piece in quote.pieces),
            "pieces": [_span(piece.start, piece.end) for piece in quote.pieces],
            "kind": str(quote.kind),
            "act": str(quote.act),
            "negated": quote.negated,
            "cue": text[quote.cue.start : quote.cue.end] if quote.cue else None,
            "cue_span": _span(*quote.cue) if quote.cue else None,
            "cue_lemma": quote.cue_lemma,
            "confidence": quote.confidence,
            "nested_in": quote.nested_in,
            "addressee": quote.addressee,
        }
        | ({"speaker": UNKNOWN, "speaker_kind": str(SpeakerKind.UNKNOWN)} if speaker is None else _speaker(speaker))
    )


def _speaker(speaker: Speaker) -> Document:
    return {
        "speaker": UNKNOWN if speaker.kind in NAMELESS else speaker.name,
        "speaker_id": speaker.id,
        "speaker_mention": speaker.mention,
        "speaker_span": _span(speaker.start, speaker.end) if speaker.mention else None,
        "speaker_kind": str(speaker.kind),
        "speaker_role": speaker.role,
        "speaker_country": speaker.country,
        "speaker_evidence": str(speaker.evidence) if speaker.evidence else None,
    }


def _span(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


def _publication(article: Article, story_id: str | None) -> Document:
    return {
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet,
        "outlet_country": article.outlet_country,
        "language": article.language,
        "published_at": iso(article.published_at) if article.published_at else None,
        "story_id": story_id or article.id,
    }


def _found(enriched: EnrichedArticle, actors: Mapping[str, str | None], mentions: Sequence[Mention]) -> Document:
    countries = countries_in(mentions)
    return {
        "actors": list(actors),
        "actor_ids": _distinct(actor_id for actor_id in actors.values() if actor_id),
        "countries": countries,
        "locations": [point for code in countries if (point := _point(enriched, code))],
    }


def _point(enriched: EnrichedArticle, country: str | None) -> dict[str, float] | None:
    """Where a country is on a map, as a `geo_point`."""
    point = enriched.points.get(country) if country else None
    return {"lat": point[0], "lon": point[1]} if point else None


def _mention(mention: Mention) -> Document:
    return without_unknown(
        {
            "start": mention.start,
            "end": mention.end,
            "label": mention.label,
            "name": mention.name,
            "actor_id": mention.actor_id,
            "country": mention.country,
            "found_name": mention.found_name,
            "found_id": mention.found_id,
        }
    )


def context_before(text: str, start: int) -> str:
    """Up to 200 characters of the line that ends at `start`, whole words only; else of the line before."""
    before = text[:start].rstrip()
    line = before[max(0, len(before) - CONTEXT - 1) :]
    line = line[line.rfind("\n") + 1 :]
    if len(line) > CONTEXT:  # one character more than is kept tells whether the cut falls between words
        _, space, whole = line.partition(" ")
        line = whole if space else line[1:]
    return line.strip()


def context_after(text: str, end: int) -> str:
    """Up to 200 characters of the line that begins at `end`, whole words only; else of the next line."""
    line, _, _ = text[end:].lstrip()[: CONTEXT + 1].partition("\n")
    if len(line) > CONTEXT:
        whole, space, _ = line.rpartition(" ")
        line = whole if space else line[:CONTEXT]
    return line.strip()


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
