"""A real Airflow in a folder of its own: database, configuration, and a live scheduler with its API."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.ports import free_port

REPOSITORY = Path(__file__).parents[2]
AIRFLOW = Path(sys.executable).with_name("airflow")
COMPONENTS = ("api-server", "dag-processor", "scheduler", "triggerer")
ENDED = {"success", "failed"}


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
            "PATH": f"{AIRFLOW.parent}{os.pathsep}{os.environ['PATH']}",
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__FERNET_KEY": "c2l4dGVlbiBieXRlcyB0d2ljZSBpcyBhIGZlcm5ldCE=",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__EXPOSE_STACKTRACE": "True",  # a refusal says why, also when the server's log is gone
            "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            **environment,
        }
        self.live_environment: dict[str, str] = {}
        """What the live one has besides."""
        self.run("db", "migrate")

    def run(self, *arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
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
        """A running API server, DAG processor, scheduler and triggerer; on SQLite with a database of their own."""
        if "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in self.environment:
            database = shutil.copyfile(self.home / "airflow.db", self.home / "live.db")
            self.live_environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{database}"
        environment = self.environment | self.live_environment
        processes = []
        try:
            for component in COMPONENTS:
                with (self.home / f"{component}.log").open("wb") as output:
                    processes.append(
                        subprocess.Popen(
                            [AIRFLOW, component], env=environment, stdout=output, stderr=output, start_new_session=True
                        )
                    )
            yield LiveAirflow(self.url, self.password)
        finally:  # they have children, which their parents' end leaves behind: end the whole groups
            for process in processes:
                os.killpg(process.pid, signal.SIGTERM)
            psutil.wait_procs([psutil.Process(process.pid) for process in processes], timeout=5)
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


class LiveAirflow:
    """The REST API of a running Airflow."""

    def __init__(self, url: str, password: str, patience: float = 600) -> None:
        self.url = f"{url}/api/v2"
        self.patience = patience
        self.wait("the API server", lambda: requests.get(f"{self.url}/monitor/health", timeout=5).ok)
        answer = requests.post(f"{url}/auth/token", json={"username": "admin", "password": password}, timeout=30)
        answer.raise_for_status()
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str, **parameters: Any) -> Any:
        return self._answer(self.session.get(f"{self.url}/{path}", params=parameters, timeout=30))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._answer(self.session.post(f"{self.url}/{path}", json=body, timeout=30))

    def _answer(self, answer: requests.Response) -> Any:
        self._raise_what_may_pass(answer)
        assert answer.ok, answer.text
        return answer.json()

    @staticmethod
    def _raise_what_may_pass(answer: requests.Response) -> None:
        if answer.status_code >= 500:  # may pass, as on a busy machine: who waits asks again
            raise requests.HTTPError(answer.text)

    def connect(self, elasticsearch_url: str, prefix: str) -> None:
        """Set the connection `whosaid_elasticsearch`, as a user does."""
        host, port = elasticsearch_url.removeprefix("http://").split(":")
        body = {
            "connection_id": "whosaid_elasticsearch", "conn_type": "http", "schema": "http",
            "host": host, "port": int(port), "extra": json.dumps({"index_prefix": prefix}),
        }  # fmt: skip

        def connected() -> bool:
            self._raise_what_may_pass(self.session.delete(f"{self.url}/connections/whosaid_elasticsearch", timeout=30))
            return bool(self.post("connections", body))

        self.wait("the connection", connected)

    def start(self, dag: str, *, partition_key: str | None = None, conf: dict[str, Any] | None = None) -> str:
        """Start a run of `dag`; returns its id."""
        self.wait(f"the DAG {dag}", lambda: self.session.get(f"{self.url}/dags/{dag}", timeout=30).ok)
        body = {"logical_date": None, "partition_key": partition_key, "conf": conf or {}}
        return str(self.post(f"dags/{dag}/dagRuns", body)["dag_run_id"])

    def end(self, dag: str, run: str) -> str:
        """Wait for a run's end; returns its state."""
        state = ""

        def ended() -> bool:
            nonlocal state
            state = self.get(f"dags/{dag}/dagRuns/{run}")["state"]
            return state in ENDED

        self.wait(f"the end of {run} of {dag}", ended)
        return state

    def result(self, dag: str, run: str, task: str) -> Any:
        """What a task of a run returned."""
        value = self.get(f"dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/return_value", stringify=False)
        return value["value"]

    def states(self, dag: str, run: str) -> dict[str, str]:
        """The state of each task of a run."""
        return {
            one["task_id"]: one["state"]
            for one in self.get(f"dags/{dag}/dagRuns/{run}/taskInstances")["task_instances"]
        }

    def wait(self, what: str, ready: Callable[[], bool]) -> None:
        end, trouble = time.monotonic() + self.patience, ""
        while time.monotonic() < end:
            try:
                if ready():
                    return
            except (requests.ConnectionError, requests.Timeout, requests.HTTPError) as passing:
                trouble = f"; last trouble: {passing}"
            time.sleep(0.3)
        raise TimeoutError(f"{what} did not come within {self.patience} s{trouble}")
