"""What people see in Kibana, as code: data views, searches, charts, a map, controls and dashboards.

    views ─▶ searches, columns ─▶ lens, maps ─▶ controls, dashboards ─▶ content ─▶ mappings/kibana/whosaid.ndjson

`content` says what is on which dashboard; the others know Kibana's saved objects and nothing of quotes. `uses` reads
from saved objects what they ask of which field, `check` holds that against `mappings/`, and `client` imports them.
"""

from pipeline.kibana.client import Imported, import_objects
from pipeline.kibana.content import objects

__all__ = ["Imported", "import_objects", "objects"]
