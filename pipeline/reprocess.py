"""What an older enrichment found, found anew: from the stored text, newest articles first, no file needed.

What has been done no longer fits the query, so a run that ended early goes on where it was. Memory holds a batch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from pipeline.account import Account
from pipeline.article import Article
from pipeline.elastic import alias
from pipeline.enrich.enricher import Enricher
from pipeline.index import GENERATIONS, patiently
from pipeline.ingest import Corridor, batches
from pipeline.settings import Settings

NEEDED = (
    "id", "text", "content_hash", "source_file", "source_member", "revision", "url", "title", "authors", "outlet",
    "outlet_country", "section", "language", "published_at", "published_at_flag",
)  # fmt: skip
NEWEST_FIRST: list[dict[str, Any]] = [{"published_at": {"order": "desc", "missing": 0}}, {"id": "asc"}]
"""Articles without a date come last, as if from 1970."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

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
    today = {"term": {"enrichment": corridor.enricher.fingerprint}}
    text = {"exists": {"field": "text"}}
    patiently(settings, lambda: client.indices.refresh(index=index))
    textless = patiently(settings, lambda: client.count(index=index, query={"bool": {"must_not": [today, text]}}))
    if textless["count"]:
        log.warning(
            "%d articles of an older enrichment are stored without text: ingest their files again", textless["count"]
        )
    search = partial(
        client.search, index=index, query={"bool": {"filter": text, "must_not": today}}, sort=NEWEST_FIRST,
        size=settings.batch_size, source_includes=NEEDED,
    )  # fmt: skip
    after = None
    while hits := patiently(settings, partial(search, search_after=after))["hits"]["hits"]:
        yield from (_article(hit["_source"]) for hit in hits)
        after = hits[-1]["sort"]


def _article(source: dict[str, Any]) -> Article:
    """The article as its source gave it; its time is in its revision."""
    published_at = source.get("published_at")
    given = source | {
        "authors": tuple(source.get("authors", ())),
        "published_at": datetime.fromisoformat(published_at) if published_at else None,
        "source_time": EPOCH + timedelta(milliseconds=source["revision"] // GENERATIONS),
    }
    return Article(**{name: value for name, value in given.items() if name != "revision"})
