"""Data views: an index as Kibana sees it, its time, and how its fields are called and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.kibana.objects import Json, Reference, SavedObject, text

LINK: Json = {"id": "url", "params": {"labelTemplate": "open", "openLinkInCurrentTab": False, "type": "a"}}
"""An address that a reader can follow."""
PERCENT: Json = {"id": "percent", "params": {"pattern": "0%"}}
BYTES: Json = {"id": "bytes"}


@dataclass(frozen=True, slots=True)
class View:
    """An index without its prefix, which is the view's id too."""

    index: str
    name: str
    time: str
    """The field that Kibana's time picker is about."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """How fields are called where their own name would puzzle a reader."""
    formats: Mapping[str, Json] = field(default_factory=dict)

    def reference(self, name: str) -> Reference:
        """This view, under the name by which another object needs it."""
        return Reference("index-pattern", self.index, name)

    def saved(self) -> SavedObject:
        """As a saved object; it may be there before the index is."""
        return SavedObject(
            "index-pattern",
            self.index,
            {
                "allowNoIndex": True,
                "fieldAttrs": text({name: {"customLabel": label} for name, label in self.labels.items()}),
                "fieldFormatMap": text(dict(self.formats)),
                "name": self.name,
                "timeFieldName": self.time,
                "title": self.index,
            },
        )
