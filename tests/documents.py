"""What an index holds, for comparing one index with another."""

from __future__ import annotations

import secrets
from typing import Any

from elasticsearch import Elasticsearch, helpers

from pipeline.settings import Settings

WHEN_IT_RAN = {"ingested_at"}


def random_prefix() -> str:
    """A prefix that no other test uses."""
    return f"test-{secrets.token_hex(4)}-"


def all_documents(settings: Settings) -> dict[str, dict[str, dict[str, Any]]]:
    """Every article and every quote by its id, without the time of the run."""
    client = Elasticsearch(settings.elasticsearch_url, request_timeout=120)
    found = {}
    for name in ("articles", "quotes"):
        index = f"{settings.index_prefix}{name}"
        client.indices.refresh(index=index)
        found[name] = {
            hit["_id"]: {key: value for key, value in hit["_source"].items() if key not in WHEN_IT_RAN}
            for hit in helpers.scan(client, index=index)
        }
    return found
