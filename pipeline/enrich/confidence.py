"""How likely a quote is right, span and speaker together: what `Quote.confidence` says.

A logistic function of the rule that found it and of the reader's probabilities. Its weights stand in `confidence.tsv`,
fitted by `python -m training.calibrate` on the development passages, which the network was not trained on;
the model's card has the reliability table.
"""

from __future__ import annotations

from functools import cache
from math import exp
from pathlib import Path

from pipeline.article import Act
from pipeline.enrich.attribution import Attribution
from pipeline.enrich.heard import evidence
from pipeline.enrich.reader import CONTENT, Reader

LEAST, MOST = 0.01, 0.99


def features(a: Attribution, reader: Reader | None) -> dict[str, float]:
    """What is known of an attribution: by what rule, of what form, and what the reader thinks of it."""
    found = {"bias": 1.0, f"rule {a.rule}": 1.0}
    found["direct"] = float(a.quotation is not None)
    found["no source"] = float(a.source is None)
    found["thought"] = float(a.act is Act.THOUGHT)
    if reader is None:
        return found
    answer = evidence(a, reader)
    if answer is None:
        return found | {"unanswered": 1.0}
    pieces = [reader.within(piece) for piece in a.pieces]
    words, read = set[int]().union(*pieces), set[int]().union(*answer.runs(CONTENT))
    found["content"] = sum(map(answer.holds, pieces)) / len(pieces)
    found["same words"] = len(words & read) / max(1, len(words | read))
    found["source"] = answer.names(reader.within(a.source)) if a.source is not None else 0.0
    found["cue"] = answer.cue if a.cue is not None else 0.0
    return found


@cache
def weights() -> tuple[dict[str, float], dict[str, float]]:
    """Weights by feature, with the reader and without."""
    rows = Path(__file__).with_name("confidence.tsv").read_text(encoding="utf-8").splitlines()
    table = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return {name: float(a) for name, a, _ in table}, {name: float(b) for name, _, b in table}


def confidence(a: Attribution, reader: Reader | None) -> float:
    """Between 0.01 and 0.99, two digits."""
    learnt = weights()[reader is None]
    score = sum(learnt.get(name, 0.0) * value for name, value in features(a, reader).items())
    return round(min(max(1 / (1 + exp(-score)), LEAST), MOST), 2)
