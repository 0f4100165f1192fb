"""The way to Elasticsearch that index and search share: the client, the names of our aliases, its errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from elastic_transport import TlsError, TransportError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from pipeline.errors import ConfigurationError, Unreachable
from pipeline.settings import Settings

PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Answers that say nothing against what was asked: the same request may work later."""


def connect(settings: Settings) -> Elasticsearch:
    """A client for the settings' Elasticsearch, asked once whether it answers.

    Raises `Unreachable` when it does not, `ConfigurationError` when address, key or certificate cannot be right.
    """
    key = settings.elasticsearch_api_key
    authority = settings.elasticsearch_ca_certs
    try:
        client = Elasticsearch(
            settings.elasticsearch_url,
            api_key=key.get_secret_value() if key else None,
            ca_certs=str(authority) if authority else DEFAULT,
            request_timeout=settings.elasticsearch_timeout,
            retry_on_timeout=False,
            max_retries=2,
        )
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            f"WHOSAID_ELASTICSEARCH_URL or WHOSAID_ELASTICSEARCH_CA_CERTS cannot be used: {error}"
        ) from error
    with answering(settings):
        _greet(client)
    return client


def alias(settings: Settings, name: str) -> str:
    """The alias through which `articles`, `quotes`, `files` or `dead-letters` are read and written."""
    return f"{settings.index_prefix}{name}"


@contextmanager
def answering(settings: Settings) -> Iterator[None]:
    """Raise what Elasticsearch's client raises as `Unreachable` or `ConfigurationError`.

    Refusals of one request (400, 409, 413, a document not found) are left to the caller, who knows what was asked.
    """
    try:
        yield
    except TlsError as error:
        raise ConfigurationError(
            f"{address(settings)} shows a certificate that is not trusted; "
            f"set WHOSAID_ELASTICSEARCH_CA_CERTS to its authority's PEM file ({error.message})"
        ) from error
    except TransportError as error:
        raise unreachable(settings, error.message) from error
    except UnsupportedProductError as error:
        raise ConfigurationError(
            f"What answers at {address(settings)} is no Elasticsearch; set WHOSAID_ELASTICSEARCH_URL"
        ) from error
    except ApiError as error:
        if error.status_code in PASSING:
            raise unreachable(settings, f"{error.status_code} {reason(error)}") from error
        if error.status_code in {401, 403}:
            raise ConfigurationError(
                f"{address(settings)} refuses the request ({error.status_code} {reason(error)}); "
                "set WHOSAID_ELASTICSEARCH_API_KEY to a key that may read and write the indices"
            ) from error
        if error.status_code == 404 and _error_type(error) == "index_not_found_exception":
            raise not_set_up(settings, reason(error)) from error
        raise


def not_set_up(settings: Settings, why: str) -> ConfigurationError:
    """The failure to raise when an alias of ours is missing."""
    return ConfigurationError(
        f"Elasticsearch at {address(settings)} is not set up: {why}. Run `whosaid index create` first"
    )


def unreachable(settings: Settings, why: str) -> Unreachable:
    """The failure to raise when Elasticsearch does not answer."""
    return Unreachable(
        f"Elasticsearch at {address(settings)} does not answer: {why}. "
        "Start the local node with `whosaid node start` or set WHOSAID_ELASTICSEARCH_URL"
    )


def address(settings: Settings) -> str:
    """The address as it may be printed: without a password that somebody wrote into it."""
    parts = urlsplit(settings.elasticsearch_url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def reason(error: ApiError) -> str:
    """Elasticsearch's own words for a refusal, the innermost cause where it names one."""
    body = error.body
    if not isinstance(body, dict) or not isinstance(body.get("error"), dict):
        return error.message
    return cause(body["error"])


def cause(error: dict[str, object]) -> str:
    """The reasons of an error object of Elasticsearch, from the outermost to the innermost."""
    reasons: list[str] = []
    while isinstance(error, dict):
        said = str(error.get("reason") or error.get("type"))
        if said not in reasons:
            reasons.append(said)
        nested = error.get("caused_by") or next(iter(error.get("root_cause") or ()), None)  # type: ignore[call-overload]
        if not isinstance(nested, dict):
            break
        error = nested
    return ": ".join(reasons)


def _error_type(error: ApiError) -> str | None:
    body = error.body
    return body["error"].get("type") if isinstance(body, dict) and isinstance(body.get("error"), dict) else None


def _greet(client: Elasticsearch) -> None:
    try:
        client.info()
    except ApiError as error:
        if error.status_code == 403:  # a key for our indices alone may not read the cluster's name
            return
        if error.status_code == 400:  # an older major version refuses this client's media type
            raise ConfigurationError(f"Elasticsearch 9 is needed: {reason(error)}") from error
        raise
