"""What an older enrichment found, found anew: from the stored text, newest articles first, no file needed.

What has been done no longer fits the query, so a run that ended early goes on where it was. Memory holds a batch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from pipeline.account import Account
from pipeline.article import Article
from pipeline.elastic import alias
from pipeline.enrich.enricher import Enricher
from pipeline.index import patiently
from pipeline.index.stored import ARTICLE_FIELDS, article_of
from pipeline.ingest import Corridor, batches
from pipeline.settings import Settings

NEWEST_FIRST: list[dict[str, Any]] = [{"published_at": {"order": "desc", "missing": 0}}, {"id": "asc"}]
"""Articles without a date come last, as if from 1970."""

log = logging.getLogger(__name__)


def reprocess(
    settings: Settings,
    *,
    limit: int | None = None,
    enricher: Enricher | None = None,
    progress: Callable[[Account], None] | None = None,
) -> Account:
    """Enrich again the articles that another enrichment than today's found; at most `limit` of them.

    A newer generation's work stays as it is. `progress` is told the account so far after each batch. Articles that are
    stored without their text (`store_text`) are left, and counted in a warning.

    Raises `PassingFailure` when Elasticsearch is out of reach; run again, it goes on. `MappingMismatch`.
    """
    corridor = Corridor.open(settings, enricher)
    total = Account()
    stored = islice(_older(corridor), limit)
    for batch in batches(stored, settings.batch_size, lambda article: article):
        total += sum(map(Account.of, corridor.settle(batch)), Account())
        if progress:
            progress(total)
    return total


def _older(corridor: Corridor) -> Iterator[Article]:
    """Articles of another enrichment. Pages go by the order, not by a snapshot: they stand writes and restarts."""
    client, settings = corridor.client, corridor.settings
    index = alias(settings, "articles")
    fingerprint = corridor.enricher.fingerprint
    changed = {"prefix": {"enrichment": f"{fingerprint}+"}}  # by decisions, which `whosaid decisions apply` looks after
    today = {"bool": {"should": [{"term": {"enrichment": fingerprint}}, changed]}}
    text = {"exists": {"field": "text"}}
    patiently(settings, lambda: client.indices.refresh(index=index))
    textless = patiently(settings, lambda: client.count(index=index, query={"bool": {"must_not": [today, text]}}))
    if textless["count"]:
        log.warning(
            "%d articles of an older enrichment are stored without text: ingest their files again", textless["count"]
        )
    search = partial(
        client.search, index=index, query={"bool": {"filter": text, "must_not": today}}, sort=NEWEST_FIRST,
        size=settings.batch_size, source_includes=ARTICLE_FIELDS,
    )  # fmt: skip
    after = None
    while hits := patiently(settings, partial(search, search_after=after))["hits"]["hits"]:
        yield from (article_of(hit["_source"]) for hit in hits)
        after = hits[-1]["sort"]
