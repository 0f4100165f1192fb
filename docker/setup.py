"""Sets up the stack, once and again without harm: `setup.py elasticsearch`, and when Kibana runs `setup.py kibana`.

The first gives Kibana its password, makes the API keys of keys.json and installs the indices with the pipeline's own
key, so a missing privilege shows at once. The second imports the dashboards and makes the user `reader`, who may only
look.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import requests
from pydantic import SecretStr

from pipeline.elastic import connect
from pipeline.errors import ConfigurationError, WhosaidError
from pipeline.index import create
from pipeline.kibana import import_objects
from pipeline.settings import Settings

ROLES: dict[str, Any] = json.loads(Path(__file__).with_name("keys.json").read_text())
READER = "whosaid-reader"
TIMEOUT = 60


class Superuser:
    """Elasticsearch and Kibana as the user `elastic`."""

    def __init__(self, settings: Settings, password: str) -> None:
        self.settings = settings
        self.session = requests.Session()
        self.session.auth = ("elastic", password)
        self.session.headers["kbn-xsrf"] = "whosaid"

    def elasticsearch(self, method: str, path: str, body: Any = None) -> Any:
        """The answer; raises `ConfigurationError` when Elasticsearch refuses."""
        return self._ask(method, f"{self.settings.elasticsearch_url}{path}", body, authority(self.settings))

    def kibana(self, method: str, path: str, body: Any = None) -> Any:
        """The answer; raises `ConfigurationError` when Kibana refuses."""
        return self._ask(method, f"{self.settings.kibana_url}{path}", body, True)

    def _ask(self, method: str, url: str, body: Any, verify: str | bool) -> Any:
        answer = self.session.request(method, url, json=body, verify=verify, timeout=TIMEOUT, allow_redirects=False)
        if not answer.ok:
            raise ConfigurationError(f"{method} {url}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else None


def set_up_elasticsearch(settings: Settings, environment: dict[str, str], keys: Path) -> None:
    """Kibana's password, the API keys as files in `keys`, the indices."""
    superuser = Superuser(settings, environment["ELASTIC_PASSWORD"])
    password = {"password": environment["KIBANA_PASSWORD"]}
    superuser.elasticsearch("POST", "/_security/user/kibana_system/_password", password)
    for name, role in ROLES.items():
        file = keys / f"{name}.key"
        if not (file.exists() and works(settings, file.read_text())):
            make_key(superuser, name, role, file)
            say(f"made the API key of the {name}: {file}")
    own = settings.model_copy(update={"elasticsearch_api_key": SecretStr((keys / "pipeline.key").read_text())})
    for change in create(connect(own), own):
        say(f"created {change.kind} {change.name}")


def works(settings: Settings, key: str) -> bool:
    """Whether Elasticsearch knows this API key."""
    url = f"{settings.elasticsearch_url}/_security/_authenticate"
    headers = {"Authorization": f"ApiKey {key}"}
    return requests.get(url, headers=headers, verify=authority(settings), timeout=TIMEOUT).ok


def authority(settings: Settings) -> str | bool:
    """What `requests` is to trust."""
    return str(settings.elasticsearch_ca_certs or "") or True


def make_key(superuser: Superuser, name: str, role: Any, file: Path) -> None:
    """A new API key with this role alone, in a file that only its owner reads; an earlier one of the name ends."""
    full = f"whosaid-{name}"
    known = superuser.elasticsearch("GET", f"/_security/api_key?name={full}&active_only=true")["api_keys"]
    if known:
        superuser.elasticsearch("DELETE", "/_security/api_key", {"ids": [one["id"] for one in known]})
    made = superuser.elasticsearch("POST", "/_security/api_key", {"name": full, "role_descriptors": {full: role}})
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(made["encoded"])


def set_up_kibana(settings: Settings, environment: dict[str, str]) -> None:
    """The dashboards, and the user `reader`."""
    for one in import_objects(settings, waiting=say):
        say(f"{'replaced' if one.replaced else 'created'} {one.type} {one.id}")
    superuser = Superuser(settings, environment["ELASTIC_PASSWORD"])
    looks = {"base": ["read"], "spaces": ["default"]}
    superuser.kibana("PUT", f"/api/security/role/{READER}", {"elasticsearch": ROLES["reader"], "kibana": [looks]})
    reader = {"password": environment["READER_PASSWORD"], "roles": [READER], "full_name": "Reads and changes nothing"}
    superuser.elasticsearch("PUT", "/_security/user/reader", reader)
    say("Kibana is ready: the user reader may look, the user elastic may do everything")


def say(what: str) -> None:
    """To whoever reads the container's log."""
    sys.stdout.write(f"{what}\n")


def main(what: str) -> int:
    """Exit status 1 with one line when something is refused."""
    try:
        if what == "elasticsearch":
            set_up_elasticsearch(Settings(), dict(os.environ), Path("/keys"))
        else:
            set_up_kibana(Settings(), dict(os.environ))
    except (WhosaidError, requests.RequestException) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
