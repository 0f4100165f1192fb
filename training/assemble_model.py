"""Put the packaged pipeline together: spaCy's tokenizer and lemmatizer, and the encoder, which does the rest.

    python -m training.assemble_model [ENCODER] [OUT]

ENCODER a folder with what `training.encoder.export` writes (`encoder.FILES`): the one in pipeline/model
OUT     where to write it: pipeline/model; a card and a licence that lie there stay. Then score it:
        `python -m training.score_model --write` puts the figures into its meta.json.

The lemmatizer's tables come from the package `spacy-lookups-data`, which is in the training's environment. The
vocabulary holds the labels and spaCy's own English, nothing of the texts that were trained on.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, cast

from spacy.lang.en import English
from spacy.language import Language
from spacy.util import compile_infix_regex

from pipeline.enrich.encoder import FILES
from pipeline.enrich.names import Names
from pipeline.enrich.trees import Trees

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
MARKS = [r"[,.?!](?=[“”\"])", r"(?<=\w)[“”„«»\"](?=\w)", r"(?<=[,.?!])[“”«»\"](?=\w)"]
"""Where words are parted although no blank parts them: “he said“we go””, “we go,”he said”."""
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


def assemble(encoder: Path) -> Language:
    """The pipeline, with a vocabulary of nothing but labels and spaCy's own English."""
    nlp = English()
    infixes = compile_infix_regex([*(nlp.Defaults.infixes or ()), *MARKS])
    nlp.tokenizer.infix_finditer = infixes.finditer  # type: ignore[union-attr]
    nlp.add_pipe("whosaid_lines")
    nlp.add_pipe("whosaid_trees")
    lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize()
    exceptions = lemmatizer.lookups.get_table("lemma_exc")
    exceptions["aux"] = {form: [lemma] for lemma, forms in AUXILIARIES.items() for form in forms.split()}
    names = cast(Names, nlp.add_pipe("whosaid_names")).from_disk(encoder)
    cast(Trees, nlp.get_pipe("whosaid_trees")).add_labels(nlp.vocab)
    for label in names.labels:
        nlp.vocab.strings.add(label)
    nlp.meta.update(META)
    return nlp


def main() -> None:
    """Read the arguments, write the folder."""
    model = Path(__file__).parent.parent / "pipeline" / "model"
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("encoder", type=Path, nargs="?", default=model / "whosaid_names")
    arguments.add_argument("out", type=Path, nargs="?", default=model)
    chosen = arguments.parse_args()
    if missing := [file for file in FILES.values() if not (chosen.encoder / file).is_file()]:
        sys.exit(f"{chosen.encoder} has no {', '.join(missing)}: export an encoder (docs/training.md).")
    assemble(chosen.encoder).to_disk(chosen.out)


if __name__ == "__main__":
    main()
