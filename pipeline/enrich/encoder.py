"""A small transformer that reads an article's words once: which are names, which are cues, and who says what.

It runs on ONNX Runtime and `tokenizers` alone: importing torch would raise the memory of a process from 97 to 620 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from pipeline.enrich.encoder_input import Words, flags_of, windows

Floats = NDArray[np.float32]

CLS, SEP, UNKNOWN = 101, 102, 100
WORD_CHARACTERS = 64
WORD_PIECES = 12
"""What is read of one token: a URL or a blob of base64 must not fill a window."""
CACHED_WORDS = 16_384


@dataclass(frozen=True, slots=True)
class Encoded:
    """What one pass over an article tells of its words."""

    names: Floats
    """Log-probabilities of the labels [words, labels]."""
    cues: Floats
    """Probability that a word is a cue [words]."""
    hidden: Floats
    """The words as `Encoder.parts` takes them [words, width]."""
    windows: list[range]
    """Which words were read together."""


class Encoder:
    """Holds the networks as bytes, to be written again or sent to a process; starts them when first used.

    Args:
        weights: an ONNX network (ids, flags: int64 [1, pieces]; first: int64 [words]) → names [words, labels],
            cues [words], words [words, width].
        reader: an ONNX network (words [words, width]; at, kind: int64 [anchors]) → parts [anchors, words, 7].
        tokenizer: the JSON of the word piece tokenizer.
        labels: what the names' logits stand for: `O`, `B-PERSON`, `I-PERSON`, …
        threads: threads of ONNX Runtime; one by default, since whoever ingests much runs several processes.
    """

    def __init__(self, weights: bytes, reader: bytes, tokenizer: str, labels: Sequence[str], threads: int = 1) -> None:
        self.weights = weights
        self.reader = reader
        self.tokenizer = tokenizer
        self.labels = tuple(labels)
        self.threads = threads
        self._pieces: dict[str, list[int]] = {}

    def __getstate__(self) -> dict[str, object]:
        parts = ("weights", "reader", "tokenizer", "labels", "threads")
        return {"_pieces": {}, **{part: getattr(self, part) for part in parts}}

    def _start(self, network: bytes) -> InferenceSession:
        options = SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        return InferenceSession(network, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _session(self) -> InferenceSession:
        return self._start(self.weights)

    @cached_property
    def _reader(self) -> InferenceSession:
        return self._start(self.reader)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_str(self.tokenizer)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def read(self, words: Words) -> Encoded:
        """One pass over the words, a window at a time.

        Batches of windows sorted by length were no faster, and dynamic int8 quantisation scales by the greatest value
        in a batch: there, what is found in an article would depend on the articles beside it.
        """
        flags = flags_of(words)
        parts = list(windows(words, lambda word: len(self._word_pieces(word))))
        rows = [self._window(words.texts, flags, window) for window in parts]
        if not rows:
            return Encoded(np.zeros((0, len(self.labels)), np.float32), np.zeros(0, np.float32), _NO_WORDS, [])
        names, cues, hidden = (np.concatenate(column) for column in zip(*rows, strict=True))
        shifted = names - names.max(axis=-1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        return Encoded(log_probabilities, 1 / (1 + np.exp(-cues)), hidden, parts)

    def _window(self, texts: Sequence[str], flags: Sequence[int], window: range) -> tuple[Floats, Floats, Floats]:
        ids, told, first = [CLS], [0], []
        for i in window:
            pieces = self._word_pieces(texts[i])
            first.append(len(ids))
            ids += pieces
            told += [flags[i]] * len(pieces)
        ids.append(SEP)
        told.append(0)
        names, cues, hidden = self._session.run(
            None, {"ids": np.array([ids]), "flags": np.array([told]), "first": np.array(first)}
        )
        return names, cues, hidden

    def parts(self, hidden: Floats, at: Sequence[int], kind: Sequence[int]) -> Floats:
        """What the words of one window are to each anchor: probabilities [anchors, words, 7], `PARTS` by number.

        Args:
            hidden: `Encoded.hidden` of the window's words.
            at: the anchors' positions in the window; kind: `anchors.CUE` or `anchors.MARK` for each.
        """
        (parts,) = self._reader.run(
            None, {"words": hidden, "at": np.array(at, np.int64), "kind": np.array(kind, np.int64)}
        )
        probabilities: Floats = parts
        return probabilities

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


_NO_WORDS = np.zeros((0, 96), np.float32)
