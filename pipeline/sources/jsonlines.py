"""JSON Lines: an article a line, as an object with the fields of `record.Record`; blank lines are passed over.

A bad line is a dead letter of its own and the next one is read; only bytes that are no text at all end the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import ValidationError

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources.encoding import DecodingError, decode
from pipeline.sources.lines import Line, lines
from pipeline.sources.origin import Origin
from pipeline.sources.record import Record, field_problem, to_article

suffixes = (".jsonl", ".ndjson", ".jsonlines")

_HOPELESS = 1_000  # bad lines without a good one: this is no JSON Lines, and would be millions of dead letters
_SEND_AGAIN = "correct this line or have it sent again"


def read(stream: BinaryIO, origin: Origin, settings: Settings) -> Iterator[Article | DeadLetter]:
    """Give the article of each line, or a dead letter in its place."""
    articles = bad = 0
    for line in lines(stream, settings.max_article_bytes):
        if line.data is None or line.data.strip():
            item = _article(line, origin.at_line(line.number), settings)
            yield item
            articles += isinstance(item, Article)
            bad += isinstance(item, DeadLetter)
            if bad >= _HOPELESS and not articles:
                what = f"no article in the first {bad:,} lines, the rest was not read"
                yield origin.dead_letter(
                    "format", what, "name it by what it is, or look what went wrong when it was made"
                )
                return
    if not articles and not bad:
        yield origin.dead_letter("empty", "no lines", "leave it out, or look why nothing was written to it")


def _article(line: Line, origin: Origin, settings: Settings) -> Article | DeadLetter:
    if line.data is None:
        limit = f"{line.size:,} bytes, more than the {settings.max_article_bytes:,} of an article"
        return origin.dead_letter("too_large", limit, "split it, or raise WHOSAID_MAX_ARTICLE_BYTES")
    try:
        values = json.loads(decode(line.data).removeprefix("\ufeff"))  # files that were joined keep their marks
    except DecodingError as error:
        return origin.dead_letter(
            "encoding", f"{error} (of the line, which starts at {line.offset:,})", "save it as UTF-8"
        )
    except json.JSONDecodeError as error:
        return origin.dead_letter("json", f"column {error.colno}: {error.msg}", _SEND_AGAIN)
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets in …
        return origin.dead_letter("json", "a number too long or brackets too deep to be read", _SEND_AGAIN)
    if not isinstance(values, dict):
        return origin.dead_letter("json", "not an object in braces", "write one article a line, as one object")
    try:
        record = Record.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        return origin.dead_letter("field", field_problem(error), "correct it (docs/sources.md says what it holds)")
    return to_article(record, origin)
