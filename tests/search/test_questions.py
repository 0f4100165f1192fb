"""Fifty questions that analysts ask, of a thousand articles: answered as by somebody who reads every quote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.elastic import connect
from pipeline.index import Writer, create
from pipeline.index.actors import ActorIndex
from pipeline.index.stories import update
from pipeline.search import Hit, Query, Sort, count, everything, search, snapshot
from pipeline.search.speakers import speakers
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix
from tests.search import corpus
from tests.search.reader import Reader


@dataclass(frozen=True)
class Words:
    """Words to search for, and how a reader would look for them in a list of stems."""

    asked: str
    read: Callable[[list[str]], bool]


def every(*stems: str) -> Callable[[list[str]], bool]:
    return lambda there: set(stems) <= set(there)


def phrase(*stems: str) -> Callable[[list[str]], bool]:
    return lambda there: any(tuple(there[at : at + len(stems)]) == stems for at in range(len(there)))


TALKS = Words("talks", every("talk"))
PEACE = Words("peace", every("peace"))
NO_TALKS = Words('"no talks"', phrase("no", "talk"))
MARCH = {"since": date(2024, 3, 1), "until": date(2024, 3, 31)}

QUESTIONS: dict[str, dict[str, Any]] = {
    "everything": {},
    "what did Peskov say": {"speaker": "Peskov"},
    "… as he is written in German": {"speaker": "Peskow"},
    "… in full": {"speaker": "Dmitri Sergejewitsch Peskow"},
    "… and the other way round, in capitals": {"speaker": "PESKOV DMITRY"},
    "… by his id": {"speaker": "peskov"},
    "what did the Kremlin spokesman say, by these words": {"speaker": "Kremlin spokesman"},
    "the Kremlin, be it person or institution": {"speaker": "the Kremlin’s"},
    "José, whichever": {"speaker": "jose"},
    "Pepe Alvarez, as only the index of actors knows him": {"speaker": "Pepe Alvarez"},
    "Wladimir Lavrov, who does not exist": {"speaker": "Wladimir Lavrov"},
    "what did Germany say, the state": {"speaker": "Germany"},
    "the government in Berlin": {"speakers": ("German government",)},
    "ministers": {"role": "ministers"},
    "foreign ministers": {"role": "foreign minister"},
    "German ministers": {"role": "minister", "speaker_countries": ("DE",)},
    "German ministers about Ukraine": {"role": "minister", "speaker_countries": ("DE",), "countries": ("UA",)},
    "German ministers about Ukraine in March": {
        "role": "minister", "speaker_countries": ("DE",), "countries": ("UA",), **MARCH,
    },
    "German ministers about Ukraine in March, outside quotes from wire copies": {
        "role": "minister", "speaker_countries": ("DE",), "countries": ("UA",), "fold": True, **MARCH,
    },
    "everything, each story once": {"fold": True},
    "what Le Monde had first": {"fold": True, "outlets": ("Le Monde",)},
    "Peskov in Italian papers, copies left out": {"fold": True, "speaker": "Peskov", "outlet_countries": ("IT",)},
    "who talked about talks": {"said": TALKS},
    "no talks, as a phrase": {"said": NO_TALKS},
    "talks, but not no talks": {"said": Words("talks -no", lambda there: "talk" in there and "no" not in there)},
    "sanctions or grain": {"said": Words("sanction | grain", lambda there: bool({"sanction", "grain"} & set(there)))},
    "grain, in the quote or in the headline": {"about": Words("grain", every("grain"))},
    "the summit, wherever it stands": {"about": Words("summit", every("summit"))},
    "said on Friday about peace": {"about": Words("friday peace", every("friday", "peace"))},
    "a naive peace": {"said": Words("naive peace", every("naive", "peace"))},
    "a café": {"said": Words("CAFÉ", every("cafe"))},
    "peace, from March on": {"said": PEACE, "since": date(2024, 3, 1)},
    "peace, until the end of February": {"said": PEACE, "until": date(2024, 2, 29)},
    "one single day": {"since": date(2024, 2, 2), "until": date(2024, 2, 2)},
    "who mentions Putin": {"mentions": "Putin"},
    "… by the name that German papers print": {"mentions": "Wladimir Putin"},
    "who mentions Zelensky, as Selenskyj": {"mentions": "Selenskyj"},
    "Lavrov about Zelensky": {"speaker": "Lavrov", "mentions": "Zelensky"},
    "Russians about Ukraine": {"speaker_countries": ("RU",), "countries": ("UA",)},
    "Russia or France about Gaza": {"speaker_countries": ("RU", "FR"), "countries": ("PS",)},
    "what was denied": {"negated": True},
    "what Scholz did not deny": {"speaker": "Scholz", "negated": False},
    "what was written": {"acts": ("writing",)},
    "what governments think": {"speaker_kinds": ("government",), "acts": ("thought",)},
    "direct quotes of the bank": {"speaker": "bank", "kinds": ("direct",)},
    "quotes one can be sure of": {"min_confidence": 0.9},
    "sure, direct, of persons, in British papers": {
        "min_confidence": 0.75, "kinds": ("direct", "mixed"), "speaker_kinds": ("person",), "outlet_countries": ("GB",),
    },
    "nobody by name": {"speakers": ("unknown",)},
    "spokesmen without a name": {"role": "spokesman", "speaker_kinds": ("unnamed",)},
    "French and Spanish speakers on peace talks in March, each story once, oldest first": {
        "speaker_countries": ("FR", "ES"), "about": Words("peace talks", every("peace", "talk")), "fold": True,
        "sort": Sort.OLDEST, **MARCH,
    },
    "somebody whom nobody quotes": {"speaker": "Quillfeather"},
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@pytest.fixture(scope="module")
def client(settings: Settings) -> Elasticsearch:
    client = connect(settings)
    create(client, settings)
    writer, articles = Writer(client, settings, generation=1), corpus.corpus()
    for start in range(0, len(articles), 250):
        writer.write(articles[start : start + 250])
    update(client, settings)
    ActorIndex(client, settings).write(corpus.actors())
    client.indices.refresh(index=f"{settings.index_prefix}actors")
    return client


@pytest.fixture(scope="module")
def reader(client: Elasticsearch, settings: Settings) -> Reader:
    quotes = list(all_documents(settings)["quotes"].values())
    assert len(quotes) > 2000
    aliases = {actor["id"]: [actor["name"], *actor["aliases"]] for actor in corpus.actors()}
    return Reader(quotes, aliases, corpus.stories())


def test_there_are_enough_questions_of_enough_kinds() -> None:
    assert len(QUESTIONS) >= 50


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_that_of_somebody_who_reads_every_quote(
    question: str, client: Elasticsearch, settings: Settings, reader: Reader
) -> None:
    given = QUESTIONS[question]
    asked = {name: value.read if isinstance(value, Words) else value for name, value in given.items() if name != "sort"}
    query = Query(
        **{name: value.asked if isinstance(value, Words) else value for name, value in given.items()}, facet_size=100
    )
    wanted = reader.finds(asked)
    result = search(client, settings, query)
    assert (result.total.quotes, result.total.exact) == (len(wanted), True)
    assert {name: {one.value: one.quotes for one in counts} for name, counts in result.facets.items()} == {
        name: dict(reader.facet(asked, name)) for name in result.facets
    }
    if result.interval == "month":
        assert {step.start: step.quotes for step in result.timeline} == dict(reader.months(asked))
    assert sum(step.quotes for step in result.timeline) == sum(reader.months(asked).values())
    if "fold" in asked:
        assert result.folded is not None
        assert result.folded.quotes == len(reader.finds(asked | {"fold": False})) - len(wanted)

    found = list(everything(client, settings, query))
    assert sorted(hit.id for hit in found) == sorted(quote["id"] for quote in wanted)
    assert [hit.id for hit in found[: len(result.hits)]] == [hit.id for hit in result.hits]
    assert count(client, settings, query) == len(wanted)
    if not query.has_words:
        assert [hit.id for hit in found] == in_order(found, oldest=query.sort is Sort.OLDEST)


def in_order(hits: list[Hit], *, oldest: bool) -> list[str]:
    def key(hit: Hit) -> tuple[Any, ...]:
        when = hit.published_at.timestamp() if hit.published_at else 0
        return hit.published_at is None, when if oldest else -when, hit.article_id, hit.start, hit.id

    return [hit.id for hit in sorted(hits, key=key)]


def test_most_questions_are_answered_with_some_but_not_all_quotes(reader: Reader) -> None:
    counts = [
        len(reader.finds({name: v.read if isinstance(v, Words) else v for name, v in one.items() if name != "sort"}))
        for one in QUESTIONS.values()
    ]
    assert sum(0 < number < len(reader.quotes) for number in counts) >= 45


def test_speakers_are_counted_among_what_is_found(client: Elasticsearch, settings: Settings, reader: Reader) -> None:
    found = speakers(client, settings, Query(countries=("UA",), facet_size=5))
    counted = reader.facet({"countries": ("UA",)}, "speakers")
    del counted["unknown"]
    assert [voice.quotes for voice in found] == sorted(counted.values(), reverse=True)[:5]
    assert {voice.name: voice.quotes for voice in found}.items() <= counted.items()
    countries = {person.name: person.country for person in corpus.PEOPLE}
    assert all(voice.country == countries[voice.name] for voice in found)


def test_pages_of_a_snapshot_are_those_of_one_moment(client: Elasticsearch, settings: Settings, reader: Reader) -> None:
    wanted = sorted(quote["id"] for quote in reader.finds({"speaker": "Peskov"}))
    with snapshot(client, settings) as moment:
        page = search(client, settings, Query(speaker="Peskov", size=50, snapshot=moment, facet_size=0))
        found = [hit.id for hit in page.hits]
        gone = wanted[-1]
        client.delete(index=f"{settings.index_prefix}quotes", id=gone, routing=gone.partition(":")[0], refresh=True)
        try:
            while page.after:
                query = Query(speaker="Peskov", size=50, after=page.after, snapshot=page.snapshot, facet_size=0)
                page = search(client, settings, query)
                found += [hit.id for hit in page.hits]
            assert sorted(found) == wanted
            assert count(client, settings, Query(speaker="Peskov")) == len(wanted) - 1
        finally:
            (lost,) = [quote for quote in reader.quotes if quote["id"] == gone]
            client.index(
                index=f"{settings.index_prefix}quotes", id=gone, routing=lost["article_id"], document=lost, refresh=True
            )


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("Pescov", "Dmitry Peskov"),
        ("dmitri peskof", "Dmitry Peskov"),
        ("Alvares", "José Manuel Álvarez"),
        ("Lawrof", "Sergey Lavrov"),
        ("Igor Peskov", "Dmitry Peskov"),
        ("Anna Lena Baerbok", "Annalena Baerbock"),
        ("Harwik bank", "Harwick Bank"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_one_that_was_meant(
    client: Elasticsearch, settings: Settings, misspelt: str, meant: str
) -> None:
    result = search(client, settings, Query(speaker=misspelt))
    assert result.hits == ()
    assert meant in result.did_you_mean


def test_nobody_is_suggested_for_what_is_no_name(client: Elasticsearch, settings: Settings) -> None:
    for words in ("xqzzt", "…", "*" * 400, "a" * 500, "~9 (((", "\0"):
        assert search(client, settings, Query(speaker=words)).did_you_mean == ()
