"""What was corrected, to train and to score on. Each form is an iterator of lines; undone decisions are left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle
from pipeline.corrections.applying import applied
from pipeline.corrections.notation import example
from pipeline.corrections.quotes import about, same_words
from pipeline.corrections.replay import PAGE
from pipeline.index import Decision, Decisions
from pipeline.index.decisions import CORRECTIONS, NO_QUOTE
from pipeline.index.documents import bare_quote
from pipeline.index.plain import iso, without_unknown
from pipeline.index.stored import Store
from pipeline.rows import row_of
from pipeline.settings import Settings
from pipeline.whoswho import DIFFERENT, SAME, decided

Corrected = tuple[EnrichedArticle | None, bool, list[Decision]]
"""An article as decisions leave it, if it is indexed; whether its text is stored; what was corrected in it."""


def as_decisions(client: Elasticsearch, settings: Settings) -> Iterator[str]:
    """A JSON object for each decision on quotes and actors: what was there, what is there now, in which text."""
    for enriched, has_text, made in _corrected(client, settings):
        for decision in made:
            yield _json(_decision(decision) | _article(enriched, has_text) | _change(decision, enriched))
    for kind in (SAME, DIFFERENT):
        for decision in sorted(Decisions(client, settings).of_kind(kind), key=lambda one: one.made_at):
            yield _json(_decision(decision) | {"actor_ids": list(decision.actor_id)} | decision.payload)


def as_scorer(client: Elasticsearch, settings: Settings) -> Iterator[str]:
    """A JSON object for each corrected article whose text is stored: the text, and its quotes as the scorer reads them.

    A row is `corrected` where a person decided; the others are as enrichment found them.
    """
    for enriched, has_text, made in _corrected(client, settings):
        if enriched is None or not has_text:
            continue
        sure = {f"q{at}" for at in _positions(enriched, made)}
        row = row_of(enriched) | {"text": enriched.article.text, "url": enriched.article.url}
        yield _json(row | {"quotes": [quote | {"corrected": quote["group"] in sure} for quote in row["quotes"]]})


def as_notation(client: Elasticsearch, settings: Settings) -> Iterator[str]:
    """The paragraphs in which something was corrected, annotated as in `docs/quotes.md`; an empty line parts them.

    What the notation cannot write (braces in the text, parts that cross one another) is left out.
    """
    for enriched, has_text, made in _corrected(client, settings):
        if enriched is None or not has_text:
            continue
        wanted = [enriched.quotes[at].pieces for at in _positions(enriched, made)]
        wanted += [about(one).pieces for one in made if one.kind == NO_QUOTE]
        for lines in example(enriched, wanted):
            yield lines + "\n"


def _corrected(client: Elasticsearch, settings: Settings) -> Iterator[Corrected]:
    """What stands of corrections, article by article, the oldest first."""
    decisions, store = Decisions(client, settings), Store(client, settings)
    same = decided(decisions)
    made = sorted((one for kind in CORRECTIONS for one in decisions.of_kind(kind)), key=lambda one: one.made_at)
    ids = iter(dict.fromkeys(one.article_id[0] for one in made))
    while page := list(islice(ids, PAGE)):
        stored = store.read(page)
        for id_ in page:
            own = [one for one in made if one.article_id == (id_,)]
            if id_ in stored:
                yield applied(stored[id_].enriched, own, same).enriched, stored[id_].has_text, own
            else:
                yield None, False, own


def _positions(enriched: EnrichedArticle, made: list[Decision]) -> set[int]:
    """Of the quotes that were corrected, as they stand."""
    found = (same_words(enriched.quotes, about(one)) for one in made if one.kind != NO_QUOTE)
    return {at for at in found if at is not None}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "kind": decision.kind,
        "made_at": iso(decision.made_at),
        "by": decision.by,
        "reason": decision.reason,
    }


def _article(enriched: EnrichedArticle | None, has_text: bool) -> dict[str, Any]:
    if enriched is None:
        return {}
    article = enriched.article
    told = {"url": article.url, "title": article.title, "outlet": article.outlet}
    published = {"published_at": iso(article.published_at) if article.published_at else None}
    return without_unknown(told | published | {"text": article.text if has_text else None})


def _change(decision: Decision, enriched: EnrichedArticle | None) -> dict[str, Any]:
    """What was there when it was corrected, and what is there after all corrections; nothing when that is gone."""
    at = None
    if enriched is not None and decision.kind != NO_QUOTE:
        at = same_words(enriched.quotes, about(decision))
    now = None if at is None or enriched is None else bare_quote(enriched.quotes[at], enriched.article.text)
    return {
        "article_id": decision.article_id[0],
        "quote_id": decision.quote_id[0],
        "was": decision.payload["quote"],
        "now": now,
    }


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
