"""Actors gathered, looked through, decided and applied: as a user does it, on a real node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.duplicates import likely
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix

WHOSAID = Path(sys.executable).with_name("whosaid")
ROWS = [
    "Inkford mayor Jonas Quill said that the bridge was safe. Quill added that it would hold.",
    "Jonas Quil, the mayor of Inkford, said that the ferry was late.",
    "Jonas Quill met Sergei Lavrov in Oslo. Lavrov said that the tents had come.",
    "Mira Castell, a doctor, said that the clinic was full.",
    "Pavel Castell, a doctor, said that the clinic was empty.",
]


@pytest.fixture
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


def whosaid(settings: Settings, *arguments: str) -> str:
    environment = os.environ | {
        "WHOSAID_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "WHOSAID_INDEX_PREFIX": settings.index_prefix,
    }
    ran = subprocess.run(
        [WHOSAID, *arguments], env=environment, text=True, capture_output=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def write(folder: Path) -> str:
    rows = [
        {"url": f"https://news.example/{number}", "text": text, "published_at": f"2023-03-0{number + 1}T00:00:00Z"}
        for number, text in enumerate(ROWS)
    ]
    path = folder / "day.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def actors(settings: Settings) -> dict[str, dict[str, Any]]:
    client = Elasticsearch(settings.elasticsearch_url)
    client.indices.refresh(index=f"{settings.index_prefix}actors")
    hits = client.search(index=f"{settings.index_prefix}actors", size=1000)["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


def without_run(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {id_: {field: value for field, value in one.items() if field != "run"} for id_, one in found.items()}


def without_fingerprint(settings: Settings) -> dict[str, Any]:
    found = all_documents(settings)
    for article in found["articles"].values():
        del article["enrichment"]
    return found


def test_a_decision_changes_what_is_indexed_into_what_a_later_run_writes(settings: Settings, tmp_path: Path) -> None:
    file = write(tmp_path)
    whosaid(settings, "ingest", file)
    whosaid(settings, "actors", "update")
    before = actors(settings)
    quill, quil = before["person:jonas-quill"], before["person:jonas-quil"]
    assert (quill["quote_count"], quill["article_count"], quil["quote_count"]) == (2, 2, 1)
    assert (quill["first_seen"][:10], quill["last_seen"][:10]) == ("2023-03-01", "2023-03-03")
    assert quill["roles_told"] == ["Inkford mayor"] and not quill["registered"]
    whosaid(settings, "actors", "update")
    assert without_run(actors(settings)) == without_run(before)

    lavrov = before["sergei-lavrov"]
    assert lavrov["registered"] and lavrov["name"] == "Sergey Lavrov" and lavrov["roles"][0]["title"]

    listed = whosaid(settings, "actors", "review")
    assert "whosaid actors same person:jonas-quill person:jonas-quil" in listed
    assert "person:mira-castell" in listed
    whosaid(settings, "actors", "different", "person:mira-castell", "person:pavel-castell")
    whosaid(settings, "actors", "same", "person:jonas-quill", "person:jonas-quil", "--by", "me", "--reason", "a slip")
    assert "looks like anybody" in whosaid(settings, "actors", "review")

    whosaid(settings, "actors", "apply")
    assert "person:jonas-quil" not in actors(settings)
    assert actors(settings)["person:jonas-quill"]["quote_count"] == 3
    applied = without_fingerprint(settings)
    assert {quote["speaker"] for quote in applied["quotes"].values()} >= {"Jonas Quill"}
    assert "Jonas Quil" not in {quote["speaker"] for quote in applied["quotes"].values()}

    whosaid(settings, "ingest", file)
    assert without_fingerprint(settings) == applied


def actor(
    name: str, *, country: str | None = None, registered: bool = False, roles: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "id": name, "name": name, "kind": "person", "country": country, "registered": registered,
        "roles_told": list(roles), "article_count": 1, "quote_count": 1,
    }  # fmt: skip


def nobody(actor_id: str) -> frozenset[str]:
    return frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (actor("Ada Quill"), actor("Ada Quil")),
        (actor("J. Quill"), actor("Jonas Quill")),
        (actor("Mira Quill", roles=("mayor of Inkford",)), actor("Dr Quill", roles=("Mayor of Inkford",))),
    ],
)
def test_who_may_be_one_is_listed(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert len(list(likely([one, other], nobody))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (actor("Ada Quill"), actor("Bruno Quill")),
        (actor("Ada Quill", country="GB"), actor("Ada Quil", country="NO")),
        (actor("George Bush", registered=True), actor("George W Bush", registered=True)),
    ],
)
def test_who_is_surely_two_is_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not list(likely([one, other], nobody))


def test_one_surname_in_the_same_company_is_listed() -> None:
    company = {"Ada Quill": frozenset("abc"), "Eda Maria Quill": frozenset("abd")}
    (pair,) = likely([actor("Ada Quill"), actor("Eda Maria Quill")], company.__getitem__)
    assert "same others" in pair.why
