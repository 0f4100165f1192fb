"""What the quote components cost: `python -m benchmarks.quotes [FILE.jsonl]`.

In one run: the pipeline's time with and without them (median of five turns taken in alternation), masking and its
parses included, and how processor time grows with the length of a text. FILE holds `{"text": …}` a line; without it
the seed articles are read.
"""

from __future__ import annotations

import statistics
import sys

from benchmarks import timing
from benchmarks.timing import spent
from pipeline.enrich.language import load

TURNS = 5
AT_LEAST_WORDS = 20_000
LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000)


def main() -> None:
    """Print the share of the pipeline's time that quotes add, and the curve."""
    texts = timing.texts(sys.argv[1] if len(sys.argv) > 1 else None, AT_LEAST_WORDS)
    nlp = load()
    nlp.add_pipe("whosaid_quotes")
    list(nlp.pipe(texts[:3]))  # the first documents warm caches

    def without() -> None:
        with nlp.select_pipes(disable=["whosaid_quotes"]):
            list(nlp.pipe(texts))

    words = sum(len(nlp.make_doc(text)) for text in texts)
    turns = [(spent(without), spent(lambda: list(nlp.pipe(texts)))) for _ in range(TURNS)]
    print(f"{len(texts)} articles, {words} words")
    for n, clock in enumerate(("by the clock", "by processor time")):
        base, full = (statistics.median(turn[k][n] for turn in turns) for k in (0, 1))
        added = statistics.median(turn[1][n] / turn[0][n] - 1 for turn in turns)
        print(
            f"{clock:18} words/s without quotes {words / base:.0f}, with {words / full:.0f}; "
            f"they add {100 * added:.1f} % (at most 40)"
        )
    print()

    component = nlp.get_pipe("whosaid_quotes")
    long_text = "\n".join(texts)
    print("characters   quotes (s)   microseconds a character")
    for length in LENGTHS:
        text = (long_text * (length // len(long_text) + 1))[:length]
        with nlp.select_pipes(disable=["whosaid_quotes"]):
            docs = [nlp(text) for _ in range(3)]
        seconds = min(spent(lambda doc=doc: component(doc))[1] for doc in docs)  # type: ignore[misc]
        print(f"{length:10}   {seconds:10.3f}   {1e6 * seconds / length:8.2f}")


if __name__ == "__main__":
    main()
