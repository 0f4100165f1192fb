"""The register of actors: who goes by a name, who held a role on a day, which government a phrase means."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from pipeline.actors import compiled, governments, lexicon, titles
from pipeline.actors.actor import Actor, Holder, holder_on
from pipeline.actors.compiled import Compiled, Match
from pipeline.actors.names import fold, shorter, skeleton
from pipeline.actors.readers import read, reviewed
from pipeline.article import SpeakerKind
from pipeline.errors import ConfigurationError
from pipeline.settings import Settings

SHIPPED = Path(__file__).with_name("register")
"""The files that come with Whosaid."""
_FORM = "1"
"""Raised when compiled files of before can no longer be read."""
logger = logging.getLogger(__name__)


class Register:
    """Look-ups in a compiled register. Made by `load`; safe to share between threads that only look up."""

    def __init__(self, names: Compiled, fingerprint: str) -> None:
        self._names = names
        self.fingerprint = fingerprint
        """SHA-256 of all files in it and of the rules that made it: the same fingerprint finds the same."""

    def by_id(self, actor_id: str) -> Actor | None:
        """The actor with that id; governments and ministries (`gov-de`, `gov-ru-foreign`) are made when asked for."""
        return self._names.by_id(actor_id) or governments.made(actor_id)

    def by_name(self, name: str, *, on: date | None = None, country: str | None = None) -> Actor | None:
        """Who goes by a name: as written, then without titles, initials and suffixes, then in another transliteration.

        Of several who share it, the reviewed register goes before bulk files; then the one of `country`; then the one
        with a role on the day `on`. Nothing where that leaves more than one. A surname alone is a name only where the
        register lists it (“Merkel”), or after the title of a role held on that day (“Chancellor Scholz”).
        """
        folded = fold(name)
        for form in [folded, *shorter(folded)]:
            if found := self._decide(self._names.matches(form), on, country):
                return found
        return self._by_title(folded, on, country) if on else None

    def by_role(self, phrase: str, *, on: date | None, country: str | None = None) -> Actor | None:
        """Who held the role that a phrase names on the day `on`: “the US president”, “NATO's secretary general”.

        `country` says whose role it is where the phrase does not (“the prime minister”). Without a day an answer
        needs a role that the register knows one holder of. Former and future holders (“the ex-president”) are nobody.
        """
        gender = titles.gender(phrase)
        for reading in titles.readings(phrase):
            if reading.owner is None and reading.title in titles.vocabulary()["named"]:
                return self._holder(self._names.holders(*titles.vocabulary()["named"][reading.title]), on)
            if not (titles.has_meanings(reading.title) or self._names.is_held(reading.title)):
                continue  # as most splits of a phrase: no owner need be looked for
            for owner in self._owners(reading, on, country):
                for title, of in self._offices(reading.title, owner, on):
                    found = self._holder(self._names.holders(title, of), on)
                    if found is not None:
                        return found if gender is None or found.gender in {None, gender} else None
        return None

    def government(self, phrase: str, *, country: str | None = None) -> Actor | None:
        """The government or institution that a phrase means: “Berlin” → `gov-de`, “the Kremlin” → `kremlin`.

        `country` says whose where the phrase does not (“the foreign ministry”). That a place speaks, and is not just
        where somebody is, the caller knows from the sentence.
        """
        for match in self._names.matches(fold(phrase)):
            if match.actor.kind is SpeakerKind.GOVERNMENT and match.folded == fold(phrase):
                return match.actor
        actor_id = governments.government_id(phrase, country)
        return self.by_id(actor_id) if actor_id else None

    def _by_title(self, name: str, on: date, country: str | None) -> Actor | None:
        """Who of that surname held on that day the role before it: “foreign minister baerbock”."""
        role, _, surname = name.rpartition(" ")
        if not role or role.split()[-1] not in titles.last_words():
            return None
        holders = [holder for title in titles.meanings(role, country or "") for holder in self._names.titled(title)]
        found = [holder.actor for holder in holders if holder.role.possibly(on)]
        if told := self.by_role(role, on=on, country=country):
            found.append(told)
        named = {
            actor.id: actor for actor in found if skeleton(fold(actor.name).rpartition(" ")[2]) == skeleton(surname)
        }
        return next(iter(named.values())) if len(named) == 1 else None

    def _decide(self, matches: Sequence[Match], on: date | None, country: str | None) -> Actor | None:
        if not matches:
            return None
        rank = min(match.rank for match in matches)
        actors = list({match.actor.id: match.actor for match in matches if match.rank == rank}.values())
        if len(actors) > 1 and country:
            actors = [actor for actor in actors if actor.country == country] or actors
        if len(actors) > 1 and on:
            actors = [actor for actor in actors if actor.role(on)] or actors
        return actors[0] if len(actors) == 1 else None

    def _owners(self, reading: titles.Reading, on: date | None, country: str | None) -> Iterator[str]:
        """Whose role a reading speaks of: countries, parts of countries or ids of actors, best first."""
        if reading.owner is None:
            only = titles.vocabulary()["only"]
            yield from (only[title] for title in titles.meanings(reading.title, "") if title in only)
            if country:
                yield country
            if " of " in reading.title:  # offices that carry their place: "mayor of London"
                yield from lexicon.codes(reading.title.partition(" of ")[2])
            return
        places = lexicon.places(reading.owner)
        yield from lexicon.areas(reading.owner)
        yield from self._bodies(reading.owner, country)
        yield from dict.fromkeys(place.code for place in places if place.area is None)
        if "spokesperson" in titles.meanings(reading.title, ""):
            yield from self._seats(reading.owner, on, country)
        first, _, rest = reading.owner.partition(" ")
        if rest and lexicon.codes(first):  # "Russia's Wagner Group"
            yield from self._bodies(rest, lexicon.codes(first)[0])

    def _seats(self, leader: str, on: date | None, country: str | None) -> Iterator[str]:
        """What speaks for a leader, given by name or office: “merkel”, “russian president” → `gov-de`, `kremlin`."""
        words = titles.vocabulary()
        person = self.by_name(leader, on=on)
        role = person.role(on) if person else None
        owners = [role.of] if role and titles.canonical(role.title, role.of) in {"president", "prime minister"} else []
        for word in words["seated"]:
            if leader == word and country:
                owners.append(country)
            elif leader.endswith(f" {word}"):
                owners += lexicon.codes(leader.removesuffix(f" {word}"))
        yield from (words["seats"][owner] for owner in owners if owner in words["seats"])
        for head in ("secretary general", "director general", "president", "chief"):
            if leader.endswith(f" {head}"):
                yield from self._bodies(leader.removesuffix(f" {head}"), country)

    def _bodies(self, owner: str, country: str | None) -> Iterator[str]:
        """Ids of what goes by a name and can have officers."""
        names = [owner]
        if country in lexicon.countries():
            names.append(f"{lexicon.countries()[country].adjective} {owner}")
        for name in names:
            for match in self._names.matches(fold(name)):
                yield match.actor.id
                yield from titles.vocabulary()["parts"].get(match.actor.id, [])
                if match.actor.kind is SpeakerKind.GOVERNMENT and match.actor.country:
                    yield match.actor.country
            for ending in (" agency", " office"):  # "UN refugee chief", "UN rights chief"
                for match in self._names.matches(fold(name + ending)):
                    yield match.actor.id
        if government := governments.government_id(owner, country):
            yield government

    def _offices(self, title: str, owner: str, on: date | None) -> Iterator[tuple[str, str]]:
        """Canonical title and owner of every office that a title can mean there, best first."""
        words = titles.vocabulary()
        place = owner if owner[:2].isupper() and (len(owner) == 2 or owner[2] == "-") else None
        for meaning in titles.meanings(title, owner):
            yield titles.canonical(meaning, owner), owner
        if place:
            if title in words["leader"]["words"]:
                yield from ((leading, owner) for leading in self._leading(owner, on))
            if title == "head of state":
                yield from ((head, owner) for head in words["head of state"])
            return
        if title in words["head"]["words"]:
            if owner in words["heads"]:
                office, of = words["heads"][owner]
                yield office, of
            yield from ((titles.canonical(head, owner), owner) for head in words["head"]["titles"])

    def _leading(self, place: str, on: date | None) -> Iterator[str]:
        leader = titles.vocabulary()["leader"]
        yield from leader["titles"]
        yield f"leader of {lexicon.countries()[place].name.lower()}" if place in lexicon.countries() else "leader"
        if place in leader["monarchs"]:
            yield "monarch"
        presidential = place in leader["presidents"] and (on is None or on >= leader["since"].get(place, date.min))
        first = "president" if presidential else "prime minister"
        yield first
        yield "prime minister" if first == "president" else "president"

    @staticmethod
    def _holder(holders: Sequence[Holder], on: date | None) -> Actor | None:
        if on is not None:
            return holder_on(holders, on)
        ever = {holder.actor.id: holder.actor for holder in holders}
        return next(iter(ever.values())) if len(ever) == 1 else None


def of_settings(settings: Settings) -> Register:
    """The register as `WHOSAID_ACTORS` sets it up, compiled under `WHOSAID_HOME`."""
    added = [Path(name) for name in settings.actors.split(os.pathsep) if name.strip()]
    return load(added, cache=settings.home / "actors")


def load(extra: Iterable[Path] = (), *, cache: Path | None = None) -> Register:
    """The shipped register with the user's files after it; entries of theirs replace ours with the same id.

    Compiled once into `cache` (a folder, made if need be), under a name made of what is in the files; without one, or
    where nothing can be written, into memory.

    Raises:
        ConfigurationError: a file is missing, or an entry in it is not as it should be; says which and why.

    """
    shipped = sorted(SHIPPED.glob("*.yaml"))
    added = [Path(path) for path in extra]
    fingerprint = _fingerprint([*shipped, *added])
    path = cache / f"actors-{fingerprint[:16]}.sqlite3" if cache else None
    if path and path.exists():
        return Register(Compiled(compiled.connect(path)), fingerprint)
    by_hand = [file for file in added if reviewed(file)]
    bulk = [file for file in added if not reviewed(file)]
    layers = [chain.from_iterable(map(read, [*shipped, *by_hand])), chain.from_iterable(map(read, bulk))]
    try:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = compiled.write(layers, path)
    except (OSError, sqlite3.OperationalError) as error:
        if path is None:
            raise
        logger.warning("The compiled register cannot be kept in %s (%s); it is made in memory each time.", cache, error)
        return load(extra)
    return Register(Compiled(connection), fingerprint)


def bodies() -> Iterator[Actor]:
    """The institutions and organisations that come with Whosaid."""
    return chain.from_iterable(map(read, sorted(SHIPPED.glob("institutions-*.yaml"))))


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(_FORM.encode())
    rules = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in {".py", ".yaml", ".tsv"})
    for file in [*rules, *files]:
        try:
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        except OSError as error:
            raise ConfigurationError(f"{file}: cannot be read ({error}); check WHOSAID_ACTORS") from error
    return digest.hexdigest()
