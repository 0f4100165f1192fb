"""All that can be asked of what is indexed, at one desk, by those who know nothing of Elasticsearch."""

from __future__ import annotations

from threading import Lock

from elasticsearch import Elasticsearch

from pipeline.elastic import connect
from pipeline.search import Query, Result, search
from pipeline.search.completion import Suggestion, complete
from pipeline.search.profile import Profile, profile
from pipeline.search.reading import StoredArticle, read_article
from pipeline.settings import Settings


class Desk:
    """Connects with the first question, and anew with the next one after a failure. Everything raises `Unreachable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._client: Elasticsearch | None = None

    def search(self, query: Query) -> Result:
        """One page of what the query finds. Raises `BadQuery`."""
        return search(self._connected(), self._settings, query)

    def article(self, article_id: str) -> StoredArticle | None:
        """The article with this id, with its quotes."""
        return read_article(self._connected(), self._settings, article_id)

    def profile(self, name: str) -> Profile | None:
        """Who is quoted under this canonical name."""
        return profile(self._connected(), self._settings, name)

    def complete(self, begun: str, *, size: int = 8) -> tuple[Suggestion, ...]:
        """Names that go on like this."""
        return complete(self._connected(), self._settings, begun, size=size)

    def _connected(self) -> Elasticsearch:
        with self._lock:
            if self._client is None:
                self._client = connect(self._settings)
            return self._client
