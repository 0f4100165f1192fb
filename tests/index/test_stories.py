"""Copies under other headlines are one story: whatever the order, whatever comes, changes, goes or is cut short."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle
from pipeline.index import Takedowns, Writer, create, tombstone
from pipeline.index.minhash import SHARED, bands
from pipeline.index.stories import update
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.index.articles import NOON, make_article
from tests.newsroom import SYLLABLES

Documents = dict[str, dict[str, dict[str, Any]]]


def sayings(topic: str, count: int = 12) -> list[str]:
    """Things that nobody says about another topic."""
    draw = random.Random(topic)
    return [
        " ".join("".join(draw.choice(SYLLABLES) + draw.choice("aeiou") for _ in range(3)) for _ in range(12))
        for _ in range(count)
    ]


def report(name: str, said: Sequence[str], day: int = 0, **given: Any) -> EnrichedArticle:
    return make_article("", name, said, published_at=NOON + timedelta(days=day), **given)


def wire(topic: str) -> list[EnrichedArticle]:
    """A report of twelve quotes, a copy with another headline, outlet and first line, and one that lacks the end."""
    said = sayings(topic)
    return [
        report(f"{topic} original", said, outlet="Wire"),
        report(f"{topic} copied", [sayings(f"{topic} of our own")[0], *said[1:]], day=1, outlet="Post"),
        report(f"{topic} cut", said[:11], day=2, outlet="Herald"),
    ]


@pytest.fixture
def fold(client: Elasticsearch, settings: Settings, stored: Callable[[], Documents]) -> Callable[[], Documents]:
    """Runs the pass; returns the documents of the test's articles."""

    def fold() -> Documents:
        update(client, settings)
        return stored()

    return fold


def stories(documents: Documents) -> set[frozenset[str]]:
    """The titles of each story, whose id is the smallest of its articles' and which all its quotes have."""
    found: dict[str, set[str]] = {}
    for article in documents["articles"].values():
        assert "story_pending" not in article
        found.setdefault(article["story_id"], set()).add(article["id"])
    assert all(story == min(articles) for story, articles in found.items())
    for quote in documents["quotes"].values():
        assert quote["article_id"] in found[quote["story_id"]]
    return {frozenset(documents["articles"][id_]["title"] for id_ in articles) for articles in found.values()}


def copies(documents: Documents) -> set[tuple[str, str]]:
    """The article of each quote that is a copy, with the article it is told to be a copy of."""
    quotes = documents["quotes"]
    for quote in quotes.values():
        if "copy_of" in quote:
            assert quotes[quote["copy_of"]]["text"] == quote["text"]
            assert "copy_of" not in quotes[quote["copy_of"]]
    return {(one["title"], quotes[one["copy_of"]]["title"]) for one in quotes.values() if "copy_of" in one}


def test_copies_are_one_story_and_what_the_first_of_them_said_is_no_copy(
    writer: Writer, fold: Callable[[], Documents], desk: str
) -> None:
    topics = [f"{desk}grain", f"{desk}gas"]
    alone = f"{desk}alone"
    writer.write([*wire(topics[0]), *wire(topics[1]), report(alone, sayings(alone))])
    found = fold()
    titles = [[f"{topic} {how}" for how in ("original", "copied", "cut")] for topic in topics]
    assert stories(found) == {frozenset(titles[0]), frozenset(titles[1]), frozenset({alone})}
    assert copies(found) == {(copied, original) for original, *others in titles for copied in others}
    assert sum("copy_of" in quote for quote in found["quotes"].values()) == 2 * (
        11 + 11
    )  # not the first line of our own


def test_the_outcome_does_not_depend_on_the_order_in_which_articles_came(
    client: Elasticsearch, settings: Settings
) -> None:
    articles = [*wire("a"), *wire("b"), *wire("c"), *(report(str(n), sayings(str(n))) for n in range(3))]
    found = []
    for seed in range(2):
        own = settings.model_copy(update={"index_prefix": random_prefix()})
        create(client, own)
        shuffled = random.Random(seed).sample(articles, len(articles))
        for start in range(0, len(shuffled), 4):
            Writer(client, own, generation=1).write(shuffled[start : start + 4])
            if seed:
                update(client, own)
        update(client, own)
        found.append(all_documents(own))
    assert found[0] == found[1]
    assert len(stories(found[0])) == 6


def test_an_article_that_says_something_else_now_leaves_its_story_and_the_others_are_told(
    writer: Writer, fold: Callable[[], Documents], desk: str
) -> None:
    original, copied, cut = wire(desk)
    writer.write([original, copied, cut])
    fold()
    changed = report(f"{desk} original", sayings(f"{desk} corrected"), minute=5)
    writer.write([replace(changed, article=replace(changed.article, id=original.article.id))])
    found = fold()
    assert stories(found) == {frozenset({f"{desk} original"}), frozenset({f"{desk} copied", f"{desk} cut"})}
    assert copies(found) == {(f"{desk} cut", f"{desk} copied")}


def test_a_story_whose_first_article_is_taken_down_begins_with_the_next(
    client: Elasticsearch, settings: Settings, writer: Writer, fold: Callable[[], Documents], desk: str
) -> None:
    articles = wire(desk)
    writer.write(articles)
    fold()
    Takedowns(client, settings).take_down(tombstone(article_id=articles[0].article.id))
    found = fold()
    assert stories(found) == {frozenset({f"{desk} copied", f"{desk} cut"})}
    assert copies(found) == {(f"{desk} cut", f"{desk} copied")}


def test_a_pass_that_is_cut_short_is_completed_by_the_next(
    client: Elasticsearch, settings: Settings, writer: Writer, fold: Callable[[], Documents], desk: str
) -> None:
    class Cut(Exception):
        pass

    def cut_after(steps: int) -> Callable[[str], None]:
        left = [None] * steps

        def progress(step: str) -> None:
            if not left:
                raise Cut
            left.pop()

        return progress

    writer.write(wire(desk))
    fold()
    late = report(f"{desk} late", sayings(desk)[:10], day=9)
    for steps in range(3):
        writer.write([replace(late, enrichment=f"newer {steps}")])
        with pytest.raises(Cut):
            update(client, settings, cut_after(steps))
    found = fold()
    assert stories(found) == {frozenset(f"{desk} {how}" for how in ("original", "copied", "cut", "late"))}
    assert (f"{desk} late", f"{desk} original") in copies(found)


def test_an_article_that_comes_again_keeps_its_story_until_the_next_pass_and_after(
    writer: Writer, fold: Callable[[], Documents], stored: Callable[[], Documents], desk: str
) -> None:
    articles = wire(desk)
    writer.write(articles)
    before = fold()
    writer.write([replace(one, enrichment="another") for one in articles])
    assert len({one["story_id"] for documents in stored().values() for one in documents.values()}) == 1
    assert fold()["quotes"] == before["quotes"]


@pytest.mark.parametrize("kept", [0.9, 0.8, 0.3, 0.2])
def test_texts_share_bands_as_they_share_words(kept: float) -> None:
    def text(numbers: Iterable[int]) -> str:
        return " ".join(f"word{number}" for number in numbers)

    size = 400
    shared = round(2 * kept / (1 + kept) * size)  # of both texts' sequences `kept` are common
    for start in range(0, 20_000, 1000):
        one, other = text(range(start, start + size)), text([*range(start, start + shared), *range(-size + shared, 0)])
        assert (len(set(bands(one)) & set(bands(other))) >= SHARED) == (kept > 0.5)


def test_any_text_has_bands() -> None:
    assert bands("ONE “two”, three\nfour") == bands("One two three four.")
    assert bands("Only three words") == bands("") == []
    assert len(bands("word " * 100_000)) == len(bands("\ud800 a b c d")) == 64
