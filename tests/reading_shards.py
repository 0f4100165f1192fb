"""Run as a process: ingests the shards it is given and prints after each batch the shard and the memory (bytes)."""

import sys

import psutil

from pipeline.account import Account
from pipeline.ingest import ingest
from pipeline.settings import Settings
from pipeline.sources import File


def report(account: Account, file: File) -> None:
    print(file.uri, psutil.Process().memory_info().rss, flush=True)


if __name__ == "__main__":
    ingest(sys.argv[1:], Settings(), progress=report)
