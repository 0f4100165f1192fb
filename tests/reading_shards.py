"""Run as a process, as a task of a backfill: ingests the shards it is given that are not done.

Prints after each batch the shard and the memory (bytes).
"""

import sys

import psutil

from pipeline.account import Account
from pipeline.orchestration.archive import ingest_shards
from pipeline.settings import Settings
from pipeline.sources import File


def report(account: Account, file: File) -> None:
    print(file.uri, psutil.Process().memory_info().rss, flush=True)


if __name__ == "__main__":
    ingest_shards(sys.argv[1:], Settings(), progress=report)
