"""Holds docker-compose.yml against the Compose specification's schema and against itself; needs no Docker.

`python docker/check.py [FILE]` prints what is wrong, a line each, and ends with status 1 when there is something. Paths
are looked for beside the file.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import make_secrets
import yaml
from jsonschema.validators import validator_for

Service = dict[str, Any]

VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:?[-?+][^}]*)?\}|(?<!\$)\$(\w+)")
EXACT = re.compile(r"(?:[\w./-]+:\d+\.\d+\.\d+|postgres:\d+\.\d+)(?:-[\w.]+)*(?:@sha256:[0-9a-f]{64})?")
"""An image with a whole version, such as `redis:7.2.11-bookworm`; PostgreSQL's versions have two parts."""
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|ENCRYPTIONKEY|FERNET|REDISCLI_AUTH")
WITHOUT_SECRET = re.compile(r"_FILE$")
IN_ADDRESS = re.compile(r"://[^:/@\s]*:([^@\s]*)@")
LOOPBACK = re.compile(r"127\.0\.0\.1:\d+:\d+")
MADE_AT_START = ("./.stack/",)
"""What `make stack-up` makes before Docker looks for it."""
ONCE, HEALTHY, STARTED = "service_completed_successfully", "service_healthy", "service_started"


def faults(file: Path) -> list[str]:
    """What is wrong with the file, a sentence each."""
    raw = file.read_text()
    try:
        compose = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        return [f"is no YAML: {error}"]
    if against_schema := list(_schema(compose)):
        return against_schema  # what follows relies on its form
    services: dict[str, Service] = compose["services"]
    found = [*_variables(raw), *_volumes(compose, file.parent), *_order(services)]
    for name, service in services.items():
        for check in (_image, _ports, _secrets, _limits, _health):
            found += [f"{name}: {fault}" for fault in check(service, file.parent)]
    return found + list(_versions(services))


def environment(service: Service) -> dict[str, str]:
    """A service's environment, in either of Compose's forms."""
    given = service.get("environment", {})
    if isinstance(given, list):
        return dict(one.split("=", 1) for one in given)
    return {name: "" if value is None else str(value) for name, value in given.items()}


def interpolated(value: str, variables: dict[str, str]) -> str:
    """The value as Compose hands it to a container. Raises `KeyError` for a variable that nobody defines."""
    return VARIABLE.sub(lambda found: variables[found[1] or found[3]], value).replace("$$", "$")


def _schema(compose: Any) -> Iterator[str]:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json").read_text())
    for error in validator_for(schema)(schema).iter_errors(compose):
        yield f"{'.'.join(map(str, error.absolute_path)) or 'the file'}: {error.message[:200]}"


def _variables(raw: str) -> Iterator[str]:
    text = "\n".join(line for line in raw.splitlines() if not line.lstrip().startswith("#"))
    used = set()
    for name, given, bare in VARIABLE.findall(text):
        used.add(name or bare)
        if not given.startswith(":?"):
            yield f"{name or bare} may be empty or has a default: write ${{{name or bare}:?…}}"
    for name in sorted(used - make_secrets.VARIABLES.keys()):
        yield f"{name} is not defined: docker/make_secrets.py does not make it"
    for name in sorted(make_secrets.VARIABLES.keys() - used):
        yield f"{name} is made by docker/make_secrets.py, but nothing uses it"


def _volumes(compose: Any, folder: Path) -> Iterator[str]:
    declared = set(compose.get("volumes", {}))
    used = set()
    for name, service in compose["services"].items():
        for mount in service.get("volumes", ()):
            source = str(mount).removesuffix(":ro").rpartition(":")[0] if isinstance(mount, str) else mount["source"]
            if VARIABLE.match(source):  # a folder of the user's
                continue
            if not source.startswith((".", "/")):
                used.add(source)
                if source not in declared:
                    yield f"{name}: the volume {source} is not declared"
            elif not source.startswith(MADE_AT_START) and not (folder / source).exists():
                yield f"{name}: {source} is mounted, but not there"
    for source in sorted(declared - used):
        yield f"the volume {source} is declared, but nothing mounts it"


def _order(services: dict[str, Service]) -> Iterator[str]:
    needs = {name: service.get("depends_on", {}) for name, service in services.items()}
    for name, others in needs.items():
        for other, how in others.items() if isinstance(others, dict) else ((one, {}) for one in others):
            if other not in services:
                yield f"{name}: waits for {other}, which is no service"
                continue
            condition, target = how.get("condition", STARTED), services[other]
            once = target.get("restart") == "no"
            if condition == STARTED:
                yield f"{name}: does not wait until {other} is healthy or done"
            if condition == HEALTHY and "healthcheck" not in target:
                yield f"{name}: waits for the health of {other}, which has no health check"
            if (condition == ONCE) != once:
                yield f"{name}: waits for {other} by {condition}, but it {'ends' if once else 'does not end'}"
            if missing := set(services[name].get("profiles", ())) - set(target.get("profiles", ())):
                yield f"{name}: needs {other}, which is not in the profile {', '.join(sorted(missing))}"
        if name in _reached(name, needs):
            yield f"{name}: waits for itself"


def _reached(start: str, needs: dict[str, Any]) -> set[str]:
    seen: set[str] = set()
    ahead = [*needs[start]]
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += needs.get(one, ())
    return seen


def _image(service: Service, folder: Path) -> Iterator[str]:
    image = service.get("image", "")
    if not EXACT.fullmatch(image):
        yield f"the image {image or '(none)'} is not pinned to a version"
    if build := service.get("build"):
        dockerfile = folder / build["context"] / build.get("dockerfile", "Dockerfile")
        if not dockerfile.exists():
            yield f"{dockerfile.name} is not there"
            return
        steps = dockerfile.read_text()
        for base in re.findall(r"^FROM (\S+)", steps, re.MULTILINE):
            if not EXACT.fullmatch(base):
                yield f"{dockerfile.name}: the base {base} is not pinned to a version"
        last = re.findall(r"^USER (\S+)", steps, re.MULTILINE)
        if not last or last[-1].partition(":")[0] in {"0", "root"}:
            yield f"{dockerfile.name}: the image runs as root"


def _ports(service: Service, folder: Path) -> Iterator[str]:
    for port in service.get("ports", ()):
        if not isinstance(port, str) or not LOOPBACK.fullmatch(port):
            yield f"the port {port} is not published on 127.0.0.1 alone"
    if service.get("network_mode") == "host":
        yield "has the host's network"


def _secrets(service: Service, folder: Path) -> Iterator[str]:
    for name, value in environment(service).items():
        spoken = IN_ADDRESS.findall(VARIABLE.sub(lambda found: f"${found[1]}", value))
        if SECRET.search(name) and not WITHOUT_SECRET.search(name) and not VARIABLE.fullmatch(value):
            yield f"{name} is written into the file"
        if any(not password.startswith("$") for password in spoken):
            yield f"{name} has a password written into its address"
    if service.get("privileged") or "no-new-privileges:true" not in service.get("security_opt", ()):
        yield "may gain privileges"


def _limits(service: Service, folder: Path) -> Iterator[str]:
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    if missing := {"cpus", "memory"} - limits.keys():
        yield f"has no limit of {' and '.join(sorted(missing))}"


def _health(service: Service, folder: Path) -> Iterator[str]:
    once = service.get("restart") == "no"
    if not once and "test" not in service.get("healthcheck", {}):
        yield "has no health check"
    if not once and service.get("restart") != "unless-stopped":
        yield "does not come back after a crash"
    if not service.get("profiles"):
        yield "is in no profile"


def _versions(services: dict[str, Service]) -> Iterator[str]:
    """Elasticsearch, Kibana and the local node of the tests are of one version."""
    lock = (Path(__file__).parents[1] / "pipeline" / "localnode" / "jars.lock").read_text()
    tested = re.search(r"org\.elasticsearch:elasticsearch:([\d.]+)", lock)
    for name in ("elasticsearch", "kibana"):
        version = services.get(name, {}).get("image", ":").rpartition(":")[2]
        if not tested or version != tested[1]:
            yield f"{name}: is {version or 'missing'}, but {tested and tested[1]} is what the tests run on"


def main() -> int:
    """Check the file that is named, else the project's."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docker-compose.yml"
    found = faults(file)
    for fault in found:
        sys.stderr.write(f"{file.name}: {fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
