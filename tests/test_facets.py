"""The facets that people choose from, over 300 articles: no pronoun, no bare title, nobody twice."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from pipeline.article import Article, EnrichedArticle
from pipeline.enrich.enricher import Enricher
from pipeline.enrich.pronouns import PRONOUNS
from pipeline.enrich.wordlists import word_list
from pipeline.index.documents import UNKNOWN, article_document, quote_documents
from tests.answers import spelling
from tests.newsroom import articles

WHEN = datetime(2023, 3, 1, tzinfo=UTC)
TITLES = word_list("role") | {"the", "former", "prime", "foreign", "president", "vice", "chief"}
WORLD = [
    "Russian Foreign Minister {lavrov} said the talks had failed. {surname} added that they would go on.",
    "{lavrov} told reporters that the talks had failed. “They will go on,” he said.",
    "“We are ready,” Ukrainian President {zelensky} said. The Ukrainian leader warned that time was short.",
    "The US president said the border would stay open. The US President added: “We will see.”",
    "{kremlin} said that the talks had failed. A spokesman declined to say more.",
    "Officials said that the talks had failed. Several officials warned that they would go on.",
    "The minister said that the talks had failed. She added that they would go on.",
    "{berlin} said it would send tents. In Berlin, a spokeswoman said that they were ready.",
    "{un} said the tents had come. It warned that winter was near.",
    "The French president told {lavrov} that the talks had failed, the Elysee said.",
    "Turkish President {erdogan} said that the grain would be shipped. Erdogan added that it was late.",
    "The foreign minister of Germany said that the tents had come. “They are warm,” she told the newspaper.",
]
SPELLINGS = {
    "lavrov": ["Sergey Lavrov", "Sergei Lavrov", "Sergej Lavrov"],
    "zelensky": ["Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskiy"],
    "kremlin": ["The Kremlin", "Kremlin officials in Moscow"],
    "berlin": ["Berlin", "Germany", "The German government"],
    "un": ["The UN", "The United Nations", "The U.N."],
    "erdogan": ["Recep Tayyip Erdogan", "Recep Tayyip Erdoğan", "Tayyip Erdogan"],
    "surname": ["Lavrov", "Mr Lavrov"],
}


def printed() -> Iterator[Article]:
    """180 articles of the invented newsroom, and 120 about people whom the world knows under several spellings."""
    for number, row in enumerate(articles(180)):
        yield article(f"a{number}", row["text"], row["title"])
    draw = random.Random(6)
    for number in range(120):
        chosen = draw.sample(WORLD, 3)
        yield article(
            f"w{number}", "\n".join(s.format(**{k: draw.choice(v) for k, v in SPELLINGS.items()}) for s in chosen), None
        )


def article(name: str, text: str, title: str | None) -> Article:
    return Article(
        id=name, text=text, title=title, content_hash=sha256(text.encode()).hexdigest(), source_file=name,
        source_time=WHEN, published_at=WHEN,
    )  # fmt: skip


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    found = []
    for enriched in Enricher().enrich(printed()):
        assert isinstance(enriched, EnrichedArticle)
        found += [article_document(enriched, revision=1, ingested_at=WHEN), *quote_documents(enriched)]
    return found


def values(documents: list[dict[str, Any]], *fields: str) -> set[str]:
    found = set()
    for document in documents:
        for field in fields:
            value = document.get(field, [])
            found |= {value} if isinstance(value, str) else set(value)
    return found - {UNKNOWN}


def test_no_name_in_the_facets_is_a_pronoun_or_a_bare_title(documents: list[dict[str, Any]]) -> None:
    names = values(documents, "speaker", "speakers", "actors")
    assert len(names) > 100
    assert not {name for name in names if name.lower() in PRONOUNS and not name.isupper()}
    assert not {name for name in names if all(word.lower() in TITLES for word in name.split())}


def test_no_name_in_the_facets_stands_there_in_two_spellings(documents: list[dict[str, Any]]) -> None:
    spellings = defaultdict(set)
    for name in values(documents, "speaker", "speakers", "actors"):
        spellings[spelling(name).removeprefix("the ")].add(name)
    assert not {key: found for key, found in spellings.items() if len(found) > 1}


def test_one_actor_has_one_name_and_one_name_one_actor(documents: list[dict[str, Any]]) -> None:
    names, ids = defaultdict(set), defaultdict(set)
    for document in documents:
        if "speaker_id" in document:
            names[document["speaker_id"]].add(document["speaker"])
            ids[document["speaker"]].add(document["speaker_id"])
    assert not {key: found for table in (names, ids) for key, found in table.items() if len(found) > 1}


def test_people_under_several_spellings_are_there_once(documents: list[dict[str, Any]]) -> None:
    names = values(documents, "speaker", "speakers", "actors")
    assert {"Sergey Lavrov", "Joe Biden", "United Nations", "German government", "Annalena Baerbock"} <= names
    for surname in ("Lavrov", "Zelensk", "Erdo"):
        assert len({name for name in names if surname in name}) == 1


def test_countries_in_the_facets_are_codes(documents: list[dict[str, Any]]) -> None:
    codes = values(documents, "speaker_country", "countries")
    assert {"RU", "UA", "DE", "US", "TR", "FR"} <= codes
    assert not {code for code in codes if len(code) != 2 or not code.isupper()}
