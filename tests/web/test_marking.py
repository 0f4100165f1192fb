"""An article's text, cut so that whatever overlaps can be marked: nothing of it is lost or told twice."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Mention, Span
from pipeline.search.reading import StoredQuote
from pipeline.search.result import Hit
from pipeline.web.marking import Segment, paragraphs, voices


def quote(*pieces: tuple[int, int], speaker: str = "Ada", **given: Any) -> StoredQuote:
    spans = tuple(Span(*piece) for piece in pieces)
    fields = {
        "id": str(pieces), "article_id": "a", "text": "", "start": spans[0].start, "end": spans[-1].end,
        "kind": "direct", "act": "speech", "negated": False, "confidence": 1.0, "speaker": speaker,
        "speaker_kind": "person", "speaker_id": None, "speaker_mention": None, "speaker_role": None,
        "speaker_country": None, "cue": None, "context_before": "", "context_after": "", "addressee": None,
        "actors": (), "countries": (), "title": None, "url": None, "outlet": None, "outlet_country": None,
        "published_at": None, "story_id": "a", "copy_of": None, "highlights": (),
    }  # fmt: skip
    return StoredQuote(Hit(**fields | given), spans, None)


spans = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda one: (one[0], one[0] + one[1]))


def pieces(draw: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the drawn spans that follow one another."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(draw):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


@given(
    st.text("ab \n", max_size=60),
    st.lists(st.lists(spans, min_size=1, max_size=3).map(pieces), max_size=6),
    st.lists(spans, max_size=6),
)
def test_every_character_is_in_its_quotes_and_names_and_in_no_others(
    text: str, drawn: list[list[tuple[int, int]]], named: list[tuple[int, int]]
) -> None:
    quotes = [quote(*one) for one in drawn]
    mentions = [Mention(*one, "PERSON", str(number)) for number, one in enumerate(named)]
    lines = list(paragraphs(text, quotes, mentions))
    segments: list[Segment] = [segment for line in lines for segment in line]
    assert "".join(one.text for one in segments) == text.replace("\n", "")
    within = [(n, s, e) for n, one in enumerate(drawn) for s, e in one if e <= len(text)]
    for one in segments:
        for at in range(one.start, one.start + len(one.text)):
            assert set(one.quotes) == {n for n, s, e in within if s <= at < e}
            around = {str(n) for n, (s, e) in enumerate(named) if s <= at < e <= len(text)}
            assert (one.mention.name in around) if one.mention else not around


def test_voices_are_numbered_in_text_order_and_the_unnamed_told_apart_by_their_words() -> None:
    heard = voices(
        [
            quote((0, 1), speaker="Ada"),
            quote((2, 3), speaker="unknown", speaker_kind="unnamed", speaker_mention="a diplomat"),
            quote((4, 5), speaker="unknown", speaker_kind="unnamed", speaker_mention="a spokesman"),
            quote((6, 7), speaker="Ada"),
        ]
    )
    assert [(one.number, one.name, one.named, len(one.quotes)) for one in heard] == [
        (1, "Ada", True, 2), (2, "a diplomat", False, 1), (3, "a spokesman", False, 1),
    ]  # fmt: skip
