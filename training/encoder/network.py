"""MiniLM-L6 with three heads over one pass: names, cues, and what each word is to an anchor.

The encoder reads a window once. For each anchor (a cue, or the mark that opens a quotation) a small head reads the
window's words again, 96 numbers each, told where the anchor is, and labels its source, content and addressee. That
costs about a hundredth of a pass for each anchor, where marking the cue in the input would cost a pass.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

from pipeline.enrich.encoder_input import FLAGS
from training.encoder.unit import NAMES, PARTS

WIDTH, HIDDEN, HEADS, LAYERS = 384, 96, 4, 2
REACH = 48
"""Words on either side of an anchor whose distance is told; beyond it, only the side."""


class Layer(nn.Module):
    """A transformer layer, normalised before each part."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = nn.LayerNorm(HIDDEN), nn.LayerNorm(HIDDEN)
        self.parts, self.out = nn.Linear(HIDDEN, 3 * HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.wide, self.narrow = nn.Linear(HIDDEN, 2 * HIDDEN), nn.Linear(2 * HIDDEN, HIDDEN)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[anchors, words, HIDDEN]; `mask` [anchors or 1, 1, 1, words] is added to the attention's scores."""
        n, words, _ = x.shape
        shape = (n, words, HEADS, HIDDEN // HEADS)
        q, k, v = (part.reshape(shape).transpose(1, 2) for part in self.parts(self.before(x)).chunk(3, dim=-1))
        scores = q @ k.transpose(2, 3) * (HIDDEN // HEADS) ** -0.5 + mask
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, words, HIDDEN))
        return x + self.narrow(nn.functional.gelu(self.wide(self.after(x))))


class Reader(nn.Module):
    """For each anchor, what each word of its window is to it."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.gate = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.kind = nn.Embedding(2, HIDDEN)
        self.distance = nn.Embedding(2 * REACH + 1, HIDDEN)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm, self.parts = nn.LayerNorm(HIDDEN), nn.Linear(HIDDEN, len(PARTS))
        nn.init.normal_(self.kind.weight, std=0.1)
        nn.init.normal_(self.distance.weight, std=0.1)

    def forward(self, words: Tensor, own: Tensor, at: Tensor, kind: Tensor, mask: Tensor) -> Tensor:
        """Logits [anchors, words, PARTS].

        Args:
            words: [anchors or 1, words, HIDDEN]; own: the anchors' own words [anchors, HIDDEN].
            at: the anchors' positions [anchors]; kind: [anchors]; mask: see `Layer`.
        """
        positions = torch.arange(words.shape[1], device=words.device)
        distance = (positions[None] - at[:, None]).clamp(-REACH, REACH) + REACH
        told = (self.query(own) + self.kind(kind))[:, None]
        x = words * (1 + self.gate(own).tanh()[:, None]) + told + self.distance(distance)
        for layer in self.layers:
            x = layer(x, mask)
        logits: Tensor = self.parts(self.norm(x))
        return logits


class Network(nn.Module):
    """All of it; `encode` and `Reader` are exported apart."""

    def __init__(self, weights: Path, dropout: float = 0.1) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            weights, add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        self.flags = nn.Embedding(FLAGS, WIDTH)
        nn.init.normal_(self.flags.weight, std=0.02)
        self.drop = nn.Dropout(dropout)
        self.names, self.cue, self.words = nn.Linear(WIDTH, len(NAMES)), nn.Linear(WIDTH, 1), nn.Linear(WIDTH, HIDDEN)
        self.reader = Reader()
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
            {"params": old, "lr": 1.2e-4},
            {"params": new, "lr": 2e-3},
            {"params": list(self.reader.parameters()), "lr": 1e-3},
        ]
