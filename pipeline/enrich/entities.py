"""Who and what an article names: its names, grouped by the person, organisation or place they stand for."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Doc, Span, Token

from pipeline.actors.names import distance
from pipeline.enrich.titles import FEMALE, MALE, PART_OF_NAME, TITLES, gender_of_name, gender_of_word
from pipeline.enrich.wordlists import word_list

POSSESSIVE = frozenset({"'s", "’s", "'", "’", "`s"})
COMPANY = word_list("company")
INITIAL = re.compile(r"^\w\.?$")
Name = tuple[str, ...]


@dataclass(slots=True)
class Role:
    """What a person is, as the article puts it before or after the name."""

    text: str
    """Without its article: "Kremlin spokesman"."""
    head: str
    """The noun, in lower case: "spokesman"."""
    words: frozenset[str]
    """All words that tell, the head among them, in lower case."""


@dataclass(eq=False, slots=True)
class Entity:
    """One person, organisation, place or people, with every place where the article names it."""

    label: str
    words: Name
    """The fullest name."""
    mentions: list[Span] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    gender: str = ""
    """`m`, `f`, or nothing when unknown."""
    in_headline: bool = False

    @property
    def name(self) -> str:
        """The fullest name in the article: "Dmitry Peskov"."""
        return " ".join(self.words)

    @property
    def first(self) -> int:
        """Position, in tokens, of the first mention."""
        return self.mentions[0].start


class Entities:
    """The entities of one article, and which of them each name in `doc.ents` stands for."""

    def __init__(self, doc: Doc) -> None:
        self.all: list[Entity] = []
        self.spans = doc.ents
        """All names, in order; asked of the document, they are made anew each time."""
        self._starts = [ent.start for ent in self.spans]
        self._by_start: dict[int, Entity] = {}
        self._people, self._things = _Index(), _Index()
        self._by_words: dict[Name, Entity] = {}
        words = {ent.start: name_words(ent) for ent in self.spans}
        named = [(ent, words[ent.start]) for ent in self.spans if words[ent.start]]
        named.sort(key=lambda item: -len(item[1]))  # stable: in text order among equals
        for ent, name in named:
            if ent.label_ == "PERSON":
                self._add(ent, name, self._person(ent, name))
        for ent, name in named:
            if ent.label_ != "PERSON":
                self._by_words[name] = self._add(ent, name, self._by_words.get(name) or self._thing(name))
        for entity in self.all:
            entity.mentions.sort(key=lambda span: span.start)
            if entity.label == "PERSON":
                entity.gender = _gender(entity)
            else:
                entity.words = _usual_form([words[mention.start] for mention in entity.mentions])
        self.all.sort(key=lambda entity: entity.first)

    def of(self, ent: Span) -> Entity | None:
        """The entity that a span of `doc.ents` stands for."""
        return self._by_start.get(ent.start)

    def within(self, start: int, end: int) -> Sequence[Span]:
        """The names that stand within tokens `start` to `end`, half-open."""
        found = self.spans[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return found[:-1] if found and found[-1].end > end else found

    def people(self) -> Iterable[Entity]:
        """Those that are persons, in the order in which they are first named."""
        return (entity for entity in self.all if entity.label == "PERSON")

    def called(self, words: Sequence[str]) -> Entity | None:
        """The entity whose name these words are, or end, whatever their case; of several the one named most often."""
        wanted = tuple(map(_fold, words))
        found = [e for e in self.all if wanted and _folded(e.words)[-len(wanted) :] == wanted]
        if not found and len(words) == 1:
            found = [e for e in self.all if e.label != "PERSON" and words[0] in _acronyms(e.words)]
        return max(found, key=lambda entity: len(entity.mentions), default=None)

    def _add(self, ent: Span, words: Name, entity: Entity | None) -> Entity:
        if entity is None:
            entity = Entity(ent.label_, words)
            self.all.append(entity)
            index = self._people if ent.label_ == "PERSON" else self._things
            index.add(entity)
        entity.mentions.append(ent)
        self._by_start[ent.start] = entity
        return entity

    def _person(self, ent: Span, words: Name) -> Entity | None:
        """The person already known by a fuller name that these words are part of, or a spelling of."""
        title = _title_gender(ent)
        sharing = self._people.sharing(words)
        for same in (_same_person, _same_surname, _same_first_name, _spelt_like):
            known = self._people.all if same is _spelt_like else sharing
            found = [entity for entity in known if same(entity.words, words) and _fits(entity, title)]
            if same in (_same_first_name, _spelt_like) and len(found) > 1:
                continue
            if found:
                return _nearest(found, ent)
        return None

    def _thing(self, words: Name) -> Entity | None:
        return next((entity for entity in self._things.sharing(words) if _same_thing(entity.words, words)), None)


class _Index:
    """Entities, in the order in which they were found, by the words and acronyms of their names.

    But for a spelling of its own, a name stands only for one that shares a word with it: the others are not compared.
    """

    def __init__(self) -> None:
        self.all: list[Entity] = []
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, entity: Entity) -> None:
        for key in {*_folded(entity.words), *_acronyms(entity.words)}:
            self._numbers[key].append(len(self.all))
        self.all.append(entity)

    def sharing(self, words: Name) -> list[Entity]:
        """Those that one of the words is a word, or an acronym, of."""
        numbers = {number for key in {*_folded(words), *words} for number in self._numbers.get(key, ())}
        return [self.all[number] for number in sorted(numbers)]


def is_form_of(entity: Entity, other: Entity) -> bool:
    """Whether a name in the headline stands for an entity of the text: the same, fuller, or shortened."""
    if (entity.label == "PERSON") != (other.label == "PERSON"):
        return False
    pairs = ((entity.words, other.words), (other.words, entity.words))
    if entity.label == "PERSON":
        return any(_same_person(a, b) or _same_surname(a, b) or _same_first_name(a, b) for a, b in pairs)
    return any(_same_thing(a, b) for a, b in pairs)


def name_words(ent: Span) -> Name:
    """A name without article, title and possessive: "President Putin’s" → "Putin"; "Pope Francis" stays."""
    tokens = [token for token in ent if not token.is_space]
    while tokens and (tokens[-1].text in POSSESSIVE or not _tells(tokens[-1].text)):
        tokens.pop()
    words: list[str] = []
    for token, before_it in zip(tokens, [None, *tokens], strict=False):
        if before_it is not None and before_it.idx + len(before_it) == token.idx:
            words[-1] += token.text  # as it is written: "Tran-Whitley", "Farmers’"
        else:
            words.append(token.text)
    if ent.label_ != "PERSON":
        return tuple(words[1:] if len(words) > 1 and words[0].lower() == "the" else words)
    if all(word.lower() in TITLES for word in words):  # "President" alone names nobody
        return ()
    titles = 0
    while words[titles].lower() in TITLES:
        titles += 1
    before = ent.doc[ent.start - 1].text if ent.start else ""
    lead = words[titles - 1] if titles else before
    single = len(words) - titles == 1
    if single and lead.lower() in PART_OF_NAME and lead[:1].isupper():
        return (lead, *words[titles:])
    return tuple(word for word in words[titles:] if _tells(word))


def _tells(word: str) -> bool:
    return word.isalnum() or any(c.isalnum() for c in word)


@lru_cache(maxsize=16384)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode() or word
    return plain.casefold().removesuffix("'s").strip(".")


def _same_person(known: Name, words: Name) -> bool:
    """The same name, but for initials and middle names."""
    a, b = _without_initials(known), _without_initials(words)
    return bool(a and b) and (a == b or (len(a) > 1 and len(b) > 1 and a[0] == b[0] and a[-1] == b[-1]))


@lru_cache(maxsize=4096)
def _folded(words: Name) -> Name:
    return tuple(map(_fold, words))


def _same_thing(known: Name, words: Name) -> bool:
    """ "Toyota" for "Toyota Motor Corp", "WHO" for "World Health Organization"."""
    folded, other = _folded(words), _folded(known)
    if folded == other or (other[: len(folded)] == folded and set(other[len(folded) :]) <= COMPANY):
        return True
    return len(words) == 1 and words[0] in _acronyms(known)


def _same_surname(known: Name, words: Name) -> bool:
    """ "Peskov" for "Dmitry Peskov", "von der Leyen" for "Ursula von der Leyen"."""
    return len(words) < len(known) and _folded(known)[-len(words) :] == _folded(words)


@lru_cache(maxsize=4096)
def _without_initials(words: Name) -> Name:
    return tuple(_fold(word) for word in words if not INITIAL.match(word))


def _same_first_name(known: Name, words: Name) -> bool:
    return len(words) == 1 < len(known) and known[0].lower() not in TITLES and _fold(known[0]) == _fold(words[0])


def _spelt_like(known: Name, words: Name) -> bool:
    """A surname spelt in another way, at most two letters apart with one sound: "Schultz" for "Olaf Scholz"."""
    if len(words) != 1 or len(known) < 2 or min(len(words[0]), len(known[-1])) < 5:
        return False
    a, b = _fold(words[0]), _fold(known[-1])
    return a[0] == b[0] and _sound(a) == _sound(b) and distance(a, b) <= 2


def _sound(word: str) -> str:
    """A rough key of how a name sounds in any romanisation: consonants only, spellings of one sound made alike."""
    for pattern, sound in (
        ("sch|sh|ss", "s"),
        ("tz|ts|z", "z"),
        ("ck|kh|q|c", "k"),
        ("ph", "f"),
        ("w", "v"),
        ("[hj]", ""),
    ):
        word = re.sub(pattern, sound, word)
    word = word[0] + re.sub("[aeiouy]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=4096)
def _acronyms(words: Name) -> frozenset[str]:
    """ "IAEA" for "International Atomic Energy Agency", "U.N." for "United Nations"."""
    if len(words) < 2:
        return frozenset()
    letters = [word[0] for word in words if word[0].isupper()]
    every = [word[0].upper() for word in words if word[0].isalpha()]
    return frozenset(("".join(letters), "".join(every), "".join(f"{c}." for c in letters)))


def _fits(person: Entity, title: str) -> bool:
    known = gender_of_name(person.words[0]) if title and len(person.words) > 1 else ""
    return not known or title == known


def _nearest(found: Sequence[Entity], ent: Span) -> Entity:
    """The one named last before `ent`, else the one named first after it."""
    if len(found) == 1:
        return found[0]

    def distance(entity: Entity) -> tuple[bool, int]:
        before = [ent.start - m.start for m in entity.mentions if m.start < ent.start]
        return (not before, min(before or [m.start - ent.start for m in entity.mentions]))

    return min(found, key=distance)


def _title(ent: Span) -> str:
    token: Token = ent[0]
    if token.lower_ not in TITLES and ent.start and ent.doc[ent.start - 1].lower_ in TITLES:
        token = ent.doc[ent.start - 1]
    return token.lower_ if token.lower_ in TITLES else ""


def _title_gender(ent: Span) -> str:
    title = _title(ent)
    return "m" if title in MALE else "f" if title in FEMALE else ""


def _gender(entity: Entity) -> str:
    votes = [gender for mention in entity.mentions if (gender := _title_gender(mention))]
    if votes:
        return max("fm", key=lambda gender: (votes.count(gender), gender))
    return (gender_of_name(entity.words[0]) if len(entity.words) > 1 else "") or gender_of_word(entity.words[0])


def _usual_form(names: Sequence[Name]) -> Name:
    """Of all names of an organisation or place the fullest; among those as long, the commonest, first one."""
    forms = Counter(names)
    return max(forms, key=lambda words: (len(words), forms[words])) if len(forms) > 1 else names[0]
