"""A `Query` → the searches that answer it. No other code of the project builds queries on quotes.

One asks for the hits; two, without hits, for the facets that do not narrow the search; and of each facet that does, one
asks for the counts without its own choice, so that choosing one country still shows what choosing another would find.
Each is a plain filtered search, which Elasticsearch keeps the answer of until the index changes; all run side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pipeline.search.query import Interval, Query, Sort

Clause = dict[str, Any]
Body = dict[str, Any]

FACETS = {
    "speakers": "speaker",
    "speaker_kinds": "speaker_kind",
    "speaker_countries": "speaker_country",
    "actors": "actors",
    "countries": "countries",
    "outlets": "outlet",
    "outlet_countries": "outlet_country",
    "kinds": "kind",
    "acts": "act",
}
"""The filters of `Query` that are facets too, with the field each is about."""
IDS = {"speaker_ids": "speaker_id", "articles": "article_id", "stories": "story_id"}
"""The other filters that are lists of values."""
TIMELINE = "timeline"
FOLDED = "folded"
HITS = "hits"
HALF = {"speakers", "kinds", "acts", TIMELINE}
"""Facets that take about as long to count as all others: one search counts on one core."""
EXACT_UP_TO = 10_000
"""Hits that are counted; of more it is only said that there are more."""
TIMEOUT = "4s"
WORDS = "AND|OR|NOT|PHRASE|PRECEDENCE|WHITESPACE|ESCAPE"
"""What `said` and `about` understand: no wildcards and nothing fuzzy, which one user could make slow for all."""
WITHIN_A_NAME = 50
"""Words between those of one name at most; Elasticsearch keeps 100 between two names of one field."""
STEPS = {Interval.DAY: 100, Interval.WEEK: 800, Interval.MONTH: 4000}
"""Days that are shown in steps of each length; more are shown in years."""
SOURCE = [
    "id", "article_id", "text", "start", "end", "kind", "act", "negated", "cue", "context_before", "context_after",
    "confidence", "speaker", "speaker_id", "speaker_mention", "speaker_kind", "speaker_role", "speaker_country",
    "addressee", "actors", "countries", "title", "url", "outlet", "outlet_country", "published_at", "story_id",
    "copy_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of actors who go by the words of a query, as the index of actors knows them."""

    speaker: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def requests(query: Query, known: Known, *, before: str, behind: str) -> dict[str, Body]:
    """The bodies of `_search` by what they ask for; found words are highlighted between `before` and `behind`."""
    filters = _filters(query, known)
    asked = {HITS: _hits(query, filters, before, behind)}
    if query.facet_size:
        facets = {name: _terms(field, query.facet_size) for name, field in FACETS.items()} | {TIMELINE: _steps(query)}
        for half in (HALF, facets.keys() - HALF):
            if free := {name: facets[name] for name in facets if name in half and name not in filters}:
                asked[" ".join(free)] = _counts(query, filters) | {"aggs": free}
        for name in facets.keys() & filters.keys():
            asked[name] = _counts(query, _without(filters, name)) | {"aggs": {name: facets[name]}}
    if query.fold:
        copies = _without(filters, FOLDED) | {FOLDED: {"exists": {"field": "copy_of"}}}
        asked[FOLDED] = _counts(query, copies) | {"track_total_hits": EXACT_UP_TO}
    return asked


def page_of_all(query: Query, known: Known, size: int) -> Body:
    """The search for a page of all that is found, for whoever goes through all of it."""
    body = _search(query, _filters(query, known)) | {"size": size, "sort": order(query), "_source": SOURCE}
    return body | {"track_total_hits": False} | ({"search_after": list(query.after)} if query.after else {})


def counted(query: Query, known: Known, aggregations: Mapping[str, Clause] | None = None) -> Body:
    """The search for how many are found, exactly, and for what else is counted among them."""
    return _search(query, _filters(query, known)) | {"size": 0, "track_total_hits": True, "aggs": aggregations or {}}


def interval(query: Query) -> Interval:
    """How long a step of the timeline is."""
    if query.interval:
        return query.interval
    if query.since is None:
        return Interval.MONTH
    days = ((query.until or datetime.now(UTC).date()) - query.since).days
    return next((step for step, most in STEPS.items() if days <= most), Interval.YEAR)


def _hits(query: Query, filters: dict[str, Clause], before: str, behind: str) -> Body:
    body = _search(query, filters) | {
        "_source": SOURCE,
        "size": query.size,
        "sort": order(query),
        "track_total_hits": EXACT_UP_TO,
    }
    if query.has_words and query.size:
        marks = {"pre_tags": [before], "post_tags": [behind]}
        body["highlight"] = marks | {"fields": {"text": {"number_of_fragments": 0}}}
    if query.after is not None:
        body["search_after"] = list(query.after)
    return body


def _counts(query: Query, filters: dict[str, Clause]) -> Body:
    return _search(query, filters) | {"size": 0, "track_total_hits": False}


def _search(query: Query, filters: dict[str, Clause]) -> Body:
    clauses = {"must": _scored(query), "filter": [clause for clause in filters.values() if "must_not" not in clause]}
    clauses["must_not"] = [clause["must_not"] for clause in filters.values() if "must_not" in clause]
    return {"query": {"bool": {name: found for name, found in clauses.items() if found}}, "timeout": TIMEOUT}


def _without(filters: dict[str, Clause], name: str) -> dict[str, Clause]:
    return {other: clause for other, clause in filters.items() if other != name}


def _scored(query: Query) -> list[Clause]:
    clauses = []
    if query.said:
        clauses.append(_words(query.said, ["text"]))
    if query.about:
        clauses.append(_words(query.about, ["text^3", "title^2", "context_before", "context_after"]))
    return clauses


def _words(text: str, fields: list[str]) -> Clause:
    return {"simple_query_string": {"query": text, "fields": fields, "default_operator": "and", "flags": WORDS}}


def _filters(query: Query, known: Known) -> dict[str, Clause]:
    """What narrows the search, by the filter's name; that of the dates is called as the facet that they choose from."""
    clauses: dict[str, Clause] = {
        name: {"terms": {field: list(getattr(query, name))}}
        for name, field in (FACETS | IDS).items()
        if getattr(query, name)
    }
    if query.speaker:
        clauses["speaker"] = _named(query.speaker, ("speaker", "speaker_mention"), "speaker_id", known.speaker)
    if query.mentions:
        clauses["mentions"] = _named(query.mentions, ("actors",), "actor_ids", known.mentions)
    if query.role:
        fields = ["speaker_role.text", "speaker_mention.text"]
        clauses["role"] = {"multi_match": {"query": query.role, "fields": fields, "operator": "and"}}
    if query.since or query.until:
        clauses[TIMELINE] = {"range": {"published_at": _days(query.since, query.until)}}
    if query.min_confidence is not None:
        clauses["min_confidence"] = {"range": {"confidence": {"gte": query.min_confidence}}}
    if query.negated is not None:
        clauses["negated"] = {"term": {"negated": query.negated}}
    if query.fold:
        clauses[FOLDED] = {"must_not": {"exists": {"field": "copy_of"}}}
    return clauses


def _named(words: str, names: Sequence[str], id_field: str, ids: Sequence[str]) -> Clause:
    """Somebody of this name: all words in one of these fields, or one of the ids, of which the words may be one."""
    matches = [name_of(words, f"{name}.text") for name in names]
    return {"bool": {"should": [*matches, {"terms": {id_field: [words, *ids]}}], "minimum_should_match": 1}}


def name_of(words: str, *fields: str) -> Clause:
    """All words in one value of one of the fields, in any order; not one here and one in another name."""
    return {"multi_match": {"query": words, "fields": list(fields), "type": "phrase", "slop": WITHIN_A_NAME}}


def _days(since: date | None, until: date | None) -> dict[str, str]:
    days = {"gte": since and since.isoformat(), "lte": until and f"{until.isoformat()}||/d"}
    return {bound: day for bound, day in days.items() if day}


def _terms(field: str, size: int) -> Clause:
    """Of several shards each counts more values than are asked for, so that what is common in all is found exactly."""
    return {"terms": {"field": field, "size": size, "shard_size": 10 * size + 100}}


def _steps(query: Query) -> Clause:
    return {"date_histogram": {"field": "published_at", "calendar_interval": str(interval(query)), "min_doc_count": 1}}


def order(query: Query) -> list[Clause]:
    """Ends in the quote's id, so that no two hits are level and the next page begins where this one ends."""
    sort = query.sort or (Sort.RELEVANCE if query.has_words else Sort.DATE)
    by_date: list[Clause] = [
        {"published_at": {"order": "asc" if sort is Sort.OLDEST else "desc", "missing": "_last"}},
        {"article_id": "asc"},
        {"start": "asc"},
    ]
    return [*([{"_score": "desc"}] if sort is Sort.RELEVANCE else []), *by_date, {"id": "asc"}]
