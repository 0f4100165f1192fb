"""Corrections that are killed, or made while something else writes the same article: each stands, whole."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import Article, DeadLetter, EnrichedArticle
from pipeline.corrections import Corrections, stories
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.index import Writer, rewriting
from pipeline.index.bulk import Answer, send
from pipeline.index.stored import Store
from pipeline.settings import Settings
from tests.corrections.desk import Desk, Document, desk_for, span


def test_a_correction_that_was_killed_at_any_write_is_completed_by_running_it_again(
    settings: Settings, enricher: Enricher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def correct(desk: Desk, quote_id: str) -> list[Document]:
        desk.door.extent(quote_id, [span("Italy would pay")])
        return plain(desk)

    def plain(desk: Desk) -> list[Document]:
        """Without ids and the file; nor the mark of the decision, in which its time is."""
        text = json.dumps(desk.documents()).replace(desk.id, "id").replace(desk.url, "").replace(str(desk.file), "")
        documents = json.loads(text).values()
        return sorted(
            ({k: v for k, v in d.items() if k not in {"enrichment", "content_hash"}} for d in documents), key=str
        )

    whole = desk_for(settings, enricher, tmp_path, "never-killed")
    expected = correct(whole, whole.saying("Italy")["id"])
    done = False
    for writes in range(9):
        desk = desk_for(settings, enricher, tmp_path, f"killed-after-{writes}")
        quote_id, left = desk.saying("Italy")["id"], [writes]

        def dying(client: Elasticsearch, knobs: Settings, operations: Any, left: list[int] = left) -> Any:
            if operations and not left[0]:
                raise KeyboardInterrupt
            left[0] -= bool(operations)
            return send(client, knobs, operations)

        with monkeypatch.context() as patch:
            for module in ("index.decisions", "index.writer", "corrections.replay"):
                patch.setattr(f"pipeline.{module}.send", dying)
            try:
                correct(desk, quote_id)
                done = True
            except KeyboardInterrupt:
                pass
        assert correct(desk, quote_id) == expected
        if done:
            break
    assert done and writes > 3


class Interrupted(Enricher):
    """An enricher while which somebody corrects."""

    desk: Desk

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        return "later"

    def enrich(self, articles: Iterable[Article]) -> Iterator[EnrichedArticle | DeadLetter]:
        self.desk.door.no_quote(self.desk.saying("Nobody was told")["id"])
        yield from super().enrich(articles)


def test_a_correction_made_while_the_article_is_ingested_stands(desk: Desk) -> None:
    interrupted = Interrupted()
    interrupted.desk = desk
    assert desk.ingest(interrupted) == "indexed"
    assert not [quote for quote in desk.quotes.values() if "Nobody" in quote["text"]]
    assert desk.article["enrichment"].startswith("later+")


def test_corrections_of_one_article_at_once_all_stand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(writer: Writer, *given: Any, write: Any = Writer.write, **named: Any) -> Any:
        time.sleep(0.1)
        return write(writer, *given, **named)

    monkeypatch.setattr(Writer, "write", slowly)
    found = desk.documents()
    words = ("the bridge was safe", "it would hold", "ferry is late", "Nobody was told", "Italy would pay")
    ids = [desk.saying(said)["id"] for said in words]
    with ThreadPoolExecutor(len(ids)) as threads:
        list(threads.map(lambda quote_id: desk.door.speaker(quote_id, "Paula Dunn"), ids))
    assert {desk.saying(said)["speaker"] for said in words} == {"Paula Dunn"}
    for decision in desk.door.of_article(desk.id):
        desk.door.undo(decision.id)
    assert desk.documents() == found


@pytest.mark.parametrize("moment", ["before it writes", "between an article and its quotes"])
def test_a_correction_that_another_process_makes_meanwhile_stands_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    found = desk.documents()
    held, nobody = desk.saying("it would hold")["id"], desk.saying("Nobody was told")["id"]
    other = Corrections(connect(desk.settings), desk.settings, desk.enricher.register)
    left = [nobody]

    def meanwhile(call: Any, when: Callable[..., bool]) -> Any:
        def interrupted(*given: Any, **named: Any) -> Any:
            if when(*given) and left:
                other.speaker(left.pop(), "Paula Dunn")
            return call(*given, **named)

        return interrupted

    if moment == "before it writes":
        writing = meanwhile(Writer.write, lambda writer, batch: bool(batch))
        monkeypatch.setattr(Writer, "write", writing)
    else:
        monkeypatch.setattr(Store, "_get", meanwhile(Store._get, lambda store, name, wanted: name == "quotes"))
    desk.door.speaker(held, "Mira Castell")
    assert not left
    assert desk.saying("it would hold")["speaker"] == "Mira Castell"
    assert desk.saying("Nobody was told")["speaker"] == "Paula Dunn"
    for decision in desk.door.of_article(desk.id):
        desk.door.undo(decision.id)
    assert desk.documents() == found


def test_a_correction_made_while_a_pass_over_stories_writes_the_same_quotes_stands(
    settings: Settings, enricher: Enricher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = [desk_for(settings, enricher, tmp_path, f"copy-{n}") for n in range(2)]
    desk = max(desks, key=lambda one: one.id)  # its story is the other's, so the pass writes its quotes
    decided: list[bool] = []

    def late(client: Elasticsearch, settings: Settings, operations: Sequence[Document]) -> list[Answer]:
        if not decided and any(one.get("_routing") == desk.id for one in operations):
            decided.append(True)
            desk.decide_much()  # what the pass has read is old now
        return send(client, settings, operations)

    monkeypatch.setattr(rewriting, "send", late)
    stories.update(connect(settings), settings, lambda step: None)
    assert decided
    assert desk.saying("it would hold")["speaker"] == "Mira Castell"
    assert desk.saying("Italy")["text"] == "that Italy would pay"
    assert not any("Nobody was told" in quote["text"] for quote in desk.quotes.values())
    assert set(desk.article["quote_ids"]) == desk.quotes.keys()
    before = desk.documents()
    Corrections(connect(settings), settings, enricher.register).everywhere()
    assert desk.documents() == before
