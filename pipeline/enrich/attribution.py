"""One paragraph's attributions, before anything is carried over from its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.article import Act, Span
from pipeline.enrich.contents import contents
from pipeline.enrich.cues import Cue, Lexicon, lexicon
from pipeline.enrich.direct import CueUse, closing_cue, governing_cue
from pipeline.enrich.extents import Case
from pipeline.enrich.masking import MARKS, count_words, is_title
from pipeline.enrich.paragraph import Paragraph, Quotation, Word
from pipeline.enrich.phrases import phrases
from pipeline.enrich.sources import Source, mention, nearest_nominal, source_of


@dataclass(eq=False, slots=True)
class Attribution:
    """Pieces of the article's text and whom they are attributed to."""

    pieces: list[Span]
    rule: str
    source: Span | None = None
    cue: Span | None = None
    lemma: str | None = None
    act: Act = Act.SPEECH
    negated: bool = False
    addressee: Span | None = None
    quotation: Quotation | None = None
    """The string in marks that it is, if it is one."""


@dataclass(eq=False)
class Reading:
    """What one paragraph says, and what its neighbours need to know of it."""

    paragraph: Paragraph
    bounds: Span
    direct: list[Attribution] = field(default_factory=list)
    """One for each clausal quotation, with or without a source, in order."""
    indirect: list[Attribution] = field(default_factory=list)
    subjects: list[Span] = field(default_factory=list)
    """Names, “he” and “she” as subjects: who else might be speaking."""
    colon: Span | None = None
    """The source, if the paragraph ends in a colon: the next one is what it says."""


def read(text: str, paragraph: Paragraph) -> Reading:
    """Direct, indirect and mixed attributions of a paragraph, each with its cue and source where syntax tells them."""
    uses = cue_uses(paragraph)
    reading = Reading(paragraph, paragraph.bounds)
    governed: set[int] = set()
    for quotation in paragraph.quotations:
        if not quotation.clausal:
            found = closing_cue(paragraph, quotation, uses)
        else:
            found = governing_cue(paragraph, quotation, uses)
        if found is None and not quotation.clausal:
            continue
        attribution = Attribution([Span(*quotation.region[:2])], "none", quotation=quotation)
        if found is not None:
            governed.add(found.use.word.i)
            _attribute(attribution, paragraph, found.use, found.source, found.rule)
        reading.direct.append(attribution)
    by_position = {use.word.i: use for use in uses}
    for use in uses:
        case = Case(paragraph, use, use.word.i in governed, by_position)
        found_content = contents(case)
        if found_content is None:
            continue
        rule, ranges = found_content
        source = use.source.word if use.source else None
        if source is None and (use.word.is_finite or use.word.tag in ("NN", "VBN")) and not use.word.child("nsubj:pass", "expl"):
            source = nearest_nominal(paragraph, use.word, use.takes("person_that"))
        attribution = Attribution(_pieces(paragraph, ranges), rule)
        _attribute(attribution, paragraph, use, source, rule)
        if attribution.pieces:
            reading.indirect.append(attribution)
    for phrase in phrases(paragraph):
        source = phrase.source
        at = mention(paragraph, source) if source is not None else None
        span = paragraph.span(*at) if at is not None else None
        pieces = _pieces(paragraph, phrase.content)
        cue = paragraph.span(*phrase.cue)
        if pieces:
            reading.indirect.append(Attribution(pieces, phrase.rule, span, cue, phrase.lemma, phrase.act))
        if phrase.rule == "according to":
            start, end = paragraph.sentence(paragraph.words[phrase.cue[0]])
            for attribution in reading.direct:
                quotation = attribution.quotation
                if attribution.source is None and quotation is not None and start <= quotation.first <= end:
                    attribution.source, attribution.cue = span, cue
                    attribution.lemma, attribution.rule = phrase.lemma, phrase.rule
    reading.indirect += _fragments(text, paragraph, reading, uses)
    reading.subjects = [
        paragraph.span(*mention(paragraph, word))
        for word in paragraph.words
        if word.dep == "nsubj" and word.quotation is None and word.head.is_verb and (word.tag == "NNP" or word.lower in ("he", "she", "they"))
    ]
    if text[paragraph.bounds.start : paragraph.bounds.end].rstrip().endswith(":"):
        speaking = [use for use in uses if use.source is not None and use.cue.act is not Act.THOUGHT]
        if speaking and speaking[-1].source is not None:
            reading.colon = paragraph.span(*mention(paragraph, speaking[-1].source.word))
        elif reading.subjects:
            reading.colon = reading.subjects[-1]
    return reading


def cue_uses(paragraph: Paragraph) -> list[CueUse]:
    """The verbal cues of a paragraph outside quotation marks, with their sources."""
    cues = lexicon()
    uses = []
    for word in paragraph.words:
        if word.quotation is not None:
            continue
        adjective = cues.adjectives.get(word.lower) if word.tag in ("JJ", "VBN", "VBD") else None
        if adjective is not None and (feeling := _who_feels(word)) is not None:
            uses.append(CueUse(word, adjective, Source(feeling, "subject")))
        elif _is_verbal(word) and (found := _verb_cue(word, cues)) is not None:
            cue, particle = found
            uses.append(CueUse(word, cue, source_of(paragraph, word), particle))
    _continue(paragraph, uses)
    return uses


def _continue(paragraph: Paragraph, uses: list[CueUse]) -> None:
    """“X said that Y would come, adding …”: it is X who adds, whatever the participle hangs on."""
    for k, use in enumerate(uses):
        word = use.word
        if word.tag != "VBG" or word.i == 0 or paragraph.words[word.i - 1].text != "," or use.cue.act is Act.THOUGHT:
            continue
        for before in reversed(uses[:k]):
            if before.word.sentence != word.sentence:
                break
            inner = before.word.dep == "ccomp" and any(u.word is before.word.head for u in uses[:k])
            if before.word.is_finite and before.cue.act is not Act.THOUGHT and before.source is not None and not inner:
                use.source = before.source
                break


def _who_feels(word: Word) -> Word | None:
    """The subject of a predicate: “she is convinced”, with the adjective as head or under “be”."""
    subject = word.child("nsubj", "nsubj:pass") if word.child("cop", "aux:pass", "aux") else None
    if subject is None and word.dep == "xcomp" and word.head.is_verb:
        subject = word.head.child("nsubj")
    return subject if subject is not None and subject.i < word.i else None


def _verb_cue(word: Word, cues: Lexicon) -> tuple[Cue, Word | None] | None:
    """What the lexicon has for a verb, with its particle or preposition before without: “call for” before “call”."""
    lemma = cues.form(word.lower)
    if lemma is None:
        return None
    for child in word.children:
        particle = child if child.dep == "compound:prt" else child.child("case") if child.dep == "obl" else None
        if particle is not None and particle.i > word.i and (cue := cues.verbs.get(f"{lemma} {particle.lower}")):
            return cue, particle
    cue = cues.verbs.get(lemma)
    return (cue, None) if cue else None


_MISTAGGED = {"says", "said", "adds", "tells", "writes", "argues", "tweets", "asks"}


def _is_verbal(word: Word) -> bool:
    return word.is_verb or word.tag in ("NN", "NNS", "JJ", "NNP") and (word.lower in _MISTAGGED or word.child("nsubj") is not None and not word.child("cop"))


def _attribute(attribution: Attribution, paragraph: Paragraph, use: CueUse, source: Word | None, rule: str) -> None:
    attribution.rule = rule
    attribution.cue = paragraph.span(use.word.i, use.word.i)
    attribution.lemma, attribution.act = use.cue.lemma, use.cue.act
    attribution.source = paragraph.span(*mention(paragraph, source)) if source is not None else None
    attribution.negated = any(c.lower in ("not", "n't", "n’t", "never") for c in use.word.children)
    attribution.addressee = _addressee(paragraph, use, source)


def _addressee(paragraph: Paragraph, use: CueUse, source: Word | None) -> Span | None:
    for child in use.word.children:
        to_person = child.dep in ("obj", "iobj") and use.takes("person_that", "person_to")
        if child is source or child.i < use.word.i or not child.tag.startswith(("NN", "PRP")) or child.quotation:
            continue
        if to_person or (child.dep == "obl" and child.introducer("to") and child.children[0].lower == "to"):
            return paragraph.span(*mention(paragraph, child))
    return None


def _pieces(paragraph: Paragraph, ranges: list[tuple[int, int]]) -> list[Span]:
    """Spans of the ranges that hold a word, without a leading “that”; none for what is no more than a quotation in marks."""
    pieces = []
    for first, last in ranges:
        while first <= last and (not paragraph.words[first].is_word or paragraph.words[first].lower == "that" and paragraph.words[first].dep == "mark"):
            first += 1
        if first > last or all(w.quotation is not None and w.quotation.clausal or not w.is_word for w in paragraph.words[first : last + 1]):
            continue
        pieces.append(paragraph.span(first, last))
    return pieces


_LEAST_FRAGMENT = 4
"""Words in marks below which they are more often a term, a title or irony than somebody's words."""


def _fragments(text: str, paragraph: Paragraph, reading: Reading, uses: list[CueUse]) -> list[Attribution]:
    """Quoted fragments outside every content found so far, whose sentence names somebody who speaks."""
    found = []
    cues = {use.word.i: use.cue for use in uses}
    taken = [span for attribution in [*reading.indirect, *reading.direct] for span in attribution.pieces]
    for quotation in paragraph.quotations:
        start, end = quotation.region[:2]
        if quotation.clausal or any(a <= start + 1 and end - 2 <= b for a, b in taken):
            continue
        words = text[start:end].strip(MARKS + " ").split()
        if is_title(words):
            continue
        n = count_words(text[start:end])
        if n < _LEAST_FRAGMENT:
            continue
        governor = _governor(quotation, paragraph, cues)
        if governor is None:
            continue
        verb, source, rule = governor
        cue = cues.get(verb.i)
        found.append(
            Attribution(
                [Span(start, end)],
                rule,
                paragraph.span(*mention(paragraph, source)),
                paragraph.span(verb.i, verb.i) if cue else None,
                cue.lemma if cue else None,
                cue.act if cue else Act.SPEECH,
                quotation=quotation,
            )
        )
    return found


def _governor(quotation: Quotation, paragraph: Paragraph, cues: dict[int, Cue]) -> tuple[Word, Word, str] | None:
    inside = paragraph.words[quotation.first : quotation.last + 1]
    root = next((w for w in inside if w.head.quotation is not quotation or w.head is w), inside[0])
    verbs = [w for w in root.ancestors(8) if w.is_verb and w.quotation is None]
    for verb in verbs:
        source = source_of(paragraph, verb)
        if verb.i in cues and source is not None and source.word.quotation is None:
            return verb, source.word, "fragment of a cue"
    for verb in verbs:
        source = source_of(paragraph, verb)
        if source is not None and source.word.quotation is None:
            return verb, source.word, "fragment"
    return None
