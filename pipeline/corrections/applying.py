"""Decisions put into what enrichment found. Pure: a later run and a correction of what is indexed come to the same.

Corrections of quotes come first, in the order in which they were made, then who is one with whom. Whatever is replaced
stays beside it, so that the result can be taken apart again (`as_found`): applying decisions to what decisions changed
already gives what applying them to the enrichment's own gives.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.actors.actor import Actor
from pipeline.actors.countries import centroids
from pipeline.article import EnrichedArticle, Mention, Quote, countries_of
from pipeline.corrections.quotes import corrected, in_order
from pipeline.index import Decision
from pipeline.index.plain import iso

MARK = "+"
"""Between the fingerprint of what enrichment found and that of the decisions which changed it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """An article as decisions leave it."""

    enriched: EnrichedArticle
    missed: tuple[Decision, ...] = ()
    """What was corrected of words that the article no longer has."""


def applied(enriched: EnrichedArticle, corrections: Sequence[Decision], same: Mapping[str, Actor]) -> Applied:
    """The article with these decisions honoured and no others, whichever it was changed by before.

    Args:
        enriched: From enrichment, or read back from the index.
        corrections: All that stand about this article.
        same: Who stands for whom, by each id that goes.
    """
    found = as_found(enriched)
    quotes, missed = list(found.quotes), []
    for decision in sorted(corrections, key=lambda one: (one.made_at, one.id)):
        changed = corrected(decision, quotes, found)
        if changed is None:
            missed.append(decision)
        else:
            quotes = in_order(changed)
    speaking = [_speaking(quote, same) for quote in quotes]
    mentions = tuple(_mentioned(mention, same) for mention in found.mentions)
    gone = {mention.found_id for mention in mentions if mention.found_id}
    gone |= {quote.speaker.id for quote in quotes if quote.speaker and quote.speaker.id and quote.speaker.id in same}
    return Applied(
        replace(
            found,
            enrichment=_marked(found.enrichment, corrections, {id_: same[id_] for id_ in gone}),
            quotes=tuple(speaking),
            mentions=mentions,
            points=centroids(countries_of(speaking, mentions)),
            found_quotes=None if tuple(speaking) == found.quotes else found.quotes,
            replaced_ids=tuple(sorted(gone)),
        ),
        tuple(missed),
    )


def as_found(enriched: EnrichedArticle) -> EnrichedArticle:
    """The article as enrichment left it, before any decision."""
    return replace(
        enriched,
        enrichment=enriched.enrichment.partition(MARK)[0],
        quotes=enriched.quotes if enriched.found_quotes is None else enriched.found_quotes,
        mentions=tuple(
            replace(mention, name=mention.found_name, actor_id=mention.found_id, found_name=None, found_id=None)
            if mention.found_id and mention.found_name
            else mention
            for mention in enriched.mentions
        ),
        found_quotes=None,
        replaced_ids=(),
    )


def expected_enrichment(
    fingerprint: str, corrections: Sequence[Decision], actor_ids: Iterable[str], same: Mapping[str, Actor]
) -> str:
    """What an article's `enrichment` would be if it were found by this fingerprint and these decisions honoured.

    `actor_ids` are those that stand in the article and those that others stand for, as `Known` has them.
    """
    return _marked(fingerprint, corrections, {id_: same[id_] for id_ in actor_ids if id_ in same})


def _marked(fingerprint: str, corrections: Sequence[Decision], same: Mapping[str, Actor]) -> str:
    if not corrections and not same:
        return fingerprint
    made = sorted((iso(decision.made_at), decision.id) for decision in corrections)
    stays = {id_: same[id_].model_dump(mode="json") for id_ in sorted(same)}
    return f"{fingerprint}{MARK}{hashlib.sha256(json.dumps([made, stays]).encode()).hexdigest()[:8]}"


def _speaking(quote: Quote, same: Mapping[str, Actor]) -> Quote:
    speaker = quote.speaker
    actor = same.get(speaker.id or "") if speaker else None
    if speaker is None or actor is None:
        return quote
    who = replace(speaker, name=actor.name, id=actor.id, kind=actor.kind, country=actor.country)
    return replace(quote, speaker=who)


def _mentioned(mention: Mention, same: Mapping[str, Actor]) -> Mention:
    actor = same.get(mention.actor_id or "")
    if actor is None:
        return mention
    return replace(mention, name=actor.name, actor_id=actor.id, found_name=mention.name, found_id=mention.actor_id)
