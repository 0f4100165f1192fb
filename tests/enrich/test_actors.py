"""Who somebody is beyond the article: the right person on the day, one id in every article, governments, countries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.actors.register import load
from pipeline.article import Article, EnrichedArticle, Evidence, Speaker, SpeakerKind
from pipeline.enrich.enricher import Enricher

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return Enricher()


@dataclass(frozen=True)
class Printed:
    """A text as it appeared somewhere on a day."""

    text: str
    year: int | None = 2022
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


def read(enricher: Enricher, printed: Printed) -> EnrichedArticle:
    day = datetime(printed.year, 10, 3, tzinfo=UTC) if printed.year else None
    article = Article(
        id="a", text=printed.text, content_hash=sha256(printed.text.encode()).hexdigest(), source_file="a.txt",
        source_time=day or datetime(2020, 1, 1, tzinfo=UTC), published_at=day,
        title=printed.title, outlet=printed.outlet, url=printed.url,
    )  # fmt: skip
    (enriched,) = enricher.enrich([article])
    assert isinstance(enriched, EnrichedArticle)
    return enriched


def speakers(enricher: Enricher, text: str, **printed: object) -> Sequence[Speaker]:
    enriched = read(enricher, Printed(text, **printed))  # type: ignore[arg-type]
    assert enriched.quotes
    return [quote.speaker for quote in enriched.quotes if quote.speaker]


PRESIDENT = "The US president said on Monday that the border would stay open. He told reporters that talks would go on."


@pytest.mark.parametrize(("year", "person"), [(2018, "Donald Trump"), (2023, "Joe Biden")])
def test_the_same_words_mean_another_president_in_another_year(enricher: Enricher, year: int, person: str) -> None:
    first, second = speakers(enricher, PRESIDENT, year=year)
    assert (first.name, first.role, first.country) == (person, "US president", "US")
    assert (first.evidence, second.name, second.evidence) == (Evidence.OFFICE, person, Evidence.PRONOUN)


def test_without_a_date_an_office_that_many_held_is_nobody(enricher: Enricher) -> None:
    assert {speaker.kind for speaker in speakers(enricher, PRESIDENT, year=None)} <= {
        SpeakerKind.UNNAMED,
        SpeakerKind.UNKNOWN,
    }


def test_the_article_s_own_words_win_over_the_register(enricher: Enricher) -> None:
    text = "US President Ada Quill visited Oslo. The US president said that the border would stay open."
    (speaker,) = speakers(enricher, text, year=2023)
    assert (speaker.name, speaker.id, speaker.evidence) == ("Ada Quill", "person:ada-quill", Evidence.ROLE)


@pytest.mark.parametrize(
    ("text", "name", "actor_id", "country"),
    [
        ("Berlin said that it would send tents.", "German government", "gov-de", "DE"),
        ("The Kremlin said that talks would go on.", "Kremlin", "kremlin", "RU"),
        ("Downing Street said that talks would go on.", "Downing Street", "downing-street", "GB"),
        ("Turkey said that talks would go on.", "Turkish government", "gov-tr", "TR"),
        ("The Russian foreign ministry said it was late.", "Russian foreign ministry", "gov-ru-foreign", "RU"),
        ("The UN said that talks would go on.", "United Nations", "united-nations", None),
    ],
)  # fmt: skip
def test_a_place_or_institution_that_speaks_is_its_government_or_itself(
    enricher: Enricher, text: str, name: str, actor_id: str, country: str | None
) -> None:
    (speaker,) = speakers(enricher, text)
    assert (speaker.name, speaker.id, speaker.country) == (name, actor_id, country)


def test_a_place_where_somebody_speaks_is_only_a_place(enricher: Enricher) -> None:
    enriched = read(enricher, Printed("In Berlin, Ada Quill said that the tents had come."))
    assert [(m.name, m.actor_id, m.country) for m in enriched.mentions if m.label == "GPE"] == [("Berlin", None, "DE")]
    assert {quote.speaker.name for quote in enriched.quotes if quote.speaker} == {"Ada Quill"}


def test_somebody_unknown_has_one_id_in_every_article_and_a_surname_alone_has_none(enricher: Enricher) -> None:
    (one,) = speakers(enricher, "Zoë Quillfeather, a farmer, said that the rain had come.")
    (two,) = speakers(enricher, "Zoe Quillfeather told reporters that the wind had gone.", year=2019)
    assert one.id == two.id == "person:zoe-quillfeather"
    (alone,) = speakers(enricher, "Quillfeather said that the rain had come.")
    assert (alone.name, alone.id) == ("Quillfeather", None)


def test_the_headline_gives_the_full_name_of_whom_the_text_calls_by_surname(enricher: Enricher) -> None:
    text = "Quillfeather said that the rain had come. She added that it was late."
    first, second = speakers(enricher, text, title="Zoe Quillfeather waits for the rain")
    assert (first.name, second.name) == ("Zoe Quillfeather", "Zoe Quillfeather")


def test_the_country_of_somebody_unknown_is_that_of_the_role(enricher: Enricher) -> None:
    (minister,) = speakers(enricher, "Italian Transport Minister Ada Quill said that the trains were late.")
    assert (minister.country, minister.role) == ("IT", "Italian Transport Minister")
    (envoy,) = speakers(enricher, "Ada Quill, the ambassador to Ukraine, said that the trains were late.")
    assert envoy.country is None


def test_a_namesake_with_another_occupation_is_not_the_one_in_the_register(enricher: Enricher) -> None:
    (speaker,) = speakers(enricher, "Local teacher Putin said that flour was dear.")
    assert speaker.id is None


def test_outlet_country_comes_from_name_or_address_when_the_source_gives_none(enricher: Enricher) -> None:
    assert read(enricher, Printed("It rained.", outlet="The Guardian")).article.outlet_country == "GB"
    assert read(enricher, Printed("It rained.", url="https://zeitung.example.de/1")).article.outlet_country == "DE"
    assert read(enricher, Printed("It rained in Paris.")).article.outlet_country is None


def test_the_fingerprint_changes_with_a_file_of_ones_own(enricher: Enricher, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("- {id: ada-quill, name: Ada Quill, country: GB}\n", encoding="utf-8")
    other = Enricher(register=load([mine]))
    assert other.fingerprint != enricher.fingerprint
    (speaker,) = speakers(other, "Ada Quill said that the rain had come.")
    assert (speaker.id, speaker.country) == ("ada-quill", "GB")


SEED = [
    ("Russia", "Russian government", "RU"), ("The Kremlin", "Kremlin", "RU"), ("the US president", "Joe Biden", "US"),
    ("French President Emmanuel Macron", "Emmanuel Macron", "FR"), ("Berlin", "German government", "DE"),
    ("the Kremlin", "Kremlin", "RU"), ("Kremlin spokesman Dmitry Peskov", "Dmitry Peskov", "RU"),
    ("Peskov", "Dmitry Peskov", "RU"), ("The Kremlin spokesman", "Dmitry Peskov", "RU"),
    ("Lavrov", "Sergey Lavrov", "RU"),
    ("Italian Foreign Minister Antonio Tajani", "Antonio Tajani", "IT"), ("Tajani", "Antonio Tajani", "IT"),
    ("the Archbishop of Canterbury, Justin Welby", "Justin Welby", "GB"),
    ("the archbishop of Canterbury", "Justin Welby", "GB"),
]  # fmt: skip


def test_the_seed_article_s_speakers_have_their_names_and_countries(enricher: Enricher) -> None:
    (seed,) = SEEDS.glob("000_*.txt")
    enriched = read(enricher, Printed(seed.read_text(encoding="utf-8")))
    found = {(s.mention, s.name, s.country) for quote in enriched.quotes if (s := quote.speaker)}
    assert set(SEED) <= found


def test_whosaid_enrich_tells_actors_and_countries_of_the_day(enricher: Enricher) -> None:
    from pipeline.rows import read_rows, write_row  # noqa: PLC0415

    row = {"id": "a", "text": PRESIDENT + " Berlin said no.", "published_at": "2018-03-01T00:00:00Z"}
    (article,) = read_rows(json.dumps(row).encode(), "rows")
    assert isinstance(article, Article)
    (enriched,) = enricher.enrich([article])
    assert isinstance(enriched, EnrichedArticle)
    told = json.loads(write_row(enriched))
    speaker = told["quotes"][0]["speaker"]
    assert {key: speaker[key] for key in ("canonical", "id", "kind", "role", "country")} == {
        "canonical": "Donald Trump", "id": "donald-trump", "kind": "person", "role": "US president", "country": "US",
    }  # fmt: skip
    assert {"name": "Donald Trump", "id": "donald-trump"} in told["actors"]
    assert set(told["countries"]) == {"US", "DE"}
