"""What the quote components cost: `python -m benchmarks.quotes [FILE.jsonl]`.

In one run: the pipeline's time with and without them (median of five turns taken in alternation), masking and its
parses included, and how time grows with the length of a text. FILE holds `{"text": …}` a line; without it the seed
articles are read.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.enrich.language import load

SEEDS = Path(__file__).parent.parent / "seeds"
TURNS = 5
AT_LEAST_WORDS = 20_000
LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000)


def main() -> None:
    """Print the share of the pipeline's time that quotes add, and the curve."""
    texts = _texts(sys.argv[1] if len(sys.argv) > 1 else None)
    nlp = load()
    nlp.add_pipe("whosaid_quotes")
    list(nlp.pipe(texts[:3]))  # the first documents warm caches

    def without() -> None:
        with nlp.select_pipes(disable=["whosaid_quotes"]):
            list(nlp.pipe(texts))

    words = sum(len(nlp.make_doc(text)) for text in texts)
    turns = [(_time(without), _time(lambda: list(nlp.pipe(texts)))) for _ in range(TURNS)]
    base, full = (statistics.median(column) for column in zip(*turns, strict=True))
    added = statistics.median(b / a - 1 for a, b in turns)
    print(f"{len(texts)} articles, {words} words; words/s without quotes {words / base:.0f}, with {words / full:.0f}")
    print(f"the quote components add {100 * added:.1f} % (at most 40 % is promised)\n")

    component = nlp.get_pipe("whosaid_quotes")
    long_text = "\n".join(texts)
    print("characters   quotes (s)   microseconds a character")
    for length in LENGTHS:
        text = (long_text * (length // len(long_text) + 1))[:length]
        with nlp.select_pipes(disable=["whosaid_quotes"]):
            docs = [nlp(text) for _ in range(3)]
        seconds = min(_time(lambda doc=doc: component(doc)) for doc in docs)  # type: ignore[misc]
        print(f"{length:10}   {seconds:10.3f}   {1e6 * seconds / length:8.2f}")


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


def _time(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
