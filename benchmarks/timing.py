"""What the benchmarks of enrichment share: the articles that are read, and how a turn is timed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def texts(file: str | None, at_least: int = 0) -> list[str]:
    """The articles of a file of JSON Lines with `text`, else the seed: so many words, repeated if need be."""
    if file is not None:
        found = [json.loads(line)["text"] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    else:
        found = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.rglob("*.txt"))]
    if not found:
        raise SystemExit("No articles: name a file of JSON Lines with `text`.")
    while sum(len(text.split()) for text in found) < at_least:
        found = found + found
    return found


def spent(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor: the latter stay true on a busy machine."""
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - processor
