"""Files of actors → actors: our YAML, CSV, FollowTheMoney JSON lines, Wikidata dump lines.

    .yaml, .yml           entries as in `register/`, the only form with everything
    .csv                  a line an actor: id, name, aliases (split at |), kind, gender, country, title, of, from, to,
                          as_of; further lines with the same id add roles
    .json, .jsonl, .ftm   lines with `schema`: FollowTheMoney entities, as OpenSanctions publishes them (mind their
                          licence); lines with `claims`: Wikidata items, with or without the dump's brackets

Each may be compressed with gzip (`.gz`).
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import yaml
from pydantic import ValidationError

from pipeline.actors.actor import Actor
from pipeline.actors.names import fold
from pipeline.article import SpeakerKind
from pipeline.errors import ConfigurationError

_MAX_LINE = 4_000_000
"""Characters of the longest line that is read; Wikidata's longest items are about half of that."""
_FTM_KINDS = {
    "Person": SpeakerKind.PERSON,
    "Organization": SpeakerKind.ORGANIZATION,
    "Company": SpeakerKind.ORGANIZATION,
    "PublicBody": SpeakerKind.GOVERNMENT,
}
_HUMAN = "Q5"
_GENDERS = {"Q6581097": "male", "Q2449503": "male", "Q6581072": "female", "Q1052281": "female"}


def reviewed(path: Path) -> bool:
    """Whether a file is of a kind that people write by hand: such entries win over those of bulk files."""
    return _suffix(path) in {".yaml", ".yml", ".csv"}


def read(path: Path) -> Iterator[Actor]:
    """The actors of one file.

    Raises:
        ConfigurationError: the file cannot be read, or an entry is not as it should be; says which and why.

    """
    suffix = _suffix(path)
    rows = _yaml_rows if suffix in {".yaml", ".yml"} else _csv_rows if suffix == ".csv" else _json_rows
    try:
        with _open(path) as file:
            for place, row in rows(file):
                try:
                    yield Actor.model_validate(row)
                except ValidationError as error:
                    first = error.errors()[0]
                    where = ".".join(map(str, first["loc"])) or "entry"
                    raise ConfigurationError(
                        f"{path}, {place}: {where}: {first['msg']}; correct the entry (docs/actors.md)"
                    ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read as {suffix} with actors: {error}") from error


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return next((suffix for suffix in reversed(suffixes) if suffix != ".gz"), "")


def _open(path: Path) -> TextIO:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8", newline="")


def _yaml_rows(file: TextIO) -> Iterator[tuple[str, Any]]:
    entries = yaml.load(file, Loader=yaml.CSafeLoader)
    if not isinstance(entries, list):
        raise yaml.YAMLError("expected a list of entries, each beginning with `- id:`")
    for number, entry in enumerate(entries, 1):
        name = entry.get("id", number) if isinstance(entry, dict) else number
        yield f"entry {name}", entry


def _csv_rows(file: TextIO) -> Iterator[tuple[str, Any]]:
    entries: dict[str, dict[str, Any]] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(csv.DictReader(file), 2):
        row = {key: value.strip() for key, value in line.items() if key and value and value.strip()}
        entry = entries.setdefault(row.get("id", f"line-{number}"), {"roles": []})
        lines.setdefault(row.get("id", f"line-{number}"), number)
        role = {key: row.pop(key) for key in ("title", "of", "from", "to", "as_of") if key in row}
        if role:
            entry["roles"].append(role)
        if "aliases" in row:
            entry["aliases"] = [alias.strip() for alias in row.pop("aliases").split("|")]
        entry.update(row)
    for key, entry in entries.items():
        yield f"line {lines[key]}", entry


def _json_rows(file: TextIO) -> Iterator[tuple[str, Any]]:
    number = 0
    while line := file.readline(_MAX_LINE):
        number += 1
        line = line.strip().rstrip(",")
        if line in {"", "[", "]"}:
            continue
        item = json.loads(line)
        if "claims" in item:
            row = _wikidata(item)
        elif "schema" in item:
            row = _follow_the_money(item)
        else:
            raise ConfigurationError(
                f"line {number}: neither a FollowTheMoney entity (`schema`) nor a Wikidata item (`claims`)"
            )
        if row is not None:
            yield f"line {number}", row


def _follow_the_money(entity: dict[str, Any]) -> dict[str, Any] | None:
    kind = _FTM_KINDS.get(entity["schema"])
    properties: dict[str, list[str]] = entity.get("properties", {})
    names = [*properties.get("name", []), *properties.get("alias", []), *properties.get("weakAlias", [])]
    if kind is None or not names:
        return None
    name = entity.get("caption") or names[0]
    countries = [*properties.get("country", []), *properties.get("nationality", []), *properties.get("citizenship", [])]
    gender = properties.get("gender", [None])[0]
    return {
        "id": f"ftm:{entity['id']}",
        "name": name,
        "aliases": _distinct(names, name),
        "kind": kind,
        "gender": gender if gender in {"female", "male"} else None,
        "country": next((code.upper() for code in countries if re.fullmatch("[A-Za-z]{2}", code)), None),
    }


def _wikidata(item: dict[str, Any]) -> dict[str, Any] | None:
    """People and, where a country is given, organisations. Offices are not read: they are named by other items."""
    labels = item.get("labels", {})
    name = (labels.get("en") or labels.get("mul") or {}).get("value")
    if not name or not str(item.get("id", "")).startswith("Q"):
        return None
    human = _HUMAN in _values(item, "P31")
    if not human and "P17" not in item["claims"]:
        return None
    aliases = [alias["value"] for language in ("en", "mul") for alias in item.get("aliases", {}).get(language, [])]
    return {
        "id": f"wikidata:{item['id']}",
        "name": name,
        "aliases": _distinct(aliases, name),
        "kind": SpeakerKind.PERSON if human else SpeakerKind.ORGANIZATION,
        "gender": next((_GENDERS[value] for value in _values(item, "P21") if value in _GENDERS), None),
    }


def _values(item: dict[str, Any], claim: str) -> list[str]:
    found = []
    for statement in item["claims"].get(claim, []):
        value = statement.get("mainsnak", {}).get("datavalue", {}).get("value", {})
        if isinstance(value, dict) and "id" in value:
            found.append(value["id"])
    return found


def _distinct(names: list[str], name: str) -> list[str]:
    by_fold = {fold(alias): alias[:300] for alias in reversed(names) if alias}
    by_fold.pop(fold(name), None)
    return list(by_fold.values())
