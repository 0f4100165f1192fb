"""The pass that finds copies: articles that share `SHARED` bands are copies, and so are copies of copies: a story.

It looks at the articles that are pending (new, or written anew) and at what they touch, in three steps:

1. Whatever was in one story with a pending article stands alone again and is pending too: what held the story together
   may have gone.
2. Each pending article joins the stories of its copies; the smallest id names the story.
3. The quotes of the stories that may have changed are told which story they are of, and which of them repeat an earlier
   article's; then these articles are pending no more.

So the outcome depends on what is stored, not on the order in which it came, and a pass that was killed is completed by
the next. What is written meanwhile waits for the next pass. Memory holds a page, and of each of its stories the ids of
its articles and the different things said.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.elastic import alias
from pipeline.index.minhash import SHARED, bands
from pipeline.index.patience import patiently
from pipeline.index.reading import answered
from pipeline.index.rewriting import PAGE, Changes, Hit, change, pages, scan
from pipeline.index.takedown import Takedowns
from pipeline.settings import Settings

NEIGHBOURS = 10_000
"""Stories that one article is found to touch at most."""
KEEP = "15m"
"""How long the moment that a pass is about outlasts each look at it."""
PENDING: dict[str, Any] = {
    "bool": {"should": [{"term": {"story_pending": True}}, {"bool": {"must_not": {"exists": {"field": "story_id"}}}}]}
}
"""New or written anew; the second is what was stored before there were stories."""

FIELDS = ["story_id", "minhash_bands"]

Progress = Callable[[str], None]
Place = tuple[bool, str, str]
"""Of an article in its story: by date, without one last, then by id."""
First = tuple[Place, int, str]
"""Where something was said first: its article's place in the story, the quote's in the article, and the quote's id."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What a pass found."""

    articles: int
    """Pending ones, which are so no more."""
    copies: int
    """Quotes in their stories that repeat an earlier article's."""

    def __str__(self) -> str:
        return f"looked at {self.articles:,} articles; {self.copies:,} quotes in their stories are copies"


def update(client: Elasticsearch, settings: Settings, progress: Progress = lambda step: None) -> Folded:
    """Put every pending article into its story. One pass at a time; ingestion may go on meanwhile.

    Raises `Unreachable`; run again, it goes on.
    """
    stored = _Stored(client, settings)
    stored.refresh()
    for count, page in enumerate(stored.pending(), start=1):
        stored.take_apart(page)
        progress(f"{count * PAGE:,} articles looked at")
    stored.refresh()
    moment = stored.open()
    try:
        for count, page in enumerate(stored.pending(moment), start=1):
            stored.unite(page)
            progress(f"{count * PAGE:,} articles compared")
        articles = copies = 0
        for settled, found in stored.settle(moment):
            articles, copies = articles + settled, copies + found
            progress(f"{articles:,} articles settled")
    finally:
        client.options(ignore_status=404).close_point_in_time(id=moment)
    Takedowns(client, settings).enforce()  # what was taken down just now may have been written again
    stored.refresh()
    return Folded(articles, copies)


class _Stored:
    """Articles and quotes as a pass sees them."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._articles = alias(settings, "articles")
        self._quotes = alias(settings, "quotes")

    def refresh(self) -> None:
        """Let searches see what has been written."""
        patiently(self._settings, partial(self._client.indices.refresh, index=[self._articles, self._quotes]))

    def open(self) -> str:
        """This moment of the articles."""
        return str(
            patiently(
                self._settings,
                partial(self._client.open_point_in_time, index=self._articles, keep_alive=KEEP),
            )["id"]
        )

    def pending(self, moment: str | None = None, by: Sequence[str] = ("id",)) -> Iterator[list[Hit]]:
        """Pages of pending articles in the order of these fields; of a moment, or as they are."""
        where = {"pit": {"id": moment, "keep_alive": KEEP}} if moment else {"index": self._articles}
        after = None
        while True:
            search = partial(
                self._client.search, **where, query=PENDING, source_includes=FIELDS, size=PAGE, version=True,
                sort=[{field: "asc"} for field in by], search_after=after, track_total_hits=False,
                allow_partial_search_results=False,
            )  # fmt: skip
            page: list[Hit] = patiently(self._settings, search)["hits"]["hits"]
            if not page:
                return
            yield page
            after = page[-1]["sort"]

    def take_apart(self, page: Sequence[Hit]) -> None:
        """Have all articles of the stories of these ones stand alone, and be pending."""
        stories = sorted({hit["_source"].get("story_id", hit["_id"]) for hit in page})
        fields = ("story_id", "story_pending")
        members = self._scan("articles", {"terms": {"story_id": stories}}, fields)
        alone = (
            (hit, {"story_id": hit["_id"], "story_pending": True})
            for hit in members
            if (hit["_source"]["story_id"], hit["_source"].get("story_pending")) != (hit["_id"], True)
        )
        change(self._client, self._settings, "articles", alone)
        older = [hit for hit in page if "story_id" not in hit["_source"]]
        if older:
            change(self._client, self._settings, "articles", self._as_new(older))

    def _as_new(self, hits: Sequence[Hit]) -> Iterator[tuple[Hit, Changes]]:
        ids = {"ids": {"values": [hit["_id"] for hit in hits]}}
        for hit in self._scan("articles", ids, ("text",)):
            found = bands(hit["_source"].get("text", "")) or None
            yield hit, {"story_id": hit["_id"], "story_pending": True, "minhash_bands": found}

    def unite(self, page: Sequence[Hit]) -> None:
        """Join each of these articles with its copies."""
        alone = [
            hit for hit in page if hit["_source"].get("story_id") == hit["_id"] and "minhash_bands" in hit["_source"]
        ]
        if not alone:
            return
        whole = {"index": self._articles, "allow_partial_search_results": False}
        searches = [part for hit in alone for part in (whole, _copies(hit["_source"]["minhash_bands"]))]

        def found() -> list[dict[str, Any]]:
            return answered(self._settings, self._client.msearch(searches=searches)["responses"])

        roots: dict[str, str] = {}
        for answer in patiently(self._settings, found):
            _join(roots, [bucket["key"] for bucket in answer["aggregations"]["stories"]["buckets"]])
        moved = {story: root for story in roots if (root := _root(roots, story)) != story}
        for stories in pages(sorted(moved)):
            query = {"terms": {"story_id": stories}}
            hits = self._scan("articles", query, ("story_id",))
            changes = ((hit, {"story_id": moved[hit["_source"]["story_id"]]}) for hit in hits)
            change(self._client, self._settings, "articles", changes)
        if moved:
            patiently(self._settings, partial(self._client.indices.refresh, index=self._articles))

    def settle(self, moment: str) -> Iterator[tuple[int, int]]:
        """Tell the quotes of the moment's pending articles; yields how many articles, and copies in their stories."""
        last: set[str] = set()
        for page in self.pending(by=("story_id", "id")):
            done = self._unchanged_since(moment, page)
            stories = {hit["_source"]["story_id"] for hit in done}
            copies = self._tell(stories - last)
            change(self._client, self._settings, "articles", ((hit, {"story_pending": None}) for hit in done))
            last = stories & {page[-1]["_source"]["story_id"]}  # done, though it may go on in the next page
            yield len(done), copies

    def _unchanged_since(self, moment: str, page: Sequence[Hit]) -> list[Hit]:
        """Those of the page that step 2 has seen as they are: neither new nor written anew meanwhile."""
        query = {"bool": {"must": [PENDING, {"ids": {"values": [hit["_id"] for hit in page]}}]}}
        search = partial(
            self._client.search, pit={"id": moment, "keep_alive": KEEP}, query=query, size=PAGE, version=True,
            source_includes=FIELDS, allow_partial_search_results=False,
        )  # fmt: skip
        seen = {
            hit["_id"]: (hit["_version"], hit["_source"].get("minhash_bands"))
            for hit in patiently(self._settings, search)["hits"]["hits"]
            if hit["_source"].get("story_id") == hit["_id"]
        }
        return [hit for hit in page if seen.get(hit["_id"]) == (hit["_version"], hit["_source"].get("minhash_bands"))]

    def _tell(self, stories: Collection[str]) -> int:
        """Write story and copy into the quotes of these stories, where they say otherwise; how many are copies."""
        members: dict[str, dict[str, Place]] = defaultdict(dict)
        for hit in self._scan("articles", {"terms": {"story_id": sorted(stories)}}, ("story_id", "published_at")):
            published_at = hit["_source"].get("published_at")
            members[hit["_source"]["story_id"]][hit["_id"]] = (published_at is None, published_at or "", hit["_id"])
        single = [story for story, articles in members.items() if len(articles) == 1]
        for page in pages(single):
            query = {"bool": {"should": [_otherwise(article) for article in page]}}
            alone = ((hit, {"story_id": hit["_routing"], "copy_of": None}) for hit in self._scan("quotes", query, ()))
            change(self._client, self._settings, "quotes", alone)
        several = {
            article: (story, place)
            for story in members.keys() - set(single)
            for article, place in members[story].items()
        }
        return self._tell_copies(several)

    def _tell_copies(self, articles: Mapping[str, tuple[str, Place]]) -> int:
        """The same for the articles of stories that have several; each is given with its story and place."""
        first: dict[tuple[str, bytes], First] = {}
        for hit in self._quotes_of(articles, ("text", "start")):
            story, place = articles[hit["_routing"]]
            said = (story, _key(hit["_source"]["text"]))
            here = (place, hit["_source"]["start"], hit["_id"])
            first[said] = min(here, first.get(said, here))
        copies = 0

        def changes() -> Iterator[tuple[Hit, Changes]]:
            nonlocal copies
            for hit in self._quotes_of(articles, ("text", "story_id", "copy_of")):
                source = hit["_source"]
                story, here = articles[hit["_routing"]]
                place, _, quote = first.get((story, _key(source["text"])), (here, 0, hit["_id"]))
                new = {"story_id": story, "copy_of": None if place == here else quote}
                copies += new["copy_of"] is not None
                if new != {name: source.get(name) for name in new}:
                    yield hit, new

        change(self._client, self._settings, "quotes", changes())
        return copies

    def _quotes_of(self, articles: Iterable[str], fields: Sequence[str]) -> Iterator[Hit]:
        for page in pages(sorted(articles)):
            yield from self._scan("quotes", {"terms": {"article_id": page}}, fields)

    def _scan(self, index: str, query: Mapping[str, Any], fields: Sequence[str]) -> Iterator[Hit]:
        return scan(self._client, self._settings, index, query, fields)


def _copies(of: Sequence[str]) -> dict[str, Any]:
    """The search for the stories of all articles that share enough of these bands, the article's own among them."""
    shared = {"should": [{"term": {"minhash_bands": band}} for band in of], "minimum_should_match": SHARED}
    return {
        "query": {"bool": {"filter": {"bool": shared}}},
        "aggs": {"stories": {"terms": {"field": "story_id", "size": NEIGHBOURS}}},
        "size": 0,
        "track_total_hits": False,
    }


def _otherwise(article: str) -> dict[str, Any]:
    """Quotes of an article that say something else than that it stands alone."""
    alone = {"bool": {"filter": {"term": {"story_id": article}}, "must_not": {"exists": {"field": "copy_of"}}}}
    return {"bool": {"filter": {"term": {"article_id": article}}, "must_not": alone}}


def _join(roots: dict[str, str], stories: Sequence[str]) -> None:
    """Make these stories one."""
    found = [_root(roots, story) for story in stories]
    for root in found:
        roots[root] = min(found)


def _root(roots: dict[str, str], story: str) -> str:
    while roots.setdefault(story, story) != story:
        story = roots[story]
    return story


def _key(text: str) -> bytes:
    """The same for the same words, whatever marks, spaces, case and accents they are printed with."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return hashlib.blake2b("".join(filter(str.isalnum, plain)).encode(errors="replace"), digest_size=16).digest()
