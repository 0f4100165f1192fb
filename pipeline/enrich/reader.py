"""What the encoder says of an article's quotes: at any cue or opening mark, who says what, and how sure it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, pairwise

import numpy as np

from pipeline.article import Span
from pipeline.enrich.anchors import CUE, anchor_of
from pipeline.enrich.around import Around
from pipeline.enrich.encoder import Encoded, Encoder, Floats
from pipeline.enrich.encoder_input import Words, words_at
from pipeline.enrich.masking import Marked
from pipeline.enrich.paragraph import FINITE
from pipeline.enrich.parse import Parse
from pipeline.enrich.sources import is_happening

SOURCE, CONTENT, ADDRESSEE = 1, 2, 3
"""What the columns of `Answer.parts` stand for; column 0 is nothing of the three."""
_MARKS = 20
"""Marks in a row that are looked at, at most."""
_MENDED = 2
"""Words between two runs of content that are taken for content too: a comma and a bracket."""


@dataclass(frozen=True)
class Answer:
    """What the words near an anchor are to it."""

    anchor: int
    """The word that was asked at."""
    first: int
    """The first word that was looked at."""
    parts: Floats
    """Probabilities [words that were looked at, 4]."""
    cue: float
    """How likely the anchor is a cue at all."""

    @cached_property
    def highest(self) -> float:
        """The greatest probability of content."""
        return float(np.maximum.reduce(self.parts[:, CONTENT]))

    def _mean(self, part: int, words: range) -> float:
        own = self.parts[max(words.start - self.first, 0) : max(words.stop - self.first, 0), part]
        return float(np.add.reduce(own)) / len(own) if len(own) else 0.0  # own.mean() takes three times as long

    def holds(self, words: range) -> float:
        """How likely these words are content, on average of those that were looked at."""
        return self._mean(CONTENT, words)

    def names(self, words: range) -> float:
        """How likely these words are the source, on average."""
        return self._mean(SOURCE, words)

    def told(self, words: range) -> float:
        """How likely these words are whom it is said to, on average."""
        return self._mean(ADDRESSEE, words)

    @cached_property
    def _runs(self) -> list[tuple[int, range]]:
        """Runs of words of which one part is the likeliest, with that part."""
        likeliest = self.parts.argmax(axis=1)
        edges = [0, *(np.flatnonzero(likeliest[1:] != likeliest[:-1]) + 1).tolist(), len(likeliest)]
        return [(int(likeliest[a]), range(a + self.first, b + self.first)) for a, b in pairwise(edges)]

    def runs(self, part: int) -> list[range]:
        """Runs of words of which one part is the likeliest; those of content are mended over small gaps."""
        found = [run for own, run in self._runs if own == part]
        if part != CONTENT:
            return found
        mended: list[range] = []
        for run in found:
            gap = range(mended[-1].stop, run.start) if mended else range(9)
            if mended and len(gap) <= _MENDED and self.anchor not in gap:
                mended[-1] = range(mended[-1].start, run.stop)
            else:
                mended.append(run)
        return mended

    def best(self, part: int) -> range | None:
        """The run that is likeliest a source or addressee; one far from the anchor counts half."""
        return max(
            self.runs(part),
            key=lambda run: self._mean(part, run) * (1.0 if abs(run.start - self.anchor) < 25 else 0.5),
            default=None,
        )


@dataclass
class Reader:
    """The encoder's evidence for one document. Words are the tokens that are no white space, by number."""

    encoder: Encoder
    encoded: Encoded
    words: Words
    starts: list[int]
    """Where each word begins, in characters."""
    ends: list[int]
    tags: list[str]
    _answers: dict[tuple[int, int], Answer] = field(default_factory=dict)
    _likely: dict[float, list[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        text: str,
        parse: Parse,
        encoder: Encoder,
        evidence: Encoded | None = None,
        paragraphs: Sequence[Marked] | None = None,
    ) -> Reader:
        """From what was kept beside a document, else by reading it; all but the encoder is the document’s."""
        own = [not token.isspace() for token in parse.texts]
        texts, starts = list(compress(parse.texts, own)), list(compress(parse.starts, own))
        words = words_at(text, texts, starts, paragraphs)
        ends = [start + len(word) for start, word in zip(starts, texts, strict=True)]
        return cls(encoder, evidence or encoder.read(words), words, starts, ends, list(compress(parse.tags, own)))

    @cached_property
    def around(self) -> Around:
        """The trees of masked paragraphs."""
        read = (
            self.encoded if self.encoded.syntax else self.encoder.read(self.words)
        )  # kept by a pipeline without quotes
        return Around(self.encoder, self.words.texts, self.tags, self.starts, self.ends, read.windows, read.syntax)

    def within(self, span: Span) -> range:
        """The words that a span of characters touches."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))

    def is_finite(self, word: int) -> bool:
        """Whether a word is a finite verb."""
        return self.tags[word] in FINITE

    def is_within_name(self, word: int) -> bool:
        """Whether a word goes on with the name that the word before it, on the same line, is part of."""
        tags, texts = self.tags[word - 1 : word + 1], self.words.texts[word - 1 : word + 1]
        names = (tag in ("NNP", "NNPS") or text == "-" for tag, text in zip(tags, texts, strict=True))
        return not self.words.lines[word] and all(names)

    def happens(self, words: range) -> bool:
        """Whether a noun phrase stands for what happens, by the last of its first nouns: “today's crash”."""
        nouns = (word for word in words if self.tags[word].startswith("NN"))
        head = next((word for word in nouns if not self._is_before_noun(word)), None)
        if head is None:
            return False
        return is_happening(self.words.texts[head], self.tags[head], "".join(self.lowers[head + 1 : head + 2]))

    def _is_before_noun(self, word: int) -> bool:
        return any(tag in ("POS", "HYPH") or tag.startswith("NN") for tag in self.tags[word + 1 : word + 2])

    @cached_property
    def lowers(self) -> list[str]:
        """The words in lower case."""
        return [text.lower() for text in self.words.texts]

    def at_cue(self, cue: Span) -> int | None:
        """The word that stands for a cue."""
        words = self.within(cue)
        return anchor_of(self.lowers, words) if words else None

    def ask(self, anchors: Iterable[tuple[int, int]]) -> None:
        """Ask at all of these (word, kind) in one go; then `answer` has the answers."""
        waiting = sorted({*anchors} - self._answers.keys())
        for anchor, (first, parts) in zip(waiting, self.encoder.parts(self.encoded, waiting), strict=True):
            self._answers[anchor] = Answer(anchor[0], first, parts, float(self.encoded.cues[anchor[0]]))

    def answer(self, word: int, kind: int = CUE) -> Answer:
        """What is said at a cue, or at the mark that opens a quotation."""
        if (word, kind) not in self._answers:
            self.ask([(word, kind)])
        return self._answers[word, kind]

    def likely_cues(self, least: float) -> list[int]:
        """Words that are a cue with at least this probability, in order."""
        if least not in self._likely:
            self._likely[least] = [int(i) for i in np.flatnonzero(self.encoded.cues >= least)]
        return self._likely[least]

    @cached_property
    def marks(self) -> frozenset[int]:
        """The first word of each quotation-marked string."""
        return frozenset(first for first, _ in self.words.regions)

    @cached_property
    def _region(self) -> dict[int, tuple[int, int]]:
        """The quotation-marked string of each word inside one."""
        return {i: (first, last) for first, last in self.words.regions for i in range(first, last + 1)}

    def span(self, words: range) -> Span | None:
        """The characters of a run: no stops at its edges, whole quotation marks; nothing if it holds no word."""
        texts = self.words.texts
        first, last = words.start, words.stop - 1
        while first <= last and not any(map(str.isalnum, texts[first])) and texts[first] not in "€$£":
            first += 1
        while last >= first and not any(map(str.isalnum, texts[last])) and texts[last] not in "%€$£":
            last -= 1
        if first > last:
            return None
        start, end = self.starts[first], self.ends[last]
        opened, closed = self._region.get(first), self._region.get(last)
        if opened is not None and not _any_word(texts[opened[0] : first][:_MARKS]):
            start = self.starts[opened[0]]
        if closed is not None and not _any_word(texts[last + 1 : closed[1] + 1][:_MARKS]):
            end = self.ends[closed[1]]
        return Span(start, end)


def _any_word(texts: Sequence[str]) -> bool:
    return any(any(map(str.isalnum, text)) for text in texts)
