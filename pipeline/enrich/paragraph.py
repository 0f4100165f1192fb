"""A parsed paragraph as the rules see it: words in a tree with Universal labels, quotations, the way back to the text.

The rules never touch a spaCy `Doc`: they read the same thing from a plain parse and from one whose quotations were
masked (`masking.py`), with either set of dependency labels (`labels.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pipeline.article import Span
from pipeline.enrich.labels import universal
from pipeline.enrich.marks import Region
from pipeline.enrich.parse import Parse

_LONGEST_SENTENCE = 300
"""Words after which a sentence is cut: no real one is longer, and rules that look through a sentence stay linear."""
_CLOSING = {"”", '"', "''", "’", "'", ")", "»", "]"}
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
"""Tags of a past or present tense, or a modal."""


def word_set(words: str) -> frozenset[str]:
    """Words parted by spaces."""
    return frozenset(words.split())


@dataclass(eq=False, slots=True)
class Word:
    """A token of the paragraph. `i` is its position there; `first` and `last` bound its phrase, both inclusive."""

    i: int
    text: str
    lower: str
    tag: str
    dep: str
    start: int
    """Characters of the parsed (perhaps masked) text, half-open."""
    end: int
    sentence: int
    is_word: bool
    first: int
    last: int
    head: Word = field(init=False)
    children: list[Word] = field(default_factory=list)
    quotation: Quotation | None = None

    @property
    def is_verb(self) -> bool:
        """By its tag, as in “said”, “saying”."""
        return self.tag.startswith("VB")

    @property
    def is_finite(self) -> bool:
        """A past or present tense, or a modal."""
        return self.tag in FINITE

    def ancestors(self, limit: int = 8) -> Iterator[Word]:
        """The heads above, nearest first, at most `limit`."""
        word = self
        for _ in range(limit):
            if word.head is word:
                return
            word = word.head
            yield word

    def child(self, *deps: str) -> Word | None:
        """The first child with one of these labels."""
        return next((child for child in self.children if child.dep in deps), None)

    @property
    def subject(self) -> Word | None:
        """What this verb or predicate says something of."""
        return next((c for c in self.children if c.dep.startswith("nsubj") or c.dep == "expl"), None)

    @property
    def is_complementizer(self) -> bool:
        """A “that” which brings in a whole clause, not one that stands for its subject or object."""
        if self.lower != "that" or self.head.i < self.i:
            return False
        subjects = [c for c in self.head.children if c is not self and c.dep.startswith(("nsubj", "csubj", "expl"))]
        passive = any(c.dep == "nsubj:pass" for c in subjects)  # whose object “that” cannot be
        return self.dep == "mark" or (bool(subjects) and (self.tag == "IN" or passive))

    def introducer(self, *lowers: str) -> Word | None:
        """A child that stands before this word and is one of these words: its “by”, “as”, “that”, “to”."""
        return next((c for c in self.children if c.i < self.i and c.lower in lowers), None)


@dataclass(eq=False, slots=True)
class Quotation:
    """A quotation-marked string in its paragraph, and who is found to have said it."""

    region: Region
    clausal: bool
    """It stands as a clause of its own (and is masked), rather than as a few words of somebody else's sentence."""
    first: int
    last: int
    ending: str
    """Its last character before the closing mark."""
    floating: bool = False
    """It is a sentence of its own, so that no word of the paragraph need govern it."""


class Paragraph:
    """Words, sentences and quotations of one paragraph."""

    def __init__(
        self,
        parse: Parse,
        bounds: Span,
        regions: Sequence[tuple[Region, int, int, bool]],
        offsets: Sequence[int] | None,
    ) -> None:
        """`parse` holds the paragraph's tokens; `bounds` is the paragraph in the article.

        `regions` come with where they start and end in the parsed text and whether they are clausal. `offsets` maps
        each character of the parsed text to the article's; without it the parsed text is the article.
        """
        self.bounds = bounds
        self._offsets = offsets
        numbers = _sentences(parse.begins)
        self.words = _tree(parse, numbers)
        starts = [i for i, (before, number) in enumerate(pairwise([-1, *numbers])) if number != before]
        self.sentences = [(start, stop - 1) for start, stop in pairwise([*starts, len(numbers)])]
        """First and last word of each, inclusive."""
        self.quotations = list(self._quotations(regions))

    def span(self, first: int, last: int) -> Span:
        """Where the words `first` to `last`, inclusive, stand in the article: no stops, whole quotation marks."""
        words = self.words
        while first < last and not words[first].is_word:
            first += 1
        while last > first and not words[last].is_word:
            last -= 1
        if last + 1 < len(words) and words[last + 1].text == ")":
            texts = [word.text for word in words[first : last + 1]]
            last += texts.count("(") > texts.count(")")
        start, end = self.back(words[first].start, words[last].end)
        opened, closed = words[first].quotation, words[last].quotation
        if opened is not None and not any(word.is_word for word in words[opened.first : first]):
            start = opened.region.start
        if closed is not None and (
            closed.clausal or not any(word.is_word for word in words[last + 1 : closed.last + 1])
        ):
            end = closed.region.end
        return Span(start, end)

    def back(self, start: int, end: int) -> Span:
        """Characters of the article for characters of the parsed text."""
        if self._offsets is None:
            return Span(start, end)
        last = min(end, len(self._offsets)) - 1  # somebody's merged token may run over the paragraph's end
        return Span(self._offsets[start], self._offsets[last] + 1)

    def sentence(self, word: Word) -> tuple[int, int]:
        """First and last word of the sentence of `word`, inclusive."""
        return self.sentences[word.sentence]

    def between(self, first: int, last: int) -> str:
        """The words from `first` to `last`, inclusive, in lower case with single spaces: for patterns over words."""
        return " ".join(word.lower for word in self.words[first : last + 1])

    def _quotations(self, regions: Sequence[tuple[Region, int, int, bool]]) -> Iterator[Quotation]:
        at = 0
        for region, start, end, clausal in regions:
            while at < len(self.words) and self.words[at].end <= start:
                at += 1
            inside = at
            while inside < len(self.words) and self.words[inside].start < end:
                inside += 1
            if inside == at:
                continue
            ending = next((w.text[-1] for w in reversed(self.words[at:inside]) if w.text.strip("“”\"'’`»«‘")), "")
            before = next((w.text for w in reversed(self.words[:at]) if w.text not in _CLOSING), ".")
            after = self.words[inside].text[:1] if inside < len(self.words) else "A"
            floating = (
                before[-1] in ".?!:"
                and (ending in ".?!…—-" or not region.closed)
                and not after.islower()
                and after != ","
            )
            quotation = Quotation(region, clausal, at, inside - 1, ending, floating)
            for word in self.words[at:inside]:
                word.quotation = quotation
            at = inside
            yield quotation


def _tree(parse: Parse, sentences: Sequence[int]) -> list[Word]:
    heads, deps, tags = parse.heads.copy(), parse.deps.copy(), parse.tags
    n = len(heads)
    for i, head in enumerate(heads):
        if not (0 <= head < n and sentences[head] == sentences[i]):
            # a parse that runs over the line's or the longest sentence's end is cut there
            heads[i], deps[i] = i, "ROOT"
    deps, heads = universal(deps, heads, tags)
    are_words = list(map(_is_word, parse.texts))
    firsts, lasts = _bounds(heads, are_words)
    words = [
        Word(i, text, text.lower(), tag, dep, start, start + len(text), sentence, is_word, first, last)
        for i, (text, tag, dep, start, sentence, is_word, first, last) in enumerate(
            zip(parse.texts, tags, deps, parse.starts, sentences, are_words, firsts, lasts, strict=True)
        )
    ]
    for word, head in zip(words, heads, strict=True):
        word.head = above = words[head]
        if above is not word:
            above.children.append(word)
    return words


@lru_cache(maxsize=16384)
def _is_word(text: str) -> bool:
    return text.isalnum() or any(map(str.isalnum, text)) or text in "$€£¥%"


def _bounds(heads: Sequence[int], are_words: Sequence[bool]) -> tuple[list[int], list[int]]:
    """First and last word, inclusive, of what hangs on each: from the leaves up, each once, linear however deep."""
    firsts, lasts, waiting = list(range(len(heads))), list(range(len(heads))), [0] * len(heads)
    for i, head in enumerate(heads):
        waiting[head] += head != i
    ready = [i for i, below in enumerate(waiting) if not below]
    while ready:
        i = ready.pop()
        head, first, last = heads[i], firsts[i], lasts[i]
        if head == i:
            continue
        if are_words[i] or first < last:  # a comma at either edge is no part of the phrase
            if first < firsts[head]:  # noqa: PLR1730 - min and max take four times as long
                firsts[head] = first
            if last > lasts[head]:  # noqa: PLR1730
                lasts[head] = last
        waiting[head] -= 1
        if not waiting[head]:
            ready.append(head)
    return firsts, lasts


def _sentences(begins: Sequence[bool]) -> list[int]:
    """The number of each token's sentence."""
    numbers = []
    sentence, length = -1, 0
    for begun in begins:
        length += 1
        if sentence < 0 or begun or length > _LONGEST_SENTENCE:
            sentence, length = sentence + 1, 0
        numbers.append(sentence)
    return numbers
