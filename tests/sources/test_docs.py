"""What `docs/sources.md` says holds."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.article import Article, DeadLetter
from pipeline.settings import Settings
from pipeline.sources import compression, find, read, registry
from pipeline.sources.record import Record

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()


def test_every_field_and_every_other_name_of_it_is_documented() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| ([^|]*)\|", PAGE.partition("## JSON Lines")[2], re.MULTILINE))
    for name, field in Record.model_fields.items():
        alias = field.validation_alias
        others = [] if alias is None else [other for other in alias.choices if other != name]
        assert re.findall(r"`(\w+)`", table[name]) == others


def test_every_format_is_documented() -> None:
    table = PAGE.partition("## Plain text")[0]
    assert all(f"`{suffix}`" in table for suffix in [*registry.suffixes(), *compression.SUFFIXES, ".tar", ".zip"])


def test_every_reason_that_a_source_gives_is_documented() -> None:
    code = "".join(path.read_text() for path in Path(registry.__file__).parent.glob("*.py"))
    given = set(re.findall(r"(?:dead_letter|RefusedError|BombError)\(\s*\"(\w+)\"", code)) | {"damaged", "missing"}
    documented = set(re.findall(r"`(\w+)`", PAGE.partition("## When something")[2].partition("Failures that")[0]))
    assert len(given) > 8
    assert given <= documented


def test_the_format_that_the_page_adds_reads_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(\"\"\"Tables.*?)```", PAGE, re.DOTALL)
    tables = ModuleType("tables")
    exec(compile(code, "tables.py", "exec"), tables.__dict__)  # noqa: S102
    monkeypatch.setattr(registry, "SOURCES", (*registry.SOURCES, tables))
    path = tmp_path / "a.tsv"
    path.write_text("title\ttext\turl\nA title\t“Hello,” she said.\t\nB\tText.\tnowhere\n")
    good, bad = read(*find([tmp_path]), Settings())
    assert isinstance(good, Article) and (good.title, good.text) == ("A title", "“Hello,” she said.")
    assert isinstance(bad, DeadLetter) and (bad.reason, bad.source_member) == ("field", "line 3")
