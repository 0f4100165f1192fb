"""`whosaid_names`: a spaCy component that finds the names of people, organisations, places and peoples.

nlp = spacy.blank("en")
nlp.add_pipe("whosaid_names")
nlp("The Kremlin said Dmitry Peskov would fly to Kyiv.").ents
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Self, cast

import srsly
from spacy import util
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.training import Example

from pipeline.enrich.encoder import Encoder
from pipeline.enrich.encoder_input import words_of
from pipeline.enrich.evidence import keep, kept
from pipeline.enrich.names_decode import decode
from pipeline.enrich.names_vote import vote

LABELS = ("PERSON", "ORG", "GPE", "LOC", "NORP")
WEIGHTS = Path(__file__).parent.parent / "model" / "whosaid_names"
"""The weights that are used when the pipeline brought none of its own."""

Scorer = Callable[[Iterable[Example]], dict[str, Any]]


@Language.factory(
    "whosaid_names",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={"threads": 1, "evidence": False, "scorer": {"@scorers": "spacy.ner_scorer.v1"}},
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_names(nlp: Language, name: str, threads: int, evidence: bool, scorer: Scorer | None) -> Names:
    """The factory; its weights come with the pipeline (`from_disk`, `from_bytes`), else they are Whosaid's own.

    A `whosaid_trees` before it shares its one pass over the words. Without one, and with `evidence`, it leaves what it
    read to a `whosaid_quotes` after it, which then need not read again.
    """
    return Names(name, threads, evidence, scorer)


@cache
def shipped(threads: int = 1) -> Encoder:
    """Whosaid's own network, once a process."""
    return Encoder.from_disk(WEIGHTS, threads)


def encoder_of(nlp: Language) -> Encoder:
    """The network of a pipeline: that of its `whosaid_names`, disabled or not, else Whosaid's own."""
    return (
        next((component.encoder for _, component in nlp.components if isinstance(component, Names)), None) or shipped()
    )


class Names(Pipe):
    """Sets `doc.ents` (PERSON, ORG, GPE, LOC, NORP), one label a name; entities that were set before are kept."""

    def __init__(
        self, name: str = "whosaid_names", threads: int = 1, evidence: bool = False, scorer: Scorer | None = None
    ) -> None:
        self.name = name
        self.threads = threads
        self.evidence = evidence
        self.scorer = scorer
        self._encoder: Encoder | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels this component assigns."""
        return LABELS

    @property
    def encoder(self) -> Encoder:
        """The network; Whosaid's own when the pipeline brought none."""
        if self._encoder is None:
            self._encoder = shipped(self.threads)
        return self._encoder

    def __call__(self, doc: Doc) -> Doc:
        """Find the names of one article."""
        encoded = kept(doc)
        words = words_of(doc, None if encoded is None else ())
        if encoded is None:
            encoded = self.encoder.read(words)
            if self.evidence:
                keep(doc, encoded)
        tokens = [token.i for token in doc if not token.is_space]
        scores, labels = encoded.names, self.encoder.labels.names
        spans = [
            Span(doc, tokens[start], tokens[end - 1] + 1, label=label)
            for start, end, label in vote(words.texts, words.lines, decode(scores, labels, words.lines), scores, labels)
            if label in LABELS
        ]
        preset = {token.i for ent in doc.ents for token in ent}
        doc.set_ents([*doc.ents, *(s for s in spans if preset.isdisjoint(range(s.start, s.end)))])
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Networks, tokenizer and labels as one string of bytes."""
        return cast(bytes, srsly.msgpack_dumps(self.encoder.files))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """The opposite of `to_bytes`."""
        self._encoder = Encoder(srsly.msgpack_loads(data), self.threads)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write networks, tokenizer and labels (`encoder.FILES`) into the folder `path`."""
        self.encoder.to_disk(util.ensure_path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """The opposite of `to_disk`."""
        self._encoder = Encoder.from_disk(util.ensure_path(path), self.threads)
        return self
