"""The data views: one an index."""

from __future__ import annotations

from pipeline.kibana.views import BYTES, LINK, PERCENT, View

OF_ARTICLES = {
    "actor_ids": "Actors mentioned (id)",
    "actors": "Actors mentioned",
    "countries": "Countries mentioned",
    "locations": "Countries mentioned, on a map",
    "outlet_country": "Outlet's country",
    "published_at": "Published",
    "story_id": "Story",
    "url": "Article",
}
QUOTES = View(
    "quotes",
    "Quotes",
    "published_at",
    OF_ARTICLES
    | {
        "context_after": "After it",
        "context_before": "Before it",
        "cue": "Said with",
        "kind": "Kind of quote",
        "speaker": "Speaker",
        "speaker_country": "Speaker's country",
        "speaker_kind": "Kind of speaker",
        "speaker_location": "Speaker's country, on a map",
        "speaker_mention": "Called in the text",
        "speaker_role": "Speaker's role",
        "text": "Quote",
        "title": "Headline",
    },
    {"confidence": PERCENT, "url": LINK},
)
ARTICLES = View(
    "articles",
    "Articles",
    "published_at",
    OF_ARTICLES | {"ingested_at": "Brought in", "quote_count": "Quotes", "speakers": "Speakers", "title": "Headline"},
    {"url": LINK},
)
FILES = View(
    "files",
    "Files",
    "finished_at",
    {"failed": "Articles failed", "finished_at": "Finished", "read": "Articles read", "started_at": "Started"},
    {"size": BYTES},
)
DEAD_LETTERS = View(
    "dead-letters",
    "Dead letters",
    "last_failed_at",
    {
        "attempts": "Tries",
        "last_failed_at": "Failed last",
        "message": "What to do",
        "source_member": "Place in the file",
    },
)
ACTORS = View(
    "actors",
    "Actors",
    "last_seen",
    {"article_count": "Articles", "first_seen": "First seen", "last_seen": "Last seen", "quote_count": "Quotes"},
)
VIEWS = (QUOTES, ARTICLES, FILES, DEAD_LETTERS, ACTORS)
