"""Sentences that say real clauses in all the ways of the cue lexicon, in the notation of the annotations.

Every lexicon cue gets its turn with what it takes, so that the network meets rare cues as often as “said”. Where
content begins and ends follows `docs/quotes.md`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from pipeline.enrich.cues import lexicon
from training.encoder import vocabulary
from training.encoder.clauses import Stock
from training.encoder.passages import Names
from training.encoder.phrases import STRENGTHS, Phrases, capital


class Grammar(Phrases):
    """Draws one passage after the other."""

    def __init__(self, stock: Stock, names: Names, chance: random.Random) -> None:
        super().__init__(stock, names, chance)
        self.templates: list[tuple[float, Callable[[], str]]] = [
            (5, self.reported), (3, self.postposed), (1, self.inverted), (1.5, self.according), (1, self.interposed),
            (6, self.direct), (2.5, self.introduced), (1, self.floating), (1, self.signed), (2, self.fragment),
            (2, self.infinitive), (2, self.commanded), (1.5, self.thing), (1.5, self.preposition), (1, self.gerund),
            (1.5, self.asked), (1, self.passive), (1, self.relative), (2, self.noun), (1, self.phrase),
            (1, self.called), (2, self.nothing), (1, self.scare), (1.5, self.two), (1, self.predicate),
            (2, self.hailed), (0.7, self.sign),
        ]  # fmt: skip

    def passage(self) -> str:
        """One to three sentences with at least one chance to say something."""
        sentence = self._draw()
        if self.chance.random() < 0.35:
            sentence = f"{self._sentence()} {sentence}"
        if self.chance.random() < 0.35:
            sentence = f"{sentence} {self._sentence()}"
        return sentence

    def _draw(self) -> str:
        weights = [weight for weight, _ in self.templates]
        (template,) = self.chance.choices([t for _, t in self.templates], weights)
        return template()

    def reported(self) -> str:
        """X said (that) S."""
        source, marked = self.marked()
        verb = self._verb("that", without="person_that")
        that = self._one(["", "that ", "that "])
        after = ""
        draw = self.chance.random()
        if draw < 0.1:
            after = f", {{C2 {self._one(vocabulary.ADDING)}}} that {{Q2 {self._clause(15)}}}"
            marked = marked.replace("{S ", "{S1,2 ")
            sentence = f"{capital(marked)} {self._tensed(verb, source)}{self._when()} {that}{{Q {self._clause()}}}"
            return sentence.replace("{C ", "{C1 ").replace("{Q ", "{Q1 ") + after + "."
        if draw < 0.2:
            after = f" and {self._one(vocabulary.AFTERWARDS)}"
        elif draw < 0.27:
            after = f", {self._one(['hours', 'two days', 'a week'])} after {self.stock.clause(self.chance, 12)}"
        return f"{capital(marked)} {self._tensed(verb, source)}{self._when()} {that}{{Q {self._clause()}}}{after}."

    def postposed(self) -> str:
        """S, X said."""
        source, marked = self.marked()
        verb = self._verb("that", without="person_that")
        return f"{{Q {capital(self._clause())}}}, {marked} {self._tensed(verb, source)}{self._when(0.4)}."

    def inverted(self) -> str:
        """S, said X."""
        _, marked = self.marked(pronouns=False)
        verb = self._verb("quote")
        return f"{{Q {capital(self._clause())}}}, {{C {verb.past}}} {marked.rstrip(',')}."

    def according(self) -> str:
        """According to X, S; S, according to X."""
        _, marked = self.marked(pronouns=False)
        if self.chance.random() < 0.5:
            return f"{{C According to}} {marked.rstrip(',')}, {{Q {self._clause()}}}."
        return f"{{Q {capital(self._clause())}}}, {{C according to}} {marked.rstrip(',')}."

    def interposed(self) -> str:
        """S1, X said, S2."""
        source, marked = self.marked()
        words = self.stock.clause(self.chance).split()
        if len(words) < 7:
            return self.postposed()
        at = self.chance.randint(1, min(5, len(words) - 4))
        head, tail = capital(" ".join(words[:at])).rstrip(","), " ".join(words[at:])
        verb = self._verb("that", without="person_that")
        return f"{{Q {head}}}, {marked.rstrip(',')} {self._tensed(verb, source)}{self._when(0.15)}, {{Q {tail}}}."

    def direct(self) -> str:
        """“S,” X said. “S.”"""
        source, marked = self.marked()
        verb = self._verb("quote") if self.chance.random() < 0.5 else None
        said = verb.past if verb else self._one(vocabulary.DIRECT_ONLY)
        told = f" {{A {self._one(vocabulary.TOLD)}}}" if said == "told" else ""
        ending = "?" if said == "asked" else self._one([",", ",", ",", ",", "!", "?"])
        cue = f"{{C {said}}}"
        inverted = self.chance.random() < 0.45 and source not in vocabulary.PRONOUNS and not told
        middle = f"{cue} {marked.rstrip(',')}" if inverted else f"{marked} {cue}{told}"
        first = self._said(ending)
        draw = self.chance.random()
        if draw < 0.3:
            return f"{{Q {first}}} {middle}{self._when()}. {{Q {self._said('.')}}}"
        if draw < 0.4:
            words = self.stock.clause(self.chance).split()
            at = self.chance.randint(1, max(1, min(6, len(words) - 2)))
            head, tail = capital(" ".join(words[:at])).rstrip(","), " ".join(words[at:])
            return f"{{Q “{head},”}} {middle}, {{Q “{tail}.”}}" if tail else f"{{Q “{head},”}} {middle}."
        if draw < 0.48:
            other = f", {{C2 {self._one(vocabulary.ADDING)}}} that {{Q2 {self._clause(15)}}}."
            line = f"{{Q1 {first}}} {middle}".replace("{S ", "{S1,2 ").replace("{C ", "{C1 ").replace("{A ", "{A1 ")
            return line + other
        return f"{{Q {first}}} {middle}{self._when()}."

    def introduced(self) -> str:
        """X said: “S.”"""
        source, marked = self.marked()
        cue = self._tensed(self._verb("quote"), source)
        told = ""
        if self.chance.random() < 0.3:
            cue, told = "{C told}", f" {{A {self._one(vocabulary.TOLD)}}}"
        stop = self._one([":", ":", ":", ","])
        return f"{capital(marked)} {cue}{told}{self._when()}{stop} {{Q {self._said(self._one(['.', '.', '!', '?']))}}}"

    def floating(self) -> str:
        """X did something. “S.”"""
        _, marked = self.marked()
        did = self._one(vocabulary.AFTERWARDS) if self.chance.random() < 0.5 else "shook {h} head".format(h="her")
        return f"{capital(marked)} {did}. {{Q {self._said('.')}}}"

    def signed(self) -> str:
        """“S.” — X"""
        name = self.names.person(self.chance)
        role = self._one(["", f", {self._one(vocabulary.ROLES)}"])
        return f"{{Q {self._said('.')}}} {self._one('—–')} {{S {name}}}{role}"

    def fragment(self) -> str:
        """X described Y as “a few words”; X called for “a few words”."""
        source, marked = self.marked()
        verb = self._verb("as", "call")
        how = " as" if "as" in verb.cue.takes else ""
        return (
            f"{capital(marked)} {self._tensed(verb, source)} {self._one(self.stock.things)}{how} {{Q “{self._few()}”}}."
        )

    def hailed(self) -> str:
        """Y was described as “a few words” by X; Y, called “a” and “b” by X, did something."""
        source, verb = self.source(pronouns=False), self._verb("as", "call")
        how = "as " if "as" in verb.cue.takes else ""
        words = f"{{Q “{self._few()}”}}"
        if self.chance.random() < 0.2:
            words += f" and {{Q “{self._few()}”}}"
        by = "" if (draw := self.chance.random()) < 0.25 else f"by {{S {source}}}"
        said = f"{how}{words} {by}" if draw < 0.6 else f"{by} {how}{words}"
        thing = capital(self._one(self.stock.things))
        if self.chance.random() < 0.3:
            return f"{thing}, {{C {verb.past}}} {said.strip()}, {self._one(vocabulary.FATES)}."
        be = self._one(["was", "was", "were", "has been", "is being"])
        return f"{thing} {be} {{C {verb.past}}} {said.strip()}{self._when()}."

    def sign(self) -> str:
        """A banner read “S”; people held signs saying “S”."""
        thing, several = self._one(vocabulary.WRITTEN).split("/")
        words = f"{{Q:writing “{capital(self._few())}”}}"
        if self.chance.random() < 0.5:
            return f"{{S {capital(thing)}}}{self._one(['', ' above the door', ' at the gate'])} {{C read}} {words}."
        cue = self._one(["reading", "that read", "saying", "that said"]).split()
        written = f"{' '.join([*cue[:-1], ''])}{{C {cue[-1]}}} {words}"
        return f"{capital(self._one(vocabulary.GROUPS))} {self._one(['carried', 'held'])} {{S {several}}} {written}."

    def infinitive(self) -> str:
        """X promised to do it."""
        source, marked = self.marked()
        verb = self._verb("to")
        return f"{capital(marked)} {self._tensed(verb, source)} {{Q {self._one(self.stock.infinitives)}}}."

    def commanded(self) -> str:
        """X told Y to do it; X told Y that S."""
        source, marked = self.marked()
        told = (
            self._one(vocabulary.TOLD)
            if self.chance.random() < 0.6
            else self._one(["him", "her", "them", "the company"])
        )
        if self.chance.random() < 0.5:
            verb, content = self._verb("person_to"), self._one(self.stock.infinitives)
        else:
            verb = self._verb("person_that")
            content = self._clause()
            told_that = self._one(["that ", "that ", ""])
            tensed = self._tensed(verb, source)
            return f"{capital(marked)} {tensed} {{A {told}}}{self._when()} {told_that}{{Q {content}}}."
        return f"{capital(marked)} {self._tensed(verb, source)} {{A {told}}} {{Q {content}}}."

    def thing(self) -> str:
        """X denied the charges."""
        source, marked = self.marked()
        verb = self._verb("object")
        if verb.cue.strength == "weak":
            return self.nothing()
        noun = self._one(
            ["allegations of", "claims of", "accusations of", "suggestions of", "calls for", "the loss of"]
        )
        thing = self._one(self.stock.things)
        return f"{capital(marked)} {self._tensed(verb, source)} {{Q {noun} {thing}}}{self._when(0.15)}."

    def preposition(self) -> str:
        """X warned of Z; X called for Z; X accused Y of doing it."""
        source, marked = self.marked()
        if self.chance.random() < 0.3:
            verb, content = self._verb("person_of"), self._one([*self.stock.gerunds[:200], "lying to the court"])
            return f"{capital(marked)} {self._tensed(verb, source)} {self._one(vocabulary.TOLD)} of {{Q {content}}}."
        with_preposition = [v for v in self.verbs if " " in v.past and "object" in v.cue.takes]
        verb = self.chance.choice(with_preposition) if with_preposition else self._verb("object")
        return f"{capital(marked)} {self._tensed(verb, source)} {{Q {self._one(self.stock.things)}}}."

    def gerund(self) -> str:
        """X denied doing it."""
        source, marked = self.marked()
        content = self._one(self.stock.gerunds)
        return f"{capital(marked)} {self._tensed(self._verb('ing'), source)} {{Q {content[0].lower() + content[1:]}}}."

    def asked(self) -> str:
        """X asked whether S; X would not say why S."""
        _, marked = self.marked()
        cue = self._one(vocabulary.ASKING)
        told = f" {{A {self._one(vocabulary.TOLD)}}}" if cue == "asked" and self.chance.random() < 0.3 else ""
        head, _, last = cue.rpartition(" ")
        written = f"{head} {{C {last}}}" if last == "say" else f"{{C {cue}}}"
        return f"{capital(marked)} {written.strip()}{told} {{Q {self._one(vocabulary.QUESTIONS)} {self._clause(18)}}}."

    def passive(self) -> str:
        """X was quoted as saying; Y were told by X that S; it was announced by X that S."""
        source, marked = self.marked()
        that = self._one(["", "that "])
        clause = self._clause()
        draw = self.chance.random()
        if draw < 0.4:
            by = self._one(["", " by local media", " by Reuters"])
            be = "were" if source in ("they", "we") else "was"
            if by:
                return f"{capital(marked)} {be} quoted{by} {{C as saying}} {that}{{Q {clause}}}."
            return f"{capital(marked)} {{C {be} quoted as saying}} {that}{{Q {clause}}}."
        if draw < 0.7:
            verb = self._verb("person_that")
            by = f" by {{S {self.source(pronouns=False)}}}" if self.chance.random() < 0.6 else ""
            return f"{{A {capital(self._one(vocabulary.TOLD))}}} were {{C {verb.past}}}{by} that {{Q {clause}}}."
        by = f" by {{S {self.source(pronouns=False)}}}" if self.chance.random() < 0.6 else ""
        return f"It was {{C {self._verb('that', without='person_that').past}}}{by} that {{Q {clause}}}."

    def relative(self) -> str:
        """X, who said S, left."""
        source = self.source(pronouns=False)
        verb = self._verb("that", without="person_that")
        content = self._clause(14)
        did = self._one(vocabulary.AFTERWARDS)
        return f"{{S {capital(source)}}}, {{S who}} {{C {verb.past}}} {{Q {content}}}, {did}."

    def noun(self) -> str:
        """X’s claim that S drew laughter; the accusation by X that S …"""
        nouns = [c for c in lexicon().nouns.values() if "that" in c.takes and " " not in c.lemma]
        noun = self.chance.choices(nouns, [STRENGTHS[c.strength] for c in nouns])[0].lemma
        source, clause = self.source(pronouns=False), self._clause(16)
        if self.chance.random() < 0.6:
            return f"{{S {capital(source)}}}’s {{C {noun}}} that {{Q {clause}}} {self._one(vocabulary.FATES)}."
        by, fate = self._one(["by", "from"]), self._one(vocabulary.FATES)
        return f"The {{C {noun}}} {by} {{S {source}}} that {{Q {clause}}} {fate}."

    def phrase(self) -> str:
        """X made clear that S; X came to the conclusion that S."""
        phrases = [
            c.lemma
            for c in lexicon().phrases.values()
            if {"subject", "that"} <= c.takes and "…" not in c.lemma and not c.lemma.startswith("be ")
        ]
        _, marked = self.marked()
        words = self._one(phrases).split()
        pasts = {v.cue.lemma: v.past for v in self.verbs}
        past = pasts.get(words[0]) or {"make": "made", "come": "came", "take": "took", "hold": "held"}.get(words[0])
        if past is None:
            return self.reported()
        return f"{capital(marked)} {{C {' '.join([past, *words[1:]])}}} that {{Q {self._clause()}}}."

    def called(self) -> str:
        """X called Y Z."""
        source, marked = self.marked()
        verb = self._verb("call")
        thing = re.sub(r"^(the|his|her|their|its|my|your) ", "a ", self._one(self.stock.things))
        return f"{capital(marked)} {self._tensed(verb, source)} {self._one(self.stock.things)} {{Q “{thing}”}}."

    def predicate(self) -> str:
        """X is convinced that S."""
        adjectives = [c.lemma for c in lexicon().adjectives.values() if "that" in c.takes]
        source, marked = self.marked()
        be = "are" if source in ("they", "we") or source.endswith("s") else self._one(["is", "was"])
        be = "am" if source == "I" else be
        return f"{capital(marked)} {be} {{C {self._one(adjectives)}}} that {{Q {self._clause()}}}."

    def nothing(self) -> str:
        """A cue's verb with no content, or a plan: nobody says anything."""
        source = capital(self.source())
        if self.chance.random() < 0.5:
            return f"{source} {self._one(vocabulary.THINGS_ONLY)} {self._one(self.stock.things)}{self._when()}."
        return f"{source} {self._one(vocabulary.PLANS)} {self._one(self.stock.infinitives)}."

    def scare(self) -> str:
        """A few words in marks that nobody says."""
        words = self._sentence().split()
        at = self.chance.randrange(1, max(2, len(words) - 2))
        until = min(at + self.chance.randint(0, 2), len(words) - 2)
        if until < at:
            return " ".join(words)
        words[at], words[until] = f"“{words[at]}", f"{words[until].rstrip(',')}”"
        return " ".join(words)

    def two(self) -> str:
        """X said S, but Y said S."""
        (a, first), (b, second) = self.marked(pronouns=False), self.marked(pronouns=False)
        one, other = (self._verb("that", without="person_that") for _ in range(2))
        left = f"{capital(first)} {self._tensed(one, a)} {{Q {self._clause(16)}}}"
        right = f"{second} {self._tensed(other, b)} {self._one(['', 'that '])}{{Q {self._clause(16)}}}"
        right = re.sub(r"\{([SCQ]) ", r"{\g<1>2 ", right)
        left = re.sub(r"\{([SCQ]) ", r"{\g<1>1 ", left)
        return f"{left}{self._one([', but ', ', while ', '; ', ' and '])}{right}."
