"""Who is meant by the name that a person gives: of the article, of the index of actors, of the register, or new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipeline.actors.actor import Actor
from pipeline.actors.names import fold, made_id
from pipeline.actors.register import Register
from pipeline.article import EnrichedArticle, SpeakerKind
from pipeline.errors import BadQuery
from pipeline.index.actors import ActorIndex
from pipeline.index.documents import NAMELESS

LONGEST = 300
"""Characters of a name."""
KINDS = {"PERSON": SpeakerKind.PERSON, "ORG": SpeakerKind.ORGANIZATION}


class Names:
    """Looks for who goes by a name, near the article first. `register` loads it, which takes a second."""

    def __init__(self, enriched: EnrichedArticle, actors: ActorIndex, register: Callable[[], Register]) -> None:
        self._enriched = enriched
        self._actors = actors
        self._register = register

    def who(self, name: str | None, actor_id: str | None) -> dict[str, Any] | None:
        """Name, id, kind and country of who has this id, or goes by this name; nothing for neither.

        Raises `BadQuery` where the id is nobody's or the name is none, `Unreachable`.
        """
        if actor_id:
            return self._by_id(actor_id)
        if name is None:
            return None
        name = " ".join(name.split())
        if not fold(name) or len(name) > LONGEST:
            raise BadQuery(f"{name[:50]!r} is no name; write it as it should be shown, at most {LONGEST} characters")
        return next(self._named(name), None) or _plain(
            name, made_id(name, SpeakerKind.PERSON), SpeakerKind.PERSON, None
        )

    def _by_id(self, actor_id: str) -> dict[str, Any]:
        known = self._actors.get([actor_id]).get(actor_id)
        actor = None if known else self._register().by_id(actor_id)
        if known is None and actor is None:
            raise BadQuery(f"Nobody has the id {actor_id}; `whosaid actors update` gathers who is indexed")
        return _of_document(known) if known else _of_actor(actor)

    def _named(self, name: str) -> Iterator[dict[str, Any]]:
        for quote in self._enriched.quotes:
            speaker = quote.speaker
            if speaker is not None and speaker.kind not in NAMELESS and fold(speaker.name) == fold(name):
                yield _plain(speaker.name, speaker.id, speaker.kind, speaker.country)
        for document in self._actors.called(name):
            yield _of_document(document)
        for mention in self._enriched.mentions:
            if mention.label in KINDS and fold(mention.name) == fold(name):
                actor = self._register().by_id(mention.actor_id) if mention.actor_id else None
                yield _of_actor(actor) or _plain(mention.name, mention.actor_id, KINDS[mention.label], None)
        published = self._enriched.article.published_at
        if found := _of_actor(self._register().by_name(name, on=published.date() if published else None)):
            yield found


def _of_document(document: dict[str, Any]) -> dict[str, Any]:
    return _plain(document["name"], document["id"], SpeakerKind(document["kind"]), document.get("country"))


def _of_actor(actor: Actor | None) -> Any:
    return actor and _plain(actor.name, actor.id, actor.kind, actor.country)


def _plain(name: str, actor_id: str | None, kind: SpeakerKind, country: str | None) -> dict[str, Any]:
    return {"name": name, "id": actor_id, "kind": str(kind), "country": country}
