"""Somebody who reads all quotes to answer a question: `Query` in plain Python, from nothing but the documents."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

Document = dict[str, Any]

FACETS = {
    "speakers": "speaker", "speaker_kinds": "speaker_kind", "speaker_countries": "speaker_country", "actors": "actors",
    "countries": "countries", "outlets": "outlet", "outlet_countries": "outlet_country", "kinds": "kind", "acts": "act",
}  # fmt: skip
ABOUT = ("text", "title", "context_before", "context_after")
STEMS = {
    "talks": "talk", "talked": "talk", "talking": "talk", "ministers": "minister", "prices": "price", "rising": "rise",
    "sanctions": "sanction", "agreed": "agree", "agrees": "agree", "knows": "know", "plans": "plan",
    "spokesmen": "spokesman",
}  # fmt: skip
"""Of the words that are asked for, written by hand."""


@cache
def words(text: str) -> list[str]:
    """Without case, accents and possessives."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"\w+", re.sub(r"['’]s\b", "", plain))


@cache
def stemmed(text: str) -> list[str]:
    return [STEMS.get(word, word) for word in words(text)]


def holds(wanted: list[str], there: list[str]) -> bool:
    return set(wanted) <= set(there)


class Reader:
    """Has read all quotes, knows other names of actors, and which articles are copies."""

    def __init__(self, quotes: list[Document], aliases: Mapping[str, list[str]], stories: Mapping[str, str]) -> None:
        """`aliases` are all names of an actor, by id; `stories` an id of the story, by article."""
        self.quotes = quotes
        self.aliases = aliases
        self.copies = copies(quotes, stories)

    def finds(self, asked: Mapping[str, Any], but: str | None = None) -> list[Document]:
        """The quotes that answer; with all that is asked but for one facet's own choice."""
        narrowing = {name: value for name, value in asked.items() if name != but}
        if but == "timeline":
            narrowing = {name: value for name, value in asked.items() if name not in {"since", "until"}}
        return [quote for quote in self.quotes if all(self.fits(quote, *one) for one in narrowing.items())]

    def facet(self, asked: Mapping[str, Any], name: str) -> Counter[str]:
        return Counter(value for quote in self.finds(asked, but=name) for value in several(quote.get(FACETS[name])))

    def months(self, asked: Mapping[str, Any]) -> Counter[date]:
        found = (quote.get("published_at") for quote in self.finds(asked, but="timeline"))
        return Counter(date.fromisoformat(when[:10]).replace(day=1) for when in found if when)

    def fits(self, quote: Document, name: str, wanted: Any) -> bool:
        if name in FACETS:
            return bool(set(wanted) & set(several(quote.get(FACETS[name]))))
        return bool(self.READ[name](self, quote, wanted))

    def named(self, asked: str, names: Iterable[str], ids: Iterable[str]) -> bool:
        wanted = words(asked)
        known = (words(alias) for id_ in ids for alias in self.aliases.get(id_, ()))
        return asked in ids or any(holds(wanted, there) for there in (*map(words, names), *known))

    READ: Mapping[str, Callable[[Reader, Document, Any], bool]] = {
        "speaker": lambda self, quote, asked: self.named(
            asked, [quote["speaker"], quote.get("speaker_mention", "")], several(quote.get("speaker_id"))
        ),
        "mentions": lambda self, quote, asked: any(
            self.named(asked, [name], []) for name in quote.get("actors", ())
        ) or self.named(asked, [], quote.get("actor_ids", ())),
        "role": lambda self, quote, asked: (
            holds(stemmed(asked), stemmed(quote.get("speaker_role", "")))
            or holds(words(asked), words(quote.get("speaker_mention", "")))
        ),
        "said": lambda self, quote, asked: asked(stemmed(quote["text"])),
        "about": lambda self, quote, asked: asked([w for f in ABOUT for w in stemmed(quote.get(f, ""))]),
        "since": lambda self, quote, asked: quote.get("published_at", "")[:10] >= asked.isoformat(),
        "until": lambda self, quote, asked: "" < quote.get("published_at", "")[:10] <= asked.isoformat(),
        "min_confidence": lambda self, quote, asked: quote["confidence"] >= asked,
        "negated": lambda self, quote, asked: quote["negated"] == asked,
        "fold": lambda self, quote, asked: not asked or quote["id"] not in self.copies,
    }  # fmt: skip


def several(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def copies(quotes: list[Document], stories: Mapping[str, str]) -> set[str]:
    """Ids of quotes whose words an earlier article of the same story has."""

    def when(quote: Document) -> tuple[bool, str, str]:
        return "published_at" not in quote, quote.get("published_at", ""), quote["article_id"]

    first: dict[tuple[str, str], tuple[bool, str, str]] = {}
    for quote in quotes:
        said = (stories[quote["article_id"]], quote["text"])
        first[said] = min(when(quote), first.get(said, when(quote)))
    return {one["id"] for one in quotes if when(one) != first[stories[one["article_id"]], one["text"]]}
