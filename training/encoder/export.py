"""Weights → what the pipeline reads: `python -m training.encoder.export [TRAINED] [OUT]`.

TRAINED (build/encoder) holds `weights.pt`, `labels.json` and `reader.pt`; OUT is build/encoder/whosaid_names. Three
ONNX networks with int8 weights: `weights.onnx` reads a window once, `reader.onnx` tells what its words are to the
anchors, `relations.onnx` what they are to their heads. The rows of word pieces that no English word needs stay: the
vocabulary is MiniLM's own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.encoder.network import ARC, FAR, HIDDEN, SMALL, Network, Reader, Trees, trained
from training.encoder.unit import NAMES, PARTS

TOKENIZER = Path(__file__).parents[2] / "pipeline" / "model" / "whosaid_names" / "tokenizer.json"
OUTPUTS = ("names", "cues", "words", "tags", "morphs", "starts", "arcs", "dependents", "governors")


class Encoder(nn.Module):
    """One window: names, cues, the words as the reader takes them, and what its trees are made of."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, flags: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        """[1, pieces], [1, pieces], [words] → `OUTPUTS`, as `pipeline.enrich.encoder` describes them."""
        net = self.net
        words = net.hidden(ids, flags, None)[0][first]
        arcs, dependents, governors = net.trees(words[None])
        return (
            net.names(words),
            net.cue(words).squeeze(-1),
            net.words(words),
            net.trees.tags(words).argmax(-1),
            net.trees.morphs(words).argmax(-1),
            net.trees.starts(words).squeeze(-1),
            arcs[0],
            dependents[0],
            governors[0],
        )


class Relations(nn.Module):
    """What each word is to the head that was found for it."""

    def __init__(self, trees: Trees) -> None:
        super().__init__()
        self.trees = trees

    def forward(self, dependents: Tensor, governors: Tensor, heads: Tensor) -> Tensor:
        """[words, ARC], [1 + words, ARC], [words] → [words], by number."""
        logits = self.trees.relations(dependents, governors[heads])
        root = torch.zeros(logits.shape[-1])
        root[self.trees.root_relation] = FAR
        return (logits + root * (heads != 0)[:, None]).argmax(-1)


class Asked(nn.Module):
    """The reader over an article's words."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        whole = ["O", "S", "C", "A"]
        self.joined = torch.tensor([[float(part.endswith(own)) for own in whole] for part in PARTS])
        """From where a part begins and where it goes on to the part."""

    def forward(self, words: Tensor, at: Tensor, kind: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """[words, HIDDEN], four times [anchors] → probabilities [anchors, 2 * REACH + 1, 4]."""
        return self.reader(words, at, kind, first, stop).softmax(-1) @ self.joined


def export_encoder(net: Network, path: Path) -> None:
    """Write the network that reads a window."""
    ids = torch.randint(1000, 20000, (1, 24))
    flags, first = torch.ones_like(ids), torch.arange(1, 20)
    _write(
        Encoder(net), (ids, flags, first), path, ["ids", "flags", "first"], list(OUTPUTS),
        {"ids": {1: "pieces"}, "flags": {1: "pieces"}, "first": {0: "words"}},
    )  # fmt: skip


def export(net: Network, reader: Reader, out: Path) -> None:
    """Write the networks, the tokenizer and the labels into the folder `out`; `reader` stands for the net's own."""
    out.mkdir(parents=True, exist_ok=True)
    export_encoder(net, out / "weights.onnx")
    _write(
        Relations(net.trees), (torch.randn(19, ARC), torch.randn(20, ARC), torch.arange(19)), out / "relations.onnx",
        ["dependents", "governors", "heads"], ["relations"],
        {"dependents": {0: "words"}, "governors": {0: "heads"}, "heads": {0: "words"}},
    )  # fmt: skip
    at, inputs = torch.tensor([3, 7, 9]), ["words", "at", "kind", "first", "stop"]
    _write(
        Asked(reader), (torch.randn(19, HIDDEN), at, torch.tensor([0, 1, 0]), at * 0, at * 0 + 19),
        out / "reader.onnx", inputs, ["parts"], {"words": {0: "words"}} | {name: {0: "anchors"} for name in inputs[1:]},
    )  # fmt: skip
    (out / "labels.json").write_text(json.dumps({"names": NAMES, **asdict(net.labels)}), encoding="utf-8")
    if out / "tokenizer.json" != TOKENIZER:
        shutil.copyfile(TOKENIZER, out / "tokenizer.json")


def _write(
    module: nn.Module, example: tuple[Tensor, ...], path: Path, inputs: list[str], outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module.eval(), example, plain, input_names=inputs, output_names=outputs, dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def main() -> None:
    """Read the arguments and export."""
    root = Path("build") / "encoder"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path, nargs="?", default=root)
    parser.add_argument("out", type=Path, nargs="?", default=root / "whosaid_names")
    chosen = parser.parse_args()
    reader = Reader(0.0, SMALL)
    reader.load_state_dict(torch.load(chosen.trained / "reader.pt", weights_only=True))
    export(trained(chosen.trained), reader, chosen.out)


if __name__ == "__main__":
    main()
