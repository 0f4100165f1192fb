"""How long the server takes for a search page: `python -m benchmarks.web [QUOTES]`.

A local node of its own is filled with 100,000 invented quotes of some 2,000 speakers; then five kinds of searches are
asked for over HTTP, each another one, so that no cache answers. What is measured is the whole way, from the request to
the last byte of the page.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import requests
from elasticsearch import helpers

from pipeline.corrections import Corrections
from pipeline.elastic import alias, connect
from pipeline.index import create
from pipeline.index.documents import quote_documents
from pipeline.localnode import LocalNode
from pipeline.settings import Settings
from pipeline.web import create_app
from pipeline.web.listening import listen, server
from tests.newsroom import FIRST, LAST, SYLLABLES
from tests.web.articles import OUTLETS, PLACES, Person, articles

QUOTES = 100_000
ARTICLES = 3_000
EACH = 40
"""Requests of one kind."""
COUNTRIES = [code for _, code in PLACES] + [code for _, code in OUTLETS]


def main() -> None:
    """Fill, ask, print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else QUOTES
    with tempfile.TemporaryDirectory() as home, LocalNode(Path(home) / "node", port=0) as node:
        settings = Settings(elasticsearch_url=node.url, home=Path(home), web_requests_per_minute=0)
        client = connect(settings)
        create(client, settings)
        count = sum(ok for ok, _ in helpers.parallel_bulk(client, _actions(settings, wanted), thread_count=2))
        client.indices.refresh(index=alias(settings, "quotes"))
        client.indices.forcemerge(index=alias(settings, "quotes"), max_num_segments=5)
        print(f"{count:,} quotes; milliseconds of a search page (median, 95th percentile), its size in kB")
        socket = listen("127.0.0.1", 0)
        app = create_app(settings, token="unused" * 4, corrections=lambda: Corrections(client, settings))
        running = server(app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        _measure(f"http://127.0.0.1:{socket.getsockname()[1]}", psutil.Process(node.status().pid))
        running.should_exit = True
        thread.join()


def _measure(url: str, elasticsearch: psutil.Process) -> None:
    draw = random.Random(1)
    kinds: dict[str, Callable[[], dict[str, str]]] = {
        "everything since a day": lambda: {"since": f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"},
        "a speaker": lambda: {"speaker": draw.choice(FIRST), "until": f"2025-01-{draw.randint(1, 28):02}"},
        "words": lambda: {"said": f"{draw.choice(['winter', 'summit', 'faith', 'door'])} -{draw.choice(SYLLABLES)}x"},
        "words about": lambda: {
            "about": f"{draw.choice(['treaty', 'budget', 'quota'])} {draw.choice(['live', 'door'])}"
        },
        "a country's speakers": lambda: {"speaker_countries": draw.choice(COUNTRIES), "role": "minister"},
    }
    all_times: list[float] = []
    with requests.Session() as session:
        for _ in range(20):
            session.get(url, timeout=60)
        page, behind = time.process_time(), _processor(elasticsearch)
        for kind, make in kinds.items():
            times, size = [], 0
            for _ in range(EACH):
                start = time.perf_counter()
                answer = session.get(url, params=make(), timeout=60)
                times.append(1000 * (time.perf_counter() - start))
                answer.raise_for_status()
                size = max(size, len(answer.content))
            print(f"{statistics.median(times):6.1f} {_percentile(times):6.1f} {size / 1000:6.0f}  {kind}")
            all_times += times
    print(f"{statistics.median(all_times):6.1f} {_percentile(all_times):6.1f}         all (median at most 100)")

    page, behind = time.process_time() - page, _processor(elasticsearch) - behind
    here, there = (1000 * used / len(all_times) for used in (page, behind))
    print(f"processor time a page: {here:.1f} here, {there:.1f} in Elasticsearch (load {os.getloadavg()[0]:.1f})")


def _processor(process: psutil.Process) -> float:
    used = process.cpu_times()
    return used.user + used.system


def _percentile(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _actions(settings: Settings, wanted: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(0)
    names = {f"{draw.choice(FIRST)} {draw.choice(SYLLABLES).title()}{draw.choice(LAST).lower()}" for _ in range(4000)}
    people = [
        Person(
            name, draw.choice(COUNTRIES), draw.choice(["mayor", "foreign minister", "coach", "judge"]), 1 + 300 // rank
        )
        for rank, name in enumerate(sorted(names), start=1)
    ]
    written = [one for article in articles(ARTICLES, people) for one in quote_documents(article)]
    for number in range(wanted):
        document = written[number % len(written)]
        turn = f"{number // len(written):02}"  # the same again, as another article of another day
        article_id = turn + document["article_id"][2:]
        day = datetime.fromisoformat(document["published_at"]) - timedelta(days=11 * int(turn))
        yield {
            "_index": alias(settings, "quotes"),
            "_id": f"{turn}{document['id'][2:]}",
            "routing": article_id,
            "_source": document
            | {"id": f"{turn}{document['id'][2:]}", "article_id": article_id, "published_at": day.isoformat()},
        }


if __name__ == "__main__":
    main()
