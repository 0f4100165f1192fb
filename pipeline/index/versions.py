"""The versions of an index (`…-articles-v1`, `-v2`): which one its alias leads to, and which are left from before."""

from __future__ import annotations

import re
from functools import partial

from elasticsearch import Elasticsearch

from pipeline.elastic import alias, not_set_up
from pipeline.index.patience import patiently
from pipeline.settings import Settings

NAMES = ("articles", "quotes", "files", "dead-letters", "decisions", "actors")


def versions(client: Elasticsearch, settings: Settings, name: str) -> tuple[int, dict[int, str]]:
    """The version behind the alias, and the index of each version that exists.

    Raises `ConfigurationError` where there is no such alias, `Unreachable`.
    """
    full = alias(settings, name)
    found = patiently(
        settings, lambda: client.indices.get_alias(index=f"{full}-v*", expand_wildcards="open,closed").body
    )
    numbered = {int(match[1]): index for index in found if (match := re.fullmatch(rf"{re.escape(full)}-v(\d+)", index))}
    for version, index in numbered.items():
        if full in found[index]["aliases"]:
            return version, numbered
    raise not_set_up(settings, f"no alias {full} leads to an index {full}-v…")


def drop_old(client: Elasticsearch, settings: Settings) -> list[str]:
    """Delete the versions that rebuilds have left behind; returns their names. Raises `Unreachable`."""
    dropped = []
    for name in NAMES:
        current, numbered = versions(client, settings, name)
        for version, index in numbered.items():
            if version < current:
                patiently(settings, partial(client.indices.delete, index=index, ignore_unavailable=True))
                dropped.append(index)
    return dropped
