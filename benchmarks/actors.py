"""What actors and countries cost: `python -m benchmarks.actors [FILE.jsonl]`.

In one run: enrichment as it is, and with headline, register and countries left out (the fastest of five turns taken in
alternation: what else the machine does only ever adds). FILE holds `{"text": …, "title"?: …}` a line; without it the
seed articles are read.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from pipeline.article import Article
from pipeline.enrich import identities
from pipeline.enrich.enricher import Enricher

SEEDS = Path(__file__).parent.parent / "seeds"
TURNS = 5
AT_LEAST_WORDS = 20_000
PUBLISHED = datetime(2022, 12, 3, tzinfo=UTC)


def main() -> None:
    """Print the share of enrichment's time that actors add."""
    articles = _articles(sys.argv[1] if len(sys.argv) > 1 else None)
    enricher = Enricher()
    list(enricher.enrich(articles[:3]))  # the first articles warm caches

    def without() -> None:
        bare = [enricher.nlp.make_doc(article.text) for article in articles]
        with patch.object(identities, "_countries", return_value={}):
            for doc in enricher.nlp.pipe(bare):
                _ = doc._.quotes, doc._.mentions

    turns = [(_time(without), _time(lambda: list(enricher.enrich(articles)))) for _ in range(TURNS)]
    words = sum(len(article.text.split()) for article in articles)
    base, full = (min(column) for column in zip(*turns, strict=True))
    added = full / base - 1
    print(f"{len(articles)} articles, {words} words; words a second of processor time:")
    print(f"without {words / base:.0f}, with {words / full:.0f}")
    print(f"headlines, actors and countries add {100 * added:.1f} % (at most 15 % is promised)")


def _articles(file: str | None) -> list[Article]:
    """At least `AT_LEAST_WORDS` words of articles, repeated if need be."""
    if file is not None:
        rows = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    else:
        rows = [{"text": path.read_text(encoding="utf-8")} for path in sorted(SEEDS.rglob("*.txt"))]
    if not rows:
        raise SystemExit("No articles: name a file of JSON Lines with `text`.")
    while sum(len(row["text"].split()) for row in rows) < AT_LEAST_WORDS:
        rows = rows + rows
    return [
        Article(
            str(number), row["text"], content_hash="", source_file="", source_time=PUBLISHED, published_at=PUBLISHED,
            title=row.get("title") or " ".join(row["text"].split()[:12]),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip


def _time(run: Callable[[], object]) -> float:
    """Processor time: whatever else the machine does counts little."""
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    main()
