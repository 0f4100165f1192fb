"""The English pipeline that articles are read with: ours, or another installed one."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.about import __version__ as spacy_version
from spacy.language import Language
from spacy.util import is_compatible_version

from pipeline.errors import ConfigurationError

OURS = Path(__file__).parent.parent / "model"


def load(model: str | None = None) -> Language:
    """Load our packaged pipeline, or the installed spaCy pipeline (or folder) `model`.

    It parses and names: `doc.ents`, dependencies, lemmas, and sentences that end with their line.

    Raises:
        ConfigurationError: it is not installed, was made for another spaCy, or lacks a parser or names.
    """
    name = model or str(OURS)
    try:
        nlp = spacy.load(name)
    except (
        OSError,
        ImportError,
        ValueError,
    ) as error:  # not there, a library it needs is missing, or an unknown component
        raise ConfigurationError(
            f"The spaCy pipeline {name} cannot be loaded: {_first_line(error)} {_remedy(model)}"
        ) from error
    _check(nlp, name)
    if "whosaid_lines" not in nlp.pipe_names:
        nlp.add_pipe("whosaid_lines", first=True)
    return nlp


def fingerprint(nlp: Language) -> str:
    """What these weights are, `en_whosaid_news-0.1.0-3f2a…`: name, version and, of a folder, the hash of its files."""
    name = f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"
    return f"{name}-{_content_hash(nlp.path)}" if nlp.path else name


@lru_cache
def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md":  # the card may be put better without the weights having changed
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _check(nlp: Language, name: str) -> None:
    wanted = str(nlp.meta.get("spacy_version", ""))
    if wanted and is_compatible_version(spacy_version, wanted) is False:
        raise ConfigurationError(
            f"The spaCy pipeline {name} was made for spaCy {wanted}, and {spacy_version} is installed. "
            "Install the version of the pipeline that fits, or unset WHOSAID_MODEL to use ours."
        )
    assigned = {attribute for pipe in nlp.pipe_names for attribute in nlp.get_pipe_meta(pipe).assigns}
    for attribute, what in {"token.dep": "a dependency parser", "doc.ents": "entity recognition"}.items():
        if attribute not in assigned:
            raise ConfigurationError(
                f"The spaCy pipeline {name} has no {what} (its components: {', '.join(nlp.pipe_names) or 'none'}). "
                "Name one that has, such as en_core_web_trf, or unset WHOSAID_MODEL to use ours."
            )


def _remedy(model: str | None) -> str:
    if model is None:
        return "The package is incomplete: install whosaid again."
    return (
        f"Install it (python -m spacy download {model}, or pip install its wheel) in this environment, "
        "or unset WHOSAID_MODEL to use ours."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
