"""How fast enrichment is, beside its own trees and names alone: `python -m benchmarks.enrich [FILE.jsonl]`.

In one run, one thread each: words a second of the whole enrichment (names, parse, quotes, speakers, actors) and of the
spaCy pipeline in it, median of turns taken in alternation; then where the time goes. FILE holds `{"text": …}` a line;
without it the seed articles are read. Processor time is printed beside the clock's, for machines that are busy.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from spacy.tokens import Doc

from benchmarks.quotes import SEEDS
from pipeline.article import Article
from pipeline.enrich.enricher import Enricher

TURNS = 3
AT_LEAST_WORDS = 10_000
EPOCH = datetime.fromtimestamp(0, UTC)


def main() -> None:
    """Print words a second, the difference, and the share of each component."""
    texts = _texts(sys.argv[1] if len(sys.argv) > 1 else None)
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

    turns = [(_time(alone), _time(lambda: list(enricher.enrich(articles)))) for _ in range(TURNS)]
    for n, clock in enumerate(("by the clock", "by processor time")):
        base, full = (statistics.median(turn[k][n] for turn in turns) for k in (0, 1))
        print(
            f"{clock:18} words/s: trees and names alone {words / base:6.0f}, everything {words / full:6.0f}; "
            f"{100 * (1 - base / full):.1f} % slower"
        )
    print(f"{len(texts)} articles, {words} words, one process, one thread\n\ncomponent           share   words/s")
    spent = _components(enricher, texts)
    for name, seconds in spent.items():
        print(f"{name:18} {100 * seconds / sum(spent.values()):5.1f} % {words / max(seconds, 1e-9):9.0f}")


def _components(enricher: Enricher, texts: Iterable[str]) -> dict[str, float]:
    """Processor seconds of each component."""
    spent: dict[str, float] = {}
    docs: Iterable[Doc] = [enricher.nlp.make_doc(text) for text in texts]
    for name, component in enricher.nlp.pipeline:
        start = time.process_time()
        docs = list(component.pipe(docs, batch_size=64) if hasattr(component, "pipe") else map(component, docs))
        spent[name] = time.process_time() - start
    return spent


def _time(run: Callable[[], object]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - processor


def _texts(file: str | None) -> list[str]:
    """At least `AT_LEAST_WORDS` words of articles, repeated if need be."""
    if file is not None:
        texts = [json.loads(line)["text"] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    else:
        texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.rglob("*.txt"))]
    if not texts:
        raise SystemExit("No articles: name a file of JSON Lines with `text`.")
    while sum(len(text.split()) for text in texts) < AT_LEAST_WORDS:
        texts = texts + texts
    return texts


if __name__ == "__main__":
    main()
