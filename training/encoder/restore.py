"""The network that ships as weights that can be trained: `python -m training.encoder.restore [ENCODER] [OUT]`.

ENCODER (pipeline/model/whosaid_names) holds the ONNX networks, whose weights are a byte each; OUT (build/shipped) gets
`weights.pt` and `labels.json`, to go on from with `training.encoder.train --from`. Weights are what these bytes stand
for, so that the network reads as it did. The large reader does not ship (`distil.py`): it begins anew.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from training.encoder.labels import Labels
from training.encoder.network import Network, base

SHIPPED = Path(__file__).parents[2] / "pipeline" / "model" / "whosaid_names"
_MATRIX = "/MatMul_output_0_output_quantized"
"""How the product of a linear map without a name of its own ends; before it stands where the map is in the network."""


def parameters(path: Path) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The parameters of a quantised network by the names that they have in `Network`."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    places = {
        node.input[1]: node.output[0].removesuffix(_MATRIX).strip("/").replace("/", ".")
        + ".weight_Transposed_quantized"
        for node in graph.node
        if node.op_type == "MatMulInteger" and node.output[0].endswith(_MATRIX)
    }
    for name, values in stored.items():
        if name.endswith("_quantized"):
            own = name.removesuffix("_quantized")
            zero, scale = stored[f"{own}_zero_point"].astype(np.float32), stored[f"{own}_scale"]
            known = places.get(name, name).removesuffix("_quantized")
            weights = (values.astype(np.float32) - zero) * scale
            turned = known.endswith("_Transposed")
            yield known.removesuffix("_Transposed").removeprefix("net."), weights.T if turned else weights
        elif values.dtype == np.float32:
            yield name.removeprefix("net."), values


def restore(encoder: Path) -> Network:
    """The network whose parts lie in a folder; raises `ValueError` if one of its parameters is not among them."""
    labels = json.loads((encoder / "labels.json").read_text(encoding="utf-8"))
    net = Network(base(), Labels(labels["tags"], labels["morphs"], labels["relations"]))
    state, wanted = net.state_dict(), {name for name in net.state_dict() if not name.startswith("reader.")}
    for file in ("weights.onnx", "relations.onnx"):
        for name, values in parameters(encoder / file):
            # A map of `Trees` that is called from outside it stands without it in the network.
            known = next((key for key in (name, f"trees.{name}") if key in state), None)
            if known is not None and state[known].shape == values.shape:
                state[known] = torch.tensor(values)
                wanted.discard(known)
    if wanted:
        raise ValueError(f"{encoder}: no weights for {', '.join(sorted(wanted))}; is it of another network?")
    net.load_state_dict(state)
    return net


def main() -> None:
    """Read the arguments and restore."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path, nargs="?", default=SHIPPED)
    parser.add_argument("out", type=Path, nargs="?", default=Path("build") / "shipped")
    chosen = parser.parse_args()
    net = restore(chosen.encoder)
    chosen.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), chosen.out / "weights.pt")
    net.labels.write(chosen.out / "labels.json")


if __name__ == "__main__":
    main()
