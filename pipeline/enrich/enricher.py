"""Articles in, enriched articles out: a function of the article, the model, the actors and the rules alone."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from spacy.tokens import Doc

from pipeline import actors
from pipeline.actors.countries import centroids
from pipeline.actors.outlets import outlet_country
from pipeline.actors.register import Register
from pipeline.actors.register import load as shipped_register
from pipeline.article import Article, DeadLetter, EnrichedArticle, countries_of
from pipeline.enrich.context import Context
from pipeline.enrich.language import fingerprint, load

GENERATION = 1
"""Raise it with each release that finds something else in the same text: its documents then replace the older ones."""
MAX_HEADLINE = 500
"""Characters of a headline that are read; longer ones are no headlines."""

log = logging.getLogger(__name__)


class Enricher:
    """Finds quotes, speakers and names with one loaded pipeline. Loading takes a second or two: keep it."""

    def __init__(self, model: str | None = None, register: Register | None = None) -> None:
        """Load our pipeline, or the installed spaCy pipeline `model`, and the shipped register unless one is given.

        Raises:
            ConfigurationError: the model cannot serve.
        """
        self.nlp = load(model)
        self.nlp.add_pipe("whosaid_quotes", last=True)
        self.nlp.add_pipe("whosaid_speakers", last=True)
        self.register = register or shipped_register()

    @cached_property
    def fingerprint(self) -> str:
        """What found what was found: a hash of model, code, data and register (the user's files in it)."""
        digest = hashlib.sha256(f"{fingerprint(self.nlp)} {self.register.fingerprint}".encode())
        for package in (Path(__file__).parent, Path(actors.__file__).parent):
            for path in sorted(package.rglob("*")):
                if path.suffix in {".py", ".yaml", ".txt", ".tsv"}:
                    digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def enrich(self, articles: Iterable[Article]) -> Iterator[EnrichedArticle | DeadLetter]:
        """One result for each article, in order; an article that cannot be enriched comes out as a dead letter."""
        articles = [_at_home(article) for article in articles]
        # Words that no article before used are forgotten with the batch: else a process that reads an archive grows.
        with self.nlp.memory_zone():
            results = self._results(articles)
        yield from results

    def _results(self, articles: list[Article]) -> list[EnrichedArticle | DeadLetter]:
        try:
            docs = list(self.nlp.pipe(self._prepared(articles)))
        except Exception:  # one article must not take its batch with it: find it
            log.exception("A batch failed; enriching its %d articles one by one", len(articles))
            return list(map(self._enrich_one, articles))
        return [self._result(article, doc) for article, doc in zip(articles, docs, strict=True)]

    def _enrich_one(self, article: Article) -> EnrichedArticle | DeadLetter:
        try:
            (doc,) = self._prepared([article])
            return self._result(article, self.nlp(doc))
        except Exception as error:
            place = " ".join(filter(None, (article.source_file, article.source_member)))
            log.exception("%s cannot be enriched", place)
            return DeadLetter(
                article.source_file,
                article.source_member,
                stage="enrich",
                reason="enrichment",
                message=f"{place}: {type(error).__name__}: {error}. "
                "A fault in Whosaid: please report it with the article",
                article_id=article.id,
            )

    def _prepared(self, articles: Sequence[Article]) -> list[Doc]:
        """The articles as the pipeline reads them: their text, with headline, date and place beside it."""
        with self.nlp.select_pipes(disable=["whosaid_quotes", "whosaid_speakers"]):
            headlines = iter(list(self.nlp.pipe(article.title[:MAX_HEADLINE] for article in articles if article.title)))
        docs = []
        for article in articles:
            doc = self.nlp.make_doc(article.text)
            doc._.context = Context(
                headline=next(headlines) if article.title else None,
                published=_day(article),
                outlet_country=article.outlet_country,
                register=self.register,
            )
            docs.append(doc)
        return docs

    def _result(self, article: Article, doc: Doc) -> EnrichedArticle:
        points = centroids(countries_of(doc._.quotes, doc._.mentions))
        return EnrichedArticle(article, self.fingerprint, quotes=doc._.quotes, mentions=doc._.mentions, points=points)


def _day(article: Article) -> date | None:
    """When it was published, unless that cannot be."""
    return article.published_at.date() if article.published_at and not article.published_at_flag else None


def _at_home(article: Article) -> Article:
    """The article with its outlet’s country: as the source gives it, else as the outlet’s name or address tells."""
    codes = (article.outlet_country, *(outlet_country(told) for told in (article.outlet, article.url) if told))
    return replace(article, outlet_country=next(filter(None, codes), None))
