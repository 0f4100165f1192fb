"""The cues of a paragraph where they stand: verbs, predicates (“is adamant”) and phrases (“was quoted as saying”)."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.article import Act
from pipeline.enrich.cues import Cue, Lexicon, lexicon
from pipeline.enrich.paragraph import Paragraph, Word
from pipeline.enrich.sources import QUOTED, Source, is_happening, is_nominal, is_told, nearest_nominal, source_of

_MISTAGGED = {"says", "said", "adds", "tells", "writes", "argues", "tweets", "asks"}
_WANTS = {"want", "wants", "wanted", "demand", "demands", "demanded"}
_HEARINGS = {"court", "hearing", "inquest", "inquiry", "jury", "trial", "tribunal"}
_HYPOTHETICAL = {"could", "might", "may"}
_NOT = {"not", "n't", "n’t", "never"}


@dataclass(eq=False, slots=True)
class CueUse:
    """A cue where it stands, what the lexicon says of it, and its source in the sentence, if it has one."""

    word: Word
    cue: Cue
    source: Source | None
    particle: Word | None = None
    """The particle or preposition of a cue of two words: “point out”, “call for”."""
    first: Word | None = None
    """Where a phrase begins, whose last word is `word`."""

    def takes(self, *complements: str) -> bool:
        """Whether the cue takes one of these complements."""
        return not self.cue.takes.isdisjoint(complements)

    @property
    def quotes(self) -> bool:
        """Whether it can introduce a quotation in marks."""
        return self.takes("quote", "that", "person_that", "whether")

    @property
    def said(self) -> bool:
        """Speech or writing rather than thought."""
        return self.cue.act is not Act.THOUGHT


def is_strong_cue(lower: str) -> bool:
    """Whether a lower-case word is a form of a verb that names an act of speaking by itself."""
    lemma = lexicon().form(lower)
    cue = lexicon().verbs.get(lemma) if lemma is not None else None
    return cue is not None and cue.strength == "strong"


def cue_uses(paragraph: Paragraph) -> list[CueUse]:
    """The cues of a paragraph outside quotation marks, with their sources, in order; what merely happens has no say."""
    cues = lexicon()
    lowers = [word.lower for word in paragraph.words]
    uses: list[CueUse] = []
    after = 0
    for word in paragraph.words:
        if word.lower not in cues.verbal or word.i < after or word.quotation is not None:
            continue
        use = _phrase(paragraph, word, lowers, cues) or _predicate(word, cues) or _verb(paragraph, word, cues)
        if use is not None:
            uses.append(use)
            after = use.word.i + 1
    _continue(paragraph, uses)
    return [use for use in uses if not _merely_happens(paragraph, use)]


def _merely_happens(paragraph: Paragraph, use: CueUse) -> bool:
    """“The storm threatened to …”, “time will tell whether …”: nobody says it, unless it made somebody say it."""
    subject = use.source.word if use.source is not None else use.word.child("nsubj")
    if subject is None:
        return False
    after = "".join(word.lower for word in paragraph.words[subject.i + 1 : subject.i + 2])
    if not is_happening(subject.text, subject.tag, after):
        return False
    speaker = _made_to_say(use.word, subject) or _named_after(paragraph, use, subject)
    use.source = Source(speaker, "subject") if speaker is not None else None
    return speaker is None


def _made_to_say(cue: Word, subject: Word) -> Word | None:
    """“The attack prompted *Keller* to warn that …”."""
    made = cue.head.child("obj", "iobj") if cue.dep in ("xcomp", "ccomp", "advcl") else None
    return made if made is not None and subject.i < made.i < cue.i else None


def _named_after(paragraph: Paragraph, use: CueUse, subject: Word) -> Word | None:
    """“That winter, said *Keller*, the chairs were burned”: the parser took the time for the subject."""
    cue, words = use.word, paragraph.words
    if use.cue.strength != "strong" or subject.i > cue.i or words[cue.i - 1].text != ",":
        return None
    named = nearest_nominal(paragraph, cue)
    after = words[named.last + 1].text if named is not None and named.last + 1 < len(words) else ""
    return named if named is not None and named.i > cue.i and after in (",", ".") else None


def _phrase(paragraph: Paragraph, word: Word, lowers: list[str], cues: Lexicon) -> CueUse | None:
    """“was quoted as saying”, “made clear”, “wanted to know”: a phrase whose source is its verb's subject."""
    if not word.is_verb and word.dep not in ("cop", "aux:pass"):
        return None
    if word.lower in _WANTS and lowers[word.i + 1 : word.i + 3] == ["to", "know"]:
        return CueUse(paragraph.words[word.i + 2], cues.verbs["ask"], source_of(paragraph, word), first=word)
    match = cues.phrase_at(lowers, word.i)
    if match is None or "subject" not in match.cue.takes:
        return None
    last = paragraph.words[match.end - 1]
    if last.quotation is not None or match.cue.takes.isdisjoint({"that", "whether", "quote", "person_that"}):
        return None
    governor = word if word.is_verb and word.dep not in ("cop", "aux:pass") else word.head
    source = source_of(paragraph, governor)
    if source is None and (subject := governor.child("nsubj:pass", "nsubj")) is not None and subject.i < word.i:
        said = subject.quotation is not None and subject.quotation.clausal  # “…,” its coach, X, was quoted as saying
        named = nearest_nominal(paragraph, word) if said else subject
        source = Source(named, "quoted") if named is not None else None
    return CueUse(last, match.cue, source, first=word)


def _predicate(word: Word, cues: Lexicon) -> CueUse | None:
    """“she is convinced”, “was worried about”: the adjective as head, or under “be”."""
    cue = cues.adjectives.get(word.lower) if word.tag in ("JJ", "VBN", "VBD") else None
    if cue is None:
        return None
    subject = word.child("nsubj", "nsubj:pass") if word.child("cop", "aux:pass", "aux") else None
    if subject is None and word.dep == "xcomp" and word.head.is_verb:
        subject = word.head.child("nsubj")
    return CueUse(word, cue, Source(subject, "subject")) if subject is not None and subject.i < word.i else None


def _verb(paragraph: Paragraph, word: Word, cues: Lexicon) -> CueUse | None:
    """A verb of the lexicon, with its particle or preposition before without: “call for” before “call”."""
    lemma = cues.form(word.lower)
    attributive = word.dep == "amod" and word.head.first < word.i  # “the widely agreed premise”
    if lemma is None or attributive or not _is_verbal(paragraph, word) or word.introducer("without"):
        return None
    if word.head.lower == "far":
        return None  # “as far as she could establish”
    if word.lower in QUOTED and any(c.lower == "saying" and c.i > word.i for c in word.children):
        return None  # “the paper quoted her as saying”: that is the cue
    for child in word.children:
        particle = child if child.dep == "compound:prt" else child.child("case") if child.dep == "obl" else None
        if particle is not None and particle.i > word.i and (cue := cues.verbs.get(f"{lemma} {particle.lower}")):
            return CueUse(word, cue, source_of(paragraph, word), particle)
    following = paragraph.words[word.i + 1] if word.i + 1 < len(paragraph.words) else word
    if following.tag in ("RP", "RB") and (cue := cues.verbs.get(f"{lemma} {following.lower}")):
        return CueUse(word, cue, source_of(paragraph, word), following)
    cue = cues.verbs.get(lemma)
    if cue is None:
        return None
    source = source_of(paragraph, word)
    if lemma == "hear" and source is not None and source.word.lower in _HEARINGS:
        source = None  # “the court heard that …”: told to it, nobody knows by whom
    if source is None and not word.is_verb and (noun := nearest_nominal(paragraph, word)) is not None:
        source = Source(noun, "nearest noun")
    return CueUse(word, cue, source)


def _is_verbal(paragraph: Paragraph, word: Word) -> bool:
    """A verb, or what a tagger mistook for a noun: “The chairman hinted/NN that”, “The audit states/NNS that”."""
    if word.is_verb:
        return True
    if word.tag not in ("NN", "NNS", "JJ", "NNP"):
        return False
    if word.lower in _MISTAGGED or (word.child("nsubj") is not None and not word.child("cop")):
        return True
    following = paragraph.words[word.i + 1].lower if word.i + 1 < len(paragraph.words) else ""
    return (
        following == "that"
        and word.tag == "NNS"
        and word.dep.startswith(("ROOT", "nsubj"))
        and not word.lower.endswith("ions")
    )


def _continue(paragraph: Paragraph, uses: list[CueUse]) -> None:
    """“X said that Y would come, adding …”: it is X who adds, whatever the participle hangs on."""
    for k, use in enumerate(uses):
        word = use.word
        if word.tag != "VBG" or word.i == 0 or paragraph.words[word.i - 1].text != "," or not use.said:
            continue
        for before in reversed(uses[:k]):
            if before.word.sentence != word.sentence:
                break
            inner = before.word.dep == "ccomp" and any(other.word is before.word.head for other in uses[:k])
            if before.word.is_finite and before.said and before.source is not None and not inner:
                use.source = before.source
                break
        else:
            start, _ = paragraph.sentence(word)
            before_it = paragraph.words[start : word.i]
            subject = next((w for w in before_it if w.dep == "nsubj" and w.head.is_finite), None)
            subject = subject or next((w for w in before_it[:4] if is_nominal(w) and w.tag != "DT"), None)
            if use.source is None and subject is not None:
                use.source = Source(subject, "subject")


def act_of(use: CueUse) -> Act:
    """Writing when medium or source is written (“said in an email”, “the audit states”), else what the cue says."""
    if use.cue.act is not Act.SPEECH:
        return use.cue.act
    nouns = [c for c in use.word.children if c.dep == "obl" and c.introducer("in", "on", "via", "by")]
    media = [noun for noun in nouns if _is_written(noun)]
    written_source = use.source is not None and _is_written(use.source.word)
    return Act.WRITING if media or written_source else Act.SPEECH


def _is_written(noun: Word) -> bool:
    cues = lexicon()
    cue = cues.nouns.get(cues.form(noun.lower, "noun") or "")
    return noun.lower in _WRITTEN or (cue is not None and cue.act is Act.WRITING and "medium" in cue.takes)


_WRITTEN = {"audit", "indictment", "document", "documents", "newspaper", "twitter", "facebook", "instagram", "sign"}


def is_negated(use: CueUse) -> bool:
    """Whether the text does not claim that it was said: “did not say”, “denied”, “if she says”, “could argue”."""
    word = use.first or use.word
    if use.cue.negative or any(c.lower in _NOT for c in use.word.children):
        return True
    if word is not use.word and any(c.lower in _NOT for c in word.children):
        return True
    if word.introducer("if", "unless") or any(c.lower in _HYPOTHETICAL for c in word.children if c.dep == "aux"):
        return True
    governor = word.head
    if word.dep == "xcomp" and governor is not word:
        cues = lexicon()
        above = cues.verbs.get(cues.form(governor.lower) or "")
        return above is not None and above.negative
    return False


def addressee_of(use: CueUse) -> Word | None:
    """Whom it is said to: the object of “tell” or its subject in the passive, or the noun after “to”.

    “Asked whether he would go, *X* …”, “*a man* told to wait”: what the participle describes.
    """
    if is_told(use.word):
        above = use.word.head
        told = above if is_nominal(above) else above.child("nsubj", "nsubj:pass")
        return told if told is not None and told.quotation is None else None
    if use.cue.lemma == "hear":
        subject = use.word.child("nsubj")
        return subject if subject is not None and subject.lower in _HEARINGS else None
    for child in use.word.children:
        if child.quotation or (use.source is not None and child is use.source.word):
            continue
        if not child.tag.startswith(("NN", "PRP")):
            continue
        person = use.takes("person_that", "person_to")
        if child.i < use.word.i:
            if person and child.dep == "nsubj:pass" and child.lower != "it":
                return child
            continue
        if person and child.dep in ("obj", "iobj"):
            return child
        to = child.dep == "obl" and bool(child.children) and child.children[0].lower == "to"
        if to and (child.tag.startswith(("NNP", "PRP")) or not use.takes("to_object")):
            return child
    return None
