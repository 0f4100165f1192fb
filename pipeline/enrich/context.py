"""What is known of an article beside its text, on the way through the pipeline: `doc._.context`.

A pipeline without it names speakers by the article's text alone; `Enricher` sets it on every article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc

from pipeline.actors.register import Register


@dataclass(frozen=True, slots=True)
class Context:
    """The headline, when and where the article appeared, and who is known in the world."""

    headline: Doc | None = None
    """Read by the same pipeline, so that its names are found and its words tagged."""
    published: date | None = None
    outlet_country: str | None = None
    """ISO 3166-1 alpha-2."""
    register: Register | None = None


if not Doc.has_extension("context"):
    Doc.set_extension("context", default=Context())
