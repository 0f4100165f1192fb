"""Put the packaged pipeline together from its trained parts.

    python -m training.assemble_model [PARSER] [NAMES] [OUT]

PARSER  a spaCy pipeline with tok2vec, tagger, morphologizer, parser and rule lemmatizer: build/parser
NAMES   a folder with the encoder (weights.onnx, reader.onnx, tokenizer.json, labels.json): the one in pipeline/model
OUT     where to write it: pipeline/model; a card and a licence that lie there stay. Then score it:
        `python -m training.score_model --write` puts the figures into its meta.json.

The vocabulary is not taken over: the network hashes its features, so the parts need no strings but those of their
labels, while the trained parser's `strings.json` holds every handle and link of its training texts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, cast

from spacy.lang.en import English
from spacy.language import Language
from spacy.util import load_config

from pipeline.enrich.names import Names

AUXILIARIES = {
    "be": "am are is was were been being 's 're 'm ’s ’re ’m",
    "have": "has had having 've ’ve 'd ’d",
    "do": "does did doing",
    "will": "wo 'll ’ll",
    "can": "ca",
    "shall": "sha",
    "get": "gets got getting",
}
"""The lookup tables know no auxiliaries, so that the rule lemmatizer would leave "is" as it is."""
META = {
    "name": "whosaid_news",
    "version": "0.1.0",
    "spacy_version": ">=3.8.7,<3.9.0",
    "description": "English news: tags, morphology, Universal Dependencies, lemmas, names, and who says what.",
    "author": "The Whosaid developers",
    "license": "CC BY-SA 4.0",
    "sources": [
        {
            "name": "UD_English-EWT",
            "url": "https://universaldependencies.org/treebanks/en_ewt",
            "license": "CC BY-SA 4.0",
        },
        {
            "name": "GUM, open genres",
            "url": "https://gucorpling.org/gum",
            "license": "annotation CC BY 4.0, texts CC BY, CC BY-SA or public domain",
        },
        {"name": "UNER_English-EWT", "url": "https://www.universalner.org", "license": "CC BY-SA 4.0"},
        {"name": "WikiGold", "url": "https://aclanthology.org/W09-3302", "license": "CC BY 4.0"},
        {
            "name": "Whosaid's own annotated passages (training/annotations)",
            "url": "https://pypi.org/project/whosaid",
            "license": "CC BY-SA 4.0",
        },
        {"name": "all-MiniLM-L6-v2", "url": "https://www.sbert.net", "license": "Apache-2.0"},
        {
            "name": "spaCy lookups, from WordNet 3.0",
            "url": "https://github.com/explosion/spacy-lookups-data",
            "license": "MIT; WordNet licence",
        },
    ],
}


def assemble(parser: Path, names: Path) -> Language:
    """The pipeline of both, with a vocabulary of nothing but labels and spaCy's own English."""
    config = load_config(parser / "config.cfg")
    for section in ("paths", "corpora", "training", "initialize", "pretraining"):
        config.pop(section, None)
    nlp = English.from_config(config, auto_fill=True)
    cast(Any, nlp.tokenizer).from_disk(parser / "tokenizer")
    for name, pipe in cast(list[tuple[str, Any]], nlp.pipeline):
        pipe.from_disk(parser / name, exclude=["vocab"])
        for label in getattr(pipe, "labels", ()):
            nlp.vocab.strings.add(label)
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    exceptions = lemmatizer.lookups.get_table("lemma_exc")
    exceptions["aux"] = {form: [lemma] for lemma, forms in AUXILIARIES.items() for form in forms.split()}
    nlp.add_pipe("whosaid_lines", first=True)
    cast(Names, nlp.add_pipe("whosaid_names", last=True, config={"evidence": True})).from_disk(names)
    nlp.meta.update(META)
    return nlp


def main() -> None:
    """Read the arguments, write the folder."""
    root = Path(__file__).parent.parent
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parser", type=Path, nargs="?", default=root / "build" / "parser")
    arguments.add_argument("names", type=Path, nargs="?", default=root / "pipeline" / "model" / "whosaid_names")
    arguments.add_argument("out", type=Path, nargs="?", default=root / "pipeline" / "model")
    chosen = arguments.parse_args()
    assemble(chosen.parser, chosen.names).to_disk(chosen.out)


if __name__ == "__main__":
    main()
