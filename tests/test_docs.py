"""The documentation is true: every setting, command and link in it exists, and every one that exists is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline.cli import app
from pipeline.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_every_setting_is_documented_with_its_default() -> None:
    rows = [
        f"| `WHOSAID_{name.upper()}` | {'–' if field.default is None else f'`{field.default}`'} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    table = (ROOT / "docs" / "settings.md").read_text()
    missing = [row for row in rows if row not in table]
    assert not missing, "docs/settings.md lacks:\n" + "\n".join(missing)
    assert len(re.findall(r"^\| `WHOSAID_", table, re.MULTILINE)) == len(rows)


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    top = get_command(app).commands  # type: ignore[attr-defined]
    commands = {
        f"{name} {part}" if part else name
        for name, command in top.items()
        for part in getattr(command, "commands", {"": None})
    }
    text = "\n".join(page.read_text() for page in PAGES)
    undocumented = [command for command in commands if not re.search(rf"whosaid {command}\b", text)]
    assert not undocumented
    mentioned = {match[1] for match in re.finditer(r"(?:\$ |`)whosaid ([a-z]+)\b", text)}
    assert mentioned <= top.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_example_for_spacy_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "spacy.md").read_text()
    code, printed = re.findall(r"```(?:python|text)\n(.*?)```", page.split("## With ours")[1], re.DOTALL)
    exec(code, {})  # noqa: S102
    assert capsys.readouterr().out == printed
