"""Dashboards: objects laid out in rows, under controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.kibana.controls import Control, control_group
from pipeline.kibana.objects import Json, Reference, SavedObject, kql, text

WIDTH = 48
"""Kibana's dashboards are so many columns wide."""


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side, of one height (in Kibana's rows, about 20 pixels each), sharing the width by `widths`."""

    height: int
    panels: tuple[SavedObject, ...]
    widths: tuple[int, ...] = ()
    """Columns of each panel, 48 in all; equal parts where nothing is said."""

    def laid_out(self, y: int) -> list[tuple[SavedObject, Json]]:
        """Each panel with its place."""
        widths = self.widths or (WIDTH // len(self.panels),) * len(self.panels)
        starts = [sum(widths[:at]) for at in range(len(widths))]
        return [
            (panel, {"h": self.height, "i": panel.id, "w": width, "x": x, "y": y})
            for panel, width, x in zip(self.panels, widths, starts, strict=True)
        ]


def dashboard(
    id_: str, title: str, description: str, *, rows: Sequence[Row], controls: Sequence[Control] = (), span: str
) -> SavedObject:
    """A dashboard that opens on the time since `span` (such as `now-30d`)."""
    y, placed = 0, []
    for row in rows:
        placed += row.laid_out(y)
        y += row.height
    group, references = control_group(controls)
    attributes = {
        **({"controlGroupInput": group} if controls else {}),
        "description": description,
        "kibanaSavedObjectMeta": {"searchSourceJSON": text({"filter": [], "query": kql("")})},
        "optionsJSON": text(
            {
                "hidePanelTitles": False,
                "syncColors": True,
                "syncCursor": True,
                "syncTooltips": False,
                "useMargins": True,
            }
        ),
        "panelsJSON": text([_panel(panel, place) for panel, place in placed]),
        "refreshInterval": {"pause": True, "value": 60000},
        "timeFrom": span,
        "timeRestore": True,
        "timeTo": "now",
        "title": title,
        "version": 1,
    }
    panels = [Reference(panel.type, panel.id, f"{panel.id}:panel_{panel.id}") for panel, _ in placed]
    return SavedObject("dashboard", id_, attributes, (*panels, *references))


def _panel(panel: SavedObject, place: Json) -> Json:
    return {
        "embeddableConfig": {"enhancements": {}},
        "gridData": place,
        "panelIndex": panel.id,
        "panelRefName": f"panel_{panel.id}",
        "title": panel.attributes["title"],
        "type": panel.type,
        "version": "8.9.0",
    }
