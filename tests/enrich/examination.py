"""How many speakers behind "he", "the minister" and "the company" come out right: `python -m tests.enrich.examination`.

The articles stand in `tests/enrich/cases/speakers.txt` with their conventions at the head; they were written by
somebody who had not seen the rules. The figures compare versions; they are no test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from pipeline.article import Article, DeadLetter, EnrichedArticle, Quote, SpeakerKind
from tests.answers import Answer, report, spelling

SPEAKERS = Path(__file__).with_name("cases") / "speakers.txt"
UNKNOWN = "unknown"
NAMELESS = {SpeakerKind.UNNAMED, SpeakerKind.UNKNOWN, SpeakerKind.GROUP}
WRITTEN = datetime(2024, 5, 6, tzinfo=UTC)
"""All articles get one date: they hold nobody who holds an office in the world."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who says one quote."""

    line: int
    words: str
    """Words of the quote; they stand once in the article."""
    names: tuple[str, ...]
    """The names that are right; nothing where the text names nobody."""


@dataclass(frozen=True, slots=True)
class Story:
    """A short invented article with its questions."""

    line: int
    section: str
    title: str | None
    text: str
    """Paragraphs, one a line."""
    questions: tuple[Question, ...]

    def article(self) -> Article:
        """The story as the pipeline reads it; its line stands for its id."""
        return Article(
            id=str(self.line),
            text=self.text,
            title=self.title,
            content_hash=sha256(self.text.encode()).hexdigest(),
            source_file=SPEAKERS.name,
            source_time=WRITTEN,
            published_at=WRITTEN,
        )


def read_stories(path: Path = SPEAKERS) -> list[Story]:
    """All stories in the order of the file; ValueError names the line that cannot be read."""
    stories, section = [], ""
    numbered = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    for blank, block in groupby(numbered, key=lambda line: not line[1].strip()):
        if blank:
            continue
        lines = list(block)
        section = next((text[3:] for _, text in lines if text.startswith("## ")), section)
        lines = [(number, text) for number, text in lines if not text.startswith("#")]
        if lines:
            stories.append(_story(section, lines, path))
    return stories


def _story(section: str, lines: Sequence[tuple[int, str]], path: Path) -> Story:
    title, paragraphs, questions = None, [], []
    for number, line in lines:
        if line.startswith("= "):
            title = line[2:].strip()
        elif line.startswith("> "):
            words, arrow, names = line[2:].partition(" => ")
            if not arrow:
                raise ValueError(f"{path.name}, line {number}: write > words => Name")
            right = () if names.strip() == UNKNOWN else tuple(name.strip() for name in names.split(" / "))
            questions.append(Question(number, words.strip(), right))
        else:
            paragraphs.append(line)
    text = "\n".join(paragraphs)
    if not questions:
        raise ValueError(f"{path.name}, line {lines[0][0]}: an article without a question")
    for question in questions:
        if text.count(question.words) != 1:
            raise ValueError(f"{path.name}, line {question.line}: “{question.words}” must stand in the article once")
    return Story(lines[0][0], section, title, text, tuple(questions))


def examine(stories: Sequence[Story]) -> Iterator[Answer]:
    """An answer to each question of the stories."""
    from pipeline.enrich.enricher import Enricher  # noqa: PLC0415  # whoever only reads the cases loads no model

    enriched = {}
    for found in Enricher().enrich([story.article() for story in stories]):
        if isinstance(found, DeadLetter):
            raise RuntimeError(f"{SPEAKERS.name}, line {found.article_id}: {found.message}")
        enriched[found.article.id] = found
    for story in stories:
        for question in story.questions:
            yield answer(story, question, enriched[str(story.line)])


def answer(story: Story, question: Question, enriched: EnrichedArticle) -> Answer:
    """Whether the speaker of the quote that holds the words is right; a quote that was not found is a miss."""
    quote = _quote(enriched.quotes, story.text.index(question.words), len(question.words))
    expected = " / ".join(question.names) or UNKNOWN
    told = f"{expected} expected, {_told(quote)} found: {question.words}"
    return Answer(question.line, story.section, _right(question, quote), told)


def _quote(quotes: Sequence[Quote], start: int, length: int) -> Quote | None:
    """The quote that shares most characters with the words; of nested ones the inner."""

    def shared(quote: Quote) -> int:
        return sum(max(0, min(piece.end, start + length) - max(piece.start, start)) for piece in quote.pieces)

    best = max(quotes, key=lambda quote: (shared(quote), quote.start - quote.end), default=None)
    return best if best and shared(best) else None


def _right(question: Question, quote: Quote | None) -> bool:
    if quote is None:
        return False
    if quote.speaker is None or quote.speaker.kind in NAMELESS:
        return not question.names
    return _bare(quote.speaker.name) in map(_bare, question.names)


def _bare(name: str) -> str:
    return spelling(name).removeprefix("the ")


def _told(quote: Quote | None) -> str:
    if quote is None:
        return "no quote"
    return f"{quote.speaker.name} ({quote.speaker.kind})" if quote.speaker else "no speaker"


if __name__ == "__main__":
    print(report(examine(read_stories())))
