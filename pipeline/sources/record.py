"""What a source may say of an article, checked and cleaned, and the `Article` it becomes.

Offsets in an article's text count what the source gave: of each text only line ends are changed (to line feeds), and
each character that cannot be stored or shown is replaced by exactly one other.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.article import Article, DeadLetter
from pipeline.sources import dates
from pipeline.sources.identity import article_id, canonical_url, content_hash
from pipeline.sources.origin import Origin

_LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_UNUSABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|([\ud800-\udfff])")  # controls, and halves of UTF-16 pairs


def clean(text: str) -> str:
    """Line feeds for line ends, a space for each control character but tab, U+FFFD for each lone surrogate."""
    text = _LINE_END.sub("\n", text)
    return _UNUSABLE.sub(lambda bad: "\ufffd" if bad[1] else " ", text)


def _clean(value: object) -> object:
    """As `clean`, for any value and before it is checked: lone surrogates are no text to pydantic."""
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return clean(value) if isinstance(value, str) else value


def _one_line(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _address(value: str | None) -> str | None:
    value = value.strip() if value else None
    if value:
        canonical_url(value)
    return value or None


def _code(standard: str) -> AfterValidator:
    """The two letters that a code such as `en-GB` starts with, in lower case."""

    def check(value: str | None) -> str | None:
        code = re.split("[-_]", value.strip())[0] if value else ""
        if code and not re.fullmatch("[A-Za-z]{2}", code):
            raise ValueError(f"not a code of {standard}")
        return code.lower() or None

    return AfterValidator(check)


def _under(*names: str) -> Any:
    return Field(default=None, validation_alias=AliasChoices(*names))


CLEAN = BeforeValidator(_clean)
Text = Annotated[str, CLEAN]
OneLine = Annotated[str | None, AfterValidator(_one_line), CLEAN]
Names = Annotated[list[str] | None, BeforeValidator(lambda value: [value] if isinstance(value, str) else value), CLEAN]
Address = Annotated[str | None, AfterValidator(_address), CLEAN]
Country = Annotated[str | None, _code("ISO 3166-1 alpha-2, such as GB"), CLEAN]
Language = Annotated[str | None, _code("ISO 639-1, such as en"), CLEAN]
Moment = Annotated[str | int | float | None, CLEAN]


class Record(BaseModel):
    """The fields of one article, each under the names that sources use; others are ignored, null stands for absent."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    text: Text = Field(validation_alias=AliasChoices("text", "body", "content"))
    url: Address = None
    title: OneLine = _under("title", "headline")
    authors: Names = _under("authors", "author", "byline")
    outlet: OneLine = _under("outlet", "source", "publisher")
    outlet_country: Country = None
    section: OneLine = None
    language: Language = None
    published_at: Moment = _under("published_at", "published", "date", "publish_date", "date_publish", "publishedAt")
    modified_at: Moment = _under("modified_at", "modified", "updated_at", "date_modify", "updatedAt")


def to_article(record: Record, origin: Origin) -> Article | DeadLetter:
    """Make the article of what a source says, or a dead letter when it has no text."""
    if not record.text.strip():
        return origin.dead_letter("empty", "no text", "leave it out, or look why its text is missing")
    now = datetime.now(UTC)
    published = dates.published(record.published_at, now)
    language = record.language or "en"
    country = record.outlet_country.upper() if record.outlet_country else None
    authors = tuple(name for author in record.authors or () if (name := _one_line(author)))
    content = {
        "text": record.text,
        "url": record.url,
        "title": record.title,
        "authors": authors,
        "outlet": record.outlet,
        "outlet_country": country,
        "section": record.section,
        "language": language,
        "published_at": published.at.isoformat() if published.at else None,
    }
    return Article(
        id=article_id(record.url, record.outlet, record.text),
        text=record.text,
        content_hash=content_hash(content),
        source_file=origin.file,
        source_member=origin.member,
        source_time=_source_time(record, origin, now),
        url=record.url,
        title=record.title,
        authors=authors,
        outlet=record.outlet,
        outlet_country=country,
        section=record.section,
        language=language,
        published_at=published.at,
        published_at_flag=published.flag,
    )


def _source_time(record: Record, origin: Origin, now: datetime) -> datetime:
    """When the source says it changed; a time that cannot be gives way to the file's, or it would win for ever."""
    said = None if record.modified_at is None else dates.moment(record.modified_at)
    return said if said and dates.EPOCH <= said <= now + dates.CLOCKS else origin.modified


def field_problem(error: ValidationError) -> str:
    """Say in one line which field is wrong, and how."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    what = "missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
    return f"field {first['loc'][0]!r}: {what[0].lower()}{what[1:]}"
