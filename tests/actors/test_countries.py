"""The country of a mention. The mention stands in brackets."""

import re
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.actors import countries, countries_longer, lexicon


def country(sentence: str, label: str | None = "GPE", others: tuple[str, ...] = ()) -> str | None:
    match = re.search(r"\[(.+?)\]", sentence)
    assert match
    text = sentence[: match.start()] + match[1] + sentence[match.end() :]
    return countries.country_of(
        match[1], label=label, text=text, start=match.start(), end=match.start() + len(match[1]), others=others
    )


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Talks were held in [Germany].", "DE"),
        ("The [Federal Republic of Germany] signed.", "DE"),
        ("[Kyiv] was dark.", "UA"),
        ("Shells fell on [Donetsk].", "UA"),
        ("Rain reached [Texas].", "US"),
        ("[Bavaria] closed its schools.", "DE"),
        ("A poll in [Catalonia]", "ES"),
        ("Fighting in [eastern Ukraine]", "UA"),
        ("the [city of Aleppo]", "SY"),
        ("A road in [Helmand province]", "AF"),
        ("Trams in [Cologne]", "DE"),
        ("[Côte d'Ivoire] won.", "CI"),
        ("[U.S.] officials", "US"),
    ],
)
def test_countries_cities_and_regions(sentence: str, code: str) -> None:
    assert country(sentence) == code


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("[Germans] vote today.", "DE"),
        ("A [Dutch] court ruled.", "NL"),
        ("[Scottish] farmers", "GB"),
        ("[Congolese] soldiers", "CD"),
        ("a [Frenchman] was held", "FR"),
        ("North [Korean] missiles", "KP"),
        ("the [Soviet] army", None),  # a state that fell apart into several is none of them
        ("a [Turk] and a Dane", "TR"),
        ("two [Angolans]", "AO"),
        ("[Kurdish] fighters", None),
        ("[European] leaders", None),
    ],
)
def test_people_and_adjectives(sentence: str, code: str | None) -> None:
    assert country(sentence, "NORP") == code


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("the [Soviet Union] fell", None),  # fell apart into several
        ("[Yugoslavia] broke up", None),
        ("[Czechoslovakia] split", None),
        ("[East Germany] was fenced", "DE"),
        ("ships off [Constantinople]", "TR"),
        ("[Burma] and [Siam]", "MM"),
        ("[Kosovo] opened a border post", "XK"),
        ("[Taiwan] held drills", "TW"),
        ("a bridge to [Crimea]", "UA"),
        ("[Palestine] was recognised", "PS"),
        ("[Gaza] was dark", "PS"),
        ("[Western Sahara]", "EH"),
        ("[Holland] won", "NL"),
        ("[Türkiye] agreed", "TR"),
    ],
)
def test_historic_disputed_and_popular_names(sentence: str, code: str | None) -> None:
    assert country(sentence) == code


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Protesters in [Georgia] marched on parliament in Tbilisi.", "GE"),
        ("Voters in [Georgia] queued in Atlanta's suburbs as Democrats hoped for the Senate.", "US"),
        ("Refugees from Syria live in [Jordan].", "JO"),
        ("Michael [Jordan] played on.", None),
        ("Ann Jordan owns the shop. [Jordan] said she would sell.", None),
        ("[Chad] closed its border with Sudan.", "TD"),
        ("[Chad] Miller, a plumber, left.", None),
        ("[Turkey] votes in May.", "TR"),
        ("The cook roasted a [Turkey] for Thanksgiving.", None),
        ("Papua New [Guinea] voted.", "PG"),
        ("Equatorial [Guinea] exports oil.", "GQ"),
        ("[Guinea]-Bissau had a coup.", "GW"),
        ("Soldiers in [Guinea] spoke in Conakry.", "GN"),
        ("[Niger] is not Nigeria.", "NE"),
        ("M23 took Goma in eastern [Congo].", "CD"),
        ("[Congo]'s president Sassou spoke in Brazzaville.", "CG"),
        ("Northern [Ireland] has an assembly.", "GB"),
        ("[Ireland] has a taoiseach.", "IE"),
        ("Latin [America] grew.", None),
        ("ships in the Gulf of [Mexico]", None),
        ("South [Sudan] is young.", "SS"),
        ("New [Mexico] burned.", "US"),
    ],
)
def test_names_of_several_things_are_told_apart_by_what_stands_around_them(sentence: str, code: str | None) -> None:
    assert country(sentence) == code


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("a fire in [Paris], Texas", "US"),
        ("a fire in [Paris]", "FR"),
        ("a fire in [Birmingham], Alabama", "US"),
        ("a fire in [Birmingham]", "GB"),
        ("a lab in [Cambridge], Mass., said", "US"),
        ("a lab in [Cambridge]", "GB"),
        ("a market in [Athens], Georgia", "US"),
        ("trains between [Berlin], London and Paris", "DE"),
        ("a factory in [Hyderabad] in Pakistan's Sindh", "PK"),
    ],
)
def test_the_place_named_after_a_city_says_which_city(sentence: str, code: str) -> None:
    assert country(sentence) == code


@given(st.sampled_from(sorted(name for name in lexicon.names() if " " in name)), st.data())
def test_a_part_of_a_known_name_is_read_as_that_name(name: str, data: st.DataObject) -> None:
    words = [word.title() if word != "of" else word for word in name.split()]
    first = data.draw(st.integers(0, len(words) - 1))
    stop = data.draw(st.integers(first + 1, len(words) if first else len(words) - 1))
    mention, before, after = (" ".join(part) for part in (words[first:stop], words[:first], words[stop:]))
    sentence = f"in {before} ".rstrip() + " ", f" {after} on Friday".replace("  ", " ")
    with patch.object(countries_longer, "_may_be_longer", return_value=True):  # look at all that it would rule out
        whole = countries_longer.longer_name(mention, *sentence)
    assert countries_longer.longer_name(mention, *sentence) == whole


@pytest.mark.parametrize(
    ("before", "mention", "longer"),
    [
        ("in the Republic of ", "Kenya", "Republic of Kenya"),
        ("in Saint Vincent and ", "the Grenadines", "Saint Vincent and the Grenadines"),
        ("at Donostia / ", "San Sebastián", "Donostia / San Sebastián"),
    ],
)
def test_a_name_goes_on_over_styles_articles_and_strokes(before: str, mention: str, longer: str) -> None:
    assert countries_longer.longer_name(mention, before, " on Friday") == longer


def test_countries_found_before_decide_where_the_sentence_does_not() -> None:
    assert country("Officials in [Tripoli] agreed.") == "LY"
    assert country("Officials in [Tripoli] agreed.", others=("LB",)) == "LB"


def test_a_language_is_no_country() -> None:
    assert country("She spoke in [German].", "NORP") is None
    assert country("She bought [German] bonds.", "NORP") == "DE"


def test_organisations_carry_the_country_of_their_name() -> None:
    assert country("the [Bank of Japan] raised rates", "ORG") == "JP"
    assert country("the [German Foreign Office] said", "ORG") == "DE"
    assert country("the [New York Times] said", "ORG") == "US"  # a paper is an organisation like others
    assert country("the [Denver Nuggets] lost", "ORG") == "US"
    assert country("[Air France] grew", "ORG") == "FR"
    assert country("in the [Jamaica Inn]", "ORG") is None
    assert country("under the [Paris Agreement]", "ORG") is None


def test_seats_of_government_are_in_their_country() -> None:
    assert country("The [Storting] sat late.", "ORG") == "NO"
    assert country("The [Kremlin] was silent.", "ORG") == "RU"


@pytest.mark.parametrize(
    "sentence",
    [
        "Add [Brazil] nuts.",
        "an [English] bulldog",
        "the [Niger], a river",
        "[Reading] the letter took an hour.",
        "Helen [French] taught here.",
        "[English], who has a cold, stayed in bed.",
        "[Brussels] may fine Poland under EU law.",
        "The code is plain [Java] programming.",
        "the [Gulf of Thailand]",
    ],
)
def test_things_rivers_words_and_people_that_share_a_name_with_a_place_have_no_country(sentence: str) -> None:
    assert country(sentence) is None


def test_a_person_is_no_place() -> None:
    assert country("[Paris] arrived.", "PERSON") is None


def test_every_country_has_a_name_and_a_point_on_the_map() -> None:
    assert {"DE", "XK", "TW", "PS"} <= set(lexicon.countries())
    for code in lexicon.countries():
        point = countries.centroid(code)
        assert point is not None
        assert -90 <= point[0] <= 90
        assert -180 <= point[1] <= 180
        assert countries.name(code)
    assert countries.name("ZZ") is None


def test_codes_and_names_agree_with_the_unicode_locale_data() -> None:
    """CLDR, by way of Babel, knows the same codes; where it has the same name for one of ours, it means the same."""
    babel = pytest.importorskip("babel")
    territories = {code: name for code, name in babel.Locale("en").territories.items() if len(code) == 2}
    assert set(lexicon.countries()) <= set(territories)
    differing = {
        f"{name}: {lexicon.codes(name)[0]}, not {code}"
        for code, name in territories.items()
        if code in lexicon.countries() and lexicon.codes(name) and lexicon.codes(name)[0] != code
    }
    assert not differing


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["PERSON", "ORG", "GPE", "LOC", "NORP", None]), st.data())
def test_no_text_whatever_breaks_it(text: str, label: str | None, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    code = countries.country_of(text[start:end], label=label, text=text, start=start, end=end)
    assert code is None or code in lexicon.countries()
