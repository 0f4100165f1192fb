"""One article that somebody corrects."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.article import Span
from pipeline.corrections import Corrections
from pipeline.elastic import connect
from pipeline.enrich.enricher import Enricher
from pipeline.ingest import ingest
from pipeline.settings import Settings
from pipeline.sources import article_id
from tests.documents import all_documents

TEXT = (
    "Inkford mayor Jonas Quill said that the bridge was safe. He added that it would hold.\n"
    "“The ferry is late again,” said Mira Castell, who runs the harbour. Castell said: “Nobody was told.”\n"
    "The sign at the quay read “No entry”. Ada Brandt told reporters that Italy would pay for the new dam."
)
Document = dict[str, Any]


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


def desk_for(settings: Settings, enricher: Enricher, folder: Path, name: str) -> Desk:
    desk = Desk(settings, enricher, folder / f"{name[-20:]}.jsonl", f"https://news.example/{name}")
    assert desk.ingest() == "indexed"
    return desk


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))
