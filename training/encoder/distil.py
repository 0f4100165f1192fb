"""Train the reader that ships, taught by several.

    python -m training.encoder.distil [ROUNDS] [TRAINED] [--seed N] [--threads N] [--bfloat16]

ROUNDS (build/rounds) is what `training.encoder.prepare` wrote; TRAINED (build/encoder) holds a trained network and gets
`reader.pt`. Over its finished encoder, as that reads with int8 weights, readers are trained from other seeds; then a
smaller one is taught what these and the network's own say on average (Hinton and others 2015, arXiv 1503.02531): at the
anchors of the rounds, whose answers are known, and at all that may be a cue or opens a quotation in their other
windows, whose are not. It is a fourth faster than each of its teachers, and reads texts unlike the annotated passages
better (`docs/training.md`).

It may be stopped at any moment: what was read and learnt by then lies in TRAINED/distil.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from torch import Tensor, nn

from pipeline.enrich.anchors import CUE, MARK
from pipeline.enrich.encoder_input import CASES, MARKS
from training.encoder import rounds
from training.encoder.export import export_encoder
from training.encoder.network import LARGE, REACH, SMALL, Network, Reader, trained
from training.encoder.rounds import UNKNOWN, Row

TEACHERS = 4
"""Readers that are trained to teach, beside the network's own."""
TEACHERS_EPOCHS, EPOCHS = 8, 12
ANCHORS = 192
"""Anchors in a batch."""
RATE, WARM_UP, DROPOUT = 1.4e-3, 100, 0.1
TAUGHT = 0.8
"""How much the teachers' answer weighs, beside the known one."""
SILENT = 0.6
"""Share of the anchors with nothing to them that an epoch takes."""
MAYBE_CUE = 0.08
"""Probability from which a word is asked at where no cues are known."""


@dataclass(frozen=True, slots=True)
class Questions:
    """The anchors of a round, with their answers."""

    words: Tensor
    """As the reader takes them, of all windows one after the other [words, HIDDEN]."""
    anchors: Tensor
    """Position, kind, first and last word (exclusive) of the window [anchors, 4]."""
    parts: Tensor
    """What the words around are, `UNKNOWN` outside the window [anchors, 2 * REACH + 1]."""
    weight: Tensor
    """0 where the answer is not known [anchors]."""

    @classmethod
    def load(cls, path: Path) -> Questions:
        """From a file that `write_questions` wrote."""
        with np.load(path) as file:
            return cls(
                torch.from_numpy(file["words"]).float(),
                torch.from_numpy(file["anchors"]),
                torch.from_numpy(file["parts"]).long(),
                torch.from_numpy(file["weight"]),
            )


def write_questions(rows: Sequence[Row], encoder: InferenceSession, path: Path) -> None:
    """Read a round's windows and write their words and anchors."""
    words, anchors, parts, weights, start = [], [], [], [], 0
    for row in rows:
        given = {"ids": row.of["ids"][None], "flags": row.of["flags"][None], "first": row.of["first"]}
        read, cues = encoder.run(["words", "cues"], given)
        at, kind, weight, answers = _anchors(row, 1 / (1 + np.exp(-cues)))
        if not len(at):
            continue
        places = at[:, None] + np.arange(-REACH, REACH + 1)
        inside = (places >= 0) & (places < len(read))
        near = np.take_along_axis(answers, places.clip(0, len(read) - 1), axis=1)
        words.append(read.astype(np.float16))
        anchors.append(
            np.column_stack([at + start, kind, np.full(len(at), start), np.full(len(at), start + len(read))])
        )
        parts.append(np.where(inside, near, UNKNOWN).astype(np.int8))
        weights.append(weight)
        start += len(read)
    part = path.with_suffix(".part.npz")
    np.savez(
        part, words=np.concatenate(words), anchors=np.concatenate(anchors), parts=np.concatenate(parts),
        weight=np.concatenate(weights).astype(np.float32),
    )  # fmt: skip
    part.replace(path)


def _anchors(
    row: Row, cues: NDArray[np.float32]
) -> tuple[rounds.Numbers, rounds.Numbers, NDArray[np.float32], NDArray[np.int8]]:
    """Positions, kinds, weights and answers [anchors, words]: the known ones, else all that may be anchors."""
    if len(row.at):
        return row.at, row.kind, row.weight, row.parts
    marked = row.of["flags"][row.of["first"]] // CASES % MARKS > 0
    opening = np.flatnonzero(marked & ~np.concatenate([[False], marked[:-1]]))
    likely = np.flatnonzero(cues >= MAYBE_CUE)
    at = np.concatenate([likely, opening])
    kind = np.repeat([CUE, MARK], [len(likely), len(opening)])
    return at, kind, np.zeros(len(at), np.float32), np.zeros((len(at), len(cues)), np.int8)


def learn(
    reader: Reader, files: Sequence[Path], *, epochs: int, seed: int, teachers: Sequence[Reader] = (), bfloat16: bool
) -> Reader:
    """Train a reader on the known answers and, if there are teachers, on what they say."""
    optimizer = torch.optim.AdamW(reader.parameters(), weight_decay=0.01)
    started = time.monotonic()
    for epoch in range(epochs):
        asked = Questions.load(files[(epoch + seed) % len(files)])
        chance = torch.Generator().manual_seed(seed * 1000 + epoch)
        answered, known = (asked.parts > 0).any(1), asked.weight > 0
        taken = answered | (known & (torch.rand(len(known), generator=chance) < SILENT)) | (~known & bool(teachers))
        order = torch.randperm(len(known), generator=chance)
        order = order[taken[order]]
        steps = len(order) // ANCHORS
        for n in range(steps):
            step = epoch * steps + n
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (step + 1) / WARM_UP) * max(0.0, 1 - step / (epochs * steps))
            batch = order[n * ANCHORS : (n + 1) * ANCHORS]
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                loss = _loss(reader, asked, batch, teachers)
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        print(f"epoch {epoch + 1} of {epochs}: {loss.item():.3f}, {time.monotonic() - started:.0f} s", flush=True)
    return reader.eval()


def _loss(reader: Reader, asked: Questions, batch: Tensor, teachers: Sequence[Reader]) -> Tensor:
    question, gold, weight = asked.anchors[batch].T, asked.parts[batch], asked.weight[batch]
    logits = reader(asked.words, *question).float()
    inside = (gold != UNKNOWN).float()
    size = inside.sum(1)
    each = nn.functional.cross_entropy(logits.transpose(1, 2), gold, ignore_index=UNKNOWN, reduction="none")
    known: Tensor = (each.sum(1) / size * weight).sum() / weight.sum().clamp(min=1)
    if not teachers:
        return known
    with torch.no_grad():
        said = torch.stack([teacher(asked.words, *question).float().softmax(-1) for teacher in teachers]).mean(0)
    told = -(said * logits.log_softmax(-1)).sum(-1) * inside
    return (1 - TAUGHT) * known + TAUGHT * (told.sum(1) / size).mean()


def ask(files: Sequence[Path], net: Network, work: Path, threads: int) -> list[Path]:
    """Read rounds with the network's encoder, as it will read: a file of `Questions` for each, kept if it is there."""
    with tempfile.TemporaryDirectory() as folder:
        network, options = Path(folder) / "weights.onnx", SessionOptions()
        export_encoder(net, network)
        options.intra_op_num_threads = threads
        encoder = InferenceSession(network, options, providers=["CPUExecutionProvider"])
        for file in files:
            if not _is_newer(work / file.name, work):
                write_questions(rounds.read(file), encoder, work / file.name)
                print(f"read {file.name}", flush=True)
    return [work / file.name for file in files]


def teach(files: Sequence[Path], net: Network, work: Path, seed: int, bfloat16: bool) -> list[Reader]:
    """The network's own reader and those trained beside it, kept if they are there."""
    teachers = [net.reader.eval()]
    for n in range(1, TEACHERS + 1):
        own = seed * TEACHERS + n
        torch.manual_seed(own)
        teacher, path = Reader(DROPOUT, LARGE), work / f"teacher-{own}.pt"
        if _is_newer(path, work):
            teacher.load_state_dict(torch.load(path, weights_only=True))
        else:
            print(f"teacher {own}", flush=True)
            learn(teacher, files, epochs=TEACHERS_EPOCHS, seed=own, bfloat16=bfloat16)
            torch.save(teacher.state_dict(), path)
        teachers.append(teacher.eval())
    return teachers


def _is_newer(path: Path, work: Path) -> bool:
    """Whether a file is there and was made with the network as it is now."""
    return path.exists() and path.stat().st_mtime > (work.parent / "weights.pt").stat().st_mtime


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train the teachers and the reader, write `reader.pt`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=Path, nargs="?", default=Path("build") / "rounds")
    parser.add_argument("trained", type=Path, nargs="?", default=Path("build") / "encoder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    torch.set_flush_denormal(True)
    net, work = trained(chosen.trained), chosen.trained / "distil"
    work.mkdir(exist_ok=True)
    files = ask(sorted(chosen.rounds.glob("[0-9][0-9].npz")), net, work, chosen.threads)
    teachers = teach(files, net, work, chosen.seed, chosen.bfloat16)
    torch.manual_seed(chosen.seed)
    print("reader", flush=True)
    reader = Reader(DROPOUT, SMALL)
    learn(reader, files, epochs=EPOCHS, seed=chosen.seed, teachers=teachers, bfloat16=chosen.bfloat16)
    torch.save(reader.state_dict(), chosen.trained / "reader.pt")


if __name__ == "__main__":
    main()
