"""The cue lexicon: which words bring in what somebody says, writes or thinks, and what each takes. Data: `cues.txt`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, NamedTuple, cast, get_args

from pipeline.article import Act
from pipeline.enrich.inflection import noun_forms, verb_forms
from pipeline.errors import ConfigurationError

Pos = Literal["verb", "noun", "adjective", "phrase"]
Strength = Literal["strong", "plain", "weak"]
PEOPLE = ("person_that", "person_to", "person_of", "passive_to")
COMPLEMENTS = frozenset(["that", "whether", "to", "ing", "quote", "object", "to_object", "as", "call", *PEOPLE])
PREPOSITIONS = frozenset(["about", "against", "at", "between", "for", "from", "in", "into", "of", "on", "over", "with"])
FRAMES = frozenset({"medium", "source", "subject"})
"""Not what a cue takes but where it stands: see the head of `cues.txt`."""

_GAP, _OWNER = "…", "…'s"
_LONGEST_SOURCE, _LONGEST_INSERT = 8, 3
_OWNERS = frozenset(["my", "your", "his", "her", "its", "our", "their", "'s", "’s", "'", "’"])
_STOPS = frozenset([".", "!", "?", ";", ":", '"', "“", "”", "``", "''", "«", "»"])


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of the lexicon; `cues.txt` says what each value means."""

    lemma: str
    pos: Pos
    act: Act
    strength: Strength
    takes: frozenset[str]
    """Some of `COMPLEMENTS`, `PREPOSITIONS` and `FRAMES`."""
    negative: bool = False
    """Its content is denied, refused or forbidden."""


class PhraseMatch(NamedTuple):
    """A phrase found in a list of words; positions in that list, half-open."""

    cue: Cue
    start: int
    end: int
    source: tuple[int, int] | None
    """Where the phrase holds its source ("as [a minister] put it"); nothing if that stands before or after it."""


class Lexicon:
    """The cues by lemma, and the way from any inflected form to its lemma."""

    def __init__(self, entries: Mapping[Pos, Mapping[str, Cue]], forms: Mapping[Pos, Mapping[str, str]]) -> None:
        self.verbs: Mapping[str, Cue] = MappingProxyType(entries["verb"])
        """Phrasal verbs by verb and particle or preposition: "point out"."""
        self.nouns: Mapping[str, Cue] = MappingProxyType(entries["noun"])
        self.adjectives: Mapping[str, Cue] = MappingProxyType(entries["adjective"])
        self.phrases: Mapping[str, Cue] = MappingProxyType(entries["phrase"])
        self._forms: Mapping[Pos, Mapping[str, str]] = {pos: forms.get(pos, {}) for pos in get_args(Pos)}
        self._verb_forms, self._noun_forms = self._forms["verb"], self._forms["noun"]
        self._beginnings = self._by_first_word()
        self.verbal: frozenset[str] = frozenset({*self._verb_forms, *self.adjectives})
        """Lower-case words that a verb, an adjective or a phrase that takes `subject` can begin with."""
        others = [form for form, beginning in self._beginnings.items() if not beginning.subject]
        self.nominal: frozenset[str] = frozenset({*self._noun_forms, *others})
        """Lower-case words that a noun or any other phrase can begin with."""

    def _by_first_word(self) -> dict[str, _Beginning]:
        """Any form of a phrase's first word → the phrases that may begin with it."""
        starts: dict[str, list[_Pattern]] = defaultdict(list)
        for lemma, cue in self.phrases.items():
            starts[lemma.split()[0]].append(_Pattern.of(lemma.split(), cue))
        forms = self._forms_of()
        by_form = {}
        for form in {*starts, *self._verb_forms, *self._noun_forms}:
            if found := [pattern for lemma in self._lemmas(form) for pattern in starts.get(lemma, ())]:
                by_form[form] = _Beginning.of(found, forms)
        return by_form

    def _lemmas(self, word: str) -> Iterable[str]:
        """What a word of a phrase may stand for: itself, and as a form."""
        return dict.fromkeys((word, self._verb_forms.get(word, word), self._noun_forms.get(word, word)))

    def _forms_of(self) -> Mapping[str, list[str]]:
        """Each lemma's forms, but itself."""
        forms: dict[str, list[str]] = defaultdict(list)
        for form in {*self._verb_forms, *self._noun_forms}:
            for lemma in self._lemmas(form):
                forms[lemma].append(form)
        return forms

    def form(self, word: str, pos: Pos = "verb") -> str | None:
        """The lemma of a lower-case form: "said" → "say", "criticised" → "criticize", "pointed out" → "point out".

        The first word alone of a phrasal verb has a lemma too ("chimed" → "chime"), whether or not that is a cue.
        """
        return self._forms[pos].get(word)

    def phrase_at(self, words: Sequence[str], start: int) -> PhraseMatch | None:
        """The longest phrase that begins at `words[start]`; lower-case tokens, clitics ("'s") tokens of their own."""
        beginning = self._beginnings.get(words[start])
        if beginning is None:
            return None
        for pattern in beginning.patterns(words, start + 1):
            if match := self._match(words, start, pattern):
                return match
        return None

    def _match(self, words: Sequence[str], start: int, pattern: _Pattern) -> PhraseMatch | None:
        """Walk through `pattern`, whose first word stands at `start`."""
        middle = start + 1 + len(pattern.words)
        if not self._same(words, start + 1, pattern.words):
            return None
        if pattern.gap is None:
            return PhraseMatch(pattern.cue, start, middle, None)
        inserted = "subject" in pattern.cue.takes
        for stop in _gap_ends(words, middle, pattern.gap == _OWNER, inserted):
            if self._same(words, stop, pattern.rest):
                return PhraseMatch(pattern.cue, start, stop + len(pattern.rest), None if inserted else (middle, stop))
        return None

    def _same(self, words: Sequence[str], start: int, pattern: Sequence[str]) -> bool:
        """Whether the words from `start` on are forms of those of a pattern."""
        if start + len(pattern) > len(words):
            return False
        for i, want in enumerate(pattern, start):
            word = words[i]
            if want != word and want != self._verb_forms.get(word) and want != self._noun_forms.get(word):
                return False
        return True


class _Pattern(NamedTuple):
    """The lemma of a phrase as it is looked for; it holds at most one gap, and neither begins nor ends with it."""

    cue: Cue
    words: list[str]
    """After the first, up to the gap, if it has one."""
    gap: str | None
    rest: list[str]
    """After the gap."""
    length: int

    @classmethod
    def of(cls, words: list[str], cue: Cue) -> _Pattern:
        gap = next((i for i, word in enumerate(words) if word.startswith(_GAP)), len(words))
        return cls(cue, words[1:gap], words[gap] if gap < len(words) else None, words[gap + 1 :], len(words))


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The phrases that may begin with a word, by what tells soonest that they do not: most words begin none."""

    by_second: Mapping[str, list[_Pattern]]
    """Any form of the second word → the phrases."""
    gapped: list[_Pattern]
    """Those whose gap comes second."""
    closers: frozenset[str]
    """All forms of the words that end these gaps."""
    alone: list[_Pattern]
    """Those of one word."""
    subject: bool
    """Whether all of them take `subject`."""

    @classmethod
    def of(cls, patterns: Sequence[_Pattern], forms: Mapping[str, list[str]]) -> _Beginning:
        by_second: dict[str, list[_Pattern]] = defaultdict(list)
        gapped: list[_Pattern] = []
        alone: list[_Pattern] = []
        for pattern in patterns:
            if pattern.words:
                for form in {pattern.words[0], *forms.get(pattern.words[0], ())}:
                    by_second[form].append(pattern)
            else:
                (alone if pattern.gap is None else gapped).append(pattern)
        closers = {form for pattern in gapped for form in (pattern.rest[0], *forms.get(pattern.rest[0], ()))}
        subject = all("subject" in pattern.cue.takes for pattern in patterns)
        return cls(dict(by_second), gapped, frozenset(closers), alone, subject)

    def patterns(self, words: Sequence[str], second: int) -> list[_Pattern]:
        """Those that may go on as the words from `second` on do, longest first."""
        found = self.by_second.get(words[second], []) if second < len(words) else []
        if self.gapped and not self.closers.isdisjoint(words[second : second + _LONGEST_SOURCE + 1]):
            found = found + self.gapped
        return sorted(found + self.alone, key=lambda pattern: -pattern.length) if found else self.alone


def _gap_ends(words: Sequence[str], start: int, owner: bool, inserted: bool) -> Iterator[int]:
    """Where a gap from `start` may end, shortest first; never beyond the sentence or into a quotation."""
    if inserted and not owner:
        yield start
    for end in range(start + 1, min(start + (_LONGEST_INSERT if inserted else _LONGEST_SOURCE), len(words)) + 1):
        if words[end - 1] in _STOPS:
            return
        if not owner or words[end - 1] in _OWNERS:
            yield end


@cache
def lexicon() -> Lexicon:
    """The lexicon of `cues.txt`, read once."""
    return parse_lexicon(files(__package__).joinpath("cues.txt").read_text(encoding="utf-8"))


def parse_lexicon(text: str) -> Lexicon:
    """Read a lexicon in the form of `cues.txt`.

    Raises `ConfigurationError`, naming the line, for an unknown section, word or number of columns, and for an entry
    that stands twice.
    """
    entries: dict[Pos, dict[str, Cue]] = {pos: {} for pos in get_args(Pos)}
    irregular: dict[str, list[str]] = {}
    spellings: dict[str, str] = {}
    doubling: set[str] = set()
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
            continue
        first, *columns = (column.strip() for column in line.split("|"))
        try:
            match section, columns:
                case "verbs" | "nouns" | "adjectives" | "phrases", [kind, takes]:
                    cue = _cue(first, cast(Pos, section[:-1]), kind.split(), takes.split())
                    if entries[cue.pos].setdefault(first, cue) is not cue:
                        raise ValueError("an entry that stands twice; remove one")
                case "irregular", [forms]:
                    irregular[first] = forms.split()
                case "spellings", [lemma]:
                    spellings[first] = lemma
                case "doubling", []:
                    doubling.add(first)
                case _:
                    raise ValueError(f"{len(columns) + 1} columns do not fit section [{section}]")
        except ValueError as error:
            raise ConfigurationError(f"cues.txt, line {number}, {first!r}: {error}.") from error
    return Lexicon(entries, _all_forms(entries, irregular, spellings, doubling))


def _cue(lemma: str, pos: Pos, kind: list[str], takes: list[str]) -> Cue:
    act, strength, *negative = kind
    if strength not in get_args(Strength) or negative not in ([], ["negative"]):
        raise ValueError(f'{" ".join(kind)!r} is not "act strength" or "act strength negative"')
    if unknown := set(takes) - COMPLEMENTS - PREPOSITIONS - FRAMES:
        raise ValueError(f"a cue cannot take {', '.join(sorted(unknown))}; the head of the file lists what it can")
    return Cue(lemma, pos, Act(act), cast(Strength, strength), frozenset(takes), bool(negative))


def _all_forms(
    entries: Mapping[Pos, Mapping[str, Cue]],
    irregular: Mapping[str, list[str]],
    spellings: Mapping[str, str],
    doubling: set[str],
) -> dict[Pos, dict[str, str]]:
    """Part of speech → form → lemma. A form that is itself a lemma stays one."""
    nouns = set(entries["noun"])
    heads = {lemma.split()[0] for lemma in entries["verb"]} | (set(irregular) - nouns)
    heads |= {lemma.split()[0] for lemma, cue in entries["phrase"].items() if "subject" in cue.takes}
    variants: dict[str, list[str]] = defaultdict(list)
    for spelling, lemma in spellings.items():
        variants[lemma].append(spelling)

    verbs, noun_lemmas = {head: head for head in heads}, {noun: noun for noun in nouns}
    adjectives = {adjective: adjective for adjective in entries["adjective"]}
    for head in heads:
        for spelling in (head, *variants[head]):
            for form in verb_forms(spelling, irregular.get(spelling), spelling in doubling):
                verbs.setdefault(form, head)
    forms_of = defaultdict(list)
    for form, head in verbs.items():
        forms_of[head].append(form)
    for lemma in entries["verb"]:
        head, space, particle = lemma.partition(" ")
        verbs |= {form + space + particle: lemma for form in forms_of[head] if particle}
    for noun in nouns:
        for spelling in (noun, *variants[noun]):
            noun_lemmas |= dict.fromkeys(noun_forms(spelling, irregular.get(spelling)), noun)
    for adjective in entries["adjective"]:
        adjectives |= dict.fromkeys(variants[adjective], adjective)
    return {"verb": verbs, "noun": noun_lemmas, "adjective": adjectives}
