"""A person corrects what was found: it shows at once, stands in every later run, and can be taken back and exported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.article import Article, DeadLetter, EnrichedArticle, Span
from pipeline.corrections.export import as_decisions, as_notation, as_scorer
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.errors import BadQuery
from pipeline.index import Decisions, Takedowns, rebuild, tombstone
from pipeline.index.actors import ActorIndex
from pipeline.settings import Settings
from pipeline.whoswho import update
from tests.corrections.desk import TEXT, Desk, desk_for, span
from tests.documents import random_prefix
from tests.enrich import notation


def test_a_correction_shows_at_once_in_the_quote_and_in_its_article(desk: Desk) -> None:
    before = desk.quotes
    desk.decide_much()
    held = desk.saying("it would hold")
    assert (held["speaker"], held["speaker_id"], held["speaker_mention"]) == (
        "Mira Castell",
        "person:mira-castell",
        "He",
    )
    assert (held["speaker_evidence"], held["confidence"]) == ("decision", 1.0)
    pay = desk.saying("Italy")
    assert pay["text"] == "that Italy would pay" and pay["kind"] == "indirect" and pay["countries"] == ["IT"]
    assert pay["id"] == f"{pay['article_id']}:{pay['start']}-{pay['end']}"
    assert (pay["speaker_id"], pay["speaker_country"]) == ("dmitry-peskov", "RU") and pay["speaker_location"]
    assert set(desk.article["quote_ids"]) == desk.quotes.keys()
    assert len(desk.quotes) == len(before) - 1 == desk.article["quote_count"]
    assert desk.article["speakers"] == ["Jonas Quill", "Mira Castell", "Dmitry Peskov"]
    assert "dmitry-peskov" in desk.article["actor_ids"]


def test_every_later_run_honours_it_and_gives_the_same_documents(desk: Desk) -> None:
    found = desk.documents()
    desk.decide_much()
    corrected = desk.documents()
    assert corrected != found
    assert desk.ingest() == "unchanged"
    desk.remove()
    assert desk.ingest() == "indexed"  # decided before the article comes
    assert desk.documents() == corrected
    rebuild(connect(desk.settings), desk.settings)
    assert desk.documents() == corrected
    for decision in desk.door.of_article(desk.id):
        desk.door.undo(decision.id, by="you")
    assert desk.documents() == found
    assert [decision.undone for decision in desk.door.of_article(desk.id)] == [True] * 4
    assert desk.ingest() == "unchanged"


class Rougher(Enricher):
    """A later enrichment that finds each quote a little shorter, and forgets one."""

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        return "rougher"

    def enrich(self, articles: Iterable[Article]) -> Iterator[EnrichedArticle | DeadLetter]:
        for one in super().enrich(articles):
            assert isinstance(one, EnrichedArticle)
            kept = [quote for quote in one.quotes if "Italy" not in TEXT[quote.start : quote.end]]
            shorter = [replace(q, pieces=(*q.pieces[:-1], Span(q.pieces[-1].start, q.end - 2))) for q in kept]
            yield replace(one, quotes=tuple(shorter), enrichment=self.fingerprint)


def test_a_newer_enrichment_with_other_ends_honours_it_too(desk: Desk) -> None:
    desk.decide_much()
    rougher = Rougher()
    assert desk.ingest(rougher) == "indexed"
    assert desk.saying("it would ho")["text"].endswith("it would ho")
    assert desk.saying("it would ho")["speaker"] == "Mira Castell"
    assert not [quote for quote in desk.quotes.values() if "Nobody" in quote["text"]]
    assert desk.saying("that Italy would pay")["speaker"] == "Dmitry Peskov"  # a person saw that it is one
    assert desk.article["enrichment"].startswith("rougher+")
    assert desk.ingest(rougher) == "unchanged"


def test_it_follows_its_words_into_a_newer_text_and_is_reported_where_they_are_gone(desk: Desk) -> None:
    def missed() -> list[str]:
        return [one.quote_id[0] for one in desk.door.everywhere().missed if one.article_id == (desk.id,)]

    quote_id = desk.saying("it would hold")["id"]
    desk.door.speaker(quote_id, "Mira Castell")
    desk.write("There is news.\n" + TEXT, day=2)
    assert desk.ingest() == "indexed"
    assert desk.saying("it would hold")["speaker"] == "Mira Castell"
    assert missed() == []
    desk.write(TEXT.replace("it would hold", "it would stand"), day=3)
    assert desk.ingest() == "indexed"
    assert desk.saying("it would stand")["speaker"] == "Jonas Quill"
    assert missed() == [quote_id]


def test_two_actors_become_one_at_once_and_two_again_when_it_is_undone(desk: Desk) -> None:
    found = desk.documents()
    change = desk.door.same_actor("dmitry-peskov", "sergei-lavrov")
    assert desk.documents() == found  # neither of them is in the article
    desk.door.undo(change.decision.id)
    quote_id = desk.saying("Italy")["id"]
    desk.door.speaker(quote_id, None, actor_id="sergei-lavrov")
    apart = desk.documents()
    merged = desk.door.same_actor("dmitry-peskov", "sergei-lavrov")
    assert desk.saying("Italy")["speaker_id"] == "dmitry-peskov"
    assert desk.article["replaced_ids"] == ["sergei-lavrov"] and "sergei-lavrov" not in desk.article["actor_ids"]
    assert desk.ingest() == "unchanged"
    desk.door.undo(merged.decision.id)
    assert desk.documents() == apart


def test_actors_become_one_again_as_often_as_it_is_decided(desk: Desk) -> None:
    quote_id = desk.saying("Italy")["id"]
    desk.door.speaker(quote_id, "Paula Dunn")
    actors = ActorIndex(connect(desk.settings), desk.settings)
    update(actors, desk.enricher.register)
    apart = desk.documents()
    for _ in range(2):  # the second time, the index of actors knows her no more
        first = desk.door.same_actor("dmitry-peskov", "person:paula-dunn")
        again = desk.door.same_actor("dmitry-peskov", "person:paula-dunn")
        assert first.decision.payload == again.decision.payload
        assert desk.saying("Italy")["speaker_id"] == "dmitry-peskov"
        desk.door.undo(again.decision.id)
        assert desk.documents() == apart


def test_what_cannot_be_is_refused_in_words(desk: Desk) -> None:
    quote, door = desk.saying("it would hold")["id"], desk.door
    for refused in (
        lambda: door.speaker("nowhere:1-2", "Ada"),
        lambda: door.speaker(quote.replace(":", ":9"), "Ada"),
        lambda: door.speaker(quote, "…"),
        lambda: door.speaker(quote, "Jonas Quill"),
        lambda: door.speaker(quote, None, actor_id="person:no-one"),
        lambda: door.extent(quote, []),
        lambda: door.extent(quote, [Span(0, len(TEXT) + 1)]),
        lambda: door.extent(quote, [span("Ada Brandt")]),
        lambda: door.same_actor("dmitry-peskov", "dmitry-peskov"),
        lambda: door.undo("0" * 64),
        lambda: door.undo(""),
    ):
        with pytest.raises(BadQuery):
            refused()
    assert not door.of_article(desk.id)


def test_an_archive_without_texts_is_corrected_too(settings: Settings, enricher: Enricher, tmp_path: Path) -> None:
    desk = desk_for(settings.model_copy(update={"store_text": False}), enricher, tmp_path, "textless")
    found = desk.documents()
    desk.door.speaker(desk.saying("it would hold")["id"], None)
    desk.door.no_quote(desk.saying("Nobody")["id"])
    assert desk.saying("it would hold")["speaker"] == "unknown"
    assert "text" not in desk.article and desk.article["word_count"] == len(TEXT.split())
    with pytest.raises(BadQuery, match="without its text"):
        desk.door.extent(desk.saying("Italy")["id"], [span("Italy would pay")])
    for decision in desk.door.of_article(desk.id):
        desk.door.undo(decision.id)
    assert desk.documents() == found


def test_what_is_taken_down_leaves_no_words_in_decisions(desk: Desk) -> None:
    desk.decide_much()
    client = connect(desk.settings)
    Takedowns(client, desk.settings).take_down(tombstone(article_id=desk.id))
    Decisions(client, desk.settings).show()
    assert [one.kind for one in desk.door.of_article(desk.id)] == ["takedown"]


def test_corrections_are_exported_to_train_and_to_score_on(
    elasticsearch_url: str, enricher: Enricher, tmp_path: Path
) -> None:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    desk_for(settings, enricher, tmp_path, "exported").decide_much()
    client = connect(settings)
    rows = [json.loads(line) for line in as_decisions(client, settings)]
    assert [row["kind"] for row in rows] == ["speaker", "extent", "speaker", "no_quote"]
    assert (rows[0]["was"]["speaker"], rows[0]["now"]["speaker"], rows[0]["by"]) == (
        "Jonas Quill",
        "Mira Castell",
        "me",
    )
    assert rows[1]["text"] == TEXT and rows[1]["now"]["text"] == "that Italy would pay" and rows[3]["now"] is None

    (article,) = (json.loads(line) for line in as_scorer(client, settings))
    sure = {
        TEXT[row["start"] : row["end"]]: row["speaker"]["canonical"] for row in article["quotes"] if row["corrected"]
    }
    assert sure == {"it would hold": "Mira Castell", "that Italy would pay": "Dmitry Peskov"}

    examples = [notation.parse(text.strip()) for text in as_notation(client, settings)]
    marked = {text[start:end] for text, found in examples for quote in found.values() for start, end in quote.pieces}
    assert {"it would hold", "that Italy would pay", "“The ferry is late again,”"} <= marked
    assert not [words for words in marked if "Nobody" in words]
