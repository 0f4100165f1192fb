"""Templates → pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from pipeline.article import Span
from pipeline.web import words


def page(template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any) -> HTMLResponse:
    """The filled template."""
    return HTMLResponse(_environment().get_template(template).render(context), status_code=status, headers=headers)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "day": words.day,
        "short_day": words.short_day,
        "country": words.country_name,
        "web_address": words.web_address,
        "shortened": words.shortened,
    }
    environment.globals |= {
        "asset": asset,
        "plural": words.plural,
        "label": words.label,
        "value_label": words.value_label,
        "lit": lit,
        "signed_in": False,
    }
    return environment


@cache
def asset(name: str) -> str:
    """The address of a file of `static/`, another one whenever the file changes: browsers keep it for good."""
    content = files("pipeline.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def lit(text: str, spans: Sequence[Span], most: int) -> list[tuple[str, bool]]:
    """The text, or its beginning, in parts that are highlighted or not."""
    shown = words.shortened(text, most)
    parts, at = [], 0
    for span in spans:
        if span.end > len(shown) or span.start < at:
            break
        parts += [(shown[at : span.start], False), (shown[span.start : span.end], True)]
        at = span.end
    return [(part, on) for part, on in [*parts, (shown[at:], False)] if part]
