"""A saved object of Kibana, and how many of them are written to a file that Kibana imports."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]

DEFAULT_PREFIX = "whosaid-"
"""What the committed file is made for."""
VERSIONS = {"index-pattern": "8.0.0", "lens": "8.9.0", "search": "8.0.0", "map": "8.4.0", "dashboard": "8.9.0"}
"""The form in which each type is written: a low one, for Kibana raises what it imports to its own, never lowers it."""
CORE_VERSION = "8.8.0"


@dataclass(frozen=True, slots=True)
class Reference:
    """Another object that this one needs, by the name under which it needs it."""

    type: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One object; `attributes` name no other object, `references` do."""

    type: str
    """`index-pattern` (a data view), `search`, `lens`, `map` or `dashboard`."""
    id: str
    attributes: Json
    references: tuple[Reference, ...] = ()

    def as_dict(self) -> Json:
        """As Kibana exports it."""
        return {
            "attributes": self.attributes,
            "coreMigrationVersion": CORE_VERSION,
            "id": self.id,
            "references": [{"id": one.id, "name": one.name, "type": one.type} for one in self.references],
            "type": self.type,
            "typeMigrationVersion": VERSIONS[self.type],
        }


def under(prefix: str, one: SavedObject) -> SavedObject:
    """The object for the indices of this prefix, beside those of other prefixes in the same space."""
    ids = prefix or DEFAULT_PREFIX
    attributes = dict(one.attributes)
    if one.type == "index-pattern":
        attributes["title"] = f"{prefix}{attributes['title']}"
    if prefix != DEFAULT_PREFIX:
        shown = "name" if one.type == "index-pattern" else "title"
        attributes[shown] = f"{attributes[shown]} ({prefix.rstrip('-_') or 'no prefix'})"
    references = tuple(replace(reference, id=f"{ids}{reference.id}") for reference in one.references)
    return SavedObject(one.type, f"{ids}{one.id}", attributes, references)


def ndjson(objects: Iterable[SavedObject]) -> str:
    """One object a line, what is needed before what needs it; the same objects give the same text."""
    return "".join(json.dumps(one.as_dict(), ensure_ascii=False, sort_keys=True) + "\n" for one in objects)


def text(value: Any) -> str:
    """JSON inside JSON, as Kibana keeps much of an object."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def kql(query: str) -> Json:
    """A query in Kibana's query language."""
    return {"language": "kuery", "query": query}
