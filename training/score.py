"""`make score`: one table of our figures and the peers', on every gold file, with the number of cases.

WHOSAID_DATA names a folder with `data/` (in it `gum/` and `seed/`: gold quotes as JSON Lines) and `eval/peers/` (other
systems' predictions on GUM news), or that `data/` itself with `eval/` beside it.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table

from pipeline.article import Article, EnrichedArticle
from pipeline.enrich.component import QuoteFinder
from pipeline.enrich.enricher import Enricher
from pipeline.rows import write_row
from training.score_passages import held_out, report, score
from training.scoring import Counts, Row, f1, interval, interval_of_share, kept, score_article, share

SAID = ("speech", "writing")
KINDS = ("direct", "mixed", "indirect")
SPEAKERS = ("name", "pronoun", "nominal")


@dataclass(frozen=True)
class Task:
    """A gold file and how it is scored."""

    name: str
    gold: str
    acts: tuple[str, ...] | None = None
    quoted: bool = False
    peers: bool = False
    canonical: bool = False
    """Whether its gold gives speakers their names in the whole article."""


TASKS = (
    Task("GUM news, speech and writing", "gum/gum_news.cue.jsonl", SAID, peers=True, canonical=True),
    Task("GUM news, marked strings", "gum/gum_news.quoted.cue.jsonl", quoted=True, peers=True),
    Task("GUM open genres, thought too", "gum/gum_open.jsonl"),
    Task("GUM open genres, marked strings", "gum/gum_open.quoted.jsonl", quoted=True),
    Task("Seed article", "seed/gold.jsonl", SAID, canonical=True),
)
"""The peers' files hold one row for each attribution they report, without acts."""


def main() -> int:
    """Print the table; 2 when there is no data."""
    root = _root(os.environ.get("WHOSAID_DATA"))
    if root is None:
        sys.stderr.write(
            "make score needs WHOSAID_DATA: a folder with data/gum/ and data/seed/ (gold quotes, JSON Lines) "
            "and eval/peers/ (other systems' predictions), or that data/ folder with eval/ beside it.\n"
        )
        return 2
    enricher = Enricher()
    console = Console(width=None if sys.stdout.isatty() else 150)
    found: dict[str, Row] = {}
    for task in TASKS:
        gold = _load(root / "data" / task.gold)
        found |= _predict(enricher, [row for key, row in gold.items() if key not in found])
        counts = {"whosaid": _score(task, gold, found)}
        if task.peers:
            for path in sorted((root / "eval" / "peers").glob("gum_news.*.jsonl")):
                counts[path.stem.removeprefix("gum_news.")] = _score(task, gold, _load(path))
        console.print(_table(task, counts))
        if task.canonical:
            console.print(_canonical_table(task, counts))
    _print_held_out(enricher, console)
    console.print(
        "match, e2e: F1 of pieces with half of their words in common, and with the right speaker too; 95 %: bootstrap "
        "over articles, paired for the lead; direct, mixed, indirect: percent of n gold pieces matched, and right end "
        "to end; speaker right: of the matched pieces whose gold names one. "
        "The rules were developed on GUM's open genres and the seed."
    )
    return 0


def _print_held_out(enricher: Enricher, console: Console) -> None:
    """Our own held-out passages, in totals, with the learned reader and by the rules alone."""
    finder = cast(QuoteFinder, enricher.nlp.get_pipe("whosaid_quotes"))
    for learned in (True, False):
        finder.reader = learned
        how = "rules and reader" if learned else "rules alone"
        console.print(f"Own held-out passages, {how}", highlight=False)
        console.print(report(score(enricher.nlp, held_out())) + "\n", highlight=False)
    finder.reader = True


def _root(named: str | None) -> Path | None:
    """The folder with `data/` and `eval/`, from what WHOSAID_DATA names."""
    for root in (Path(named), Path(named).parent) if named else ():
        if (root / "data" / "gum").is_dir() and (root / "eval" / "peers").is_dir():
            return root
    return None


def _load(path: Path) -> dict[str, Row]:
    return {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def _predict(enricher: Enricher, gold: Iterable[Row]) -> dict[str, Row]:
    epoch = datetime.fromtimestamp(0, UTC)
    articles = [
        Article(row["id"], row["text"], content_hash=row["id"], source_file=row["id"], source_time=epoch)
        for row in gold
    ]
    results = enricher.enrich(articles)
    return {r.article.id: json.loads(write_row(r)) for r in results if isinstance(r, EnrichedArticle)}


def _score(task: Task, gold: dict[str, Row], found: dict[str, Row]) -> list[Counts]:
    """Counts by article in the gold's order; an article without predictions is all misses."""
    return [
        score_article(
            row["text"], row["quotes"], kept(found.get(key, {}).get("quotes", []), task.acts), quoted=task.quoted
        )
        for key, row in gold.items()
    ]


def _table(task: Task, systems: dict[str, list[Counts]]) -> Table:
    table = Table(title=f"{task.name} ({len(systems['whosaid'])} articles)", title_justify="left")
    table.add_column("system")
    ours = systems["whosaid"]
    n = sum(ours, Counter())
    for column in ("match", "e2e", "95 %", "our lead, 95 %"):
        table.add_column(column, justify="right")
    for kind in KINDS:
        table.add_column(f"{kind}\nn={n['gold', kind]}", justify="right")
    for kind in ("speaker right", *SPEAKERS):
        table.add_column(kind, justify="right")
    for name, counts in systems.items():
        total: Counts = sum(counts, Counter())
        low, high = interval(counts)
        lead = "–" if counts is ours else "{:+.1f} to {:+.1f}".format(*interval(ours, counts))
        recalls = [_recall(total, kind) for kind in KINDS]
        speakers = [_share(total, ("right", kind), ("speakers", kind)) for kind in SPEAKERS]
        table.add_row(
            name, f"{f1(total, 'match'):.1f}", f"{f1(total):.1f}", f"{low:.1f}–{high:.1f}", lead, *recalls,
            _share(total, "right", "speakers"), *speakers,
        )  # fmt: skip
    return table


def _canonical_table(task: Task, systems: dict[str, list[Counts]]) -> Table:
    """Of the matched pieces whose speaker the gold names somewhere: how many got that name."""
    table = Table(title=f"{task.name}: canonical speakers", title_justify="left")
    for column in ("system", "named here", "95 %", "pronouns and descriptions", "95 %"):
        table.add_column(column, justify="left" if column == "system" else "right")
    for name, counts in systems.items():
        total: Counts = sum(counts, Counter())
        cells = []
        for group in ("name", "other"):
            right, of = ("canonical", group), ("canonicals", group)
            low, high = interval_of_share(counts, right, of)
            cells += [f"{share(total, right, of):.1f} % of {total[of]}", f"{low:.0f}–{high:.0f}" if total[of] else "–"]
        table.add_row(name, *cells)
    return table


def _recall(total: Counts, kind: str) -> str:
    n = total["gold", kind]
    return f"{100 * total['match', kind] / n:.0f}, {100 * total['e2e', kind] / n:.0f}" if n else "–"


def _share(total: Counts, right: object, of: object) -> str:
    return f"{100 * total[right] / total[of]:.0f} % of {total[of]}" if total[of] else "–"


if __name__ == "__main__":
    sys.exit(main())
