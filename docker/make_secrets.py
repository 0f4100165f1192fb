"""Writes .stack/env and .stack/airflow-passwords.json, once: passwords and keys of the stack, readable by nobody else.

Needs nothing but Python. What is there is left as it is; a variable that a newer version needs is added.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path


def password() -> str:
    """256 bits that need no quoting in addresses, shells and YAML."""
    return secrets.token_hex(32)


def fernet_key() -> str:
    """As `cryptography.fernet` wants it: 32 bytes in URL-safe Base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


VARIABLES: dict[str, Callable[[], str]] = {
    "STACK_UID": lambda: str(os.getuid() or 50000),  # never root in a container
    "STACK_ARTICLES": lambda: "./articles",
    "ELASTIC_PASSWORD": password,
    "KIBANA_PASSWORD": password,
    "KIBANA_SECURITY_KEY": password,
    "KIBANA_OBJECTS_KEY": password,
    "KIBANA_REPORTING_KEY": password,
    "READER_PASSWORD": password,
    "POSTGRES_PASSWORD": password,
    "REDIS_PASSWORD": password,
    "AIRFLOW_FERNET_KEY": fernet_key,
    "AIRFLOW_API_SECRET": password,
    "AIRFLOW_JWT_SECRET": password,
}
"""What `docker-compose.yml` needs, by name."""


def read(file: Path) -> dict[str, str]:
    """The variables of an environment file."""
    lines = file.read_text().splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def main(folder: Path) -> None:
    """Make `folder` and what is missing in it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    known = read(folder / "env")
    variables = {name: known.get(name) or make() for name, make in VARIABLES.items()} | known
    write(folder / "env", "".join(f"{name}={value}\n" for name, value in variables.items()))
    passwords = folder / "airflow-passwords.json"
    if not passwords.exists():
        write(passwords, json.dumps({"admin": secrets.token_urlsafe(24)}) + "\n")
    articles = Path(variables["STACK_ARTICLES"])
    if not articles.is_absolute():  # Docker would make it too, but as root
        (folder.absolute().parent / articles).mkdir(exist_ok=True)
    owner = int(variables["STACK_UID"])
    if os.getuid() == 0:  # started by root: the containers are not, and have to read it
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, 0)


def write(file: Path, content: str) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(content)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".stack"))
