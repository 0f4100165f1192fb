"""A small transformer that reads words and gives, for each, the probability of every BIO label.

It runs on ONNX Runtime and `tokenizers` alone: importing torch would raise the memory of a process from 97 to 620 MB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

Floats = NDArray[np.float32]

CLS, SEP, UNKNOWN = 101, 102, 100
WINDOW = 128
"""Word pieces that are read at once, a few sentences; the network was trained on up to 160."""
WORD_CHARACTERS = 64
WORD_PIECES = 12
"""What is read of one token: a URL or a blob of base64 must not fill a window."""
CACHED_WORDS = 16_384


class NamesEncoder:
    """Holds the network as bytes, so that it can be written again and sent to a process; starts it when first used.

    Args:
        weights: an ONNX network (ids, cs, am: int64 [batch, pieces]) → logits [batch, pieces, labels].
        tokenizer: the JSON of its word piece tokenizer.
        labels: what the logits stand for: `O`, `B-PERSON`, `I-PERSON`, …
        threads: threads of ONNX Runtime; one by default, since whoever ingests much runs several processes.
    """

    def __init__(self, weights: bytes, tokenizer: str, labels: Sequence[str], threads: int = 1) -> None:
        self.weights = weights
        self.tokenizer = tokenizer
        self.labels = tuple(labels)
        self.threads = threads
        self._pieces: dict[str, list[int]] = {}

    @cached_property
    def _session(self) -> InferenceSession:
        options = SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        return InferenceSession(self.weights, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_str(self.tokenizer)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def __getstate__(self) -> dict[str, object]:
        parts = ("weights", "tokenizer", "labels", "threads")
        return {"_pieces": {}, **{part: getattr(self, part) for part in parts}}

    def log_probabilities(self, words: Sequence[str], breaks: Sequence[bool]) -> Floats:
        """Log-probabilities of the labels, [words, labels]; `breaks[i]`: a sentence or line may start at word `i`.

        Windows run one at a time. That was no slower than batches of 16 sorted by length (7.4k words a second against
        5.7k, once, on a busy machine), and dynamic int8 quantisation scales by the greatest value in a batch: there,
        the names of an article would depend on the articles beside it.
        """
        rows = [self._window_logits(words, window) for window in self._windows(words, breaks)]
        logits = np.concatenate(rows) if rows else np.zeros((0, len(self.labels)), np.float32)
        shifted = logits - logits.max(axis=-1, keepdims=True)
        log_probabilities: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        return log_probabilities

    def _windows(self, words: Sequence[str], breaks: Sequence[bool]) -> Iterator[range]:
        """Consecutive runs of words that fit, cut at their last sentence or line start, else where they are full."""
        start = 0
        while start < len(words):
            size, end, cut = 2, start, start  # CLS and SEP
            while end < len(words) and (size := size + len(self._word_pieces(words[end]))) <= WINDOW:
                if breaks[end] and end > start:
                    cut = end
                end += 1
            if end < len(words) and cut > start:
                end = cut
            yield range(start, end)
            start = end

    def _window_logits(self, words: Sequence[str], window: range) -> Floats:
        pieces = [self._word_pieces(words[i]) for i in window]
        cases = [_case(words[i]) for i in window]
        ids = np.array([[CLS, *(piece for word in pieces for piece in word), SEP]], np.int64)
        case = np.array([[0, *(c for c, word in zip(cases, pieces, strict=True) for _ in word), 0]], np.int64)
        (logits,) = self._session.run(None, {"ids": ids, "cs": case, "am": np.ones_like(ids)})
        first = np.cumsum([1, *(len(word) for word in pieces)])[:-1]
        result: Floats = logits[0, first]
        return result

    def _word_pieces(self, word: str) -> list[int]:
        pieces = self._pieces.get(word)
        if pieces is None:
            if len(self._pieces) >= CACHED_WORDS:
                self._pieces.clear()
            pieces = self._tokenizer.encode(word[:WORD_CHARACTERS], add_special_tokens=False).ids[:WORD_PIECES] or [
                UNKNOWN
            ]
            self._pieces[word] = pieces
        return pieces


def _case(word: str) -> int:
    """How a word is written, since its pieces are lower-cased: 1 lower, 2 UPPER, 3 Title, 4 miXed, 0 no letters."""
    if word.islower():
        return 1
    if word.isupper() and len(word) > 1:
        return 2
    if word[:1].isupper():
        return 3
    return 4 if any(character.isupper() for character in word) else 0


def decode(log_probabilities: Floats, labels: Sequence[str], lines: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The most probable spans of words, half-open, under the rules of BIO (Viterbi): `I-X` follows only `B-X` or `I-X`.

    Args:
        log_probabilities: [words, labels].
        labels: `O`, `B-PERSON`, `I-PERSON`, …
        lines: whether a line starts at a word; no name runs over it.
    """
    if not len(log_probabilities):
        return
    inside = np.array([label.startswith("I-") for label in labels])
    allowed = np.array([[not b.startswith("I-") or a[1:] == b[1:] for b in labels] for a in labels])
    transitions = np.where(allowed, 0.0, -1e9)
    score = np.where(inside, -1e9, log_probabilities[0])
    back = np.zeros(log_probabilities.shape, np.intp)
    for i in range(1, len(log_probabilities)):
        paths = score[:, None] + transitions
        back[i] = paths.argmax(axis=0)
        score = paths[back[i], np.arange(len(labels))] + log_probabilities[i]
        if lines[i]:
            score = np.where(inside, -1e9, score)
    best = [int(score.argmax())]
    for i in range(len(log_probabilities) - 1, 0, -1):
        best.append(int(back[i, best[-1]]))
    tags = [labels[i] for i in reversed(best)]
    edges = [i for i, tag in enumerate(tags) if not tag.startswith("I-")] + [len(tags)]
    for start, end in pairwise(edges):
        if tags[start] != "O":
            yield start, end
