"""The pass over all that is indexed which gathers its actors, and what people decide of them: who is one with whom.

A decision `same_actor` names two ids; its payload holds the one that stays, in full. Every later run honours it;
`corrections` puts it into what is indexed already.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from pipeline.actors.actor import Actor
from pipeline.actors.register import Register
from pipeline.errors import BadQuery
from pipeline.index import Decision, Decisions
from pipeline.index.actors import ActorIndex, Seen

SAME, DIFFERENT = "same_actor", "different_actors"


def update(index: ActorIndex, register: Register) -> int:
    """Write every actor's document anew, delete those whom nothing mentions any more; returns how many there are.

    Raises `Unreachable`.
    """
    run, count = uuid.uuid4().hex, 0
    for page in index.seen():
        index.write([_document(seen, register.by_id(seen.id), run) for seen in page])
        count += len(page)
    index.forget_all_but(run)
    return count


def _document(seen: Seen, known: Actor | None, run: str) -> dict[str, Any]:
    name = known.name if known else seen.name
    aliases = [*(known.aliases if known else ()), *seen.aliases]
    roles = [role.model_dump(mode="json", by_alias=True, exclude_none=True) for role in known.roles] if known else []
    return {
        "id": seen.id,
        "name": name,
        "aliases": [alias for alias in dict.fromkeys(aliases) if alias != name],
        "kind": str(known.kind) if known else seen.kind or seen.id.partition(":")[0],
        "country": known.country if known else seen.country,
        "registered": known is not None,
        "roles": roles,
        "roles_told": list(seen.roles),
        "quote_count": seen.quotes,
        "article_count": seen.articles,
        "first_seen": seen.first,
        "last_seen": seen.last,
        "run": run,
    }


def decide_same(
    index: ActorIndex,
    decisions: Decisions,
    register: Register,
    keep: str,
    other: str,
    *,
    by: str | None,
    reason: str | None,
) -> Decision:
    """Record that two ids are one actor, who keeps the name and the id of the first.

    Whoever has no document any more, since the two were made one before, is known from that decision.

    Raises `BadQuery` when an id is unknown, `Unreachable`.
    """
    known = index.get([keep, other])
    like = Decision(SAME, actor_id=(keep, other)).id
    earlier = decisions.made([like]).values()
    before = {made.payload[one]["id"]: Actor(**made.payload[one]) for made in earlier for one in ("keep", "other")}
    kept, dropped = (
        register.by_id(actor_id) or _actor(known.get(actor_id)) or before.get(actor_id) for actor_id in (keep, other)
    )
    for actor_id, actor in ((keep, kept), (other, dropped)):
        if actor is None:
            raise BadQuery(
                f"Nobody has the id {actor_id}: neither the register nor the index of actors. "
                "`whosaid actors update` gathers who is indexed, `whosaid actors review` lists ids"
            )
    if keep == other or kept is None or dropped is None:
        raise BadQuery(f"{keep} is one with itself already; name two ids")
    payload = {"keep": _plain(kept), "other": _plain(dropped)}
    decision = Decision(SAME, actor_id=(keep, other), payload=payload, by=by, reason=reason)
    decisions.record([decision])
    return decision


def _actor(document: dict[str, Any] | None) -> Actor | None:
    if document is None:
        return None
    return Actor(id=document["id"], name=document["name"], kind=document["kind"], country=document.get("country"))


def _plain(actor: Actor) -> dict[str, Any]:
    return {"id": actor.id, "name": actor.name, "kind": str(actor.kind), "country": actor.country}


def decided(decisions: Decisions) -> dict[str, Actor]:
    """Who stands for whom: the actor that stays, by each id that goes. Chains end in the last. Raises `Unreachable`."""
    apart = {frozenset(decision.actor_id): decision.made_at for decision in decisions.of_kind(DIFFERENT)}
    stays = {
        decision.payload["other"]["id"]: Actor(**decision.payload["keep"])
        for decision in sorted(decisions.of_kind(SAME), key=lambda decision: (decision.made_at, decision.id))
        if apart.get(frozenset(decision.actor_id), decision.made_at) <= decision.made_at
    }
    return {actor_id: _last(actor_id, stays) for actor_id in stays}


def _last(actor_id: str, stays: Mapping[str, Actor]) -> Actor:
    seen = {actor_id}
    actor = stays[actor_id]
    while actor.id in stays and actor.id not in seen:
        seen.add(actor.id)
        actor = stays[actor.id]
    return actor


def told_apart(decisions: Decisions) -> set[frozenset[str]]:
    """The pairs of ids that were decided to be two actors. Raises `Unreachable`."""
    return {frozenset(decision.actor_id) for decision in decisions.of_kind(DIFFERENT)}
