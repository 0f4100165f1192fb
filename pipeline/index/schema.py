"""Installs what `mappings/` says, once, and says where an Elasticsearch that is set up already differs from it.

Every name is put under the setting `index_prefix`; each index is created as `…-v1` behind its alias. Nothing that
exists is changed: fields cannot change their type in place, so another mapping needs another version of the index.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from pipeline.elastic import alias, answering
from pipeline.errors import MappingMismatch
from pipeline.settings import Settings

VERSION = 1
PRIORITY = 500
"""Above the templates that come with Elasticsearch (100 and 200), which would match behind a prefix such as `logs-`."""
SIZED = {"articles", "quotes"}
"""The indices that grow with the news and take the setting `shards`; the others stay small."""
KEPT = ("template", "composed_of", "index_patterns", "priority", "version")
"""What counts of a template."""
TAKEN = {"resource_already_exists_exception", "illegal_argument_exception"}
"""Among the reasons for a 400: an index or a template of this name is there already."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was installed."""

    kind: str
    """`component template`, `index template` or `index`."""
    name: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not installed as `mappings/` says."""

    kind: str
    name: str
    field: str | None
    """Dotted path, such as `mappings.properties.speaker.type`; nothing where the whole is missing."""
    expected: str | None
    found: str | None

    def __str__(self) -> str:
        if self.field is None:
            return f"{self.kind} {self.name} is missing"
        return f"{self.kind} {self.name}: {self.field} is {self.found or 'missing'}, expected {self.expected or 'none'}"


def create(client: Elasticsearch, settings: Settings) -> list[Change]:
    """Install what is missing; returns what that was. Safe to run again, and in several processes at once.

    Raises `MappingMismatch`, before anything is changed, when something installed differs; `Unreachable`.
    """
    found = check(client, settings)
    _raise_if_any([difference for difference in found if difference.field is not None])
    missing = {(difference.kind, difference.name) for difference in found}
    changes = []
    with answering(settings):
        for part in _parts(settings):
            if (part.kind, part.name) in missing and _install(client, part):
                changes.append(Change(part.kind, part.name))
    _raise_if_any(check(client, settings))  # another process may have installed something else meanwhile
    return changes


def check(client: Elasticsearch, settings: Settings) -> list[Difference]:
    """Where what is installed differs from `mappings/`, and what is missing."""
    differences = []
    with answering(settings):
        for part in _parts(settings):
            installed = _installed(client, part)
            if installed is None:
                differences.append(Difference(part.kind, part.name, None, None, None))
            else:
                differences += _compare(part, installed)
    return differences


def index_body(settings: Settings, name: str) -> dict[str, Any]:
    """What a new version of this index is created with, but for its aliases."""
    part = next(part for part in _parts(settings) if part.kind == "index" and part.name == alias(settings, name))
    return {key: value for key, value in part.body.items() if key != "aliases"}


def replace_templates(client: Elasticsearch, settings: Settings) -> Callable[[], None]:
    """Put this version's templates in the place of others; returns what puts those back. No index changes by it."""
    before: list[tuple[_Part, dict[str, Any]]] = []
    with answering(settings):
        for part in _parts(settings):
            installed = None if part.kind == "index" else _installed(client, part)
            if installed and _compare(part, installed):
                family = part.kind.replace(" ", "_")
                answer: Any = client.perform_request("GET", part.read_path, headers=_json_headers()).body
                body = answer[f"{family}s"][0][family]
                before.append((part, {key: body[key] for key in (*KEPT, "_meta") if key in body}))
                client.perform_request("PUT", part.write_path, headers=_json_headers(), body=part.body)

    def put_back() -> None:
        with answering(settings):
            for part, body in reversed(before):
                client.perform_request("PUT", part.write_path, headers=_json_headers(), body=body)

    return put_back


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing to install, and how Elasticsearch shows it afterwards."""

    kind: str
    name: str
    read_path: str
    write_path: str
    body: dict[str, Any]
    """The request that creates it."""
    contract: dict[str, str]
    """What has to stand in it afterwards, by dotted path."""


def _parts(settings: Settings) -> Iterator[_Part]:
    """Components first, since index templates are made of them, and indices last."""
    components = _load("components")
    for name, component in components.items():
        full = alias(settings, name)
        path = f"/_component_template/{full}"
        yield _Part("component template", full, path, path, component, _contract(component))
    for name, template in _load("indices").items():
        full = alias(settings, name)
        path = f"/_index_template/{full}"
        body = template | {
            "index_patterns": [f"{full}-v*"],
            "composed_of": [alias(settings, component) for component in template["composed_of"]],
            "priority": PRIORITY,
        }
        yield _Part("index template", full, path, path, body, _contract(body))
        shards = settings.shards if name in SIZED else 1
        index: dict[str, Any] = {
            "aliases": {full: {"is_write_index": True}},
            "settings": {"number_of_shards": shards, "number_of_replicas": settings.replicas},
        }
        for part in (*(components[used] for used in template["composed_of"]), template):
            _merge(
                index, part["template"]
            )  # said in full: a key that may not install templates still gets this mapping
        contract = {key: value for key, value in _flat(index).items() if _is_shape(key)}
        yield _Part("index", full, f"/{full}", f"/{full}-v{VERSION}", index, contract)


def _merge(into: dict[str, Any], part: dict[str, Any]) -> None:
    """Add the part, level by level; components have no field in common."""
    for name, value in part.items():
        if isinstance(value, dict):
            _merge(into.setdefault(name, {}), value)
        else:
            into[name] = value


def _load(folder: str) -> dict[str, dict[str, Any]]:
    found = sorted((files("mappings") / folder).iterdir(), key=lambda file: file.name)
    return {
        file.name.removesuffix(".json"): json.loads(file.read_text()) for file in found if file.name.endswith(".json")
    }


def _install(client: Elasticsearch, part: _Part) -> bool:
    """Whether it was this process that installed it."""
    create_only = {} if part.kind == "index" else {"create": "true"}
    try:
        client.perform_request("PUT", part.write_path, params=create_only, headers=_json_headers(), body=part.body)
    except ApiError as error:
        if error.status_code == 400 and error.message in TAKEN:
            return False  # taken by another process; whether by the same, the check afterwards tells
        raise
    return True


def _installed(client: Elasticsearch, part: _Part) -> dict[str, str] | None:
    """What is there under the part's name, flat; an index by its alias, whatever its version."""
    try:
        answer: Any = client.perform_request("GET", part.read_path, headers=_json_headers()).body
    except ApiError as error:
        if error.status_code == 404:
            return None
        if error.status_code == 403 and part.kind != "index":
            return part.contract  # not ours to look at or to install; the indices say all that counts
        raise
    if part.kind == "index":
        return {key: value for key, value in _flat(next(iter(answer.values()))).items() if _is_shape(key)}
    family = part.kind.replace(" ", "_")
    return _contract(answer[f"{family}s"][0][family])


def _compare(part: _Part, installed: dict[str, str]) -> list[Difference]:
    fields = sorted(part.contract.keys() | installed.keys())
    return [
        Difference(part.kind, part.name, field, part.contract.get(field), installed.get(field))
        for field in fields
        if part.contract.get(field) != installed.get(field)
    ]


def _contract(template: dict[str, Any]) -> dict[str, str]:
    """A template, flat, without its description and what Elasticsearch notes about it."""
    return _flat({key: template[key] for key in KEPT if key in template})


def _is_shape(field: str) -> bool:
    """Whether it decides how documents are indexed; settings such as replicas are their operator's."""
    return field.startswith(("mappings.", "settings.index.analysis."))


def _flat(body: Any, path: str = "") -> dict[str, str]:
    """Leaves by dotted path, as text: Elasticsearch gives settings back nested and in quotation marks."""
    if isinstance(body, dict):
        return {
            key: value
            for name, part in body.items()
            for key, value in _flat(part, f"{path}.{name}" if path else name).items()
        }
    return {path: body if isinstance(body, str) else json.dumps(body)}


def _raise_if_any(differences: list[Difference]) -> None:
    if differences:
        raise MappingMismatch(
            "Elasticsearch is set up otherwise than this version of Whosaid expects:\n"
            + "".join(f"  {difference}\n" for difference in differences)
            + "It was left as it is. Move what is stored to this version's mapping with `whosaid index rebuild`, "
            "set WHOSAID_INDEX_PREFIX to a new prefix and ingest again, or use the version that set it up"
        )


def _json_headers() -> dict[str, str]:
    return {"accept": "application/json", "content-type": "application/json"}
