"""Articles in, enriched articles out: a function of the text, the model and this folder's code and data, and of nothing else."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.enrich.language import fingerprint, load
from pipeline.enrich.speakers import mentions

if TYPE_CHECKING:
    from spacy.tokens import Doc

GENERATION = 1
"""Raise it with each release that finds something else in the same text: its documents then replace the older ones."""

log = logging.getLogger(__name__)


class Enricher:
    """Finds quotes, speakers and names with one loaded pipeline. Loading takes a second or two: keep it."""

    def __init__(self, model: str | None = None) -> None:
        """Load our pipeline, or the installed spaCy pipeline `model`; raises `ConfigurationError` when it cannot serve."""
        self.nlp = load(model)
        self.nlp.add_pipe("whosaid_quotes", last=True)
        self.nlp.add_pipe("whosaid_speakers", last=True)

    @cached_property
    def fingerprint(self) -> str:
        """What found what was found: a hash of model, code and data files."""
        digest = hashlib.sha256(fingerprint(self.nlp).encode())
        for path in sorted(Path(__file__).parent.rglob("*")):
            if path.suffix in {".py", ".yaml", ".txt"}:
                digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def enrich(self, articles: Iterable[Article]) -> Iterator[EnrichedArticle | DeadLetter]:
        """One result for each article, in order; an article that cannot be enriched comes out as a dead letter."""
        articles = list(articles)
        try:
            docs = list(self.nlp.pipe(article.text for article in articles))
        except Exception:  # one article must not take its batch with it: find it
            log.exception("A batch failed; enriching its %d articles one by one", len(articles))
            yield from map(self._enrich_one, articles)
        else:
            yield from (self._result(article, doc) for article, doc in zip(articles, docs, strict=True))

    def _enrich_one(self, article: Article) -> EnrichedArticle | DeadLetter:
        try:
            return self._result(article, self.nlp(article.text))
        except Exception as error:
            place = " ".join(filter(None, (article.source_file, article.source_member)))
            log.exception("%s cannot be enriched", place)
            return DeadLetter(
                article.source_file,
                article.source_member,
                stage="enrich",
                reason="enrichment",
                message=f"{place}: {type(error).__name__}: {error}. A fault in Whosaid: please report it with the article",
                article_id=article.id,
            )

    def _result(self, article: Article, doc: Doc) -> EnrichedArticle:
        return EnrichedArticle(article, self.fingerprint, quotes=doc._.quotes, mentions=mentions(doc))
