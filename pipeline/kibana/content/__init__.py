"""What there is to see in Kibana: one file a dashboard, over the data views of `indices`."""

from __future__ import annotations

from pipeline.kibana.content import health, speaker, who_said_what
from pipeline.kibana.content.indices import VIEWS
from pipeline.kibana.objects import DEFAULT_PREFIX, SavedObject, under

DASHBOARDS = (who_said_what, speaker, health)


def objects(prefix: str = DEFAULT_PREFIX) -> list[SavedObject]:
    """Every object, for the indices of this prefix; what is needed stands before what needs it."""
    views = [view.saved() for view in VIEWS]
    every = {(one.type, one.id): one for one in (*views, *(one for room in DASHBOARDS for one in room.objects()))}
    return [under(prefix, one) for one in every.values()]
