"""What the grammar's sentences are made of: cues in their forms, sources, clauses, words in marks."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.enrich.cues import Cue, lexicon
from training.encoder import vocabulary
from training.encoder.clauses import Stock
from training.encoder.passages import Names

STRENGTHS = {"strong": 6, "plain": 2, "weak": 0.5}
"""How often a cue is drawn."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the lexicon, or a verb and its particle, in three forms."""

    cue: Cue
    present: str
    past: str
    participle: str


class Phrases:
    """Draws parts of sentences in the notation of the annotations."""

    def __init__(self, stock: Stock, names: Names, chance: random.Random) -> None:
        self.stock, self.names, self.chance = stock, names, chance

    def _one(self, choices: list[str] | tuple[str, ...]) -> str:
        return self.chance.choice(choices)

    def _sentence(self) -> str:
        return self._one(self.stock.sentences)

    @cached_property
    def verbs(self) -> list[Verb]:
        """All verbs of the lexicon."""
        forms: dict[str, list[str]] = {}
        for form, lemma in lexicon()._forms["verb"].items():
            forms.setdefault(lemma, []).append(form)
        found = []
        for lemma, cue in lexicon().verbs.items():
            head, _, particle = lemma.partition(" ")
            of = [form for form in forms.get(head, ()) if " " not in form]
            present = next((f for f in of if f.endswith("s") and f[:3] == head[:3] and f != head), None)
            participle = next((f for f in of if f.endswith("ing") and f != head), None)
            past = next((f for f in sorted(of, key=len) if f not in (head, present) and not f.endswith("ing")), None)
            if present and participle and past:
                found.append(Verb(cue, *(f"{form} {particle}".strip() for form in (present, past, participle))))
        return found

    def _verb(self, *takes: str, without: str = "") -> Verb:
        """A verb that takes one of these complements, strong ones more often."""
        fit = self._fitting.setdefault((takes, without), [])
        if not fit:
            fit += [v for v in self.verbs if not v.cue.takes.isdisjoint(takes) and without not in v.cue.takes]
        (verb,) = self.chance.choices(fit, [STRENGTHS[v.cue.strength] for v in fit])
        return verb

    @cached_property
    def _fitting(self) -> dict[tuple[tuple[str, ...], str], list[Verb]]:
        return {}

    def _tensed(self, verb: Verb, source: str) -> str:
        """The cue in some tense; auxiliaries stay outside, as in the annotations."""
        many = source.rsplit(" ", 1)[-1].endswith("s") or source in ("they", "we", "I", "police")
        draw = self.chance.random()
        if draw < 0.62 or (draw < 0.8 and many):
            return f"{{C {verb.past}}}"
        if draw < 0.8:
            return f"{{C {verb.present}}}"
        return f"{self._one(['has', 'had', 'had'] if not many else ['have', 'had'])} {{C {verb.past}}}"

    def source(self, *, pronouns: bool = True) -> str:
        """Who says it, in lower case unless a name begins it."""
        draw = self.chance.random()
        if draw < 0.16 and pronouns:
            return self._one(vocabulary.PRONOUNS)
        if draw < 0.4:
            return self.names.surname(self.chance)
        if draw < 0.52:
            return self.names.person(self.chance)
        if draw < 0.64:
            role = self._one(vocabulary.ROLES)
            article = "" if self.chance.random() < 0.5 else "the "
            name = self.names.person(self.chance) if self.chance.random() < 0.7 else self.names.surname(self.chance)
            return f"{article}{role} {name}"
        if draw < 0.7:
            return f"the {self._one(vocabulary.ROLES)}"
        if draw < 0.84:
            return self._one(vocabulary.BODIES)
        return self._one(vocabulary.PAPERS) if draw < 0.88 else self._one(vocabulary.GROUPS)

    def marked(self, *, pronouns: bool = True) -> tuple[str, str]:
        """A source, and the same in its braces with what follows it: sometimes an apposition or a clause."""
        source = self.source(pronouns=pronouns)
        aside = ""
        if source[:1].isupper() and source not in ("I",) and self.chance.random() < 0.12:
            aside = self._one(
                (
                    f", the {self._one(vocabulary.ROLES)},",
                    f", {self.chance.randint(19, 80)},",
                    f", a {self._one(vocabulary.ROLES)} in {self.names.surname(self.chance)},",
                    f", who {self._one(vocabulary.AFTERWARDS)},",
                )
            )
        return source, f"{{S {source}}}{aside}"

    def _when(self, chance: float = 0.25) -> str:
        return f" {self._one(vocabulary.WHEN)}" if self.chance.random() < chance else ""

    def _clause(self, longest: int = 30) -> str:
        """A clause, perhaps with some of its words in marks."""
        clause = self.stock.clause(self.chance, longest)
        if self.chance.random() < 0.12:
            short = self.stock.clause(self.chance, 14)
            clause += self._one([" and ", ", and ", " because ", " but ", ", which meant "]) + short
        words = clause.split()
        if self.chance.random() < 0.25 and len(words) > 4:
            first = self.chance.randrange(1, len(words) - 1)
            last = len(words) - 1 if self.chance.random() < 0.5 else self.chance.randrange(first, len(words))
            words[first], words[last] = f"“{words[first]}", f"{words[last]}”"
            clause = " ".join(words)
        return clause

    def _few(self) -> str:
        """Two to six words of a clause."""
        words = self.stock.clause(self.chance).split()
        at = self.chance.randrange(max(1, len(words) - 3))
        return " ".join(words[at : at + self.chance.randint(2, 6)]).strip(",")

    def _said(self, ending: str) -> str:
        """A quotation in marks that ends with a stop."""
        clause = capital(self.stock.clause(self.chance))
        if self.chance.random() < 0.3:
            clause += f". {capital(self.stock.clause(self.chance, 16))}"
        opening, closing = self._one([("“", "”"), ("“", "”"), ("“", "”"), ('"', '"')])
        return f"{opening}{clause}{ending}{closing}"


def capital(text: str) -> str:
    """With a capital, inside braces too."""
    return re.sub(r"^((?:\{\w[\d,]* )?)(\w)", lambda match: match[1] + match[2].upper(), text)
