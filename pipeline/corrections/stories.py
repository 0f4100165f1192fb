"""The pass that finds copies, and after it what people decided meanwhile: the pass may have written over that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from elasticsearch import Elasticsearch

from pipeline.corrections.replay import Replay
from pipeline.index import stories
from pipeline.settings import Settings

BEFORE = timedelta(hours=1)
"""Decisions this much older than the pass are looked at too: clocks differ, and a pass may have been killed."""


def update(client: Elasticsearch, settings: Settings, progress: Callable[[str], None]) -> stories.Folded:
    """Put every pending article into its story (`index.stories.update`); what is decided meanwhile stands.

    Raises `Unreachable`; run again, it goes on.
    """
    since = datetime.now(UTC) - BEFORE
    folded = stories.update(client, settings, progress)
    Replay(client, settings).again(since)
    return folded
