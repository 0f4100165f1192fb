"""An article written is found as it was enriched, and the newest version of it stands, whatever happened on the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.article import EnrichedArticle, Mention, Quote, QuoteKind, Span
from pipeline.elastic import connect
from pipeline.errors import ConfigurationError
from pipeline.index import State, Writer, sweep
from pipeline.index.minhash import bands
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.index.articles import make_article
from tests.index.conftest import Documents

Make = Callable[..., EnrichedArticle]
Stored = Callable[[], Documents]


def texts(documents: Documents) -> set[str]:
    return {quote["text"] for quote in documents["quotes"].values()}


def states(writer: Writer, *batch: EnrichedArticle) -> list[State]:
    return [outcome.state for outcome in writer.write(batch)]


def test_a_quote_and_its_article_are_written_field_by_field_as_documented(
    article: Make, writer: Writer, stored: Stored
) -> None:
    text = "In Paris,\n“We will not,” Dmitry Peskov told Le Monde, “accept Macron’s terms.” Then he left."
    quote = Quote(
        pieces=(Span(10, 24), Span(54, 78)),
        kind=QuoteKind.DIRECT,
        cue=Span(39, 43),
        cue_lemma="tell",
        speaker=article("x", ["y"]).quotes[0].speaker,
        addressee="Le Monde",
        confidence=0.75,
    )
    inner = Quote(pieces=(Span(62, 76),), kind=QuoteKind.INDIRECT, nested_in=0)
    mentions = (
        Mention(3, 8, "GPE", "Paris", country="FR"),
        Mention(25, 38, "PERSON", "Dmitry Peskov", "peskov", "RU"),
        Mention(62, 68, "PERSON", "Emmanuel Macron", "macron", "FR"),
    )
    base = article("doc", [])
    published = datetime(2022, 12, 2, 8, 30, tzinfo=UTC)
    whole = replace(
        base.article,
        text=text,
        url="https://example.org/a",
        outlet="Example",
        outlet_country="US",
        authors=("A. Author",),
        published_at=published,
        source_member="line 3",
    )
    assert states(writer, EnrichedArticle(whole, "e1", (quote, inner), mentions)) == [State.INDEXED]

    documents = stored()
    first, second = f"{whole.id}:10-24", f"{whole.id}:62-76"
    publication = {
        "url": "https://example.org/a",
        "title": whole.title,
        "outlet": "Example",
        "outlet_country": "US",
        "language": "en",
        "published_at": "2022-12-02T08:30:00.000Z",
        "story_id": whole.id,
    }
    assert documents["quotes"][first] == publication | {
        "id": first,
        "article_id": whole.id,
        "text": "“We will not,” … “accept Macron’s terms.”",
        "start": 10,
        "end": 78,
        "pieces": [{"start": 10, "end": 24}, {"start": 54, "end": 78}],
        "kind": "direct",
        "act": "speech",
        "negated": False,
        "cue": "told",
        "cue_span": {"start": 39, "end": 43},
        "cue_lemma": "tell",
        "context_before": "In Paris,",
        "context_after": "Then he left.",
        "confidence": 0.75,
        "addressee": "Le Monde",
        "speaker": "Dmitry Peskov",
        "speaker_mention": "Dmitry Peskov",
        "speaker_span": {"start": 0, "end": 13},
        "speaker_kind": "person",
        "speaker_role": "spokesman",
        "speaker_country": "RU",
        "actors": ["Emmanuel Macron"],
        "actor_ids": ["macron"],
        "countries": ["FR"],
    }
    unnamed = documents["quotes"][second]
    assert (unnamed["speaker"], unnamed["speaker_kind"], unnamed["nested_in"]) == ("unknown", "unknown", first)
    assert "speaker_country" not in unnamed
    assert documents["articles"][whole.id] == publication | {
        "id": whole.id,
        "text": text,
        "authors": ["A. Author"],
        "source_file": "doc.txt",
        "source_member": "line 3",
        "content_hash": whole.content_hash,
        "word_count": 16,
        "mentions": [
            {"start": 3, "end": 8, "label": "GPE", "name": "Paris", "country": "FR"},
            {"start": 25, "end": 38, "label": "PERSON", "name": "Dmitry Peskov", "actor_id": "peskov", "country": "RU"},
            {
                "start": 62,
                "end": 68,
                "label": "PERSON",
                "name": "Emmanuel Macron",
                "actor_id": "macron",
                "country": "FR",
            },
        ],
        "speakers": ["Dmitry Peskov"],
        "quote_ids": [first, second],
        "quote_count": 2,
        "enrichment": "e1",
        "revision": int(whole.source_time.timestamp() * 1000) * 1024 + 1,
        "minhash_bands": bands(text),
        "story_pending": True,
        "actors": ["Dmitry Peskov", "Emmanuel Macron"],
        "actor_ids": ["peskov", "macron"],
        "countries": ["FR", "RU"],
    }


def test_an_article_written_again_with_one_quote_less_and_one_changed_leaves_exactly_the_new_quotes(
    article: Make, writer: Writer, stored: Stored
) -> None:
    assert states(writer, article("a", ["One.", "Two.", "Three."])) == [State.INDEXED]
    assert states(writer, article("a", ["One.", "Two, and more."], minute=1)) == [State.INDEXED]
    assert texts(stored()) == {"“One.”", "“Two, and more.”"}


def test_an_older_revision_written_late_changes_nothing(article: Make, writer: Writer, stored: Stored) -> None:
    writer.write([article("a", ["New."], minute=5)])
    before = stored()
    assert states(writer, article("a", ["Old.", "Older."], minute=4)) == [State.UNCHANGED]
    assert stored() == before


def test_an_older_pipeline_does_not_undo_a_newer_ones_work(
    article: Make, writer: Writer, client: Elasticsearch, settings: Settings, stored: Stored
) -> None:
    newer = Writer(client, settings, generation=2)
    newer.write([article("a", ["Right."], enrichment="newer")])
    assert states(writer, article("a", ["Wrong."], enrichment="older")) == [State.UNCHANGED]
    assert texts(stored()) == {"“Right.”"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_sources_with_one_article_at_the_same_time_end_the_same_in_either_order(
    writer: Writer, article: Make, stored: Stored, order: tuple[int, int]
) -> None:
    two = [article("a", ["One."], source_file="x.txt"), article("a", ["Another."], source_file="y.txt")]
    for position in order:
        writer.write([two[position]])
    (stands,) = stored()["articles"].values()
    assert stands["content_hash"] == max(one.article.content_hash for one in two)


def test_a_file_corrected_without_a_new_time_is_written(writer: Writer, article: Make, stored: Stored) -> None:
    for said in ("Wrong.", "Right.", "Right, at last."):
        assert states(writer, article("a", [said])) == [State.INDEXED]
    assert texts(stored()) == {"“Right, at last.”"}


def test_the_same_article_is_unchanged_and_a_better_enrichment_is_written(article: Make, writer: Writer) -> None:
    assert states(writer, article("a", ["One."])) == [State.INDEXED]
    assert states(writer, article("a", ["One."]), article("a", ["One."], minute=9)) == [
        State.UNCHANGED,
        State.UNCHANGED,
    ]
    assert states(writer, article("a", ["One."], enrichment="second")) == [State.INDEXED]


def test_the_time_of_the_first_ingestion_is_kept(article: Make, writer: Writer) -> None:
    first = article("a", ["One."])
    writer.write([first])
    (before,) = writer.known([first.article.id]).values()
    writer.write([article("a", ["Two."], minute=1)])
    (after,) = writer.known([first.article.id]).values()
    assert after.revision > before.revision
    assert after.ingested_at == before.ingested_at


def test_of_one_article_twice_in_a_batch_the_newer_stands(article: Make, writer: Writer, stored: Stored) -> None:
    assert states(writer, article("a", ["Newer."], minute=2), article("a", ["Older."], minute=1)) == [
        State.INDEXED,
        State.UNCHANGED,
    ]
    assert texts(stored()) == {"“Newer.”"}


def test_what_elasticsearch_refuses_becomes_a_dead_letter_and_stops_nothing_else(
    article: Make, writer: Writer, stored: Stored
) -> None:
    immense = "x" * 40_000  # longer than a term of a keyword field may be
    bad_quote = article("bad quote", ["One.", "Two."], language=immense, source_member="line 7")
    outcomes = writer.write([article("good", ["Fine."]), bad_quote, article("good too", [])])
    assert [outcome.state for outcome in outcomes] == [State.INDEXED, State.FAILED, State.INDEXED]
    letter = outcomes[1].dead_letter
    assert letter is not None
    assert (letter.stage, letter.reason, letter.article_id) == ("index", "rejected", bad_quote.article.id)
    assert "bad quote.txt (line 7)" in letter.message
    assert "language" in letter.message
    documents = stored()
    assert texts(stored()) == {"“Fine.”"}
    assert len(documents["articles"]) == 2


def test_a_refused_article_takes_its_quotes_with_it(article: Make, writer: Writer, stored: Stored) -> None:
    refused = article("a", ["One."], section="politics", published_at_flag="f" * 40_000)  # a field that quotes lack
    assert states(writer, refused) == [State.FAILED]
    assert stored() == {"articles": {}, "quotes": {}}


def test_without_indices_the_remedy_is_named(article: Make, elasticsearch_url: str) -> None:
    bare = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    with pytest.raises(ConfigurationError, match="whosaid index create"):
        Writer(connect(bare), bare, generation=1).write([article("a", ["One."])])


@hypothesis_settings(max_examples=15, deadline=None)
@given(
    versions=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(1, 3)),
        min_size=1,
        max_size=8,
        unique_by=lambda version: version[:2],
    ),
    data=st.data(),
)
def test_in_whatever_order_and_batches_versions_arrive_the_newest_stand(
    writer: Writer, settings: Settings, versions: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    desk = random_prefix()
    made = [
        make_article(desk, name, [f"{name}{minute} says {i}." for i in range(count)], minute=minute)
        for name, minute, count in versions
    ]
    arriving = data.draw(st.permutations(made))
    cut = data.draw(st.integers(0, len(made)))
    for batch in (arriving[:cut], arriving[cut:]):
        writer.write(batch)
    assert_only_newest_stand(all_documents(settings), desk, made)


@hypothesis_settings(max_examples=25, deadline=None)
@given(said=st.text(st.characters(exclude_categories=()), min_size=1, max_size=300), title=st.text(max_size=50))
def test_any_text_is_kept_with_its_offsets(
    writer: Writer, client: Elasticsearch, settings: Settings, said: str, title: str
) -> None:
    wild = make_article(random_prefix(), "wild", [said], title=title)
    assert states(writer, wild) == [State.INDEXED]
    text: str = client.get(index=f"{settings.index_prefix}articles", id=wild.article.id)["_source"]["text"]
    id_ = f"{wild.article.id}:20-{len(text)}"
    quote: Any = client.get(index=f"{settings.index_prefix}quotes", id=id_, routing=wild.article.id)["_source"]
    assert len(text) == len(wild.article.text)
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert text.encode()  # what cannot be encoded is replaced, character by character


def test_writers_racing_leave_the_newest_versions_whole(
    settings: Settings, client: Elasticsearch, article: Make, stored: Stored, desk: str
) -> None:
    versions = [
        article(f"article {n}", [f"{n} in {minute} says {i}." for i in range((minute * 7 + n) % 5)], minute=minute)
        for n in range(6)
        for minute in range(12)
    ]

    def write_all(seed: int) -> None:
        racer = Writer(connect(settings), settings, generation=1)
        mine = random.Random(seed).sample(versions, len(versions))
        for at in range(0, len(mine), 5):
            racer.write(mine[at : at + 5])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_all, range(4)))
    sweep(client, settings, grace=0)  # a version that was overtaken twice in one moment may have left quotes
    assert_only_newest_stand(stored(), desk, versions)


def assert_only_newest_stand(documents: Documents, desk: str, versions: Sequence[EnrichedArticle]) -> None:
    newest = {version.article.id: version for version in sorted(versions, key=lambda one: one.article.source_time)}
    articles = {id_: one for id_, one in documents["articles"].items() if one.get("title", "").startswith(desk)}
    quotes = [quote for quote in documents["quotes"].values() if quote.get("title", "").startswith(desk)]
    assert {id_: one.get("text", "") for id_, one in articles.items()} == {
        id_: one.article.text for id_, one in newest.items()
    }
    assert {quote["id"] for quote in quotes} == {id_ for one in articles.values() for id_ in one.get("quote_ids", ())}
    assert sorted(quote["text"] for quote in quotes) == sorted(
        one.article.text[quote.start : quote.end] for one in newest.values() for quote in one.quotes
    )
