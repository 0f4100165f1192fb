"""Train the encoder on prepared rounds.

    python -m training.encoder.train [ROUNDS] [OUT] [--epochs N] [--seed N] [--device cuda] [--threads N]
                                     [--bfloat16] [--from TRAINED [--rate R]]

ROUNDS (build/rounds) is what `training.encoder.prepare` wrote; an epoch takes one of its files, again from the first
when all were taken. OUT (build/encoder) gets `weights.pt` and `labels.json`. It may be stopped at any moment and goes
on from its last checkpoint: what a batch draws follows from the seed and its number. --from begins with the network
that lies in the folder TRAINED, to teach it more; R scales the learning rates. --bfloat16, always on a GPU, is three
times as fast on processors that have instructions for it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from training.encoder import rounds
from training.encoder.batches import Tensors, batches, tensors
from training.encoder.labels import Labels
from training.encoder.network import FAR, Network, base, near
from training.encoder.rounds import UNKNOWN

EPOCHS = 26
PIECES = 5600
"""Word pieces in a batch, padding included."""
WARM_UP = 200
EVERY = 200
"""Steps between two checkpoints."""
CUE_WEIGHT = 3.0
"""A missed cue costs as much as so many false ones: few words are cues."""
LOSSES = ("names", "cues", "parts", "tags", "morphs", "starts", "arcs", "relations")


def losses(net: Network, batch: Tensors) -> Tensor:
    """`LOSSES`, each weighted with the part of the windows that knows it: a batch weighs the same whatever is in it."""
    hidden = net.hidden(batch.ids, batch.flags, batch.mask)
    words = hidden.gather(1, batch.first[..., None].expand(-1, -1, hidden.shape[-1]))
    return torch.stack([*_names_and_quotes(net, batch, words), *_trees(net, batch, words)])


def _share(known: Tensor) -> Tensor:
    return known.any(dim=1).float().mean()


def _classes(logits: Tensor, gold: Tensor) -> Tensor:
    """Cross-entropy over the words that have a gold label, weighted with their windows' share; 0 if there are none."""
    total = nn.functional.cross_entropy(logits.flatten(0, 1).float(), gold.flatten(), reduction="sum")
    known = gold != UNKNOWN
    return total / known.sum().clamp(min=1) * _share(known)


def _names_and_quotes(net: Network, batch: Tensors, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    names = _classes(net.names(words), batch.names)
    asked = batch.cues != UNKNOWN
    gold = batch.cues.clamp(min=0).float()
    each = nn.functional.binary_cross_entropy_with_logits(
        net.cue(words).squeeze(-1).float(), gold, weight=(1 + (CUE_WEIGHT - 1) * gold) * asked, reduction="sum"
    )
    cues = each / asked.sum().clamp(min=1) * _share(asked)
    if not len(batch.at):
        return names, cues, cues * 0
    first = batch.window * words.shape[1]
    logits = net.reader(
        net.words(words).flatten(0, 1), first + batch.at, batch.kind, first, first + batch.size[batch.window]
    ).float()
    places = near(batch.at)
    inside = (places >= 0) & (places < batch.parts.shape[1])
    gold = batch.parts.gather(1, places.clamp(0, batch.parts.shape[1] - 1)).where(inside, UNKNOWN)
    of_words = nn.functional.cross_entropy(logits.transpose(1, 2), gold, ignore_index=UNKNOWN, reduction="none").sum(
        1
    ) / (gold != UNKNOWN).sum(1)
    parts = (of_words * batch.weight).sum() / batch.weight.sum() * _share(asked)
    return names, cues, parts


def _trees(net: Network, batch: Tensors, words: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    tags = _classes(net.trees.tags(words), batch.tags)
    morphs = _classes(net.trees.morphs(words), batch.morphs)
    told = batch.starts != UNKNOWN
    each = nn.functional.binary_cross_entropy_with_logits(
        net.trees.starts(words).squeeze(-1).float(),
        batch.starts.clamp(min=0).float(),
        weight=told.float(),
        reduction="sum",
    )
    starts = each / told.sum().clamp(min=1) * _share(told) * 4
    arcs, dependents, governors = net.trees(words)
    positions = torch.arange(arcs.shape[2], device=arcs.device)
    outside = positions[None, None] > batch.size[:, None, None]
    itself = (positions[None, None] - 1 == positions[None, : arcs.shape[1], None]) & (positions[None, None] > 0)
    arc = _classes(arcs.float().masked_fill(outside | itself, FAR), batch.heads)
    known = batch.heads.clamp(min=0)
    above = governors.gather(1, known[..., None].expand(-1, -1, governors.shape[-1]))
    relations = _classes(net.trees.relations(dependents, above), batch.relations)
    return tags, morphs, starts, arc, relations


@dataclass(frozen=True)
class Course:
    """How a training goes."""

    epochs: int
    seed: int
    device: torch.device
    bfloat16: bool
    rate: float
    """Scales the learning rates."""


def train(files: Sequence[Path], net: Network, out: Path, course: Course) -> None:
    """Train, from the checkpoint in `out` if there is one."""
    epochs, seed, device = course.epochs, course.seed, course.device
    torch.manual_seed(seed)
    net.to(device).train()
    optimizer = torch.optim.AdamW(net.groups(), weight_decay=0.01)
    peaks = [group["lr"] * course.rate for group in optimizer.param_groups]
    first, done, steps = 0, 0, 0
    saved = out / "checkpoint.pt"
    if saved.exists():
        state = torch.load(saved, weights_only=True, map_location=device)
        net.load_state_dict(state["net"])
        optimizer.load_state_dict(state["optimizer"])
        first, done, steps = state["epoch"], state["done"], state["steps"]
        print(f"going on from epoch {first}, batch {done}", flush=True)
    means = torch.zeros(len(LOSSES), device=device)
    read = cache(rounds.read)
    started = time.monotonic()
    for epoch in range(first, epochs):
        work = batches(read(files[epoch % len(files)]), PIECES, random.Random(f"{seed} {epoch} batches"))
        total = epochs * len(work)
        for n, batch in enumerate(work):
            if n < done:
                continue
            step = epoch * len(work) + n
            factor = min(1.0, (steps + 1) / WARM_UP) * (1 - min(step, total - 1) / total)
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * factor
            torch.manual_seed(seed * 1_000_003 + steps)
            given = tensors(batch, random.Random(f"{seed} {epoch} {n}")).to(device)
            with torch.autocast(device.type, torch.bfloat16, enabled=course.bfloat16):
                found = losses(net, given)
            found.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            means = 0.98 * means + 0.02 * found.detach()
            steps += 1
            if steps % EVERY == 0:
                _save(saved, net, optimizer, epoch, n + 1, steps)
                told = " ".join(f"{name} {mean:.3f}" for name, mean in zip(LOSSES, means.tolist(), strict=True))
                print(f"{epoch} {n + 1}/{len(work)} {told} {time.monotonic() - started:.0f} s", flush=True)
        done = 0
        _save(saved, net, optimizer, epoch + 1, 0, steps)


def _save(path: Path, net: Network, optimizer: torch.optim.Optimizer, epoch: int, done: int, steps: int) -> None:
    state = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch, "done": done, "steps": steps}
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train, write `weights.pt`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=Path, nargs="?", default=Path("build") / "rounds")
    parser.add_argument("out", type=Path, nargs="?", default=Path("build") / "encoder")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--from", type=Path, dest="begin")
    parser.add_argument("--rate", type=float, default=1.0)
    chosen = parser.parse_args(arguments)
    if chosen.out == chosen.begin:
        parser.error(f"{chosen.out} is what is begun with: name another OUT")
    torch.set_num_threads(chosen.threads)
    torch.set_flush_denormal(True)
    chosen.out.mkdir(parents=True, exist_ok=True)
    files = sorted(chosen.rounds.glob("[0-9][0-9].npz"))
    labels = Labels.read(chosen.rounds / "labels.json")
    torch.manual_seed(chosen.seed)
    net = Network(base(), labels)
    if chosen.begin:
        net.load_state_dict(torch.load(chosen.begin / "weights.pt", weights_only=True))
    device = torch.device(chosen.device)
    bfloat16 = chosen.bfloat16 or device.type == "cuda"
    train(files, net, chosen.out, Course(chosen.epochs, chosen.seed, device, bfloat16, chosen.rate))
    torch.save(net.cpu().state_dict(), chosen.out / "weights.pt")
    labels.write(chosen.out / "labels.json")


if __name__ == "__main__":
    main()
