"""A `Query` → the one request that answers it. No other code of the project builds queries on quotes."""

from __future__ import annotations

from typing import Any

from pipeline.search.query import Query, Sort

Clause = dict[str, Any]

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
EXACT_UP_TO = 10_000
"""Hits that are counted; of more it is only said that there are more."""
TIMEOUT = "4s"
WORDS = "AND|OR|NOT|PHRASE|PRECEDENCE|WHITESPACE|ESCAPE"
"""What `said` and `about` understand: no wildcards and nothing fuzzy, which one user could make slow for all."""
SOURCE = [
    "id", "article_id", "text", "start", "end", "kind", "act", "negated", "cue", "context_before", "context_after",
    "confidence", "speaker", "speaker_id", "speaker_mention", "speaker_kind", "speaker_role", "speaker_country",
    "title", "url", "outlet", "outlet_country", "published_at",
]  # fmt: skip


def request(query: Query, *, before: str, behind: str) -> dict[str, Any]:
    """The body of `_search`, as arguments of the client; found words are highlighted between `before` and `behind`.

    Facets filter the hits afterwards (`post_filter`) and each facet counts what all the *other* facets leave, so that
    choosing one country still shows what choosing another would find.
    """
    chosen = {
        name: {"terms": {field: list(getattr(query, name))}} for name, field in FACETS.items() if getattr(query, name)
    }
    body: dict[str, Any] = {
        "query": {"bool": {"must": _scored(query), "filter": _filters(query)}},
        "source_includes": SOURCE,
        "size": query.size,
        "sort": _order(query),
        "track_total_hits": EXACT_UP_TO,
        "track_scores": False,
        "timeout": TIMEOUT,
        "allow_partial_search_results": False,
    }
    if chosen:
        body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
    if query.facet_size:
        body["aggs"] = {name: _facet(name, field, chosen, query.facet_size) for name, field in FACETS.items()}
    if query.has_words and query.size:
        marks = {"pre_tags": [before], "post_tags": [behind]}
        body["highlight"] = marks | {"fields": {"text": {"number_of_fragments": 0}}}
    if query.after is not None:
        body["search_after"] = list(query.after)
    return body


def _scored(query: Query) -> list[Clause]:
    clauses = []
    if query.said:
        clauses.append(_words(query.said, ["text"]))
    if query.about:
        clauses.append(_words(query.about, ["text^3", "title^2", "context_before", "context_after"]))
    return clauses


def _words(text: str, fields: list[str]) -> Clause:
    return {"simple_query_string": {"query": text, "fields": fields, "default_operator": "and", "flags": WORDS}}


def _filters(query: Query) -> list[Clause]:
    clauses: list[Clause] = []
    if query.speaker:
        clauses.append(
            _any_of(
                {"match": {"speaker.text": {"query": query.speaker, "operator": "and"}}},
                {"term": {"speaker_id": query.speaker}},
            )
        )
    if query.role:
        fields = ["speaker_role.text", "speaker_mention.text"]
        clauses.append({"multi_match": {"query": query.role, "fields": fields, "operator": "and"}})
    days = {"gte": query.since and query.since.isoformat(), "lte": query.until and f"{query.until.isoformat()}||/d"}
    if query.since or query.until:
        clauses.append({"range": {"published_at": {bound: day for bound, day in days.items() if day}}})
    if query.min_confidence is not None:
        clauses.append({"range": {"confidence": {"gte": query.min_confidence}}})
    return clauses


def _any_of(*clauses: Clause) -> Clause:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _facet(name: str, field: str, chosen: dict[str, Clause], size: int) -> Clause:
    others = [clause for facet, clause in chosen.items() if facet != name]
    counted = {"values": {"terms": {"field": field, "size": size}}}
    return {"filter": {"bool": {"filter": others}}, "aggs": counted}


def _order(query: Query) -> list[Clause]:
    """Ends in the quote's id, so that no two hits are level and the next page begins where this one ends."""
    by_date: list[Clause] = [
        {"published_at": {"order": "desc", "missing": "_last"}},
        {"article_id": "asc"},
        {"start": "asc"},
    ]
    sort = query.sort or (Sort.RELEVANCE if query.has_words else Sort.DATE)
    return [*([{"_score": "desc"}] if sort is Sort.RELEVANCE else []), *by_date, {"id": "asc"}]
