"""After a crash: quotes that no article lists go, and all others stay."""

from __future__ import annotations

from collections.abc import Callable

from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle
from pipeline.index import Writer, sweep
from pipeline.index.documents import quote_documents
from pipeline.settings import Settings
from tests.index.conftest import Documents


def test_quotes_whose_article_was_never_written_are_swept(
    writer: Writer,
    client: Elasticsearch,
    settings: Settings,
    article: Callable[..., EnrichedArticle],
    stored: Callable[[], Documents],
) -> None:
    whole = article("whole", ["One.", "Two."])
    writer.write([whole])
    before = stored()
    changed, unwritten = article("whole", ["One.", "Two.", "Three."], minute=1), article("unwritten", ["Four."])
    for crashed in (changed, unwritten):  # as a writer leaves it that ends before the article
        for quote in quote_documents(crashed):
            if quote["id"] not in before["quotes"]:
                client.index(
                    index=f"{settings.index_prefix}quotes",
                    id=quote["id"],
                    routing=crashed.article.id,
                    document=quote,
                    version=2**60,
                    version_type="external_gte",
                )
    assert len(stored()["quotes"]) == 4
    assert sweep(client, settings, grace=0) == 2
    assert stored() == before
    assert sweep(client, settings, grace=0) == 0
