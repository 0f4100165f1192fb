"""Where content ends although the parse goes on: the article takes over again, or another cue does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.article import Act
from pipeline.enrich.paragraph import Paragraph, Word
from pipeline.enrich.uses import CueUse

Range = tuple[int, int]

_CONTRAST = {"but", "though", "although", "while", "whereas"}
_NEW_CLAUSE = re.compile(
    r"\W*(but|while|although|though|after|as|when|before|adding|and (then|later|has|had|is|was|will))\b"
)
"""Words that begin something of the article's own after a content."""
_LATER = re.compile(
    r"(?:(?:an?|one|two|three|several|some|just|only) )?(?:\w+ )?"
    r"(?:days?|weeks?|hours?|months?|years?|minutes?) (?:after|before)\b"
)
_REMARK = re.compile(
    r"an? (?:\w+ )?(?:claim|charge|allegation|accusation|argument|assertion|assessment|criticism|contention|description"
    r"|finding|point|position|sentiment|statement|suggestion|view|warning) (?:that|which|he|she|they|it|the|\w+ed)\b"
)
"""“…, a claim that the ministry denied”: the article on what was said."""
_PERFECT = {"had", "would", "could", "might", "should", "will", "'d", "’d", "has", "have", "can", "may", "must"}


@dataclass(eq=False)
class Case:
    """One verbal cue in its paragraph."""

    paragraph: Paragraph
    use: CueUse
    governs: bool
    """Its quotation in marks is found already."""
    uses: dict[int, CueUse]
    """All verbal cues of the paragraph by position."""
    word: Word = field(init=False)
    """The cue."""
    words: list[Word] = field(init=False)
    """The paragraph's words."""
    source: Word | None = field(init=False)
    """The head of the source, if there is one."""
    said: bool = field(init=False)
    """Speech or writing rather than thought."""
    strong: bool = field(init=False)
    """A cue that names an act of speaking or thinking by itself."""
    sentence: Range = field(init=False)
    """First and last word of the cue's sentence."""

    def __post_init__(self) -> None:
        use = self.use
        self.word, self.words = use.word, self.paragraph.words
        self.source = use.source.word if use.source is not None else None
        self.said, self.strong = use.said, use.cue.strength == "strong"
        self.sentence = self.paragraph.sentence(use.word)

    @cached_property
    def reports(self) -> bool:
        """A finite verb of saying with nothing of its own to say but the sentence around it."""
        cue = self.word
        if self.governs or not self.said or not self.strong or not self.takes("that", "quote", "person_that"):
            return False
        finite = cue.tag in ("VBD", "VBZ", "VBP", "NNS", "NNP", "NNPS")
        if not finite and not (cue.tag == "VBN" and not cue.child("aux:pass")):
            return False
        if cue.dep == "acl:relcl" or cue.child("mark"):
            return False
        person = self.takes("person_that")
        return person or not any(c.dep == "obj" and c is not self.source for c in cue.children)

    def masked(self, first: int, last: int) -> int | None:
        """The first of these words that stands in a clausal quotation."""
        if not self.paragraph.quotations:
            return None
        words = self.words[max(first, 0) : last + 1]
        return next((w.i for w in words if w.quotation is not None and w.quotation.clausal), None)

    def holds_quotation(self, first: int, last: int) -> bool:
        """Whether a clausal quotation stands among these words."""
        return self.masked(first, last) is not None

    def takes(self, *complements: str) -> bool:
        """Whether the cue takes one of these complements."""
        return not self.use.cue.takes.isdisjoint(complements)


def to_sentence_end(case: Case, last: int) -> int:
    """The sentence's end instead of `last`, when only words that the parser could not attach are left up to there."""
    end = case.sentence[1]
    if last >= end or case.holds_quotation(last + 1, end):
        return last
    rest = case.words[last + 1 : end + 1]
    if not any(w.is_word for w in rest):
        return end  # the full stop
    if any(w.i in case.uses or w.lower == "according" for w in rest):
        return last
    if any(w.is_word and w.lower == "but" for w in rest[:2]) and not any(w.is_finite for w in rest):
        return end  # “it is open to talks, but not on these terms”
    return last if _NEW_CLAUSE.match(case.paragraph.between(last + 1, end)) else end


def with_coordinated(case: Case, last: int) -> int:
    """The sentence's end instead of `last`, when the content goes on with “and that …”, or with “and X urged …”.

    Where a comma parts two sentences (“Keller said it was sound, and Brandt said …”) the second is none.
    """
    words, end = case.words, case.sentence[1]
    if last + 1 < end and words[last + 1].lower == "and" and _has_subject(words[last + 2 : end + 1]):
        return end
    follows = [w.lower for w in words[last + 1 : min(last + 4, end + 1)] if w.is_word][:2]
    return end if len(follows) == 2 and follows[0] in ("and", "but", "or") and follows[1] == "that" else last


def cut(case: Case, first: int, last: int, clause: bool = True) -> int:
    """The last word of the content that begins at `first` and that the parse lets go on to `last`.

    It ends before “, but …” and its like, “; X said …”, “, adding …”, “, a day after …”, and before a verb that is
    coordinated with the cue rather than with the content's verb: “ruled that it had been unlawful and ordered …”. That
    verb, if it is a cue, gets this cue's source.
    """
    words = case.words
    fronted = case.word.child("mark") is not None and case.word.first - case.sentence[0] < 3
    quoted = _quoted_end(case, first, last)
    if quoted is not None:
        return quoted
    for i in range(first + 1, last):
        word, after = words[i], words[i + 1]
        if after.lower == "according" and (word.text == "," or word.quotation is not after.quotation):
            return i - (word.text == ",")
        if word.quotation is not None:
            continue
        if word.text == ";" and any(
            k in case.uses and case.uses[k].source for k in range(i + 1, min(last + 1, i + 10))
        ):
            return i - 1
        if word.text == ",":
            if (
                clause
                and case.said
                and i >= first + 4
                and after.lower in _CONTRAST
                and words[min(i + 2, last)].lower != "that"
                and _has_subject(words[i + 2 : last + 1])
            ):
                return i - 1
            if fronted and _has_subject(words[i + 1 : last + 1]):
                return i - 1  # “If she says it is frozen, the match …”
            if (
                after.tag == "VBG"
                and after.i in case.uses
                and case.uses[after.i].cue.act is not Act.THOUGHT
                and i > first + 1
            ):
                case.uses[after.i].source = case.use.source
                return i - 1
            following = case.paragraph.between(i + 1, min(i + 5, last))
            if _LATER.match(following) or (clause and _REMARK.match(following)):
                return i - 1
        if word.lower in ("and", "but") and _resumes(case, first, i, last, clause):
            return i - 1
    return last


def _quoted_end(case: Case, first: int, last: int) -> int | None:
    """Where marks end a content: before “;”, in “told me ‘go home’ and I went”, “wrote that ‘it came’ and asked”."""
    that = case.words[first].lower == "that"
    quoted = case.words[min(first + that, last)].quotation
    if quoted is None or quoted.last + 1 >= last:
        return None
    if case.words[quoted.last + 1].text == ";":
        return quoted.last
    if case.words[quoted.last + 1].lower not in ("and", "but"):
        return None
    after = case.words[quoted.last + 2]
    return quoted.last if not that or (after.i in case.uses and after.tag == case.word.tag) else None


def _has_subject(words: list[Word]) -> bool:
    """Whether a subject comes soon, before any finite verb: a clause begins, not the second half of one."""
    for word in words[:20]:
        if word.dep.startswith(("nsubj", "expl")):
            return True
        if word.is_finite:
            return False
    return False


def _resumes(case: Case, first: int, conjunction: int, last: int, clause: bool) -> bool:
    """Whether the conjunction joins a second verb to the cue, not to the content."""
    words = case.words
    verb = next(
        (w for w in words[conjunction + 1 : min(conjunction + 4, last + 1)] if w.is_verb or w.tag == "MD"), None
    )
    if verb is None or any(w.tag[:2] in ("NN", "PR", "DT") for w in words[conjunction + 1 : verb.i]):
        return False
    if case.word.tag != verb.tag or verb.quotation is not None:
        return False
    if clause and not _shifted(words[first:conjunction], verb, verb.i in case.uses):
        return False
    if verb.i in case.uses:
        case.uses[verb.i].source = case.use.source
    return verb.i in case.uses or clause


def _shifted(content: list[Word], verb: Word, cue: bool) -> bool:
    """Whether the content's tense is so far from a plain past that a plain past after it is the article's own.

    “had been unlawful and ordered”; without a cue only “[a thing] was unsafe and left the room”.
    """
    if cue:
        return any(w.lower in _PERFECT and w.dep.startswith("aux") for w in content)
    finite = next((w for w in content if w.is_finite), None)
    if finite is None or finite.lower not in ("was", "would") or verb.lower in (finite.lower, *_PERFECT):
        return False
    subject = (finite.head if finite.dep in ("cop", "aux", "aux:pass") else finite).subject
    thing = subject is not None and (subject.tag == "NN" or subject.lower == "it")
    return thing and finite.dep in ("cop", "aux")
