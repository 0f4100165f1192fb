"""Files of one's own: `WHOSAID_ACTORS`."""

import gzip
import json
import os
import pickle
from datetime import date
from pathlib import Path

import pytest

from pipeline.actors.register import load, of_settings
from pipeline.errors import ConfigurationError
from pipeline.settings import Settings

MAYOR = """
- id: ada-quill
  name: Ada Quill
  aliases: [Ada M. Quill]
  gender: female
  country: GB
  roles: [{title: mayor of Inkford, of: GB, from: 2019-05-06, as_of: 2024-05-01}]
"""


def test_yaml_csv_followthemoney_and_wikidata_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.yaml").write_text(MAYOR)
    (tmp_path / "own.csv").write_text(
        "id,name,aliases,kind,gender,country,title,of,from,to,as_of\n"
        "bo-reed,Bo Reed,Bosley Reed|B. Reed,person,male,NZ,mayor of Nib,NZ,2010,2012,\n"
        "bo-reed,,,,,,mayor of Nib,NZ,2015,2018-03,\n"
    )
    entity = {
        "id": "x1",
        "schema": "Person",
        "caption": "Cy Vellum",
        "properties": {"name": ["Cyrus Vellum"], "country": ["fr"]},
    }
    (tmp_path / "bulk.ftm.json").write_text(json.dumps(entity) + "\n")
    claims = {"P31": [{"mainsnak": {"datavalue": {"value": {"id": "Q5"}}}}]}
    item = {
        "id": "Q0",
        "labels": {"en": {"value": "Di Margin"}},
        "aliases": {"en": [{"value": "Diana Margin"}]},
        "claims": claims,
    }
    with gzip.open(tmp_path / "wikidata.json.gz", "wt") as file:
        file.write(f"[\n{json.dumps(item)},\n]\n")
    files = [tmp_path / name for name in ("own.yaml", "own.csv", "bulk.ftm.json", "wikidata.json.gz")]
    monkeypatch.setenv("WHOSAID_ACTORS", os.pathsep.join(map(str, files)))
    monkeypatch.setenv("WHOSAID_HOME", str(tmp_path / "home"))

    register = of_settings(Settings())

    found = [
        register.by_name(name) for name in ("Ada Quill", "Bosley Reed", "Cyrus Vellum", "Diana Margin", "Angela Merkel")
    ]
    assert [actor.id if actor else None for actor in found] == [
        "ada-quill", "bo-reed", "ftm:x1", "wikidata:Q0", "angela-merkel",
    ]  # fmt: skip
    mayor = register.by_role("the mayor of Nib", on=date(2016, 1, 1), country="NZ")
    assert mayor is not None
    assert mayor.name == "Bo Reed"


def test_an_entry_of_one_s_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "- {id: angela-merkel, name: Dr Angela Merkel, aliases: [Angela Merkel], gender: female, country: DE}"
    )
    register = load([own])
    found = register.by_name("Angela Merkel")
    assert found is not None
    assert (found.name, found.roles) == ("Dr Angela Merkel", ())
    assert register.by_role("the German chancellor", on=date(2016, 1, 1)) is None


def test_a_namesake_in_a_bulk_file_does_not_hide_the_reviewed_entry(tmp_path: Path) -> None:
    bulk = tmp_path / "bulk.ftm.json"
    bulk.write_text(json.dumps({"id": "n", "schema": "Person", "properties": {"name": ["Joe Biden"]}}))
    found = load([bulk]).by_name("Joe Biden")
    assert found is not None
    assert found.id == "joe-biden"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- {id: a b, name: X}", "id"),
        ("- {id: a, name: Ann, roles: [{title: mayor, of: GB, from: 2020, to: 2019}]}", "ends on 2019"),
        ("- {id: a, name: Ann, roles: [{title: mayor, of: GB, from: 2020}]}", "as_of"),
        ("- {id: a, name: Ann, roles: [{title: mayor, of: GB, from: soon, to: 2019}]}", "2021-01"),
        ("- {id: a, name: Ann, contry: GB}", "contry"),
        ("id: a", "list of entries"),
        ("- [", "yaml"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_entry(tmp_path: Path, content: str, told: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(content)
    with pytest.raises(ConfigurationError, match=told) as error:
        load([own])
    assert "own.yaml" in str(error.value)


def test_a_missing_file_is_told_with_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="WHOSAID_ACTORS"):
        load([tmp_path / "missing.yaml"])


def test_the_register_is_compiled_once_and_anew_when_a_file_changes(tmp_path: Path) -> None:
    own, cache = tmp_path / "own.yaml", tmp_path / "cache"
    own.write_text(MAYOR)
    first = load([own], cache=cache)
    compiled = {file: file.stat().st_mtime_ns for file in cache.iterdir()}
    again = load([own], cache=cache)
    assert again.fingerprint == first.fingerprint
    assert {file: file.stat().st_mtime_ns for file in cache.iterdir()} == compiled
    own.write_text(MAYOR.replace("Ada Quill", "Ada Penn"))
    changed = load([own], cache=cache)
    assert changed.fingerprint != first.fingerprint
    assert changed.by_name("Ada Penn") is not None
    assert first.by_name("Ada Quill") is not None


def test_where_nothing_can_be_written_it_works_from_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert load(cache=tmp_path / "file" / "cache").by_name("Angela Merkel") is not None


def test_actors_can_travel_between_processes(tmp_path: Path) -> None:
    actor = load().by_name("Angela Merkel")
    assert pickle.loads(pickle.dumps(actor)) == actor  # noqa: S301


def test_a_hundred_thousand_names_cost_a_process_little(tmp_path: Path) -> None:
    """The aim is a million names in 200 MB; here a tenth of it, to notice when names move into memory."""
    psutil = pytest.importorskip("psutil")
    bulk = tmp_path / "bulk.ftm.json"
    with bulk.open("w") as file:
        for number in range(50_000):
            names = [f"Person {number:x} Nought", f"Alias {number:x} Nil"]
            file.write(json.dumps({"id": str(number), "schema": "Person", "properties": {"name": names}}) + "\n")
    load([bulk], cache=tmp_path / "cache")
    before = psutil.Process().memory_info().rss
    register = load([bulk], cache=tmp_path / "cache")
    for number in range(0, 50_000, 10):
        assert register.by_name(f"Alias {number:x} Nil") is not None
    assert psutil.Process().memory_info().rss - before < 60 << 20
