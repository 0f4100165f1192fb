"""Draw the rounds that the encoder is trained on: `python -m training.encoder.prepare [OUT] [--rounds N] [--seed N]`.

A round takes every corpus once, annotated passages several times over, each told differently. OUT (build/rounds) gets
a file a round and `labels.json`; the rounds that lie there already are kept, and what a round draws follows from the
seed and its number alone.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.corpora import english
from training.encoder import rounds
from training.encoder.clauses import Stock, gather
from training.encoder.grammar import Grammar
from training.encoder.named import Swaps, gum, names_unit, swaps, uner, wikigold
from training.encoder.packing import Pieces, Window, packed
from training.encoder.passages import Names, sources, told_differently, unit_of
from training.encoder.silver import silver
from training.encoder.trees import Treebank, corpus
from training.encoder.unit import Syntax, Unit

ROUNDS = 9
TOLD = 3
"""How often a round tells each annotated passage."""
INVENTED = 2000
"""Passages of the grammar in a round."""
TOKENIZER = Path(__file__).parents[2] / "pipeline" / "model" / "whosaid_names" / "tokenizer.json"


class Material:
    """All that is learnt from, read once."""

    def __init__(self, corpora: Path) -> None:
        self.swaps: Swaps = swaps()
        self.names = Names(
            [name for locale in self.swaps.firsts for name in locale],
            [name for locale in self.swaps.lasts for name in locale],
        )
        self.named = [
            *uner(corpora / "uner_ewt" / "train.iob2"),
            *wikigold(corpora / "wikigold" / "wikigold.conll.txt"),
            *gum(corpora / "gum"),
        ]
        self.stock: Stock = gather(corpora)
        self.silver = list(silver(corpora))
        self.treebank = Treebank(corpus(corpora))

    def units(self, number: int, seed: int) -> Iterator[Sequence[Unit]]:
        """Names, quotes and trees of one round, in the order in which they are packed: neighbours stay together."""
        chance = random.Random(f"{seed} {number}")
        yield [names_unit(s, chance, self.swaps if chance.random() < 0.75 else None) for s in self.named]
        grammar = Grammar(self.stock, self.names, chance)
        passages = sources()
        told = [
            unit_of(told_differently(passage, chance, self.names) if turn else passage)
            for turn in range(TOLD)
            for passage in passages
        ]
        invented = [unit_of(grammar.passage()) for _ in range(INVENTED)]
        quotes = [*told, *invented, *chance.sample(self.silver, len(self.silver) // 2)]
        chance.shuffle(quotes)
        yield quotes
        yield list(self.treebank.units(chance))


def windows(material: Material, number: int, seed: int, pieces: Pieces) -> Iterator[Window]:
    """The windows of a round."""
    chance = random.Random(f"{seed} {number} windows")
    for units in material.units(number, seed):
        yield from packed(units, pieces, chance)


def numbers(window: Window) -> dict[str, Sequence[int]]:
    """What is written of a window, by name."""
    unit = window.unit
    syntax = unit.syntax or Syntax.unknown(len(window.first))
    return {
        "ids": window.ids,
        "flags": window.flags,
        "first": window.first,
        "names": unit.names or (),
        "cues": unit.cues or (),
        "tags": syntax.tags,
        "morphs": syntax.morphs,
        "heads": syntax.heads,
        "relations": syntax.relations,
        "starts": syntax.starts,
    }


def main() -> None:
    """Read the arguments, draw what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=Path("build") / "rounds")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(chosen.rounds) if not (chosen.out / f"{n:02}.npz").exists()]
    if not missing:
        return
    material, pieces = Material(english()), Pieces(TOKENIZER)
    material.treebank.labels.write(chosen.out / "labels.json")
    for number in missing:
        drawn = list(windows(material, number, chosen.seed, pieces))
        part = chosen.out / "part.npz"
        rounds.write(part, ((numbers(window), window.unit.anchors) for window in drawn))
        part.replace(chosen.out / f"{number:02}.npz")
        print(f"round {number}: {len(drawn)} windows, {sum(len(w.ids) for w in drawn):,} pieces", flush=True)


if __name__ == "__main__":
    main()
