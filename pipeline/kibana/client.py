"""Imports the saved objects over Kibana's API, once it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from pipeline.errors import ConfigurationError, Unreachable
from pipeline.kibana.content import objects
from pipeline.kibana.objects import Json, SavedObject, ndjson
from pipeline.settings import Settings

NOT_YET = {429, 502, 503, 504}
"""Answers of a Kibana that is starting, or of what stands before it."""
TIMEOUT = (10, 120)
"""Seconds to connect and to answer: Kibana writes object after object."""
LONGEST_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Imported:
    """One object that is in Kibana now."""

    type: str
    id: str
    title: str
    replaced: bool
    """Whether one of this id was there before; what people changed in it is gone."""


def import_objects(settings: Settings, *, waiting: Callable[[str], None] = lambda why: None) -> list[Imported]:
    """Put every object into the settings' Kibana and space, for the settings' index prefix; replaces earlier ones.

    `waiting` is told why, each time before it is tried again.

    Raises:
        Unreachable: Kibana does not answer within `settings.kibana_wait` seconds.
        ConfigurationError: address, space, key or certificate cannot be right, or Kibana refuses an object.
    """
    ours = objects(settings.index_prefix)
    body = _post(settings, ndjson(ours), waiting)
    if not body.get("success"):
        raise _refused(settings, body)
    replaced = {(one["type"], one["id"]) for one in body.get("successResults", ()) if one.get("overwrite")}
    return [Imported(one.type, one.id, _title(one), (one.type, one.id) in replaced) for one in ours]


def dashboards(settings: Settings) -> Iterator[tuple[str, str]]:
    """Title and address of each dashboard."""
    for one in objects(settings.index_prefix):
        if one.type == "dashboard":
            yield _title(one), f"{_base(settings)}/app/dashboards#/view/{one.id}"


def _post(settings: Settings, content: str, waiting: Callable[[str], None]) -> Json:
    """The answer to the import, as soon as there is one."""
    end = time.monotonic() + settings.kibana_wait
    pause = 0.5
    with _session(settings) as session:
        while True:
            try:
                answer = session.post(
                    f"{_base(settings)}/api/saved_objects/_import",
                    params={"overwrite": "true"},
                    files={"file": ("whosaid.ndjson", content.encode(), "application/ndjson")},
                    timeout=TIMEOUT,
                    allow_redirects=False,  # credentials go to the address that was set, and nowhere else
                )
            except requests.exceptions.SSLError as error:
                raise ConfigurationError(
                    f"{_address(settings)} shows a certificate that is not trusted; "
                    f"set WHOSAID_KIBANA_CA_CERTS to its authority's PEM file ({error})"
                ) from error
            except (requests.ConnectionError, requests.Timeout) as error:
                why = str(error)
            except (requests.RequestException, ValueError, OSError) as error:
                raise ConfigurationError(
                    f"WHOSAID_KIBANA_URL or WHOSAID_KIBANA_CA_CERTS cannot be used: {error}"
                ) from error
            else:
                if answer.status_code not in NOT_YET:
                    return _read(settings, answer)
                why = f"{answer.status_code} {answer.text[:200].strip()}"
            left = end - time.monotonic()
            if left <= 0:
                raise Unreachable(
                    f"Kibana at {_address(settings)} does not answer within {settings.kibana_wait:g} s: {why}. "
                    "Start it, set WHOSAID_KIBANA_URL, or wait longer with WHOSAID_KIBANA_WAIT"
                )
            waiting(why)
            time.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)


def _session(settings: Settings) -> requests.Session:
    session = requests.Session()
    session.headers["kbn-xsrf"] = "whosaid"  # Kibana takes no request that changes something without this header
    if settings.kibana_api_key:
        session.headers["Authorization"] = f"ApiKey {settings.kibana_api_key.get_secret_value()}"
        session.trust_env = False  # else a .netrc would win over the key
    elif settings.kibana_user and settings.kibana_password:
        session.auth = (settings.kibana_user, settings.kibana_password.get_secret_value())
    if settings.kibana_ca_certs:
        session.verify = str(settings.kibana_ca_certs)
    return session


def _read(settings: Settings, answer: requests.Response) -> Json:
    """The body of an answer that is Kibana's and no refusal."""
    try:
        body: Any = answer.json()
    except ValueError:
        body = None
    said = str(body.get("message") or body.get("error")) if isinstance(body, dict) else answer.text[:200].strip()
    if answer.status_code in {401, 403}:
        raise ConfigurationError(
            f"Kibana at {_address(settings)} refuses the request ({answer.status_code} {said}); set "
            "WHOSAID_KIBANA_API_KEY, or WHOSAID_KIBANA_USER and WHOSAID_KIBANA_PASSWORD, to somebody who may manage "
            "saved objects"
        )
    if answer.is_redirect or (answer.status_code == 404 and not settings.kibana_space):
        raise ConfigurationError(
            f"What answers at {_address(settings)} is no Kibana ({answer.status_code}), or Kibana is at another path; "
            "set WHOSAID_KIBANA_URL, with the path where there is one"
        )
    if answer.status_code == 404:
        raise ConfigurationError(
            f"Kibana at {_address(settings)} has no space {settings.kibana_space} ({said}); "
            "create it, or set WHOSAID_KIBANA_SPACE"
        )
    if answer.status_code != 200 or not isinstance(body, dict) or "success" not in body:
        raise ConfigurationError(
            f"What answers at {_address(settings)} does not import saved objects ({answer.status_code} {said}); "
            "Kibana 9 is needed: set WHOSAID_KIBANA_URL"
        )
    return body


def _refused(settings: Settings, body: Json) -> ConfigurationError:
    errors = body.get("errors", ())
    said = "".join(
        f"\n  {one.get('type')} {one.get('id')}: {one.get('error', {}).get('type')} "
        f"{one.get('error', {}).get('message', '')}".rstrip()
        for one in errors
    )
    return ConfigurationError(
        f"Kibana at {_address(settings)} refuses {len(errors)} objects:{said}\n"
        "Is it older than 9.0? It imports objects of its own version or older ones"
    )


def _base(settings: Settings) -> str:
    space = f"/s/{settings.kibana_space}" if settings.kibana_space else ""
    return f"{settings.kibana_url.rstrip('/')}{space}"


def _address(settings: Settings) -> str:
    """The address as it may be printed: without a password that somebody wrote into it."""
    parts = urlsplit(settings.kibana_url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _title(one: SavedObject) -> str:
    return str(one.attributes.get("name") or one.attributes["title"])
