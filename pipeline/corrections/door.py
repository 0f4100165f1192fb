"""The one door for correcting: the page and the command line go through it.

Each call checks what is asked against the article as it stands, keeps the decision, puts it into what is indexed and
lets searches see it. One that was interrupted is completed by the same call again, by the next ingestion of the
article, or by `everywhere`. Calls in one process take turns; of other processes' decisions `replay` takes care.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, wraps
from itertools import pairwise
from threading import RLock
from typing import Any, ParamSpec, TypeVar

from elasticsearch import Elasticsearch

from pipeline.actors.register import Register, of_settings
from pipeline.article import EnrichedArticle, Quote, Span
from pipeline.corrections.naming import Names
from pipeline.corrections.quotes import about, same_words
from pipeline.corrections.replay import Replay, Replayed, Standing
from pipeline.errors import BadQuery
from pipeline.index import Decision, Decisions
from pipeline.index.actors import ActorIndex
from pipeline.index.decisions import CORRECTIONS, EXTENT, NO_QUOTE, SPEAKER
from pipeline.index.documents import bare_quote, quote_ids
from pipeline.settings import Settings
from pipeline.whoswho import DIFFERENT, SAME, decide_same

MOMENT = timedelta(milliseconds=1)
"""The least that an index tells apart."""
MOST = 1000
"""Decisions that are listed at once."""
OF_READERS = (*CORRECTIONS, SAME, DIFFERENT)
"""Kinds that say what the pipeline got wrong; the others keep articles out, which whoever reads may not change."""

P = ParamSpec("P")
T = TypeVar("T")
_turn = RLock()


def _in_turn(call: Callable[P, T]) -> Callable[P, T]:
    """The same call, made while no other of these runs: two at once would write over each other's article."""

    @wraps(call)
    def alone(*given: P.args, **named: P.kwargs) -> T:
        with _turn:
            return call(*given, **named)

    return alone


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision came to."""

    decision: Decision
    article_id: str | None = None
    quote_id: str | None = None
    """Of the quote as it stands now; nothing when it is gone, or when the decision is about no quote."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A quote as it stands, with its article."""

    standing: Standing
    quote: Quote

    @property
    def text(self) -> str:
        return self.standing.enriched.article.text

    @property
    def article_id(self) -> str:
        return self.standing.enriched.article.id


class Corrections:
    """Decides, applies and shows. Everything here raises `BadQuery` for what cannot be, and `Unreachable`."""

    def __init__(self, client: Elasticsearch, settings: Settings, register: Register | None = None) -> None:
        """The register is loaded when it is needed, unless one is given."""
        self._client = client
        self._settings = settings
        self._given = register
        self._decisions = Decisions(client, settings)
        self._actors = ActorIndex(client, settings)
        self._replay = Replay(client, settings)

    @cached_property
    def _register(self) -> Register:
        return self._given or of_settings(self._settings)

    @_in_turn
    def speaker(
        self,
        quote_id: str,
        name: str | None,
        *,
        actor_id: str | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> Change:
        """Somebody else said it: whoever has this id, else goes by this name; nobody who is named, with neither."""
        if (made := self._made(SPEAKER, quote_id)) and _who(made.payload["now"], actor_id) == (actor_id or name):
            return self._apply(made)
        seen = self._see(quote_id)
        names = Names(seen.standing.enriched, self._actors, lambda: self._register)
        now = names.who(name, actor_id)
        standing = seen.quote.speaker
        if (now and (now["id"], now["name"])) == (standing and (standing.id, standing.name)):
            raise BadQuery(f"{now['name'] if now else 'Nobody'} is its speaker already")
        return self._correct(SPEAKER, quote_id, seen, now, by, reason)

    @_in_turn
    def extent(
        self, quote_id: str, pieces: Sequence[Span], *, by: str | None = None, reason: str | None = None
    ) -> Change:
        """It begins and ends elsewhere: `pieces` are characters of the article's text, half-open, in their order."""
        if (made := self._made(EXTENT, quote_id)) and about(made).pieces == tuple(pieces):
            return self._apply(made)
        seen = self._see(quote_id)
        now = tuple(_trimmed(piece, seen) for piece in pieces)
        if not now or any(before.end > after.start for before, after in pairwise(now)):
            raise BadQuery("Name at least one piece, and the pieces in the order of the text, none over another")
        if now == seen.quote.pieces:
            raise BadQuery("These are its ends already")
        if not any(a.start < b.end and b.start < a.end for a in now for b in seen.quote.pieces):
            raise BadQuery("The new ends share no word with the quote; correct one that stands there")
        plain = bare_quote(Quote(now, seen.quote.kind), seen.text)
        words = [seen.text[piece.start : piece.end] for piece in now]
        return self._correct(EXTENT, quote_id, seen, {"pieces": plain["pieces"], "words": words}, by, reason)

    @_in_turn
    def no_quote(self, quote_id: str, *, by: str | None = None, reason: str | None = None) -> Change:
        """It is no quote."""
        if made := self._made(NO_QUOTE, quote_id):
            return self._apply(made)
        return self._correct(NO_QUOTE, quote_id, self._see(quote_id), None, by, reason)

    @_in_turn
    def same_actor(self, keep_id: str, other_id: str, *, by: str | None = None, reason: str | None = None) -> Change:
        """Two ids are one actor, who keeps the name and the id of the first."""
        decision = decide_same(self._actors, self._decisions, self._register, keep_id, other_id, by=by, reason=reason)
        self._decisions.show()
        self._replay.actors()
        self._actors.forget([other_id])
        return Change(decision)

    @_in_turn
    def undo(self, decision_id: str, *, by: str | None = None, kinds: Collection[str] | None = None) -> Change:
        """Take a decision back, of these kinds alone if any are named.

        What it changed is as enrichment found it, after all other decisions. An article that was taken down may come in
        again, which it does when its file is ingested.
        """
        known = re.fullmatch(r"[0-9a-f]{64}", decision_id)
        decision = self._decisions.made([decision_id]).get(decision_id) if known else None
        if decision is None:
            raise BadQuery(f"There is no decision {decision_id[:100]!r}; `whosaid decisions list` lists them")
        if kinds is not None and decision.kind not in kinds:
            raise BadQuery(f"A {decision.kind} is not undone here; `whosaid decisions undo` does it")
        if not decision.undone:
            decision = decision.taken_back(by=by)
            self._decisions.record([decision])
        self._decisions.show()
        if decision.kind in {SAME, DIFFERENT}:
            self._replay.actors()
        elif decision.kind in CORRECTIONS:
            return self._apply(decision)
        return Change(decision)

    def recent(self, size: int = 20, *, kinds: Collection[str] | None = None) -> list[Decision]:
        """The last decisions, also undone ones, the newest first; of these kinds alone if any are named."""
        return self._decisions.newest(min(size, MOST), kinds=kinds)

    def of_article(self, article_id: str) -> list[Decision]:
        """What was decided about an article and its quotes, also what is undone; the newest first."""
        return self._decisions.newest(MOST, article_id=article_id)

    @_in_turn
    def everywhere(self) -> Replayed:
        """Put all decisions into all that is indexed."""
        return self._replay.everywhere()

    def _made(self, kind: str, quote_id: str) -> Decision | None:
        """What was decided of this quote already, and stands: a call that was interrupted goes on there."""
        like = Decision(kind, article_id=(quote_id.partition(":")[0],), quote_id=(quote_id,))
        return self._decisions.standing([like.id]).get(like.id)

    def _see(self, quote_id: str) -> _Seen:
        """The quote as it stands, after what an interrupted call may have left undone."""
        article_id = quote_id.partition(":")[0]
        standing = self._replay.article(article_id) if article_id else None
        if standing is None:
            raise BadQuery(f"No article is indexed for the quote {quote_id}; take its id from a search")
        ids = quote_ids(standing.enriched)
        if quote_id not in ids:
            raise BadQuery(f"The article has no quote {quote_id} any more; look it up again")
        return _Seen(standing, standing.enriched.quotes[ids.index(quote_id)])

    def _correct(
        self, kind: str, quote_id: str, seen: _Seen, now: dict[str, Any] | None, by: str | None, reason: str | None
    ) -> Change:
        payload = {
            "quote": bare_quote(seen.quote, seen.text),
            "words": [seen.text[piece.start : piece.end] for piece in seen.quote.pieces],
            "now": now,
        }
        decision = Decision(
            kind,
            article_id=(seen.article_id,),
            quote_id=(quote_id,),
            payload=payload,
            made_at=self._next_moment(seen.article_id),
            by=by,
            reason=reason,
        )
        self._decisions.record([decision])
        self._decisions.show()
        return self._apply(decision)

    def _next_moment(self, article_id: str) -> datetime:
        """Now, or just after the last decision about this article if a clock is wrong: corrections have an order."""
        last = max((one.made_at for one in self.of_article(article_id)), default=None)
        now = datetime.now(UTC)
        now -= timedelta(microseconds=now.microsecond % 1000)
        return now if last is None else max(now, last + MOMENT)

    def _apply(self, decision: Decision) -> Change:
        (article_id,) = decision.article_id
        now = self._replay.article(article_id)
        self._replay.show()
        return Change(decision, article_id, _quote_id(decision, now.enriched) if now else None)


def _trimmed(piece: Span, seen: _Seen) -> Span:
    """The piece without white space at its edges."""
    if not seen.standing.has_text:
        raise BadQuery("The article is stored without its text, so nobody can say where its quotes end")
    if not 0 <= piece.start < piece.end <= len(seen.text):
        raise BadQuery(f"{piece.start}-{piece.end} is outside the article’s {len(seen.text):,} characters, or empty")
    words = seen.text[piece.start : piece.end]
    if not words.strip():
        raise BadQuery(f"{piece.start}-{piece.end} is white space; choose words")
    start = piece.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _quote_id(decision: Decision, enriched: EnrichedArticle) -> str | None:
    """The id of the quote that a correction was about, as it stands now."""
    at = same_words(enriched.quotes, about(decision))
    return None if at is None else quote_ids(enriched)[at]


def _who(now: dict[str, Any] | None, actor_id: str | None) -> str | None:
    return str(now["id" if actor_id else "name"]) if now else None
