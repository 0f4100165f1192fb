"""What is stored of articles, read back as it was written: documents → `EnrichedArticle`, and what passes gave besides.

The opposite of `documents`. Of nobody who is not named it gives the mention for a name, which no document tells apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.article import Act, Article, EnrichedArticle, Evidence, Mention, Quote, QuoteKind, Span, Speaker
from pipeline.article import SpeakerKind as Kind
from pipeline.elastic import alias
from pipeline.index.documents import NAMELESS, SEPARATOR, Document
from pipeline.index.patience import patiently
from pipeline.index.reading import answered
from pipeline.index.revision import EPOCH, GENERATIONS
from pipeline.settings import Settings

ARTICLE_FIELDS = (
    "id", "text", "content_hash", "source_file", "source_member", "revision", "url", "title", "authors", "outlet",
    "outlet_country", "section", "language", "published_at", "published_at_flag",
)  # fmt: skip
"""What `article_of` needs."""
OF_TEXT = ("word_count", "minhash_bands")
"""Fields that a text gives which need not be stored."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as it stands in the index."""

    enriched: EnrichedArticle
    """Its text is blank beside its quotes where texts are not stored; `points` are not read."""
    document: Document
    """The article’s, as it is stored."""

    @property
    def keep(self) -> Document:
        """What `Writer.write` is to keep of it."""
        return {name: self.document[name] for name in OF_TEXT if name in self.document}

    @property
    def generation(self) -> int:
        """Of the enrichment that found it."""
        return int(self.document["revision"]) % GENERATIONS

    @property
    def has_text(self) -> bool:
        """Whether the article’s text is stored with it."""
        return "text" in self.document


class Store:
    """Reads articles with their quotes."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def read(self, ids: Collection[str]) -> dict[str, Stored]:
        """Those of these articles that are stored, as they are at this moment. Raises `Unreachable`."""
        found: dict[str, Stored] = {}
        left = list(ids)
        for last in (*[False] * TRIES, True):  # again where a writer is between an article and its quotes
            hits = self._get("articles", [(id_, None) for id_ in left])
            articles = {id_: hit["_source"] for id_, hit in hits.items()}
            wanted = [(quote, id_) for id_, one in articles.items() for quote in one.get("quote_ids", ())]
            quotes = {id_: hit["_source"] for id_, hit in self._get("quotes", wanted).items()}
            after = self._get("articles", [(id_, None) for id_ in articles], source=False)
            for id_, article in articles.items():
                there = [quotes[quote] for quote in article.get("quote_ids", ()) if quote in quotes]
                same = id_ in after and after[id_]["_seq_no"] == hits[id_]["_seq_no"]
                if last or (same and len(there) == len(article.get("quote_ids", ()))):
                    found[id_] = stored(article, there)
            left = [id_ for id_ in articles if id_ not in found]
        return found

    def _get(
        self, name: str, wanted: Sequence[tuple[str, str | None]], *, source: bool = True
    ) -> dict[str, dict[str, Any]]:
        """The hits by id, with their documents unless `source` is false."""
        if not wanted:
            return {}
        docs = [{"_id": id_} | ({"routing": routing} if routing else {}) for id_, routing in wanted]
        index = alias(self._settings, name)

        def found() -> list[dict[str, Any]]:
            answer = self._client.mget(index=index, docs=docs, source=source)
            return [one for one in answered(self._settings, answer["docs"]) if one["found"]]

        return {one["_id"]: one for one in patiently(self._settings, found)}


def stored(article: Document, quotes: Sequence[Document]) -> Stored:
    """An article's document and those of its quotes, in their order, read back."""
    ids = [quote["id"] for quote in quotes]
    found = article.get("found_quotes")
    text = article["text"] if "text" in article else _pieced_together([*quotes, *(found or ())])
    enriched = EnrichedArticle(
        article_of(article | {"text": text}),
        article["enrichment"],
        quotes=tuple(_quote(quote, ids) for quote in quotes),
        mentions=tuple(Mention(**mention) for mention in article.get("mentions", ())),
        found_quotes=None if found is None else tuple(_quote(quote, ids) for quote in found),
        replaced_ids=tuple(article.get("replaced_ids", ())),
    )
    return Stored(enriched, article)


def article_of(source: Mapping[str, Any]) -> Article:
    """The article as its source gave it; its time is in its revision."""
    published_at = source.get("published_at")
    given = {name: source[name] for name in ARTICLE_FIELDS if name in source and name != "revision"} | {
        "authors": tuple(source.get("authors", ())),
        "published_at": datetime.fromisoformat(published_at) if published_at else None,
        "source_time": EPOCH + timedelta(milliseconds=source["revision"] // GENERATIONS),
    }
    return Article(**given)


def quote_of(document: Document) -> Quote:
    """A quote by itself, as `bare_quote` writes it."""
    return _quote(document, ())


def _quote(document: Document, ids: Sequence[str]) -> Quote:
    nested_in = document.get("nested_in")
    return Quote(
        pieces=tuple(_span(piece) for piece in document["pieces"]),
        kind=QuoteKind(document["kind"]),
        act=Act(document["act"]),
        cue=_span(document["cue_span"]) if "cue_span" in document else None,
        cue_lemma=document.get("cue_lemma"),
        speaker=_speaker(document),
        addressee=document.get("addressee"),
        negated=document["negated"],
        confidence=document["confidence"],
        nested_in=ids.index(nested_in) if isinstance(nested_in, str) else nested_in,
    )


def _speaker(document: Document) -> Speaker | None:
    mention, kind = document.get("speaker_mention", ""), Kind(document["speaker_kind"])
    if not mention and kind is Kind.UNKNOWN:
        return None
    start, end = _span(document["speaker_span"]) if mention and "speaker_span" in document else (0, 0)
    evidence = document.get("speaker_evidence")
    return Speaker(
        start,
        end,
        mention,
        name=mention if kind in NAMELESS else document["speaker"],
        kind=kind,
        id=document.get("speaker_id"),
        role=document.get("speaker_role"),
        country=document.get("speaker_country"),
        evidence=Evidence(evidence) if evidence else None,
    )


def _pieced_together(quotes: Sequence[Document]) -> str:
    """The article's text as far as its quotes tell it, each where it stands, and blank between them."""
    words: list[tuple[int, str]] = []
    for quote in quotes:
        at = 0
        for start, end in map(_span, quote["pieces"]):
            words.append((start, quote["text"][at : at + end - start]))
            at += end - start + len(SEPARATOR)
        if "cue_span" in quote:
            words.append((quote["cue_span"]["start"], quote["cue"]))
    text = [" "] * max((start + len(told) for start, told in words), default=0)
    for start, told in words:
        text[start : start + len(told)] = told
    return "".join(text)


def _span(document: Mapping[str, int]) -> Span:
    return Span(document["start"], document["end"])
