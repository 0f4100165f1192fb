"""Whom "he", "she", "it" and "they" mean, from the names, the roles and the speakers before them.

No model: a mention gains by standing near and as a subject, by having spoken last, and by agreeing in gender; the one
with most wins. Pronouns are read in text order, so that one found is evidence for the next. The weights were chosen on
GUM's chains of "he" and "she" outside news, where 89 % of 444 come out right, so expect less elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Sequence
from math import log2

import numpy as np
from spacy.tokens import Doc, Token

from pipeline.article import Span
from pipeline.enrich.entities import POSSESSIVE, Entities, Entity

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
FIRST_PERSON = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
OTHER = frozenset(
    {
        "you",
        "your",
        "yours",
        "one",
        "who",
        "whom",
        "which",
        "that",
        "this",
        "these",
        "those",
        "someone",
        "somebody",
        "everyone",
        "everybody",
        "nobody",
        "anyone",
    }
)
PRONOUNS = HE | SHE | IT | THEY | FIRST_PERSON | OTHER


def is_pronoun(word: str) -> bool:
    """Whether a word by itself is a pronoun: "She", "I", but not "WHO", "US" or "IT"."""
    return word.lower() in PRONOUNS and not (len(word) > 1 and word.isupper())


REACH = 10
"""Sentences that "he" and "she" look back."""
NEAR = 2
"""Sentences that "it", "they" and "the company" look back, for a subject or who spoke last."""
SUBJECT, OBJECT, POSSESSOR = 2.0, 1.0, 0.2
PER_SENTENCE = 0.7
SPOKE_LAST = 1.5
IN_QUOTATION = 2.5
UNKNOWN_GENDER = 0.4
FAMILIAR = 0.5
"""For each doubling of the mentions so far: whom an article is about is meant more often."""


class Pronouns:
    """Resolves third person pronouns of one article.

    Args:
        doc: with a parse.
        entities: its names.
        quotations: characters of the direct quotations, in order: what is named inside counts little outside.
    """

    def __init__(self, doc: Doc, entities: Entities, quotations: Sequence[Span]) -> None:
        self.doc = doc
        self._quotations = quotations
        self._starts = [q.start for q in quotations]
        self._sentence: list[int] = (doc.to_array("SENT_START") == 1).cumsum().tolist()
        """The number of each token's sentence."""
        words, strings = doc.to_array("LOWER"), doc.vocab.strings
        self._unread = deque(np.flatnonzero((words == strings["he"]) | (words == strings["she"])).tolist())
        """The positions of he and she that are still to be resolved."""
        self._mentions = sorted((m.start, i, m.root) for i, e in enumerate(entities.all) for m in e.mentions)
        self._entities = entities.all
        self._number = {id(entity): i for i, entity in enumerate(entities.all)}

    def add(self, token: Token, entity: Entity) -> None:
        """Count a noun phrase or pronoun that stands for `entity` as a mention of it."""
        number = self._number.setdefault(id(entity), len(self._number))  # of a new one: it stands last among entities
        insort(self._mentions, (token.i, number, token), key=lambda item: item[:2])

    def quotation(self, token: Token) -> int:
        """Which direct quotation a token stands in, or -1."""
        i = bisect_left(self._starts, token.idx + 1) - 1
        return i if i >= 0 and token.idx < self._quotations[i].end else -1

    def meant(self, token: Token, spoke_last: Entity | None = None, not_this: Entity | None = None) -> Entity | None:
        """The person or organisation that a pronoun stands for, or nothing.

        Args:
            token: the pronoun.
            spoke_last: who said the last thing before it.
            not_this: who says the quotation that the pronoun stands in; a speaker is "I", not "he".
        """
        self._read(token.i)
        return self._meant(token, spoke_last, not_this)

    def _read(self, position: int) -> None:
        """Resolve he and she up to a token, as mentions for what follows."""
        while self._unread and self._unread[0] < position:
            token = self.doc[self._unread.popleft()]
            entity = self._meant(token, None, None)
            if entity is not None:
                self.add(token, entity)
                entity.gender = entity.gender or ("m" if token.lower_ == "he" else "f")  # the text has told it

    def nearest(self, token: Token, label: str, spoke_last: Entity | None = None) -> Entity | None:
        """The person (`PERSON`), or organisation that is a subject (`ORG`), that a phrase of no other content means."""
        self._read(token.i)
        return self._best(token, {label}, "", spoke_last, None) or self._in_headline(label, "", None)

    def _meant(self, token: Token, spoke_last: Entity | None, not_this: Entity | None) -> Entity | None:
        word = token.lower_
        if word in HE | SHE:
            gender = "m" if word in HE else "f"
            found = self._best(token, {"PERSON"}, gender, spoke_last, not_this)
            return found or self._following(token, gender, not_this) or self._in_headline("PERSON", gender, not_this)
        if word in IT | THEY:
            found = self._best(token, {"ORG", "GPE" if word in IT else "NORP"}, "", spoke_last, not_this)
            return found or self._in_headline("ORG", "", not_this)
        return None

    def _in_headline(self, label: str, gender: str, not_this: Entity | None) -> Entity | None:
        """The only one whom the headline names and who fits, when nobody in the text does."""
        found = [
            entity
            for entity in self._entities
            if entity.in_headline and entity.label == label and (not gender or entity.gender in {"", gender})
        ]
        return found[0] if len(found) == 1 and found[0] is not not_this else None

    def _following(self, token: Token, gender: str, not_this: Entity | None) -> Entity | None:
        """Who is named first after a pronoun, when nobody is before it: “It was late,” she said. Ana Diaz had …"""
        here = self._sentence[token.i]
        for start, number, root in self._mentions[bisect_left(self._mentions, token.i, key=lambda m: m[0]) :]:
            entity = self._entities[number]
            if self._sentence[start] - here > 2:
                return None
            fits = entity.label == "PERSON" and entity is not not_this and entity.gender in {"", gender}
            if fits and self.quotation(root) == self.quotation(token) and _salience(root) >= SUBJECT:
                return entity
        return None

    def _best(
        self, token: Token, labels: set[str], gender: str, spoke_last: Entity | None, not_this: Entity | None
    ) -> Entity | None:
        person = "PERSON" in labels
        reach = REACH if person else NEAR
        here, region = self._sentence[token.i], self.quotation(token)
        scores: dict[int, float] = {}
        times: Counter[int] = Counter()
        for start, number, root in reversed(self._mentions[: bisect_left(self._mentions, token.i, key=lambda m: m[0])]):
            sentences = here - self._sentence[start]
            if sentences > reach:
                break
            entity = self._entities[number]
            times[number] += 1
            if (
                entity is not_this
                or entity.label not in labels
                or (gender and entity.gender and entity.gender != gender)
            ):
                continue
            salience = _salience(root)
            if not person and salience < SUBJECT and entity is not spoke_last:
                continue
            score = salience - PER_SENTENCE * sentences
            if self.quotation(root) != region:
                score -= IN_QUOTATION if region < 0 else 0.5
            if gender and not entity.gender:
                score -= UNKNOWN_GENDER
            scores[number] = max(score, scores.get(number, -99.0))
        for number in scores:
            scores[number] += FAMILIAR * log2(times[number])
        if spoke_last is not None and (number := self._number[id(spoke_last)]) in scores:
            scores[number] += SPOKE_LAST
        best = max(scores, key=lambda number: (scores[number], -number), default=None)
        return self._entities[best] if best is not None else None


def _salience(token: Token) -> float:
    if token.i + 1 < len(token.doc) and token.doc[token.i + 1].text in POSSESSIVE:
        return POSSESSOR
    while token.dep_ in {"compound", "flat", "appos", "nmod"} and token.head.i != token.i:
        token = token.head
    if token.dep_.startswith("nsubj"):
        return SUBJECT
    return OBJECT if token.dep_ in {"obj", "dobj", "iobj"} else OBJECT / 2
