"""Who the speakers are, as users rely on it: the article's own full names, roles, pronouns and institutions."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.article import Quote, QuoteKind, Span, Speaker, SpeakerKind
from pipeline.enrich.language import load
from pipeline.enrich.pronouns import PRONOUNS


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = load()
    nlp.add_pipe("whosaid_speakers")
    return nlp


def named(nlp: Language, marked: str) -> list[Speaker]:
    """The speakers of a text in which their mentions stand in brackets; each says the quotation after or before it."""
    text, quotes = "", []
    for part in re.split(r"(\[[^]]*\])", marked):
        if part.startswith("["):
            mention = part[1:-1]
            place = Span(len(text), len(text) + len(mention))
            quotes.append(
                Quote((place,), QuoteKind.INDIRECT, speaker=Speaker(*place, mention, mention, SpeakerKind.UNKNOWN))
            )
            text += mention
        else:
            text += part
    return [quote.speaker for quote in resolved(nlp, text, quotes) if quote.speaker is not None]


def resolved(nlp: Language, text: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    doc = nlp.make_doc(text)
    doc._.quotes = tuple(quotes)
    found: tuple[Quote, ...] = nlp(doc)._.quotes
    return found


FULL_NAME = [
    ("Finance Minister Pavel Novak resigned. [Novak] said he was tired.", "Pavel Novak"),
    ("[Novak] is tired, he says. Pavel Novak resigned on Monday.", "Pavel Novak"),
    ("President Ingrid Solheim spoke. [President Solheim] said no.", "Ingrid Solheim"),
    ("Ingrid Solheim spoke. In [Solheim’s] words, it was over.", "Ingrid Solheim"),
    ("Ursula van der Berg spoke. [Van der Berg] said no.", "Ursula van der Berg"),
    ("Anna Novak and Pavel Novak met. [Mr Novak] said they had agreed.", "Pavel Novak"),
    ("Anna Novak and Pavel Novak met. [Mrs Novak] said they had agreed.", "Anna Novak"),
    ("Chancellor Olaf Scholz rang Paris. [Schultz] said it was late.", "Olaf Scholz"),
    ("The World Health Organization (WHO) met. [The WHO] said it would act.", "World Health Organization"),
]


@pytest.mark.parametrize(("text", "name"), FULL_NAME)
def test_a_name_becomes_its_fullest_form_in_the_article(nlp: Language, text: str, name: str) -> None:
    assert [speaker.name for speaker in named(nlp, text)] == [name]


def test_a_similar_name_with_a_first_name_of_its_own_stays_another_person(nlp: Language) -> None:
    speakers = named(nlp, "Olaf Scholz met Martin Schultz. [Schultz] said no. [Scholz] said yes.")
    assert [speaker.name for speaker in speakers] == ["Martin Schultz", "Olaf Scholz"]


ROLE = [
    ("Kremlin spokesman Dmitry Peskov spoke. [The Kremlin spokesman] said no.", "Dmitry Peskov"),
    ("The bishop of Harwick, Simon Vale, arrived. Later [the bishop of Harwick] said no.", "Simon Vale"),
    ("Simon Vale, the bishop of Harwick, arrived. Later [the bishop] said no.", "Simon Vale"),
    ("German Chancellor Eva Brandt met Prime Minister Lars Lund. [The German leader] said no.", "Eva Brandt"),
    ("US President Joe Biden rang Vladimir Putin. [The US president] said no.", "Joe Biden"),
    ("US President Joe Biden met his Russian counterpart, Vladimir Putin. President Putin left. "
     "[The Russian leader] said no.", "Vladimir Putin"),
    ("Foreign Minister Anna Novak met Defence Minister Pavel Horak. [The foreign minister] said no.", "Anna Novak"),
    ("Spokeswoman Anna Novak spoke. [The spokesperson] said no.", "Anna Novak"),
    ("Anna Novak is the mayor of Velden. [The mayor] said no.", "Anna Novak"),
    ("Anna Novak lives in Velden. [The 43-year-old] said no.", "Anna Novak"),
    ("The charity Greenpeace sent food. [The charity] said more was on its way.", "Greenpeace"),
    ("Toyota closed a plant. [The company] said sales had fallen.", "Toyota"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), ROLE)
def test_a_role_becomes_the_person_introduced_with_it(nlp: Language, text: str, name: str) -> None:
    assert [speaker.name for speaker in named(nlp, text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "US President Joe Biden spoke. [The French president] said no.",
        "Vice President Anna Novak spoke in Oslo. [A spokesman] said no.",
        "Kremlin spokesman Dmitry Peskov spoke. [A Kremlin spokesman] said no.",
    ],
)
def test_a_role_that_nobody_was_introduced_with_names_nobody(nlp: Language, text: str) -> None:
    assert [speaker.kind for speaker in named(nlp, text)] == [SpeakerKind.UNNAMED]


def test_the_role_is_told_with_the_speaker(nlp: Language) -> None:
    speakers = named(nlp, "Kremlin spokesman Dmitry Peskov spoke. [Peskov] said no. [A police officer] said yes.")
    assert [speaker.role for speaker in speakers] == ["Kremlin spokesman", "police officer"]


PRONOUN = [
    ("Pavel Novak resigned on Monday. [He] said it was time.", "Pavel Novak"),
    ("Anna Novak met Pavel Horak on Monday. [He] said it was time.", "Pavel Horak"),
    ("Anna Novak met Pavel Horak on Monday. [She] said it was time.", "Anna Novak"),
    ("Mr Osei met Ms Adomako. [She] said it was time.", "Adomako"),
    ("Okafor, a spokeswoman, met Pavel Horak. [She] said it was time.", "Okafor"),
    ("The charity Greenpeace sent boats. [It] said more were on their way.", "Greenpeace"),
    ("It was time, [she] said. Anna Novak left the next day.", "Anna Novak"),
]


@pytest.mark.parametrize(("text", "name"), PRONOUN)
def test_a_pronoun_becomes_whom_it_stands_for(nlp: Language, text: str, name: str) -> None:
    assert [speaker.name for speaker in named(nlp, text)] == [name]


def test_who_spoke_last_goes_on_as_he(nlp: Language) -> None:
    text = "Pavel Novak met Ivan Horak in Oslo. [Horak] said it was time. [He] said he would write. [He] said no more."
    assert {speaker.name for speaker in named(nlp, text)} == {"Ivan Horak"}


def test_a_pronoun_tells_the_gender_of_a_name_that_does_not(nlp: Language) -> None:
    text = "Minister Irena Kostovic came first and she smiled. Then came Aurel Damian. [He] said it was late."
    assert [speaker.name for speaker in named(nlp, text)] == ["Aurel Damian"]


def test_names_stay_as_they_are_written(nlp: Language) -> None:
    text = "[Councillor Howard Tran-Whitley] said no. [The Upland Farmers’ Association] said yes."
    assert [speaker.name for speaker in named(nlp, text)] == ["Howard Tran-Whitley", "Upland Farmers’ Association"]


def test_i_within_a_quotation_is_who_says_it(nlp: Language) -> None:
    text = "“I said no,” Pavel Novak recalled."
    outer = Quote((Span(0, 12),), QuoteKind.DIRECT, speaker=Speaker(13, 24, "Pavel Novak", "", SpeakerKind.UNKNOWN))
    inner = Quote((Span(8, 10),), QuoteKind.INDIRECT, speaker=Speaker(1, 2, "I", "", SpeakerKind.UNKNOWN), nested_in=0)
    assert [q.speaker.name for q in resolved(nlp, text, [outer, inner]) if q.speaker] == ["Pavel Novak"] * 2


@pytest.mark.parametrize("pronoun", ["He", "They", "It", "I", "We", "One"])
def test_a_pronoun_that_nothing_explains_is_unknown(nlp: Language, pronoun: str) -> None:
    (speaker,) = named(nlp, f"It rained all day. [{pronoun}] said no.")
    assert (speaker.name, speaker.kind, speaker.mention) == ("unknown", SpeakerKind.UNKNOWN, pronoun)


KIND = [
    ("[The Kremlin] said no.", "Kremlin", SpeakerKind.GOVERNMENT),
    ("[Berlin] said no.", "Berlin", SpeakerKind.GOVERNMENT),
    ("[The Norwegian government] said no.", "Norwegian government", SpeakerKind.GOVERNMENT),
    ("[The foreign ministry] said no.", "foreign ministry", SpeakerKind.GOVERNMENT),
    ("[Amnesty International] said no.", "Amnesty International", SpeakerKind.ORGANIZATION),
    ("[Officials in Berlin] said no.", "officials in Berlin", SpeakerKind.GROUP),
    ("[Several witnesses] said no.", "several witnesses", SpeakerKind.GROUP),
    ("[Police] said no.", "police", SpeakerKind.GROUP),
    ("[Police in Salem, Oregon] said no.", "police in Salem", SpeakerKind.GROUP),
    ("[Paris and Rome] said no.", "Paris and Rome", SpeakerKind.GROUP),
    ("[Both Warsaw and Vilnius] said no.", "Warsaw and Vilnius", SpeakerKind.GROUP),
    ("[Both Anna Novak and Pavel Horak] said no.", "Anna Novak and Pavel Horak", SpeakerKind.GROUP),
    ("[Senators Anna Novak and Pavel Horak] said no.", "Anna Novak and Pavel Horak", SpeakerKind.GROUP),
    ("[Anna Novak, Pavel Horak and Greenpeace] said no.", "Anna Novak, Pavel Horak and Greenpeace", SpeakerKind.GROUP),
    ("[US senators Anna Novak and Pavel Horak] said no.", "Anna Novak and Pavel Horak", SpeakerKind.GROUP),
    ("[Anna Novak and Pavel Horak of Greenpeace] said no.", "Anna Novak and Pavel Horak", SpeakerKind.GROUP),
    ("[President Anna Novak and Premier Pavel Horak] said no.", "Anna Novak and Pavel Horak", SpeakerKind.GROUP),
    ("[The jailed writers Anna Novak and Pavel Horak] said no.", "Anna Novak and Pavel Horak", SpeakerKind.GROUP),
    ("[Anna Novak and Pavel Horak supporters] said no.", "Anna Novak and Pavel Horak supporters", SpeakerKind.GROUP),
    ("[A spokesman for Pavel Novak] said no.", "spokesman for Pavel Novak", SpeakerKind.UNNAMED),
    ("[A woman, who gave no name,] said no.", "woman", SpeakerKind.UNNAMED),
    ("[Pavel Novak] said no.", "Pavel Novak", SpeakerKind.PERSON),
]


@pytest.mark.parametrize(("text", "name", "kind"), KIND)
def test_kinds_of_speakers(nlp: Language, text: str, name: str, kind: SpeakerKind) -> None:
    (speaker,) = named(nlp, text)
    assert (speaker.name, speaker.kind) == (name, kind)


@pytest.mark.parametrize("text", ["[Paris and Rome] said no.", "[Russians and Ukrainians] said no."])
def test_several_are_of_no_one_country(nlp: Language, text: str) -> None:
    (speaker,) = named(nlp, text)
    assert (speaker.kind, speaker.country) == (SpeakerKind.GROUP, None)


def test_mentions_carry_the_fullest_name(nlp: Language) -> None:
    doc = nlp("President Pavel Novak flew to Oslo. Novak’s plane was late.")
    found = {(doc.text[m.start : m.end].removesuffix("’s"), m.label, m.name) for m in doc._.mentions}
    assert {("Novak", "PERSON", "Pavel Novak"), ("Oslo", "GPE", "Oslo")} <= found


WORDS = st.sampled_from(
    [
        "Pavel Novak",
        "Novak",
        "’s",
        "the",
        "The",
        "minister",
        "he",
        "She",
        "they",
        "who",
        "\n",
        ",",
        "said",
        "of",
        "“",
        "”",
        "US",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS | st.text(max_size=5), max_size=25), st.data())
def test_no_mention_makes_it_fail_or_gets_a_pronoun_as_its_name(
    nlp: Language, parts: list[str], data: st.DataObject
) -> None:
    text = " ".join(parts)
    ends = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=5))
    quotes = []
    for a, b in ends:
        start, end = min(a, b), max(a, b)
        speaker = Speaker(start, end, text[start:end], text[start:end], SpeakerKind.UNKNOWN)
        quotes.append(Quote((Span(0, len(text)),), QuoteKind.DIRECT, speaker=speaker))
    for before, after in zip(quotes, resolved(nlp, text, quotes), strict=True):
        assert after.speaker is not None and before.speaker is not None
        assert (after.pieces, after.speaker.mention) == (before.pieces, before.speaker.mention)
        name = after.speaker.name
        assert name in {"US", "IT", "WHO"} or (name and name.lower() not in PRONOUNS)
