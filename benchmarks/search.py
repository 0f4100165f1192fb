"""How long searches take: `python -m benchmarks.search [--quotes 1000000] [--searches 200]`.

It searches the Elasticsearch of the settings (`WHOSAID_ELASTICSEARCH_URL`, the local node by default) under the index
prefix `bench-`, and first makes as many invented quotes there as are missing: begun again, it goes on. Each search is a
question nobody asked before in the run, with all facets and the timeline, so that no answer comes from a cache of
answers; printed are the median and the 95th percentile at one user, by kind of question, and the searches a second at
1, 4 and 16 users. As many searches go before: Java compiles what is run often, and a node just started is slower.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch, helpers

from pipeline.elastic import alias, connect
from pipeline.index import create
from pipeline.search import Query, search
from pipeline.settings import Settings

PER_ARTICLE = 10
SPEAKERS, OUTLETS, WORDS = 50_000, 400, 30_000
COUNTRIES = "US GB DE FR RU UA CN IN TR IT ES PL BR JP IL PS ZA NG EG MX".split()  # noqa: SIM905
KINDS, ACTS = ("indirect", "direct", "mixed"), ("speech", "writing", "thought")
ROLES = ("president", "foreign minister", "spokesman", "mayor", "chief executive", "police chief", "professor")
START, DAYS = datetime(2015, 1, 1, tzinfo=UTC), 4000


def main() -> None:
    """Make what is missing, then measure."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quotes", type=int, default=1_000_000)
    options.add_argument("--searches", type=int, default=200)
    given = options.parse_args()
    settings = Settings(index_prefix="bench-", elasticsearch_timeout=120)
    client = connect(settings)
    create(client, settings)
    fill(client, settings, given.quotes)
    measure(client, settings, given.searches)


def fill(client: Elasticsearch, settings: Settings, quotes: int) -> None:
    """Index the quotes that are missing; they are numbered, so the count says where to go on."""
    index = alias(settings, "quotes")
    client.indices.refresh(index=index)
    there = client.count(index=index)["count"]
    begun, added = time.perf_counter(), 0
    missing = (
        {"_index": index, "_id": one["id"], "_routing": one["article_id"], "_source": one}
        for one in made(there, quotes)
    )
    while batch := list(islice(missing, 20_000)):
        for _ in helpers.parallel_bulk(client, batch, thread_count=2, chunk_size=2000):
            added += 1
        print(
            f"\r{there + added:,} of {quotes:,} quotes, {added / (time.perf_counter() - begun):,.0f}/s",
            end="",
            flush=True,
        )
    if added:
        print()
        client.indices.refresh(index=index)
        client.options(request_timeout=1200).indices.forcemerge(index=index, max_num_segments=5)
    size = client.indices.stats(index=index)["_all"]["primaries"]["store"]["size_in_bytes"]
    print(f"{max(there, quotes):,} quotes, {size / 1e9:.2f} GB")


def made(first: int, last: int) -> Iterator[dict[str, Any]]:
    """Quotes by number: some speakers, outlets and words are common and most are rare, as in newspapers."""
    for number in range(first, last):
        draw = random.Random(number)
        about = random.Random(-1 - number // PER_ARTICLE)
        article = f"{number // PER_ARTICLE:064x}"
        who, outlet = common(draw, SPEAKERS), common(about, OUTLETS)
        mentioned = [common(draw, SPEAKERS) for _ in range(draw.choice((0, 0, 1, 1, 2)))]
        yield {
            "id": f"{article}:{number % PER_ARTICLE * 300}-{number % PER_ARTICLE * 300 + 150}",
            "article_id": article, "story_id": article, "start": number % PER_ARTICLE * 300,
            "end": number % PER_ARTICLE * 300 + 150, "pieces": [],
            "text": words(draw, 22), "context_before": words(draw, 15), "context_after": words(draw, 15),
            "title": words(about, 8), "kind": draw.choice(KINDS), "act": draw.choices(ACTS, (90, 7, 3))[0],
            "negated": draw.random() < 0.03, "cue": "said", "cue_lemma": "say",
            "confidence": draw.randint(40, 99) / 100,
            "speaker": name(who) if who else "unknown", "speaker_id": f"person:{who}", "speaker_mention": surname(who),
            "speaker_kind": "person" if who % 5 else "organization", "speaker_role": ROLES[who % len(ROLES)],
            "speaker_country": COUNTRIES[who % len(COUNTRIES)], "speaker_evidence": "name",
            "actors": [name(one) for one in mentioned], "actor_ids": [f"person:{one}" for one in mentioned],
            "countries": draw.sample(COUNTRIES, draw.choice((0, 0, 1, 2))),
            "outlet": f"Outlet {outlet}", "outlet_country": COUNTRIES[outlet % 7], "language": "en",
            "published_at": (START + timedelta(days=about.randrange(DAYS), minutes=about.randrange(1440))).isoformat(),
            "url": f"https://news.example/{number // PER_ARTICLE}",
        } | ({"copy_of": f"{article}:copy"} if about.random() < 0.2 else {})  # fmt: skip


def common(draw: random.Random, count: int) -> int:
    """A number below `count`, small ones far more often (as 1/n, roughly)."""
    return min(count, int((count + 1) ** draw.random())) - 1


def name(number: int) -> str:
    """A speaker's name."""
    return f"{word(number * 31 % 900).capitalize()} {surname(number)}"


def surname(number: int) -> str:
    """The last word of it."""
    return word(number % 20_000 + 1000).capitalize()


@cache
def word(number: int) -> str:
    """The same word for the same number."""
    letters = ""
    number += 16
    while number:
        number, consonant = divmod(number, 16)
        letters += "bcdfghklmnprstvz"[consonant] + "aeiou"[(number + consonant) % 5]
    return letters


def words(draw: random.Random, count: int) -> str:
    """So many words in a row."""
    return " ".join(word(common(draw, WORDS)) for _ in range(count))


def questions(seed: str) -> Iterator[tuple[str, Query]]:
    """What analysts ask, by its kind, without end; no two alike."""
    draw = random.Random(seed)
    while True:
        day = START.date() + timedelta(days=draw.randrange(DAYS - 200))
        last = day + timedelta(days=draw.randrange(20, 200))
        country, other = draw.sample(COUNTRIES, 2)
        least = (
            draw.randrange(40_000) / 100_000
        )  # below any confidence: filters nothing, but makes the question a new one
        yield "everything, newest first", Query(min_confidence=least)
        yield "a speaker", Query(speaker=surname(common(draw, 2000)), min_confidence=least)
        yield (
            "a country's ministers on a country",
            Query(
                role="minister",
                speaker_countries=(country,),
                countries=(other,),
                since=day,
                until=last,
                min_confidence=least,
            ),
        )
        yield "words", Query(said=f"{word(common(draw, 3000))} {word(common(draw, 300))}", min_confidence=least)
        yield "words around it, without copies", Query(about=word(common(draw, 3000)), fold=True, min_confidence=least)
        yield "three filters", Query(
            outlet_countries=(COUNTRIES[draw.randrange(7)],), kinds=("direct",), speaker_countries=(country, other),
            min_confidence=least,
        )  # fmt: skip
        deep = (1000 * int(datetime(day.year, 6, 1, tzinfo=UTC).timestamp()) + draw.randrange(10**9), "", 0, "")
        yield (
            "a year, many pages on",
            Query(since=date(day.year, 1, 1), until=date(day.year, 12, 31), after=deep, min_confidence=least),
        )


def measure(client: Elasticsearch, settings: Settings, searches: int) -> None:
    """Print how long searches take, and how much of that Elasticsearch computes: what else the machine does delays."""

    def ask(question: tuple[str, Query]) -> tuple[str, float]:
        begun = time.perf_counter()
        search(client, settings, question[1])
        return question[0], 1000 * (time.perf_counter() - begun)

    before = [ask(question) for question in islice(questions("before"), searches)]
    begun = computed(client)
    took = [ask(question) for question in islice(questions("one user"), searches)]
    each = (computed(client) - begun) / searches
    print(f"\n{'one user':40} {'searches':>8} {'median ms':>10} {'95th ms':>8}")
    _print("(before)", [ms for _, ms in before])
    for kind in dict.fromkeys(kind for kind, _ in took):
        _print(kind, [ms for one, ms in took if one == kind])
    _print("all", [ms for _, ms in took])
    print(f"Elasticsearch computes for {each:.0f} ms a search, on all cores together")
    print(f"\n{'users':>5} {'searches/s':>11} {'median ms':>10} {'95th ms':>8}")
    for users in (1, 4, 16):
        started = time.perf_counter()
        with ThreadPoolExecutor(users) as pool:
            took = list(pool.map(ask, islice(questions(f"{users} users"), searches)))
        rate = searches / (time.perf_counter() - started)
        times = [ms for _, ms in took]
        print(f"{users:5} {rate:11.1f} {statistics.median(times):10.0f} {percentile(times):8.0f}")


def computed(client: Elasticsearch) -> float:
    """Milliseconds of processor time that the nodes have used."""
    nodes = client.nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes))


def _print(kind: str, times: Sequence[float]) -> None:
    print(f"{kind:40} {len(times):8} {statistics.median(times):10.0f} {percentile(times):8.0f}")


def percentile(times: Sequence[float], share: float = 0.95) -> float:
    """The time that this share of searches did not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    main()
