"""The end of a run: its chunks' accounts added up, and whether it failed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from pipeline.account import Account

log = logging.getLogger(__name__)


def summarize(
    accounts: Sequence[dict[str, int]], planned: Sequence[Any] | None, *, max_failed_share: float
) -> dict[str, int]:
    """The sum of the chunks' accounts.

    Fails the run when a chunk ended badly, or when more than `max_failed_share` (0–1) of the articles failed.
    """
    from airflow.sdk.exceptions import AirflowFailException

    if planned is None:
        raise AirflowFailException("The plan failed: see its log.")
    account = sum((Account(**one) for one in accounts), Account())
    log.info("%s", account)
    if len(accounts) < len(planned):
        missing = f"{len(planned) - len(accounts)} of {len(planned)} chunks"
        raise AirflowFailException(f"{missing} did not end well; clear them to run them again. So far: {account}")
    if account.failed > max_failed_share * account.read:
        raise AirflowFailException(f"{account.failed} articles failed: see the dead letters. {account}")
    if account.failed:
        log.warning("%d articles failed, no more than the run may: see the dead letters", account.failed)
    return account.as_dict()
