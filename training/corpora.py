"""The open corpora that training and scoring read, and where they lie.

`WHOSAID_DATA` names a folder that holds `data/english/` (or is that `data/` itself); `make data` fills one from the
publishers and checks it. Trees come as CoNLL-U, names as IOB2 in the columns of Universal NER.

    sentences (text, rows of columns) ──documents──▶ one list a document ──gold_doc──▶ a spaCy Doc with its trees
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

Sentence = tuple[str, list[list[str]]]
"""Its text, and one row of columns a line, ranges of words (`3-4`) among them."""

_HELD_OUT = (
    "academic_discrimination academic_eegimaa academic_exposure academic_librarians bio_byron bio_dvorak bio_emperor "
    "bio_jespersen court_insanity court_loan court_mitigation court_negligence interview_cyclone interview_gaming "
    "interview_hill interview_libertarian news_homeopathic news_iodine news_nasa news_sensitive speech_austria "
    "speech_impeachment speech_inauguration speech_newzealand textbook_chemistry textbook_governments textbook_labor "
    "textbook_union vlog_london vlog_portland vlog_radiology vlog_studying voyage_athens voyage_coron voyage_oakland "
    "voyage_vavau"
)
GUM_HELD_OUT = frozenset(_HELD_OUT.split())
"""GUM's own development and test documents, of the genres with open texts."""


def english() -> Path:
    """The folder of the English corpora; ends the program with what to do where there is none."""
    given = os.environ.get("WHOSAID_DATA")
    root = Path(given) if given else Path(__file__).parent.parent
    for folder in (root / "data" / "english", root / "english"):
        if folder.is_dir():
            return folder
    sys.exit(f"No corpora in {root}: run `make data`, or let WHOSAID_DATA name a folder that holds data/english/.")


def documents(path: Path) -> Iterator[list[Sentence]]:
    """The documents of a CoNLL-U or IOB2 file."""
    document: list[Sentence] = []
    text, rows = "", list[list[str]]()
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# newdoc") and document:
            yield document
            document = []
        elif line.startswith("# text ="):
            text = line.removeprefix("# text =").strip()
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            document.append((text, rows))
            rows = []
    if document:
        yield document


def gum_documents(folder: Path) -> Iterator[list[Sentence]]:
    """GUM's documents to train on: none of its news, on which quotes are scored, and none that GUM itself holds out."""
    for path in sorted(folder.glob("GUM_*.conllu")):
        name = path.stem.removeprefix("GUM_")
        if name not in GUM_HELD_OUT and not name.startswith("news_"):
            yield from documents(path)


def words(rows: Sequence[Sequence[str]]) -> list[tuple[str, bool]]:
    """The words of a sentence as its text has them, and whether white space follows each.

    A word that the text writes together with others (`3-4 cannot`) is cut out of what it writes, however it is spelt
    apart: nothing is lost and nothing is added.
    """
    found: list[tuple[str, bool]] = []
    last, forms, spaced = 0, list[str](), True
    for row in rows:
        space = "SpaceAfter=No" not in row[9]
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            parts = [other[1] for other in rows if other[0].isdigit() and first <= int(other[0]) <= last]
            forms, spaced = _cut(row[1], parts), space
        elif row[0].isdigit():
            if forms:
                found.append((forms.pop(0), spaced and int(row[0]) == last))
            else:
                found.append((row[1], space))
    return found


def _cut(written: str, parts: Sequence[str]) -> list[str]:
    """`written` in as many pieces as there are parts, none empty, as long as the parts where that fits."""
    if "".join(parts) == written or len(written) < len(parts):
        return list(parts)
    pieces = []
    for n, part in enumerate(parts[:-1], 1):
        length = min(len(part), len(written) - (len(parts) - n))
        pieces.append(written[:length])
        written = written[length:]
    return [*pieces, written]


def gold_doc(vocab: Vocab, document: Sequence[Sentence]) -> Doc:
    """The trees of some sentences, with a blank after each, as spaCy holds them."""
    columns: dict[str, list[str]] = {name: [] for name in ("words", "lemmas", "pos", "tags", "morphs", "deps")}
    heads, starts, spaces = list[int](), list[bool | int | None](), list[bool]()
    for _, rows in document:
        shift = len(heads)
        for row, (word, space) in zip((r for r in rows if r[0].isdigit()), words(rows), strict=True):
            columns["words"].append(word)
            columns["lemmas"].append(row[2])
            columns["pos"].append(row[3])
            columns["tags"].append(row[4])
            columns["morphs"].append(row[5].strip("_"))
            columns["deps"].append("ROOT" if row[7] == "root" else row[7])
            heads.append(shift + (int(row[6]) or int(row[0])) - 1)
            starts.append(len(heads) == shift + 1)
            spaces.append(space)
        spaces[-1] = True
    return Doc(vocab, spaces=spaces, heads=heads, sent_starts=starts, **columns)  # type: ignore[arg-type]
