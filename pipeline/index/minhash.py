"""Text → hashes by which copies of it are found: MinHash in bands (A. Broder, 1997; Leskovec et al., *Mining of Massive
Datasets*, chapter 3).

Where s is the part of their four-word sequences that two texts have in common, one band of both is the same with the
chance s⁴. So of 64 bands texts with s = 0.5 share four on average, with 0.6 eight, with 0.8 twenty-six, and texts of
different authors about one event (below 0.2) none. Nothing but the bands is needed to compare two texts.
"""

from __future__ import annotations

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

SEQUENCE = 4
"""Words."""
BANDS = 64
ROWS = 4
"""Hashes of a band."""
SHARED = 6
"""Bands that copies have in common, at least: 97 of 100 pairs with s = 0.65, 1 of 200 with 0.4."""
CHUNK = 256
"""Sequences that are hashed at once: as many as stay in the processor's cache."""
WORD = re.compile(r"\w+")

_SEEDS = np.random.Generator(np.random.PCG64(64)).integers(0, 2**63, (2, BANDS * ROWS), dtype=np.uint64)
_FACTORS, _MASKS = _SEEDS[0] | np.uint64(1), _SEEDS[1]
_PLACES = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93], np.uint64)


def bands(text: str) -> list[str]:
    """Sixty-four short hashes, the same on every machine; none for fewer than four words."""
    words = WORD.findall(text.casefold())
    if len(words) < SEQUENCE:
        return []
    least = _least(_sequences(words)).reshape(BANDS, ROWS)
    return [
        hashlib.blake2b(bytes([at]) + row.astype("<u4").tobytes(), digest_size=5).hexdigest()
        for at, row in enumerate(least)
    ]


def _sequences(words: list[str]) -> NDArray[np.uint64]:
    """A hash of each sequence of four words."""
    numbers = {
        word: int.from_bytes(hashlib.blake2b(word.encode(errors="replace"), digest_size=8).digest(), "little")
        for word in set(words)
    }
    hashed = np.array([numbers[word] for word in words], np.uint64)
    mixed = np.zeros(len(words) - SEQUENCE + 1, np.uint64)
    for place in range(SEQUENCE):
        mixed ^= hashed[place : place + len(mixed)] * _PLACES[place]
        mixed ^= mixed >> np.uint64(29)
        mixed *= _PLACES[(place + 1) % SEQUENCE]
    return np.unique(mixed)


def _least(sequences: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The least value of each of `BANDS` × `ROWS` hash functions."""
    least = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(sequences), CHUNK):
        values = ((sequences[start : start + CHUNK, None] ^ _MASKS) * _FACTORS) >> np.uint64(32)
        np.minimum(least, values.min(axis=0), out=least)
    return least
