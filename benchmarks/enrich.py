"""How fast enrichment is, beside its own trees and names alone: `python -m benchmarks.enrich [FILE.jsonl]`.

In one run, one thread each: words a second of the whole enrichment (names, parse, quotes, speakers, actors) and of the
spaCy pipeline in it, median of turns taken in alternation; then where the time goes. FILE holds `{"text": …}` a line;
without it the seed articles are read. Processor time is printed beside the clock's, for machines that are busy.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from spacy.tokens import Doc

from benchmarks import timing
from benchmarks.timing import spent
from pipeline.article import Article
from pipeline.enrich.enricher import Enricher

TURNS = 3
AT_LEAST_WORDS = 10_000
EPOCH = datetime.fromtimestamp(0, UTC)


def main() -> None:
    """Print words a second, the difference, and the share of each component."""
    texts = timing.texts(sys.argv[1] if len(sys.argv) > 1 else None, AT_LEAST_WORDS)
    articles = [
        Article(str(n), text, content_hash=str(n), source_file=str(n), source_time=EPOCH)
        for n, text in enumerate(texts)
    ]
    enricher = Enricher()
    nlp = enricher.nlp
    words = sum(not token.is_space for text in texts for token in nlp.make_doc(text))
    list(enricher.enrich(articles[:2]))  # the first documents warm caches

    def alone() -> None:
        with nlp.select_pipes(disable=["whosaid_quotes", "whosaid_speakers"]):
            list(nlp.pipe(texts))

    turns = [(spent(alone), spent(lambda: list(enricher.enrich(articles)))) for _ in range(TURNS)]
    for n, clock in enumerate(("by the clock", "by processor time")):
        base, full = (statistics.median(turn[k][n] for turn in turns) for k in (0, 1))
        print(
            f"{clock:18} words/s: trees and names alone {words / base:6.0f}, everything {words / full:6.0f}; "
            f"{100 * (1 - base / full):.1f} % slower"
        )
    print(f"{len(texts)} articles, {words} words, one process, one thread\n\ncomponent           share   words/s")
    shares = _components(enricher, texts)
    for name, seconds in shares.items():
        print(f"{name:18} {100 * seconds / sum(shares.values()):5.1f} % {words / max(seconds, 1e-9):9.0f}")


def _components(enricher: Enricher, texts: Iterable[str]) -> dict[str, float]:
    """Processor seconds of each component."""
    seconds: dict[str, float] = {}
    docs: Iterable[Doc] = [enricher.nlp.make_doc(text) for text in texts]
    for name, component in enricher.nlp.pipeline:
        start = time.process_time()
        docs = list(component.pipe(docs, batch_size=64) if hasattr(component, "pipe") else map(component, docs))
        seconds[name] = time.process_time() - start
    return seconds


if __name__ == "__main__":
    main()
