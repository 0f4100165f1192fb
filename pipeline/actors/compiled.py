"""Actors → one SQLite file with look-ups by name and by office; mapped into memory, shared between processes.

Keys are skeletons (`names.skeleton`); beside them stands the folded name, so that an exact spelling wins over others.
SQLite is in every Python, reads pages on demand (a million names cost a process what it looks up, at most the mapped
part) and is written once: under another name first, then moved, so that no process sees half a file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.actors import titles
from pipeline.actors.actor import Actor, Holder, Role
from pipeline.actors.names import fold, skeleton

_MAPPED = 64 << 20
"""Bytes of the file that are mapped at most; the rest is read through SQLite's cache of 2 MB."""
_SCHEMA = """
CREATE TABLE actors (number INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT);
CREATE TABLE names (
    skeleton TEXT, folded TEXT, rank INT, actor INT, PRIMARY KEY (skeleton, folded, actor)
) WITHOUT ROWID;
CREATE TABLE roles (title TEXT, of TEXT, actor INT, role TEXT);
"""
_INDEX = "CREATE INDEX office ON roles (title, of); CREATE INDEX held ON roles (of)"


class Match(NamedTuple):
    """An actor that goes by a name."""

    actor: Actor
    folded: str
    """The name that matched, folded."""
    rank: int
    """Position of its layer: 0 for reviewed files, 1 for bulk files."""


def write(layers: Iterable[Iterable[Actor]], path: Path | None) -> sqlite3.Connection:
    """Compile actors, reviewed layer first; a later entry with the same id replaces an earlier one of its layer.

    `path` is written atomically; without one the result stays in memory.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}") if path else None
    if temporary:
        temporary.unlink(missing_ok=True)
    connection = sqlite3.connect(temporary or ":memory:", check_same_thread=False)
    connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
    for rank, layer in enumerate(layers):
        for actor in layer:
            _add(connection, actor, rank)
    connection.executescript(_INDEX)
    connection.commit()
    if path is None or temporary is None:
        return connection
    connection.close()
    temporary.replace(path)
    return connect(path)


def connect(path: Path) -> sqlite3.Connection:
    """The compiled file, read only."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    return connection


def _add(connection: sqlite3.Connection, actor: Actor, rank: int) -> None:
    if known := connection.execute("SELECT number FROM actors WHERE id = ?", (actor.id,)).fetchone():
        for table, column in (("actors", "number"), ("names", "actor"), ("roles", "actor")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", known)  # noqa: S608 - fixed words
    body = actor.model_dump_json(by_alias=True, exclude_defaults=True)
    number = connection.execute("INSERT INTO actors (id, body) VALUES (?, ?)", (actor.id, body)).lastrowid
    keys = {(skeleton(folded), folded) for folded in map(fold, actor.names) if folded}
    connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", [(*key, rank, number) for key in keys])
    connection.executemany(
        "INSERT INTO roles VALUES (?, ?, ?, ?)",
        [
            (titles.canonical(role.title, role.of), role.of, number, role.model_dump_json(by_alias=True))
            for role in actor.roles
        ],
    )


class Compiled:
    """Look-ups in a compiled register; what was looked up last is kept."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.by_id = lru_cache(maxsize=4096)(self._by_id)
        self.matches = lru_cache(maxsize=4096)(self._matches)
        self.holders = lru_cache(maxsize=4096)(self._holders)
        self.is_held = lru_cache(maxsize=4096)(self._is_held)
        self.titled = lru_cache(maxsize=64)(self._titled)

    def _by_id(self, actor_id: str) -> Actor | None:
        row = self._connection.execute("SELECT body FROM actors WHERE id = ?", (actor_id,)).fetchone()
        return Actor.model_validate_json(row[0]) if row else None

    def _matches(self, folded: str) -> tuple[Match, ...]:
        """Those that go by a folded name: by the very spelling if there are any, else by a similar one."""
        rows = self._connection.execute(
            "SELECT body, folded, rank FROM names JOIN actors ON actor = number WHERE skeleton = ? LIMIT 200",
            (skeleton(folded),),
        ).fetchall()
        exact = [row for row in rows if row[1] == folded]
        return tuple(Match(Actor.model_validate_json(body), name, rank) for body, name, rank in exact or rows)

    def _holders(self, title: str, of: str) -> tuple[Holder, ...]:
        """All who ever held the office with that canonical title."""
        rows = self._connection.execute(
            "SELECT body, role FROM roles JOIN actors ON actor = number WHERE title = ? AND of = ?", (title, of)
        ).fetchall()
        return tuple(Holder(Actor.model_validate_json(body), Role.model_validate_json(role)) for body, role in rows)

    def _is_held(self, title: str) -> bool:
        """Whether anybody ever held an office with that canonical title."""
        row = self._connection.execute("SELECT 1 FROM roles WHERE title = ? LIMIT 1", (title,)).fetchone()
        return row is not None

    def _titled(self, title: str) -> tuple[Holder, ...]:
        """All who ever held an office with that canonical title, wherever."""
        rows = self._connection.execute(
            "SELECT body, role FROM roles JOIN actors ON actor = number WHERE title = ?", (title,)
        ).fetchall()
        return tuple(Holder(Actor.model_validate_json(body), Role.model_validate_json(role)) for body, role in rows)
