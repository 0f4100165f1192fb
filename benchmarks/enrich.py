"""How fast enrichment is, beside its own trees and names alone: `python -m benchmarks.enrich [FILE.jsonl]`.

In one run, one thread each: words a second of the whole enrichment (names, parse, quotes, speakers, actors) and of the
spaCy pipeline in it; then where the time goes. Each article is read by both in turn, many times over, and its fastest
reading counts: what else a machine does only ever slows one down (as Python's `timeit` has it). FILE holds
`{"text": …}` a line; without it the seed article is read, which has a quote every 36 words. Processor time is printed
beside the clock's.
"""

from __future__ import annotations

import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from benchmarks import timing
from benchmarks.timing import spent
from pipeline.article import Article
from pipeline.enrich.enricher import Enricher

WORDS = 200_000
"""About how many are read by each."""
LEAST_TURNS = 5
EPOCH = datetime.fromtimestamp(0, UTC)


def main() -> None:
    """Print words a second, the difference, and the share of each component."""
    texts = timing.texts(sys.argv[1] if len(sys.argv) > 1 else None)
    enricher = Enricher()
    nlp = enricher.nlp
    words = sum(not token.is_space for text in texts for token in nlp.make_doc(text))
    turns = max(LEAST_TURNS, WORDS // words)
    fastest = [_fastest(enricher, text, turns) for text in texts]
    for clock, times in zip(("by the clock", "by processor time"), zip(*fastest, strict=True), strict=True):
        base, full = (sum(column) for column in zip(*times, strict=True))
        print(
            f"{clock:18} words/s: trees and names alone {words / base:6.0f}, everything {words / full:6.0f}; "
            f"{100 * (1 - base / full):.1f} % slower"
        )
    print(f"{len(texts)} articles, {words} words, {turns} turns, one process, one thread\n")
    print("component           share   words/s")
    shares = _components(enricher, texts, turns)
    for name, seconds in shares.items():
        print(f"{name:18} {100 * seconds / sum(shares.values()):5.1f} % {words / seconds:9.0f}")


def _fastest(enricher: Enricher, text: str, turns: int) -> list[tuple[float, float]]:
    """For each clock, the seconds of an article's fastest reading by the pipeline alone and by everything."""
    article = Article("", text, content_hash="", source_file="", source_time=EPOCH)

    def alone() -> None:
        with enricher.nlp.select_pipes(disable=["whosaid_quotes", "whosaid_speakers"]):
            list(enricher.nlp.pipe([text]))

    taken = [(spent(alone), spent(lambda: list(enricher.enrich([article])))) for _ in range(turns)]
    return [(min(base[clock] for base, _ in taken), min(full[clock] for _, full in taken)) for clock in (0, 1)]


def _components(enricher: Enricher, texts: Iterable[str], turns: int) -> dict[str, float]:
    """Seconds of each component, of each article its fastest."""
    seconds = defaultdict[str, float](float)
    for text in texts:
        fastest: dict[str, float] = {}
        for _ in range(turns):
            doc = enricher.nlp.make_doc(text)
            for name, component in enricher.nlp.pipeline:
                start = time.perf_counter()
                doc = component(doc)
                fastest[name] = min(fastest.get(name, math.inf), time.perf_counter() - start)
        for name, least in fastest.items():
            seconds[name] += least
    return seconds


if __name__ == "__main__":
    main()
