"""Score the extractor on the held-out passages, without showing them: `python -m tests.enrich.heldout [PIPELINE]`.

A quote is matched when it shares at least half of its words with the gold quote, all pieces together, one to one; `e2e`
asks for the right speaker too, as in `tests/enrich/grading.py`. These are figures to compare versions by, not a test.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.article import Quote
from pipeline.enrich import language
from tests.enrich.grading import ENOUGH, HALF, Words, addressee_right, align, overlap, speaker_right
from tests.enrich.notation import Example, Expected, read

PASSAGES = Path(__file__).with_name("heldout.md")
KINDS = ("direct", "mixed", "indirect", "nested")


def count(example: Example, found: Sequence[Quote]) -> Counter[str]:
    """Counters of one passage: `gold`, `found`, `match`, `e2e` and details, each also by kind."""
    words, result = Words(example.text), Counter(found=len(found))
    matching = align(example, found, words, HALF)
    for number, expected in example.quotes.items():
        kind = expected.kind or "nested"
        result.update(["gold", f"gold {kind}"])
        if number in matching.pairs:
            quote = found[matching.pairs[number]]
            right = speaker_right(expected, quote, words)
            close = overlap(words.within(*expected.pieces), words.within(*quote.pieces)) >= ENOUGH
            told = {"match": True, "e2e": right, "close": close and right}
            result.update(f"{name}{of}" for name, yes in told.items() if yes for of in ("", f" {kind}"))
            result.update(_details(expected, quote, words))
    return result


def _details(expected: Expected, quote: Quote, words: Words) -> Iterable[str]:
    asked: dict[str, bool] = {"negated": quote.negated == expected.negated}
    if expected.kind:
        asked["kind"] = quote.kind == expected.kind
    if expected.act:
        asked["act"] = quote.act == expected.act
    if expected.cues:
        asked["cue"] = bool(quote.cue and words.within(quote.cue) & words.within(*expected.cues))
    if expected.addressee:
        asked["addressee"] = addressee_right(expected.addressee, quote.addressee, words)
    if expected.nested_in:
        asked["nested_in"] = quote.nested_in is not None
    for name, right in asked.items():
        yield f"asked {name}"
        if right:
            yield f"right {name}"


def report(total: Counter[str]) -> str:
    """The figures as a table."""

    def share(right: str, of: str) -> str:
        return f"{100 * total[right] / max(1, total[of]):5.1f}"

    lines = [f"{total['gold']} quotes, {total['found']} found", "                   P     R    F1"]
    for name in ("match", "e2e", "close"):
        f1 = 200 * total[name] / max(1, total["gold"] + total["found"])
        lines.append(f"{name:14}{share(name, 'found'):>6}{share(name, 'gold'):>6}{f1:6.1f}")
    lines.append("recall         match   e2e close     n")
    for kind in KINDS:
        figures = "".join(f"{share(f'{name} {kind}', f'gold {kind}'):>6}" for name in ("match", "e2e", "close"))
        lines.append(f"  {kind:12}{figures}{total[f'gold {kind}']:6}")
    for name in sorted(name.removeprefix("asked ") for name in total if name.startswith("asked ")):
        lines.append(f"  {name:12}{share(f'right {name}', f'asked {name}'):>6} right{total[f'asked {name}']:12}")
    return "\n".join([*lines, f"close: e2e and at least {ENOUGH:.0%} of the words; details: of the matched quotes"])


def main() -> None:
    """Read every passage and print the figures."""
    nlp = language.load(sys.argv[1] if len(sys.argv) > 1 else None)
    if "whosaid_quotes" not in nlp.pipe_names:
        nlp.add_pipe("whosaid_quotes")
    passages = read(PASSAGES.read_text(encoding="utf-8"))
    print(report(sum((count(passage, nlp(passage.text)._.quotes) for passage in passages), Counter())))


if __name__ == "__main__":
    main()
