"""A small transformer that reads an article's words once: grammar, names, cues, and who says what.

It runs on ONNX Runtime and `tokenizers` alone: importing torch would raise the memory of a process from 97 to 620 MB.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from pipeline.enrich.encoder_input import CLAUSAL, Words, flags_of, windows

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

CLS, SEP, UNKNOWN = 101, 102, 100
WORD_CHARACTERS = 64
WORD_PIECES = 12
"""What is read of one token: a URL or a blob of base64 must not fill a window."""
CACHED_WORDS = 16_384
ASKED = 32
"""Anchors that are asked at once: what many take would not fit the cache, nor those of a book the memory."""
WIDTH = 96
"""Numbers that the reader takes of a word."""
FILES = {
    "weights": "weights.onnx",
    "relations": "relations.onnx",
    "reader": "reader.onnx",
    "tokenizer": "tokenizer.json",
    "labels": "labels.json",
}
"""What an encoder consists of, and the file that holds it."""
_OUTPUTS = ["names", "cues", "words", "tags", "morphs", "starts", "arcs", "dependents", "governors"]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the numbers stand for that the networks give."""

    names: Sequence[str]
    """`O`, `B-PERSON`, `I-PERSON`, …"""
    tags: Sequence[str]
    """Penn Treebank: `NN`, …"""
    morphs: Sequence[str]
    """Word class and features of Universal Dependencies: `NOUN|Number=Sing`, `ADP`, …"""
    relations: Sequence[str]
    """Universal Dependencies as spaCy writes them: `nsubj`, `acl:relcl`, `ROOT`, …"""


@dataclass(frozen=True, slots=True)
class Syntax:
    """What the network says of the grammar of a window's words."""

    tags: Integers
    """Numbers into `Labels.tags` [words]."""
    morphs: Integers
    """Numbers into `Labels.morphs` [words]."""
    starts: Floats
    """How much speaks for a sentence that starts at the word, above 0 if more than against it [words]."""
    arcs: Floats
    """How much speaks for each head of a word [words, 1 + words]: first for the root, then for word 0, 1, …"""
    dependents: Floats
    """Each word as `Encoder.relations` takes it where it depends [words, R]."""
    governors: Floats
    """The root, then each word, where it governs [1 + words, R]."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over a window tells; only in this go all of it is held."""

    window: range
    names: Floats
    """Log-probabilities of `Labels.names` [words, labels]."""
    cues: Floats
    """Probability that a word is a cue [words]."""
    hidden: Floats
    """The words as `Encoder.parts` takes them [words, WIDTH]."""
    syntax: Syntax


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the passes over an article tell of its names and quotes; columns as in `Pass`, for all of its words."""

    names: Floats
    cues: Floats
    hidden: Floats
    windows: list[range]
    """Which words were read together."""
    syntax: list[Syntax]
    """Of each window, if it was to be kept; else empty."""


class Encoder:
    """Holds the networks as bytes, to be written again or sent to a process; starts them when first used.

    Args:
        parts: by the keys of `FILES`, what these files hold:
            weights: an ONNX network (ids, flags: int64 [1, pieces]; first: int64 [words]) → names [words, labels],
                cues [words], words [words, WIDTH], and what is in `Syntax`;
            relations: an ONNX network (dependents, governors: see `Syntax`; heads: int64 [words], 0 the root, 1 + j
                word j) → numbers into `Labels.relations` [words];
            reader: an ONNX network (words [words, WIDTH]; at, kind, first, stop: int64 [anchors]) → parts
                [anchors, 2 * reach + 1, 4] of the words from `reach` before each anchor to `reach` after it;
            tokenizer: the JSON of the word piece tokenizer; labels: the JSON of `Labels`.
        threads: threads of ONNX Runtime; one by default, since whoever ingests much runs several processes.
    """

    def __init__(self, parts: Mapping[str, bytes], threads: int = 1) -> None:
        self.files = {part: parts[part] for part in FILES}
        self.threads = threads
        self.labels = Labels(**json.loads(parts["labels"]))
        self._pieces: dict[str, list[int]] = {}

    @classmethod
    def from_disk(cls, folder: Path, threads: int = 1) -> Encoder:
        """Read what `to_disk` wrote."""
        return cls({part: (folder / file).read_bytes() for part, file in FILES.items()}, threads)

    def to_disk(self, folder: Path) -> None:
        """Write `FILES` into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for part, file in FILES.items():
            (folder / file).write_bytes(self.files[part])

    def __getstate__(self) -> dict[str, object]:
        return {"_pieces": {}, "files": self.files, "threads": self.threads, "labels": self.labels}

    def _start(self, network: str) -> InferenceSession:
        options = SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        return InferenceSession(
            self.files[network],
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # slower fused than in two steps: 174 µs a word, not 164
        )

    @cached_property
    def _weights(self) -> InferenceSession:
        return self._start("weights")

    @cached_property
    def _relations(self) -> InferenceSession:
        return self._start("relations")

    @cached_property
    def _reader(self) -> InferenceSession:
        return self._start("reader")

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_str(self.files["tokenizer"].decode())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def read(self, words: Words) -> Encoded:
        """What is told of an article's words."""
        return self.gather(self.passes(words), words)

    def gather(self, passes: Iterable[Pass], words: Words) -> Encoded:
        """Put the windows of an article together; the grammar is kept where `around.py` will ask for it."""
        asked = CLAUSAL in words.marks
        rows = [(p.names, p.cues, p.hidden, p.window, p.syntax if asked else None) for p in passes]
        if not rows:
            none = np.zeros((0, len(self.labels.names)), np.float32)
            return Encoded(none, np.zeros(0, np.float32), np.zeros((0, WIDTH), np.float32), [], [])
        names, cues, hidden, parts, syntax = zip(*rows, strict=True)
        return Encoded(
            np.concatenate(names), np.concatenate(cues), np.concatenate(hidden), list(parts), [s for s in syntax if s]
        )

    def passes(self, words: Words) -> Iterator[Pass]:
        """Read the words a window at a time.

        Batches of windows sorted by length were no faster, nor several short texts in one window, and dynamic int8
        quantisation scales by the greatest value in a batch: there, what is found in an article would depend on the
        articles beside it.
        """
        flags = flags_of(words)
        for window in windows(words, lambda word: len(self._word_pieces(word))):
            names, cues, hidden, *syntax = self._window(words.texts, flags, window)
            shifted = names - names.max(axis=-1, keepdims=True)
            log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
            yield Pass(window, log_probabilities, 1 / (1 + np.exp(-cues)), hidden, Syntax(*syntax))

    def _window(self, texts: Sequence[str], flags: Sequence[int], window: range) -> list[Any]:
        ids, told, first = [CLS], [0], []
        for i in window:
            pieces = self._word_pieces(texts[i])
            first.append(len(ids))
            ids += pieces
            told += [flags[i]] * len(pieces)
        ids.append(SEP)
        told.append(0)
        outputs: list[Any] = self._weights.run(
            _OUTPUTS, {"ids": np.array([ids]), "flags": np.array([told]), "first": np.array(first)}
        )
        return outputs

    def relations(self, dependents: Floats, governors: Floats, heads: Integers) -> Integers:
        """The relation of each word to its head: numbers into `Labels.relations` [words].

        Args:
            dependents: of each word, `governors`: of the root and of all that may be heads, both as in `Syntax`.
            heads: 0 for the root, 1 + j for `governors[1 + j]` [words].
        """
        (relations,) = self._relations.run(
            ["relations"], {"dependents": dependents, "governors": governors, "heads": heads}
        )
        numbers: Integers = relations
        return numbers

    def parts(self, encoded: Encoded, anchors: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Floats]]:
        """What the words near each anchor are to it.

        Args:
            encoded: what was read of an article.
            anchors: words of it, in order, each with `anchors.CUE` or `anchors.MARK`.

        Yields:
            For each anchor the first word that was looked at, and the probabilities [words, 4] that it and those after
            it in the same window are nothing to the anchor, its source, its content, its addressee.
        """
        stops = [window.stop for window in encoded.windows]
        for n in range(0, len(anchors), ASKED):
            some = anchors[n : n + ASKED]
            windows = [encoded.windows[bisect_right(stops, word)] for word, _ in some]
            asked = [(*anchor, window.start, window.stop) for anchor, window in zip(some, windows, strict=True)]
            at, kind, first, stop = np.array(asked, np.int64).T
            (near,) = self._reader.run(
                None, {"words": encoded.hidden, "at": at, "kind": kind, "first": first, "stop": stop}
            )
            reach = near.shape[1] // 2
            for (word, _), window, parts in zip(some, windows, near, strict=True):
                begin, end = max(window.start, word - reach), min(window.stop, word + reach + 1)
                yield begin, parts[begin - word + reach : end - word + reach]

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
