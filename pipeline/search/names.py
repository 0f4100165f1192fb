"""Names as people type them → actors: their ids by any name, and what a misspelt name may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.search.asking import ask
from pipeline.search.query import Query
from pipeline.search.request import Known, name_of
from pipeline.settings import Settings

MOST = 200
"""Actors of one name; of more, those who are quoted most."""
GUESSES = 3
"""Corrections of one word, and suggestions of names."""
COMBINATIONS = 8
"""Corrections of a whole name that are looked up."""
MOST_WORDS = 6
"""Words of a name that is corrected."""
SPELLED = (("actors", "name.text"), ("actors", "aliases.text"), ("quotes", "speaker.text"))
"""Where the words of names stand."""


def known(client: Elasticsearch, settings: Settings, query: Query) -> Known:
    """The ids of those who go by the names in the query. Raises `Unreachable`."""
    asked = {name: words for name in ("speaker", "mentions") if (words := getattr(query, name))}
    if not asked:
        return Known()
    answers = ask(client, settings, [("actors", _actors(words, MOST)) for words in asked.values()])
    ids = {
        name: tuple(one["_id"] for one in answer["hits"]["hits"]) for name, answer in zip(asked, answers, strict=True)
    }
    return Known(**ids)


def similar(client: Elasticsearch, settings: Settings, words: str) -> tuple[str, ...]:
    """Canonical names that look like these words, likely ones first; nobody for words that are in no way a name.

    A word of four letters or more may differ in two letters, though not in its first. Where all words are somebody's
    but nobody's together, those who go by the last one. Raises `Unreachable`.
    """
    corrected = list(islice(_corrections(client, settings, words), COMBINATIONS))
    if not corrected:
        return ()
    quoted = ask(client, settings, [("quotes", _speakers(name)) for name in corrected])
    named = ask(client, settings, [("actors", _actors(name, GUESSES) | {"_source": ["name"]}) for name in corrected])
    names = [
        name
        for speakers, actors in zip(quoted, named, strict=True)
        for name in (
            *(one["_source"]["name"] for one in actors["hits"]["hits"]),
            *(bucket["key"] for bucket in speakers["aggregations"]["names"]["buckets"]),
        )
    ]
    return tuple(dict.fromkeys(names))[:GUESSES]


def _actors(words: str, size: int) -> dict[str, Any]:
    return {
        "query": name_of(words, "name.text", "aliases.text"),
        "sort": [{"quote_count": "desc"}, {"id": "asc"}],
        "size": size,
        "_source": False,
        "track_total_hits": False,
    }


def _speakers(words: str) -> dict[str, Any]:
    return {
        "query": name_of(words, "speaker.text"),
        "aggs": {"names": {"terms": {"field": "speaker", "size": GUESSES}}},
        "size": 0,
        "track_total_hits": False,
    }


def _corrections(client: Elasticsearch, settings: Settings, words: str) -> Iterator[str]:
    """The words with one, some or all of them put right, and at last the last one alone."""
    text = " ".join(words.split()[:MOST_WORDS])
    term = {"suggest_mode": "always", "max_edits": 2, "prefix_length": 1, "min_word_length": 4, "size": GUESSES}
    searches = [
        (index, {"size": 0, "suggest": {"words": {"text": text, "term": term | {"field": field}}}})
        for index, field in SPELLED
    ]
    scores: dict[tuple[int, str], dict[str, float]] = defaultdict(dict)  # by place and word
    for answer in ask(client, settings, searches):
        for entry in answer["suggest"]["words"]:
            options = scores[entry["offset"], entry["text"]]
            options[entry["text"]] = 1.0
            for option in entry["options"]:
                options[option["text"]] = max(option["score"], options.get(option["text"], 0))
    if not scores:
        return
    choices = [
        sorted(options, key=lambda word: (-options[word], word))[: GUESSES + 1] for _, options in sorted(scores.items())
    ]
    as_typed, *others = product(*choices)  # each word is its own likeliest form
    yield from (" ".join(chosen) for chosen in sorted(others, key=lambda chosen: _differing(chosen, as_typed)))
    if len(choices) > 1:
        yield from choices[-1]


def _differing(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
