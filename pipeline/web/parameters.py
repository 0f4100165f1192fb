"""What stands behind the `?` of an address: a `Query`, checked, under the names of its own fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.errors import BadQuery
from pipeline.search import Query, Sort, from_link
from pipeline.search.query import MAX_CHOICES, MAX_SIZE, MAX_TEXT

Choices = list[Annotated[str, Field(max_length=MAX_TEXT)]]
Countries = Annotated[Choices, AfterValidator(lambda codes: list(dict.fromkeys(code.upper() for code in codes)))]


def _only(pattern: str, remedy: str) -> BeforeValidator:
    """Takes a text of this form alone, where pydantic would take a number of seconds for a day, or `1` for yes."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(remedy)
        return value

    return BeforeValidator(check)


Day = Annotated[date, _only(r"\d{4}-\d\d-\d\d", "write a day as 2024-03-31")]
Flag = Annotated[bool, _only("true|false", "write true or false")]


def _words(description: str) -> Any:
    return Field(None, max_length=MAX_TEXT, description=description)


def _choices(description: str) -> Any:
    return Field(default_factory=list, max_length=MAX_CHOICES, description=f"{description} Repeatable: any of them.")


class Parameters(BaseModel):
    """Which quotes: values of one filter are alternatives, filters narrow one another."""

    model_config = ConfigDict(extra="ignore")

    speaker: str | None = _words("Words of the speaker's canonical name, or their id: `Peskov`.")
    mentions: str | None = _words("Words of any name of somebody whom the quote mentions.")
    role: str | None = _words("Words of the speaker's role: `foreign minister`.")
    said: str | None = _words('Words of the quote, stemmed; `"…"` a phrase, `|` or, `-` not, `( )` groups.')
    about: str | None = _words("Words of the quote, around it or of the article's title; written like `said`.")
    since: Day | None = Field(None, description="First day of publication (UTC).")
    until: Day | None = Field(None, description="Last day of publication (UTC).")
    min_confidence: float | None = Field(None, ge=0, le=1, description="Quotes found with at least this confidence.")
    negated: Flag | None = Field(None, description="Only what is said *not* to have been said, or only the rest.")
    fold: Flag = Field(False, description="Leave out what copies of an earlier article of the same story repeat.")
    speakers: Choices = _choices("Canonical names of speakers, exactly.")
    speaker_kinds: Choices = _choices("What the speaker is: person, organization, government, group, unnamed, unknown.")
    speaker_countries: Countries = _choices("Countries of speakers, ISO 3166-1 alpha-2.")
    actors: Choices = _choices("People and organisations mentioned in the quote, by canonical name.")
    countries: Countries = _choices("Countries mentioned in the quote, ISO 3166-1 alpha-2.")
    outlets: Choices = _choices("Outlets, as they spell themselves.")
    outlet_countries: Countries = _choices("Countries of outlets, ISO 3166-1 alpha-2.")
    kinds: Choices = _choices("How much stands in quotation marks: direct, indirect, mixed.")
    acts: Choices = _choices("What the speaker does: speech, writing, thought.")
    articles: Choices = _choices("Ids of articles.")
    stories: Choices = _choices("Ids of stories: `story_id`.")
    sort: Sort | None = Field(None, description="By relevance when words are searched for, else by date, unless set.")
    size: int = Field(20, ge=1, le=MAX_SIZE, description="Quotes on one page.")
    after: str | None = Field(None, max_length=2_000, description="Where the page before ended: its `after`.")

    def query(self, **changes: Any) -> Query:
        """The query that is asked; raises `BadQuery`."""
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.model_dump(exclude={"after"}).items()
        }
        return Query(**given | {"after": from_link(self.after) if self.after else None} | changes)


LISTS = frozenset(name for name, field in Parameters.model_fields.items() if get_origin(field.annotation) is list)


def read(items: Iterable[tuple[str, str]]) -> Parameters:
    """The parameters of a page's address; empty ones, as forms send them, are left out. Raises `BadQuery`."""
    given: dict[str, Any] = {}
    for name, value in items:
        if not value.strip():
            continue
        if name in LISTS:
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    try:
        return Parameters.model_validate(given)
    except ValidationError as error:
        faults = (f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise BadQuery("; ".join(faults)) from error
