"""A person corrects what was found: it shows at once, stands in every later run, and can be taken back and exported."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import Article, DeadLetter, EnrichedArticle, Span
from pipeline.corrections import Corrections, stories
from pipeline.corrections.export import as_decisions, as_notation, as_scorer
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.errors import BadQuery
from pipeline.index import Decisions, Takedowns, Writer, create, rebuild, rewriting, tombstone
from pipeline.index.actors import ActorIndex
from pipeline.index.bulk import Answer, send
from pipeline.index.stored import Store
from pipeline.ingest import ingest
from pipeline.settings import Settings
from pipeline.sources import article_id
from pipeline.whoswho import update
from tests.documents import all_documents, random_prefix
from tests.enrich import notation

TEXT = (
    "Inkford mayor Jonas Quill said that the bridge was safe. He added that it would hold.\n"
    "“The ferry is late again,” said Mira Castell, who runs the harbour. Castell said: “Nobody was told.”\n"
    "The sign at the quay read “No entry”. Ada Brandt told reporters that Italy would pay for the new dam."
)
Document = dict[str, Any]


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return Enricher()


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    create(connect(settings), settings)
    return settings


@dataclass
class Desk:
    """One article, on its way and in the index."""

    settings: Settings
    enricher: Enricher
    file: Path
    url: str
    door: Corrections = field(init=False)

    def __post_init__(self) -> None:
        self.door = Corrections(connect(self.settings), self.settings, self.enricher.register)
        self.id = article_id(self.url, None, "")
        self.write(TEXT)

    def write(self, text: str, *, day: int = 1) -> None:
        row = {
            "url": self.url, "title": "A bridge in Inkford", "outlet": "Norwick Herald", "text": text,
            "published_at": "2024-05-01T00:00:00Z", "modified_at": f"2024-05-0{day}T00:00:00Z",
        }  # fmt: skip
        self.file.write_text(json.dumps(row) + "\n")

    def ingest(self, enricher: Enricher | None = None) -> str:
        account = ingest([self.file], self.settings, enricher=enricher or self.enricher)
        return "indexed" if account.indexed else "unchanged" if account.unchanged else "failed"

    def documents(self) -> dict[str, Document]:
        """The article and its quotes as they are stored, by id."""
        found = all_documents(self.settings)
        mine = {id_: one for id_, one in found["quotes"].items() if one["article_id"] == self.id}
        return mine | {id_: one for id_, one in found["articles"].items() if id_ == self.id}

    @property
    def article(self) -> Document:
        return self.documents()[self.id]

    @property
    def quotes(self) -> dict[str, Document]:
        return {id_: one for id_, one in self.documents().items() if id_ != self.id}

    def saying(self, words: str) -> Document:
        (found,) = (quote for quote in self.quotes.values() if words in quote["text"])
        return found

    def decide_much(self) -> None:
        """A wrong speaker, a wrong end and a non-quote, each of another quote, and one quote twice."""
        self.door.speaker(self.saying("it would hold")["id"], "Mira Castell", by="me")
        changed = self.door.extent(self.saying("Italy would pay")["id"], [span("that Italy would pay")], by="me")
        assert changed.quote_id
        self.door.speaker(changed.quote_id, "Dmitry Peskov", by="me", reason="I was there")
        self.door.no_quote(self.saying("Nobody was told")["id"], by="me")

    def remove(self) -> None:
        """Out of the index, decisions apart."""
        client, revision = connect(self.settings), self.article["revision"]
        for id_ in self.documents():
            name, routing = ("quotes", self.id) if ":" in id_ else ("articles", None)
            index = f"{self.settings.index_prefix}{name}"
            client.delete(index=index, id=id_, routing=routing, version=revision, version_type="external_gte")


@pytest.fixture
def desk(settings: Settings, enricher: Enricher, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return desk_for(settings, enricher, tmp_path, request.node.name)


def desk_for(settings: Settings, enricher: Enricher, folder: Path, name: str) -> Desk:
    desk = Desk(settings, enricher, folder / f"{name[-20:]}.jsonl", f"https://news.example/{name}")
    assert desk.ingest() == "indexed"
    return desk


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


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
