"""A real Airflow in a folder of its own: database, configuration, and a live scheduler with its API."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

REPOSITORY = Path(__file__).parents[2]
AIRFLOW = Path(sys.executable).with_name("airflow")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AirflowHome:
    """One Airflow installation under `home`; `environment` is added to that of every process it starts."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.password = secrets.token_urlsafe(12)
        passwords = home / "passwords.json"
        passwords.write_text(json.dumps({"admin": self.password}))
        self.environment = {
            **os.environ,
            "PATH": f"{AIRFLOW.parent}{os.pathsep}{os.environ['PATH']}",  # `airflow standalone` calls airflow by name
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            **environment,
        }
        self.run("db", "migrate", check=True)

    def run(self, *arguments: str, check: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one `airflow` command to its end."""
        result = subprocess.run(
            [AIRFLOW, *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or result.returncode == 0, result.stdout + result.stderr
        return result

    @contextlib.contextmanager
    def live(self) -> Iterator[LiveAirflow]:
        """A running scheduler, DAG processor, triggerer and API server."""
        with (self.home / "standalone.log").open("wb") as output:
            process = subprocess.Popen(
                [AIRFLOW, "standalone"], env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
            try:
                yield LiveAirflow(self.url, self.password)
            finally:  # the parent's end leaves its children behind: end the whole group
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


class LiveAirflow:
    """The REST API of a running Airflow."""

    def __init__(self, url: str, password: str, patience: float = 180) -> None:
        self.url = url
        self.patience = patience
        self._wait("the API server", lambda: requests.get(f"{url}/api/v2/monitor/health", timeout=5).ok)
        answer = requests.post(f"{url}/auth/token", json={"username": "admin", "password": password}, timeout=30)
        answer.raise_for_status()
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def trigger(
        self, dag: str, *, partition_key: str | None = None, conf: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Start a run of `dag`, wait for its end and return it."""
        body = {"logical_date": None, "partition_key": partition_key, "conf": conf or {}}
        runs = f"{self.url}/api/v2/dags/{dag}/dagRuns"
        self._wait(f"the DAG {dag}", lambda: self.session.get(f"{self.url}/api/v2/dags/{dag}", timeout=30).ok)
        answer = self.session.post(runs, json=body, timeout=30)
        assert answer.ok, answer.text
        run = f"{runs}/{answer.json()['dag_run_id']}"
        self._wait(
            f"the run of {dag}", lambda: self.session.get(run, timeout=30).json()["state"] in {"success", "failed"}
        )
        return dict(self.session.get(run, timeout=30).json())

    def _wait(self, what: str, ready: Any) -> None:
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            with contextlib.suppress(requests.ConnectionError):
                if ready():
                    return
            time.sleep(0.5)
        raise TimeoutError(f"{what} did not come within {self.patience} s")
