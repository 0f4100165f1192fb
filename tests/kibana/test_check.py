"""What `make check` holds of the objects for Kibana: they fit together, and they fit the mappings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from pipeline.kibana.check import faults
from pipeline.kibana.mapped import fields
from pipeline.kibana.objects import Json
from pipeline.kibana.uses import Purpose, uses

MAPPINGS = Path(__file__).parents[2] / "mappings"


@pytest.fixture
def objects() -> list[Json]:
    return [json.loads(line) for line in (MAPPINGS / "kibana" / "whosaid.ndjson").read_text().splitlines()]


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    return shutil.copytree(MAPPINGS, tmp_path / "mappings")


def checked(mappings: Path) -> subprocess.CompletedProcess[str]:
    """As `make check` does it."""
    command = [sys.executable, "-m", "pipeline.kibana", "check", "--mappings", str(mappings)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def change(file: Path, make: Callable[[dict[str, Any]], object]) -> None:
    template = json.loads(file.read_text())
    make(template["template"]["mappings"]["properties"])
    file.write_text(json.dumps(template))


def test_what_is_committed_is_sound(objects: list[Json]) -> None:
    assert faults(objects) == []
    assert {one["type"] for one in objects} == {"index-pattern", "search", "lens", "map", "dashboard"}


def test_a_field_that_is_renamed_fails_the_check_and_names_the_panels(mappings: Path) -> None:
    assert checked(mappings).returncode == 0
    change(mappings / "indices" / "quotes.json", lambda all_: all_.update(talker=all_.pop("speaker")))
    result = checked(mappings)
    assert result.returncode == 1
    for panel in ("lens “Top speakers”", "search “Quotes, newest first”", "control “Speaker” of dashboard “A speaker”"):
        assert f"{panel}: speaker is to be " in result.stderr
    assert "is not in whosaid-quotes's mapping" in result.stderr


@pytest.mark.parametrize(
    ("index", "field", "definition", "why"),
    [
        ("quotes", "speaker", {"type": "text"}, "lens “Top speakers”: speaker is to be grouped by or counted"),
        ("quotes", "speaker", {"type": "keyword", "doc_values": False}, "has no doc values"),
        ("quotes", "speaker", {"type": "keyword", "index": False}, "speaker is to be searched, but is not indexed"),
        ("quotes", "speaker_location", {"type": "keyword"}, "map “Where speakers are from, on a map”"),
        ("files", "read", {"type": "keyword"}, "lens “Runs”: read is to be added up, but is of the type keyword"),
        ("files", "finished_at", {"type": "keyword"}, "index-pattern “Files”: finished_at is to be used as a time"),
        ("dead-letters", "message", {"type": "object", "enabled": False}, "“Dead letters, newest first”: message"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_do_what_a_panel_does_with_it_fails_the_check(
    mappings: Path, objects: list[Json], index: str, field: str, definition: Json, why: str
) -> None:
    change(mappings / "indices" / f"{index}.json", lambda all_: all_.update({field: definition}))
    assert any(why in fault for fault in faults(objects, mappings))


def test_a_nested_field_fails_the_check(mappings: Path, objects: list[Json]) -> None:
    nested = {"type": "nested", "properties": {"text": {"type": "keyword"}}}
    change(mappings / "indices" / "quotes.json", lambda all_: all_.update(cue=nested))
    assert any("nested, which Kibana cannot reach" in fault for fault in faults(objects, mappings))
    assert fields("quotes", mappings)["cue.text"]["nested"]


def test_ids_are_unique_and_references_lead_somewhere(objects: list[Json]) -> None:
    assert any("is there 2 times" in fault for fault in faults([*objects, objects[-1]]))
    without = [one for one in objects if one["id"] != "whosaid-top-speakers"]
    assert any("needs lens whosaid-top-speakers" in fault for fault in faults(without))
    backwards = [*objects[1:], objects[0]]
    assert any("does not stand before it" in fault for fault in faults(backwards))
    loose = deepcopy(objects)
    loose[-1]["references"].pop(0)
    assert any("a panel without a reference" in fault for fault in faults(loose))


def test_what_the_check_does_not_know_fails_it(objects: list[Json]) -> None:
    lens = next(one for one in objects if one["type"] == "lens")
    columns = lens["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]["layer"]["columns"]
    next(iter(columns.values()))["operationType"] = "moving_average"
    assert any("moving_average" in fault for fault in faults(objects))
    objects[0]["attributes"]["runtimeFieldMap"] = '{"lag": {"type": "long"}}'
    assert any("runtime fields" in fault for fault in faults(objects))


def test_objects_that_differ_from_the_code_fail_the_check(tmp_path: Path) -> None:
    for folder in ("pipeline", "mappings"):
        shutil.copytree(
            MAPPINGS.parent / folder, tmp_path / folder, ignore=shutil.ignore_patterns("model", "enrich", "actors")
        )
    file = tmp_path / "mappings" / "kibana" / "whosaid.ndjson"
    file.write_text(file.read_text().replace("Top speakers", "Best speakers"))
    command = [sys.executable, "-m", "pipeline.kibana"]
    run = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 60}
    result = subprocess.run([*command, "check"], check=False, **run)
    assert result.returncode == 1
    assert "run `make kibana`" in result.stderr
    subprocess.run([*command, "write"], check=True, **run)
    assert subprocess.run([*command, "check"], check=False, **run).returncode == 0


def test_every_kind_of_use_is_looked_at(objects: list[Json]) -> None:
    assert {use.purpose for use in uses(objects)} == set(Purpose)
