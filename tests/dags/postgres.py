"""A PostgreSQL of a test's own, where Debian's is installed and Airflow can reach it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.ports import free_port


def installed() -> Path | None:
    """The folder of PostgreSQL's programs; nothing where they, or `psycopg2` to reach it by, are not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return programs[-1] if programs and importlib.util.find_spec("psycopg2") else None


@contextlib.contextmanager
def postgres(programs: Path, folder: Path) -> Iterator[str]:
    """Run a server with its data below `folder`, on 127.0.0.1; gives the address for Airflow's setting."""
    port, data = free_port(), folder / "postgres"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root; its package made a user for it
        for parent in (data, *data.parents[:3]):
            if parent.stat().st_uid == 0 and parent != Path("/tmp"):  # noqa: S108
                parent.chmod(0o755)
        subprocess.run(["chown", "postgres", data], check=True)
        as_user = ["runuser", "-u", "postgres", "--"]
    subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-U", "airflow", "-A", "trust", "-E", "UTF8"],
        check=True, capture_output=True, cwd=data,
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    control = [*as_user, programs / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-o", options, "-l", data / "log", "start"], check=True, capture_output=True, cwd=data)
    try:
        yield f"postgresql+psycopg2://airflow@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)
