"""Which cue governs a clausal quotation, and so who said it.

Every cue of the sentence is a candidate; evidence adds up. The weights are those of a hand-made ranking, checked on the
development text (GUM's open genres); where a cue governs the quotation in the parse, nothing else outweighs it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipeline.article import Act
from pipeline.enrich.cues import lexicon
from pipeline.enrich.paragraph import Paragraph, Quotation, Word
from pipeline.enrich.sources import is_nominal, nearest_nominal
from pipeline.enrich.uses import CueUse

GOVERNS, HANGS_ON, HAS_SOURCE = 40, 30, 15
"""What speaks for a cue: it heads the quotation, it hangs on it (parataxis), it has a source."""
STRENGTH = {"strong": 12, "plain": 5, "weak": 0}
COLON, COMMA_IN_MARKS, OTHER_SENTENCE, NO_STOP_BEFORE = 12, 10, -15, -15
_MAX_DISTANCE = 40
_REACH = 80
"""Words between a quotation and a cue that may govern it, at most."""
_NEXT_SENTENCE = 6
"""Words after the quotation's end within which a cue of the next sentence may still belong to it."""


@dataclass(frozen=True, slots=True)
class Governed:
    """A quotation's cue, its source's head word and the rule that found them."""

    use: CueUse
    source: Word | None
    rule: str


@dataclass(frozen=True, slots=True)
class NounCue:
    """A noun that introduces a quotation after a colon, and its owner."""

    word: Word
    lemma: str
    source: Word


def governing_cue(paragraph: Paragraph, quotation: Quotation, uses: list[CueUse]) -> Governed | None:
    """The best cue for a clausal `quotation`; nothing if none fits well enough or no source can be told."""
    ranked = [(score, use) for use in near(uses, quotation) if (score := _score(paragraph, quotation, use)) is not None]
    if not ranked:
        return None
    score, best = max(ranked, key=lambda pair: pair[0])
    if score >= 0 and best.source is not None:
        return Governed(best, best.source.word, "cue")
    if score >= 10:
        nominal = nearest_nominal(paragraph, best.word, best.takes("person_that"))
        if nominal is not None:
            return Governed(best, nominal, "cue, nearest noun")
    return None


def near(uses: list[CueUse], quotation: Quotation) -> list[CueUse]:
    """The cues, of those in order of position, that stand close enough to a quotation to govern it."""
    low = bisect_left(uses, quotation.first - _REACH, key=lambda use: use.word.i)
    return uses[low : bisect_right(uses, quotation.last + _REACH, key=lambda use: use.word.i)]


def _score(paragraph: Paragraph, quotation: Quotation, use: CueUse) -> int | None:
    if not use.quotes:
        return None
    word, first, last = use.word, quotation.first, quotation.last
    after = word.i > last
    same_sentence = word.sentence == paragraph.words[first].sentence
    introduced = first > 0 and paragraph.words[first - 1].text == ":"
    if not same_sentence and (introduced or not after or word.i - last > _NEXT_SENTENCE):
        return None
    inside = paragraph.words[first : last + 1]
    score = 0
    if any(inner.head is word for inner in inside):
        score += GOVERNS
    if word.head.quotation is quotation:
        score += HANGS_ON
    score += STRENGTH[use.cue.strength]
    score += HAS_SOURCE if use.source is not None else 0
    score -= min(_distance(paragraph, quotation, use), _MAX_DISTANCE)
    between = paragraph.words[last + 1 : word.i] if after else paragraph.words[word.i + 1 : first]
    if any(w.text in (".", ";") for w in between):
        score += OTHER_SENTENCE
    if after:
        score += COMMA_IN_MARKS if quotation.ending in ",?!" else 0
    else:
        before = paragraph.words[first - 1].text
        score += COLON if before == ":" else 0
        score += NO_STOP_BEFORE if not (before in ",:" or paragraph.words[first - 1].is_word) else 0
    return score


def _distance(paragraph: Paragraph, quotation: Quotation, use: CueUse) -> int:
    """Words between; a cue whose source follows right after the quotation is near, however long its apposition."""
    word = use.word
    if word.i < quotation.first:
        return quotation.first - word.i
    distance = word.i - quotation.last
    source = use.source.word if use.source else None
    if (
        source is not None
        and source.i > quotation.last
        and source.first - quotation.last <= 2
        and word.i - source.i < 40
    ):
        clause = [w for w in paragraph.words[source.i : word.i] if w.is_finite and w.dep not in ("acl", "acl:relcl")]
        if not any(w.is_verb and w.dep not in ("aux", "aux:pass", "cop") for w in clause):
            return min(distance, 4)
    return distance


def closing_cue(paragraph: Paragraph, quotation: Quotation, uses: list[CueUse]) -> Governed | None:
    """For marked words inside a sentence that end in a stop and are followed by a cue: “A "b," he said”."""
    words = paragraph.words
    if quotation.ending not in (",", "?", "!"):
        return None
    for use in near(uses, quotation):
        word, source = use.word, use.source
        if source is None or not 0 < word.i - quotation.last <= 12 or not use.quotes:
            continue
        sentences = {words[quotation.last].sentence, words[min(quotation.last + 1, len(words) - 1)].sentence}
        if word.sentence not in sentences or not quotation.last < source.word.i < word.i + 4:
            continue
        if not re.search(r"[.;] |, (and|but) ", paragraph.between(quotation.last + 1, word.i - 1) + " "):
            return Governed(use, source.word, "closing cue")
    return None


def adjacent_cue(paragraph: Paragraph, quotation: Quotation, uses: list[CueUse]) -> Governed | None:
    """For a few marked words right after a cue, or after whom it speaks to: “told me ‘go home’”."""
    words = paragraph.words
    for use in near(uses, quotation):
        saying = use.cue.strength == "strong" or use.takes("person_that") or use.cue.act is Act.WRITING
        if not use.quotes or use.source is None or not saying:
            continue
        between = words[use.word.i + 1 : quotation.first]
        person = [c for c in use.word.children if c.dep in ("obj", "iobj")] if use.takes("person_that") else []
        told = person and person[0].first == use.word.i + 1 and person[0].last == quotation.first - 1
        if use.word.i < quotation.first and (not any(w.is_word for w in between) or told):
            return Governed(use, use.source.word, "adjacent")
    return None


def noun_beside(paragraph: Paragraph, quotation: Quotation) -> NounCue | None:
    """“Her message to players: “…””, “The coach's explanation was simple: “…””, ““…” was the verdict of one critic”."""
    words = paragraph.words
    if quotation.first and words[quotation.first - 1].text == ":":
        start, _ = paragraph.sentence(words[quotation.first - 1])
        near = words[start : quotation.first - 1]
    else:
        near = _predicate_after(paragraph, quotation)
    cues = lexicon()
    for noun in near:
        cue = cues.nouns.get(cues.form(noun.lower, "noun") or "") if noun.tag.startswith("NN") else None
        owner = noun.child("nmod:poss") or next((c for c in noun.children if c.introducer("of", "by", "from")), None)
        if cue is not None and owner is not None and is_nominal(owner):
            return NounCue(noun, cue.lemma, owner)
    return None


def _predicate_after(paragraph: Paragraph, quotation: Quotation) -> list[Word]:
    """The words right after “was”, which a quotation is the subject of, or “that is” after a dash."""
    after = [w for w in paragraph.words[quotation.last + 1 : quotation.last + 12] if w.is_word]
    if after[:1] and after[0].lower in ("that", "this", "such"):
        after = after[1:]
    if not after or after[0].lower not in ("is", "was", "were", "are", "came") or after[0].quotation is not None:
        return []
    return [w for w in after[1:7] if w.sentence == after[0].sentence and w.quotation is None]
