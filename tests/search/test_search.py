"""Who said what, found: hits and facets as a reader of all documents would count them; hostile questions refused."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.article import Article, EnrichedArticle, Mention, Quote, QuoteKind, Span, Speaker, SpeakerKind
from pipeline.elastic import connect
from pipeline.errors import BadQuery, ConfigurationError
from pipeline.index import Writer, create
from pipeline.search import Hit, Query, Sort, search
from pipeline.settings import Settings
from tests.documents import all_documents, random_prefix

PEOPLE = [
    ("Dmitry Peskov", "The Kremlin spokesman", "RU", "spokesman"),
    ("Sergey Lavrov", "Lavrov", "RU", "foreign minister"),
    ("Emmanuel Macron", "the president", "FR", "president"),
    ("José Álvarez", "Álvarez", "ES", "foreign minister"),
    None,
]
WORDS = [
    "Ukraine’s ministers agreed.",
    "Talks are possible.",
    "No talks at all.",
    "We talked about Kyiv.",
    "A café, naïve.",
]
OUTLETS = [("La Repubblica", "IT"), ("Le Monde", "FR"), (None, None)]
PLACES = [("Kyiv", "UA"), ("Paris", "FR"), ("Berlin", None)]
FILTERS: dict[str, tuple[str, Callable[[dict[str, Any]], list[str]]]] = {
    "speakers": ("speaker", lambda quote: [quote["speaker"]]),
    "speaker_countries": ("speaker_country", lambda quote: _some(quote, "speaker_country")),
    "countries": ("countries", lambda quote: quote.get("countries", [])),
    "outlets": ("outlet", lambda quote: _some(quote, "outlet")),
    "kinds": ("kind", lambda quote: [quote["kind"]]),
}

Find = Callable[..., Any]


def _some(quote: dict[str, Any], field: str) -> list[str]:
    return [quote[field]] if field in quote else []


def invent(number: int) -> EnrichedArticle:
    """An article with up to four quotes, the same for the same number."""
    choose = random.Random(number)
    text, quotes, mentions = "", [], []
    for _ in range(choose.randint(0, 4)):
        person, said, (place, country) = choose.choice(PEOPLE), choose.choice(WORDS), choose.choice(PLACES)
        who = person[1] if person else "Nobody in particular"
        at = len(text)
        text += f"{who} said in passing: “{said} In {place}.”\n"
        start = text.index("“", at)
        there = text.index(place, start)
        mentions.append(Mention(there, there + len(place), "GPE", place, country=country))
        speaker = None
        if person:
            name, mention, home, role = person
            speaker = Speaker(at, at + len(mention), mention, name, SpeakerKind.PERSON, country=home, role=role)
        kind = choose.choice([QuoteKind.DIRECT, QuoteKind.MIXED])
        confidence = choose.randint(0, 100) / 100
        quotes.append(Quote((Span(start, len(text) - 1),), kind, speaker=speaker, confidence=confidence))
    outlet, outlet_country = choose.choice(OUTLETS)
    day = datetime(2022, 1, 1, 23, 59, tzinfo=UTC) + timedelta(days=choose.randint(0, 60))
    return EnrichedArticle(
        Article(
            id=f"{number:064}",
            text=text,
            content_hash=str(number),
            source_file="invented",
            source_time=day,
            title=f"Article {number}",
            outlet=outlet,
            outlet_country=outlet_country,
            published_at=day if number % 10 else None,
        ),
        "first",
        tuple(quotes),
        tuple(mentions),
    )


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Settings:
    return Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())


@pytest.fixture(scope="module")
def client(settings: Settings) -> Elasticsearch:
    client = connect(settings)
    create(client, settings)
    Writer(client, settings, generation=1).write([invent(number) for number in range(150)])
    return client


@pytest.fixture(scope="module")
def quotes(client: Elasticsearch, settings: Settings) -> list[dict[str, Any]]:
    return list(all_documents(settings)["quotes"].values())


@pytest.fixture(scope="module")
def find(client: Elasticsearch, settings: Settings, quotes: list[dict[str, Any]]) -> Find:
    return lambda **given: search(client, settings, Query(**given))


def everything(find: Find, **given: Any) -> list[Hit]:
    page = find(size=100, facet_size=0, **given)
    hits = list(page.hits)
    while page.after:
        page = find(size=100, facet_size=0, after=page.after, **given)
        hits += page.hits
    return hits


def test_a_speaker_is_found_by_surname_however_the_article_refers_to_them(
    find: Find, quotes: list[dict[str, Any]]
) -> None:
    for asked in ("Peskov", "peskov", "PESKOV’S", "Dmitry Peskov"):
        result = find(speaker=asked)
        assert result.total.quotes == sum(quote["speaker"] == "Dmitry Peskov" for quote in quotes) > 0
        assert {(hit.speaker, hit.speaker_mention) for hit in result.hits} == {
            ("Dmitry Peskov", "The Kremlin spokesman")
        }
    assert find(speaker="Alvarez").total.quotes == sum(quote["speaker"] == "José Álvarez" for quote in quotes) > 0
    assert find(speaker="Igor Peskov").hits == ()


def test_a_hit_tells_who_said_what_where_and_when(find: Find) -> None:
    hit = find(speaker="Macron", outlets=("Le Monde",), said="possible", until=date(2022, 12, 31)).hits[0]
    assert (hit.speaker, hit.speaker_role, hit.speaker_country) == ("Emmanuel Macron", "president", "FR")
    assert (hit.outlet, hit.outlet_country, hit.title) == ("Le Monde", "FR", f"Article {int(hit.article_id)}")
    assert hit.published_at is not None
    assert hit.published_at.year == 2022
    original = invent(int(hit.article_id))
    assert original.article.text[hit.start : hit.end] == hit.text
    assert [hit.text[span.start : span.end] for span in hit.highlights] == ["possible"]


def test_words_are_found_in_their_other_forms_and_as_phrases(find: Find, quotes: list[dict[str, Any]]) -> None:
    def count(*wanted: str) -> int:
        return sum(any(words in quote["text"] for words in wanted) for quote in quotes)

    assert find(said="talk").total.quotes == count("Talks", "talks", "talked") > 0
    assert find(said="cafe naive").total.quotes == count("café") > 0
    assert find(said='"no talks"').total.quotes == count("No talks") > 0
    assert find(said="talks -no").total.quotes == count("Talks", "talked") > 0
    assert find(said="Ukraine | café").total.quotes == count("Ukraine", "café") > 0
    assert find(about="passing").total.quotes == len(quotes)  # it stands before each quote


def test_what_ministers_of_a_country_said_in_a_month(find: Find, quotes: list[dict[str, Any]]) -> None:
    found = everything(
        find, role="ministers", speaker_countries=("ru",), since=date(2022, 1, 5), until=date(2022, 1, 31)
    )
    wanted = [
        quote["id"]
        for quote in quotes
        if quote["speaker"] == "Sergey Lavrov" and "2022-01-05" <= quote.get("published_at", "")[:10] <= "2022-01-31"
    ]
    assert sorted(hit.id for hit in found) == sorted(wanted)
    assert wanted


chosen = st.fixed_dictionaries(
    {},
    optional={
        "speakers": st.sets(st.sampled_from([*(one[0] for one in PEOPLE if one), "unknown"]), min_size=1, max_size=3),
        "speaker_countries": st.sets(st.sampled_from(["RU", "FR", "ES", "DE"]), min_size=1, max_size=2),
        "countries": st.sets(st.sampled_from(["UA", "FR"]), min_size=1),
        "outlets": st.sets(st.sampled_from(["La Repubblica", "Le Monde"]), min_size=1),
        "kinds": st.sets(st.sampled_from(["direct", "mixed"]), min_size=1),
    },
)


@hypothesis_settings(max_examples=40, deadline=None)
@given(chosen=chosen, least=st.none() | st.integers(0, 100))
def test_hits_and_facets_are_those_of_a_reader_of_all_quotes_and_no_facet_filters_itself(
    find: Find, quotes: list[dict[str, Any]], chosen: dict[str, set[str]], least: int | None
) -> None:
    confidence = None if least is None else least / 100

    def matches(quote: dict[str, Any], but: str | None = None) -> bool:
        return (confidence is None or quote["confidence"] >= confidence) and all(
            wanted & set(FILTERS[name][1](quote)) for name, wanted in chosen.items() if name != but
        )

    result = find(
        min_confidence=confidence, size=100, facet_size=100, **{name: tuple(sorted(of)) for name, of in chosen.items()}
    )
    wanted = {quote["id"] for quote in quotes if matches(quote)}
    assert (result.total.quotes, result.total.exact) == (len(wanted), True)
    assert {hit.id for hit in result.hits} <= wanted
    assert len(result.hits) == min(100, len(wanted))
    for name, (_, values) in FILTERS.items():
        counted = Counter(value for quote in quotes if matches(quote, but=name) for value in values(quote))
        assert {count.value: count.quotes for count in result.facets[name]} == counted


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_show_each_quote_once(find: Find, quotes: list[dict[str, Any]], sort: Sort) -> None:
    seen, after = [], None
    while True:
        page = find(said="talks | possible | in", sort=sort, size=7, after=after, facet_size=0)
        seen += [hit.id for hit in page.hits]
        if not page.after:
            break
        after = page.after
    assert sorted(seen) == sorted(quote["id"] for quote in quotes)


def test_the_newest_come_first_and_undated_last(find: Find) -> None:
    dates = [hit.published_at for hit in everything(find)]
    dated = [moment for moment in dates if moment]
    assert dated == sorted(dated, reverse=True)
    assert dates[: len(dated)] == dated
    assert None in dates


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"said": "x" * 501}, "said is longer than 500 characters"),
        ({"speaker": " "}, "speaker is empty"),
        ({"said": "half \ud800"}, "surrogate"),
        ({"size": 10_000}, "size is 10000; it goes from 0 to 100"),
        ({"size": -1}, "size"),
        ({"min_confidence": float("nan")}, "min_confidence"),
        ({"speaker_countries": ("Russia",)}, "no country code"),
        ({"countries": tuple(["DE"] * 101)}, "more than 100"),
        ({"since": date(2023, 1, 2), "until": date(2023, 1, 1)}, "exchange them"),
        ({"after": ("not", "where", "pages", "end")}, "cannot answer"),
        ({"after": (1,)}, "cannot answer"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(find: Find, asked: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadQuery, match=complaint):
        find(**asked)


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(
        st.text(min_size=1, max_size=200),
        st.text('*?~^"()[]{}|+-\\/&!:<> a', min_size=1, max_size=500),
        st.sampled_from(
            ["(a+)+" * 100, "*" * 500, "((((" * 125, "a* b* c* " * 50, "~9999 " * 80, "-x " * 160, "\0", "𝕏 ﷽ \u202e"]
        ),
    ),
    field=st.sampled_from(["said", "about", "speaker", "role"]),
)
def test_any_words_are_answered_or_refused(find: Find, field: str, text: str) -> None:
    try:
        find(**{field: text}, size=1)
    except BadQuery as refusal:
        assert str(refusal)


def test_dates_at_the_ends_of_time_are_answered(find: Find) -> None:
    assert find(since=date.min, until=date.max).total.quotes > 0


def test_before_anything_is_set_up_the_remedy_is_named(client: Elasticsearch, settings: Settings) -> None:
    bare = settings.model_copy(update={"index_prefix": random_prefix()})
    with pytest.raises(ConfigurationError, match="whosaid index create"):
        search(client, bare, Query())
