"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import find, read

Reader = Callable[..., list[Article | DeadLetter]]


@pytest.fixture
def read_bytes(tmp_path: Path) -> Reader:
    """Write bytes to a file of this name and read it, as a user would."""

    def write_and_read(name: str, data: bytes, settings: Settings | None = None) -> list[Article | DeadLetter]:
        path = tmp_path / name
        path.write_bytes(data)
        (file,) = find([path])
        return list(read(file, settings or Settings()))

    return write_and_read
