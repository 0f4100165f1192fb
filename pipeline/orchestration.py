"""What the DAGs call: settings from Airflow, the day of a run, chunks of files, and the sum of their accounts.

Everything here is Airflow's side of the corridor (`pipeline.ingest`) and needs the extra `whosaid[airflow]`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import sources
from pipeline.ingest import Account
from pipeline.settings import Settings

if TYPE_CHECKING:
    from airflow.sdk.types import DagRunProtocol

CONNECTION = "whosaid_elasticsearch"
MAX_CHUNKS = 500
"""Mapped tasks of one run: Airflow refuses 1,024, and thousands have frozen schedulers (apache/airflow#29959)."""

log = logging.getLogger(__name__)


def settings() -> Settings:
    """The environment's settings, with Elasticsearch from the connection `whosaid_elasticsearch` where there is one.

    The connection gives schema, host and port; its password is the API key; extra may hold `index_prefix`, `ca_certs`.
    """
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        connection = BaseHook.get_connection(CONNECTION)
    except AirflowNotFoundException:
        return Settings()
    extra = connection.extra_dejson
    given: dict[str, Any] = {
        "elasticsearch_url": f"{connection.schema or 'http'}://{connection.host}:{connection.port or 9200}",
        "elasticsearch_api_key": connection.password or None,
        "elasticsearch_ca_certs": extra.get("ca_certs"),
        "index_prefix": extra.get("index_prefix"),
    }
    return Settings(**{name: value for name, value in given.items() if value is not None})


def day_of(run: DagRunProtocol) -> str:
    """The day a run is about, as `YYYY-MM-DD`: its partition key, else its logical date, else yesterday (UTC)."""
    key = getattr(run, "partition_key", None)
    if key:
        return str(key)[:10]
    moment: datetime = run.logical_date or datetime.now(UTC) - timedelta(days=1)
    return moment.date().isoformat()


def plan_chunks(settings: Settings, day: str, *, paths: Sequence[str], chunk: int) -> list[list[str]]:
    """The day's files in chunks of `chunk` files each, larger ones where more than 500 chunks would be needed.

    `paths` (else the setting `inbox`) may hold `{day}`. Raises `Unreadable` when one of them is missing.
    """
    wanted = [path.replace("{day}", day) for path in paths or [settings.inbox]]
    files = [file.uri for file in sources.find(Path(path).expanduser().resolve() for path in wanted)]
    size = max(chunk, -(-len(files) // MAX_CHUNKS))
    log.info("%s: %d files in %s", day, len(files), ", ".join(wanted))
    return [files[at : at + size] for at in range(0, len(files), size)]


def summarize(accounts: Sequence[dict[str, int]], planned: Sequence[Any] | None) -> dict[str, int]:
    """The sum of the chunks' accounts. Fails the run when a chunk ended badly or articles failed."""
    from airflow.sdk.exceptions import AirflowFailException

    if planned is None:
        raise AirflowFailException("The plan failed: see its log.")
    account = sum((Account(**one) for one in accounts), Account())
    log.info("%s", account)
    if len(accounts) < len(planned):
        missing = f"{len(planned) - len(accounts)} of {len(planned)} chunks"
        raise AirflowFailException(f"{missing} did not end well; clear them to run them again. So far: {account}")
    if account.failed:
        raise AirflowFailException(f"{account.failed} articles failed: see the dead letters. {account}")
    return account.as_dict()
