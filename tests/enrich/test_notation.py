"""The notation of the examples and their grading: a test of quotes is only as good as these."""

from __future__ import annotations

import pytest

from pipeline.article import Act, Quote, QuoteKind, Span, Speaker, SpeakerKind
from tests.enrich.grading import problems
from tests.enrich.notation import Example, NotationError, kind_by_marks, parse, read

INTERRUPTED = "{Q “The bridge,”} {S Maria Keller} {C told} {A reporters}, {Q “will open.”}"
NESTED = "{S1 Keller} {C1 said} {Q1 {S2 she} {C2 believed} {Q2:thought:negated it was safe}}."


def example(source: str, exact: bool = False) -> Example:
    return Example("example", *parse(source), exact=exact)


def quote(text: str, *pieces: str, speaker: str | None = None, cue: str | None = None, **rest: object) -> Quote:
    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    named = speaker and Speaker(*span(speaker), speaker, speaker, SpeakerKind.PERSON)
    rest.setdefault("kind", kind_by_marks(list(pieces)))
    return Quote(tuple(map(span, pieces)), speaker=named or None, cue=span(cue) if cue else None, **rest)  # type: ignore[arg-type]


def test_marked_parts_come_out_with_their_offsets_in_the_plain_text() -> None:
    text, quotes = parse(INTERRUPTED)
    assert text == "“The bridge,” Maria Keller told reporters, “will open.”"
    one = quotes[1]
    assert [text[a:b] for a, b in one.pieces] == ["“The bridge,”", "“will open.”"]
    assert [text[a:b] for a, b in one.speakers] == ["Maria Keller"]
    assert text[slice(*one.cues[0])] == "told"
    assert one.addressee and text[slice(*one.addressee)] == "reporters"
    assert (one.kind, one.act, one.negated, one.nested_in) == (QuoteKind.DIRECT, None, False, None)


def test_content_in_content_is_nested_and_carries_its_own_words() -> None:
    text, quotes = parse(NESTED)
    assert text == "Keller said she believed it was safe."
    assert (quotes[2].nested_in, quotes[2].act, quotes[2].negated) == (1, Act.THOUGHT, True)
    assert text[slice(*quotes[1].pieces[0])] == "she believed it was safe"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("“All of it.”", QuoteKind.DIRECT),
        ("''All of it,''", QuoteKind.DIRECT),
        ("'The players' fault,'", QuoteKind.DIRECT),
        ("„Alles.“", QuoteKind.DIRECT),
        ("the players' fault wasn't theirs", QuoteKind.INDIRECT),
        ("some of it “in marks”", QuoteKind.MIXED),
        ("some of it 'in marks'", QuoteKind.MIXED),
    ],
)
def test_the_kind_follows_from_the_marks(content: str, kind: QuoteKind) -> None:
    assert kind_by_marks([content]) is kind


@pytest.mark.parametrize(
    "source",
    ["{X no such letter}", "{Q never closed", "closed twice}}", "{S nobody} speaks", "{Q:loud word}", "{Q  edge}"],
)
def test_a_slip_of_the_annotator_is_told(source: str) -> None:
    with pytest.raises(NotationError):
        parse(source)


def test_a_page_is_read_by_its_headings_empty_lines_end_examples_and_line_breaks_are_text() -> None:
    page = "## One thing\n\n```quotes\n{Q “A,”} {S he} {C said}.\nB.\n\nNothing.\n```\n\n```text\n{Q no}\n```\n"
    first, second = read(page)
    assert (first.text, second.text) == ("“A,” he said.\nB.", "Nothing.")
    assert first.name.startswith("one-thing 1: A he said B")
    assert second.quotes == {}


def test_a_right_answer_is_not_objected_to() -> None:
    wanted = example(INTERRUPTED)
    pieces = ("“The bridge,”", "“will open.”")
    assert problems(wanted, [quote(wanted.text, *pieces, speaker="Keller", cue="told", addressee="reporters")]) == []


@pytest.mark.parametrize(
    ("change", "objection"),
    [
        ({"pieces": ("“The bridge,”",)}, "not found"),
        ({"speaker": None}, "speaker should be Maria Keller"),
        ({"speaker": "reporters"}, "speaker should be Maria Keller"),
        ({"cue": None}, "cue should be told"),
        ({"kind": QuoteKind.MIXED}, "kind should be direct"),
        ({"negated": True}, "negated should be False"),
        ({"addressee": "Keller"}, "addressee should be reporters"),
        ({"nested_in": 0}, "nested in should be None"),
    ],
)
def test_a_wrong_answer_is_objected_to(change: dict[str, object], objection: str) -> None:
    wanted = example(INTERRUPTED)
    right = {"pieces": ("“The bridge,”", "“will open.”"), "speaker": "Keller", "cue": "told", "addressee": "reporters"}
    pieces, rest = (given := right | change)["pieces"], {key: value for key, value in given.items() if key != "pieces"}
    assert objection in " ".join(problems(wanted, [quote(wanted.text, *pieces, **rest)]))  # type: ignore[misc,arg-type]


def test_a_quote_where_none_is_and_one_over_its_cue_are_objected_to() -> None:
    nothing, plain = example("The “smart” bins."), example("{S Keller} {C said} {Q the long bridge would open in May}.")
    assert "no quote" in problems(nothing, [quote(nothing.text, "“smart”")])[0]
    over = quote(plain.text, "said the long bridge would open in May", speaker="Keller", cue="said")
    assert "without its cue" in problems(plain, [over])[0]


def test_an_exact_example_counts_every_character() -> None:
    source = "{S Keller} {C said} {Q the bridge would open in May}."
    stop = "the bridge would open in May."
    for exact in (False, True):
        wanted = example(source, exact)
        assert bool(problems(wanted, [quote(wanted.text, stop, speaker="Keller", cue="said")])) is exact


def test_a_nested_quote_has_to_be_linked() -> None:
    wanted = example(NESTED)
    outer = quote(wanted.text, "she believed it was safe", speaker="Keller", cue="said")
    inner = quote(wanted.text, "it was safe", speaker="she", cue="believed", act=Act.THOUGHT, negated=True, nested_in=0)
    assert problems(wanted, [outer, inner]) == []
    loose = quote(wanted.text, "it was safe", speaker="she", cue="believed", act=Act.THOUGHT, negated=True)
    assert "nested in should be 1" in " ".join(problems(wanted, [outer, loose]))


def test_the_owner_of_a_speaker_is_not_the_speaker() -> None:
    wanted = example("{S Keller’s lawyer} {C said} {Q the charges would be contested}.")
    for mention, right in (("Keller’s lawyer", True), ("lawyer", True), ("Keller", False)):
        found = quote(wanted.text, "the charges would be contested", speaker=mention, cue="said")
        assert (problems(wanted, [found]) == []) is right


def test_the_text_may_offer_two_right_mentions() -> None:
    wanted = example("{S Moreau}, {S who} {C said} {Q he was away}, came.")
    for mention in ("Moreau", "who"):
        assert problems(wanted, [quote(wanted.text, "he was away", speaker=mention, cue="said")]) == []
