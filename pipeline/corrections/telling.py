"""Decisions in words, a line each."""

from __future__ import annotations

from pipeline.index import Decision
from pipeline.index.decisions import EXTENT, NO_QUOTE, SPEAKER
from pipeline.index.documents import SEPARATOR

LONGEST = 100
"""Characters of a quote that are told."""


def told(decision: Decision) -> str:
    """What was decided: what was there, and what is there now."""
    said = _said(decision)
    return f"undone: {said}" if decision.undone else said


def _said(decision: Decision) -> str:
    payload = decision.payload
    was = payload.get("quote", {})
    match decision.kind:
        case kind if kind == SPEAKER:
            name = payload["now"]["name"] if payload["now"] else "nobody who is named"
            return f"{name} said {_short(was['text'])}, not {was['speaker']}"
        case kind if kind == EXTENT:
            return f"{_short(SEPARATOR.join(payload['now']['words']))} was said, not {_short(was['text'])}"
        case kind if kind == NO_QUOTE:
            return f"{_short(was['text'])} is no quote"
        case "same_actor":
            return f"{payload['other']['name']} is {payload['keep']['name']}"
        case "different_actors":
            return " is not ".join(decision.actor_id)
        case _:
            return f"{decision.kind} of {', '.join((*decision.article_id, *decision.outlet))}"


def _short(text: str) -> str:
    return f"“{text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + '…'}”"
