"""Which of two versions of an article stands: the rules of `docs/data-model.md`, as pure functions.

Nothing here asks when articles arrive or in which order: late backfills and older pipelines end in the same index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.article import Article

GENERATIONS = 1024
"""Generations of enrichment that fit into one millisecond of the source's time."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """What the index holds of an article."""

    revision: int
    content_hash: str
    enrichment: str
    source_file: str
    source_member: str | None
    quote_ids: tuple[str, ...]
    ingested_at: str
    """ISO 8601, as it was written."""
    story_id: str | None = None
    """Of the pass that finds copies; its own id until then."""
    actor_ids: tuple[str, ...] = ()
    """Of its actors as they stand, and, with decisions honoured, of those who were found in their place."""


def revision(source_time: datetime, generation: int) -> int:
    """The version of all documents of an article: its source's time in milliseconds × 1,024, plus the generation.

    Times before 1970 count as 1970, since Elasticsearch's external versions are not negative.
    Raises `ValueError` for a generation that would reach into the milliseconds.
    """
    if not 0 <= generation < GENERATIONS:
        raise ValueError(f"generation {generation} is outside 0 … {GENERATIONS - 1}")
    return max(0, (source_time - EPOCH) // timedelta(milliseconds=1)) * GENERATIONS + generation


def supersedes(article: Article, revision: int, enrichment: str, known: Known | None) -> bool:
    """Whether the article, found by `enrichment` at `revision`, is to be written over what is known.

    The same content found by the same enrichment is unchanged, and the older revision never wins. Two sources that give
    one article two contents at the same time would take turns: of these, the greater content hash stands.
    """
    if known is None:
        return True
    if (article.content_hash, enrichment) == (known.content_hash, known.enrichment):
        return False
    if revision != known.revision or enrichment != known.enrichment:
        return revision >= known.revision
    same_source = (article.source_file, article.source_member) == (known.source_file, known.source_member)
    return same_source or article.content_hash > known.content_hash
