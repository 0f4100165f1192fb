"""What an actor is, and when a role was held."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from pipeline.article import SpeakerKind

HONOURED = timedelta(days=548)
"""How long after its `as_of` a role that was open then is still taken to be held: about a year and a half. Offices
are held for four or five years, so most are; later the article's own words must say."""


class Days(NamedTuple):
    """The first and the last day that a date of less precision can mean."""

    first: date
    last: date


def _days(value: Any) -> Days:
    text = value.isoformat() if isinstance(value, date) else str(value)
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    if match is None:
        raise ValueError(f"{text!r} is no date: write 2021-01-20, 2021-01 or 2021")
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if day:
        return Days(date(year, month, day), date(year, month, day))
    if month:
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Days(date(year, 1, 1), date(year, 12, 31))


def _written(days: Days) -> str:
    length = (days.last - days.first).days
    return days.first.isoformat()[: 10 if length == 0 else 7 if length < 31 else 4]


PartialDate = Annotated[
    Days, BeforeValidator(lambda value: value if isinstance(value, Days) else _days(value)), PlainSerializer(_written)
]
"""A day, a month or a year, kept as the days that it can mean."""

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]*$", max_length=200)]


class Role(BaseModel):
    """An office and when it was held. Either `to`, the day it ended, or `as_of`, a day at which it was still held."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    title: str = Field(min_length=2, max_length=200)
    of: str = Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|[A-Za-z0-9][A-Za-z0-9:_.-]*)$")
    """A country (ISO 3166-1 alpha-2), a part of one (ISO 3166-2) or the id of an actor."""
    start: PartialDate = Field(alias="from")
    end: PartialDate | None = Field(None, alias="to")
    as_of: PartialDate | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Role:
        if (self.end is None) == (self.as_of is None):
            raise ValueError(
                f"role {self.title!r} from {self.start.first}: give either `to` or, if still held, `as_of`"
            )
        last = self.end or self.as_of
        if last is not None and last.last < self.start.first:
            raise ValueError(f"role {self.title!r} ends on {last.last}, before it begins on {self.start.first}")
        return self

    def possibly(self, on: date) -> bool:
        """Whether it may have been held that day, at the widest reading of its dates."""
        return self.start.first <= on <= self._until(widest=True)

    def surely(self, on: date) -> bool:
        """Whether it was held that day, at the narrowest reading of its dates."""
        return self.start.last <= on <= self._until(widest=False)

    def _until(self, *, widest: bool) -> date:
        if self.end is not None:
            return self.end.last if widest else self.end.first
        assert self.as_of is not None  # noqa: S101 - held by the validator
        return self.as_of.last + HONOURED


class Actor(BaseModel):
    """A person, organisation or government under one canonical name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    name: str = Field(min_length=1, max_length=300)
    aliases: tuple[str, ...] = ()
    kind: SpeakerKind = SpeakerKind.PERSON
    gender: Literal["female", "male"] | None = None
    country: Country | None = None
    roles: tuple[Role, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical name, then the others."""
        return (self.name, *self.aliases)

    def role(self, on: date | None) -> Role | None:
        """The role that counts on a day: of those held the one that began last; nothing without a day."""
        held = [role for role in self.roles if on is not None and role.possibly(on)]
        return max(held, key=lambda role: role.start.first, default=None)


class Holder(NamedTuple):
    """Somebody in an office."""

    actor: Actor
    role: Role


def holder_on(holders: Iterable[Holder], on: date) -> Actor | None:
    """Who of the holders of one office held it that day; nothing where the dates leave it open.

    On the day of a handover the one who came. Against a role that was only known to be open some time earlier, one
    that began after that time wins.
    """
    possible = [holder for holder in holders if holder.role.possibly(on)]
    candidates = [holder for holder in possible if holder.role.surely(on)] or possible
    if len(_actors(candidates)) > 1:
        latest = max(holder.role.start.first for holder in candidates)
        newest = [holder for holder in candidates if holder.role.start.first == latest]
        others = [holder for holder in candidates if holder.role.start.first != latest]
        if not all(_gives_way(holder.role, latest, on) for holder in others):
            return None
        candidates = newest
    actors = _actors(candidates)
    return actors[0] if len(actors) == 1 else None


def _gives_way(role: Role, begun: date, on: date) -> bool:
    if role.as_of is not None:
        return role.as_of.last <= begun
    return role.end is not None and role.end.last <= begun <= on


def _actors(holders: Iterable[Holder]) -> list[Actor]:
    return list({holder.actor.id: holder.actor for holder in holders}.values())
