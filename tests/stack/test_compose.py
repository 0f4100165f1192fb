"""`docker-compose.yml` as far as it can be held without Docker: against Compose's schema, and against itself."""

from __future__ import annotations

import importlib.util
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.settings import Settings
from tests.stack.scripts import DOCKER, ROOT, script

COMPOSE = ROOT / "docker-compose.yml"
ASK = ":?run make stack-up}"
DONE = "{condition: service_completed_successfully}"
KIBANA_HEALTHY = "kibana: {condition: service_healthy}"
check = script("check")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Dockerfile", tmp_path)
    return Path(shutil.copy(COMPOSE, tmp_path))


def test_the_file_passes(copy: Path) -> None:
    assert check.faults(COMPOSE) == []
    assert check.faults(copy) == []


def test_the_check_fails_and_says_why(copy: Path) -> None:
    """As `make check` runs it."""
    copy.write_text(copy.read_text().replace("127.0.0.1:5601:5601", "5601:5601"))
    command = [sys.executable, DOCKER / "check.py", copy]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 1
    assert result.stderr == "docker-compose.yml: kibana: the port 5601:5601 is not published on 127.0.0.1 alone\n"


BROKEN = [
    ("services:\n", "services: [\n", "is no YAML"),
    ("command: [airflow, scheduler]", "comand: [airflow, scheduler]", "services.airflow-scheduler: Unevaluated prop"),
    ("interval: 60s", "interval: [60]", "services.airflow-worker.healthcheck.interval"),
    ("${READER_PASSWORD" + ASK, "${VIEWER_PASSWORD" + ASK, "VIEWER_PASSWORD is not defined"),
    ("${READER_PASSWORD" + ASK, "${KIBANA_PASSWORD" + ASK, "READER_PASSWORD is made by docker/make_secrets.py, but"),
    ("${REDIS_PASSWORD" + ASK, "${REDIS_PASSWORD:-redis}", "REDIS_PASSWORD may be empty or has a default"),
    ("${REDIS_PASSWORD" + ASK, "$REDIS_PASSWORD", "REDIS_PASSWORD may be empty or has a default"),
    ("${READER_PASSWORD" + ASK, "changeme", "dashboards: READER_PASSWORD is written into the file"),
    ("airflow:${POSTGRES_PASSWORD" + ASK + "@", "airflow:airflow@", "has a password written into its address"),
    ("image: redis:7.2.11-bookworm", "image: redis:latest", "redis: the image redis:latest is not pinned"),
    ("image: postgres:17.6-bookworm", "image: postgres", "postgres: the image postgres is not pinned"),
    ("kibana/kibana:9.5.3", "kibana/kibana:9.4.0", "kibana: is 9.4.0, but 9.5.3"),
    ("  redis-data:\n  air", "  air", "redis: the volume redis-data is not declared"),
    ("  redis-data:\n  air", "  redis-data:\n  spare:\n  air", "the volume spare is declared, but nothing mounts it"),
    ("./.stack/keys:/keys:ro", "./keys:/keys:ro", "./keys is mounted, but not there"),
    (KIBANA_HEALTHY, KIBANA_HEALTHY.replace("na:", "ni:"), "dashboards: waits for kibani, which is no service"),
    (KIBANA_HEALTHY, "kibana: {condition: service_started}", "does not wait until kibana is healthy"),
    (
        "setup: " + DONE + '\n    deploy: {resources: {limits: {cpus: "2"',
        'setup: {condition: service_healthy}\n    deploy: {resources: {limits: {cpus: "2"',
        "kibana: waits for setup by",
    ),
    ("test: [CMD, redis-cli, ping]", "disable: true", "redis: has no health check"),
    ("certificates: " + DONE, f"certificates: {DONE}\n      dashboards: {DONE}", "elasticsearch: waits for itself"),
    ("bookworm\n    profiles: [full]", "bookworm\n    profiles: [search]", "needs redis, which is not in the profile"),
    ("127.0.0.1:9200:9200", "9200:9200", "the port 9200:9200 is not published on 127.0.0.1 alone"),
    ("127.0.0.1:8080:8080", "0.0.0.0:8080:8080", "airflow-api-server: the port 0.0.0.0:8080:8080"),
    ('{cpus: "2", memory: 3G}', '{cpus: "2"}', "airflow-worker: has no limit of memory"),
    ("  restart: unless-stopped", "  restart: on-failure", "does not come back after a crash"),
    ('  security_opt: ["no-new-privileges:true"]', "  privileged: true", "may gain privileges"),
    ("network_mode: none", "network_mode: host", "certificates: has the host's network"),
]


@pytest.mark.parametrize(("good", "bad", "said"), BROKEN, ids=[said for _, _, said in BROKEN])
def test_a_broken_copy_fails(copy: Path, good: str, bad: str, said: str) -> None:
    text = copy.read_text()
    assert good in text
    copy.write_text(text.replace(good, bad))
    assert any(said in fault for fault in check.faults(copy))


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (":3.11.14-slim-bookworm", ":latest", "the base python:latest is not pinned"),
        ("USER 50000:0", "USER root", "the image runs as root"),
    ],
)
def test_a_broken_dockerfile_fails(copy: Path, good: str, bad: str, said: str) -> None:
    dockerfile = copy.with_name("Dockerfile")
    dockerfile.write_text(dockerfile.read_text().replace(good, bad))
    assert any(said in fault for fault in check.faults(copy))
    dockerfile.unlink()
    assert "setup: Dockerfile is not there" in check.faults(copy)


def test_the_image_holds_what_it_is_made_of_and_no_more() -> None:
    steps = (ROOT / "Dockerfile").read_text()
    copied = {part for line in re.findall(r"^COPY (?!--from)(.+) \S+$", steps, re.MULTILINE) for part in line.split()}
    assert all((ROOT / part).exists() for part in copied)
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in - {"Dockerfile"} == copied
    extras = re.search(r"'\.\[(.+)\]'", steps)
    assert extras
    declared = (ROOT / "pyproject.toml").read_text()
    assert all(re.search(rf"^{extra} = \[", declared, re.MULTILINE) for extra in extras[1].split(","))


def airflow_options() -> set[str]:
    """Airflow's and the Celery provider's options as environment variables, from their files: importing is slow."""
    (airflow,) = importlib.util.find_spec("airflow").submodule_search_locations  # type: ignore[union-attr]
    sections = yaml.safe_load((Path(airflow) / "config_templates" / "config.yml").read_text())
    celery = Path(airflow) / "providers" / "celery" / "get_provider_info.py"
    sections |= runpy.run_path(str(celery))["get_provider_info"]()["config"]
    return {
        f"AIRFLOW__{section}__{option}".upper() for section, one in sections.items() for option in one["options"]
    }  # fmt: skip


def test_every_setting_in_it_exists() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"].values()
    names = {name for service in services for name in check.environment(service)}
    ours = {f"WHOSAID_{field.upper()}" for field in Settings.model_fields}
    assert {name for name in names if name.startswith("WHOSAID_")} - ours == {"WHOSAID_ELASTICSEARCH_API_KEY_FILE"}
    assert {name for name in names if name.startswith("AIRFLOW__")} - airflow_options() == set()


def test_the_commands_of_the_makefile_name_profiles_that_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    services = yaml.safe_load(COMPOSE.read_text())["services"].values()
    assert {profile for service in services for profile in service["profiles"]} == {"search", "full"}
    assert set(re.findall(r"PROFILE \?= (\w+)|--profile (\w+)", makefile)) == {("search", ""), ("", "full")}
