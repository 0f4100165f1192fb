"""Indirect content around its cue: “S, X said”, “S1, X said, S2”, “As X said, S”, “S, it was said”.

One function a construction, as in `clauses.py`.
"""

from __future__ import annotations

from pipeline.enrich.extents import Case, Range
from pipeline.enrich.paragraph import Word, word_set
from pipeline.enrich.sources import is_told

CONJUNCTIONS = word_set("and but as when while after before if because who which though although")
"""What a content cannot begin with."""
_BESIDE = word_set("obl advmod obl:unmarked iobj obj nsubj")
_LONGEST_TAIL = 6
"""Words between a cue at its sentence's end and that end: “…, he said in a statement on Friday.”"""


def parenthetical(case: Case) -> list[Range] | None:
    """“As X said, S”, “S, as X noted”: the rest of the sentence."""
    cue, words = case.word, case.words
    if case.source is None or case.governs or not case.strong or not case.takes("that") or not cue.introducer("as"):
        return None
    if any(c.dep == "obj" and c.i > cue.i and c is not case.source for c in cue.children):
        return None  # “as the city reports thunder”
    start, end = case.sentence
    first = min(cue.first, case.source.first)
    if first - start < 2:
        comma = next(
            (i for i in range(max(cue.i, case.source.last), min(cue.i + 10, end)) if words[i].text == ","), None
        )
        return [(comma + 1, end)] if comma is not None else None
    if words[first - 1].text == "," or words[first - 1].lower == ",":
        return [(start, first - 2)]
    return None


def of_relative(words: list[Word], pronoun: int, first: int, end: int) -> Range | None:
    """“a plant *that*, X says, does not exist”: the rest of the relative clause, from `first` to `end` at most."""
    if pronoun < 0 or words[pronoun].tag not in ("WDT", "WP") or first > end:
        return None
    verb = words[pronoun].head
    return first, min(verb.last, end) if verb.i >= first else end


def interposed(case: Case) -> list[Range] | None:
    """“S1, X said, S2.”: both halves; after a relative pronoun the second."""
    source, words, cue = case.source, case.words, case.word
    if not case.reports or source is None or abs(source.i - cue.i) >= 12:
        return None
    start, end = case.sentence
    lead = min(cue.i, source.first)
    if lead - 1 <= start or words[lead - 1].text != ",":
        return None
    last = max([cue.i, *(c.last for c in cue.children if c.dep in _BESIDE and c.i - cue.i < 6)])
    if last + 1 >= end - 1 or words[last + 1].text != ",":
        return None
    if any(w.is_finite and w is not cue for w in words[lead : last + 1]):
        return None
    if (relative := of_relative(words, lead - 2, last + 2, end)) is not None:
        return [relative]
    if not any(w.dep.startswith(("nsubj", "expl")) for w in words[start : lead - 1]):
        return None
    after = words[last + 2]
    if (
        after.tag == "VBG"
        or after.lower == "without"
        or after.lower in CONJUNCTIONS
        or case.holds_quotation(start, lead - 1)
    ):
        return None
    first = max([start] + [w.i + 1 for w in words[start : lead - 1] if w.text == ";"])
    return [(first, lead - 2), (last + 2, end)]


def impersonal(case: Case) -> list[Range] | None:
    """“S, it was feared (yesterday)”: nobody is named."""
    cue, words = case.word, case.words
    start, end = case.sentence
    it = next((i for i in range(cue.i - 1, max(start + 3, cue.i - 5), -1) if words[i].lower == "it"), None)
    if it is None or cue.tag != "VBN" or words[it - 1].text != "," or not case.takes("that", "quote"):
        return None
    passive = all(w.dep.startswith(("aux", "cop", "advmod")) for w in words[it + 1 : cue.i])
    clause = any(w.is_finite for w in words[start:it]) and not case.holds_quotation(start, it)
    if not passive or not clause or not _plain_tail(case, words[cue.i + 1 : end + 1], True):
        return None
    return [(start, it - 2)]


def postposed(case: Case) -> list[Range] | None:
    """“S, X said (on Friday)”, “S, said X”: read off the words, since parsers often go wrong here."""
    cue, words = case.word, case.words
    if not case.reports:
        return None
    start, end = case.sentence
    comma = cue.i - 1
    while comma > start and cue.i - comma < 14 and words[comma].text not in (",", ".", ";", ":", "—", "–"):
        comma -= 1
    aside = _apposition(words, start, comma)
    comma = aside if aside is not None else comma
    if words[comma].text != "," or comma - start < 3 or case.holds_quotation(start, cue.i - 1):
        return None
    if case.source is not None and case.source.i < comma:
        return None
    if any(c.dep == "obl" and c.first <= start < c.i < comma <= c.last + 1 for c in cue.children):
        return None  # “In the interview in which they spoke, X admitted to it”
    before, between = words[start:comma], words[comma + 1 : cue.i]
    finite = sum(w.is_finite for w in before)
    if not finite and not any(w.dep.startswith("nsubj") for w in before):
        return None
    if is_told(before[0]) or (before[0].lower in ("as", "when", "after", "while", "asked") and finite < 2):
        return None
    stop = next(
        (w.i for w in words[cue.i + 1 : end + 1] if w.text in (",", ";") and not _inside_mention(case, w)), end + 1
    )
    tail = words[cue.i + 1 : stop]
    if between and (
        between[0].lower in CONJUNCTIONS or not any(w.tag[:2] in ("NN", "PR", "DT", "CD", "WP") for w in between)
    ):
        return None
    if not between and not any(w.tag[:2] in ("NN", "PR", "DT") for w in tail):
        return None
    if not _plain_tail(case, tail, bool(between)):
        return None
    if (
        stop < end
        and case.source is None
        and words[stop + 1].lower not in CONJUNCTIONS
        and words[stop + 1].tag != "VBG"
    ):
        return None
    return [(start, comma - 1)]


def _plain_tail(case: Case, tail: list[Word], after_source: bool) -> bool:
    """Nothing follows the cue but when, where, to whom or (inverted) who."""
    if any(w.is_finite or w.is_complementizer for w in tail):
        return False
    if not after_source:
        return sum(w.is_word for w in tail) <= 2 * _LONGEST_TAIL
    about = bool(tail) and tail[0].lower in ("about", "of", "for", "against", "with")
    return not about and sum(w.is_word for w in tail) <= _LONGEST_TAIL


def _apposition(words: list[Word], start: int, comma: int) -> int | None:
    """“S, Paul Renner, its director, said”: the comma before the whole mention, for the comma that ends its aside."""
    if words[comma].text != "," or comma - start < 6:
        return None
    if words[comma].i + 1 < len(words) and not words[comma + 1].is_verb:
        return None  # the words right before the cue are the source
    for i in range(comma - 1, max(start + 3, comma - 14), -1):
        if words[i].text == ",":
            before = next((k for k in range(i - 1, max(start + 3, i - 8), -1) if words[k].text == ","), None)
            if before is not None and not any(w.is_finite for w in words[before + 1 : i]):
                return before
            return None
    return None


def _inside_mention(case: Case, comma: Word) -> bool:
    """A comma in the source that follows its cue: “said Oleg, a fisherman”."""
    source = case.source
    return source is not None and source.i > case.word.i and source.first <= comma.i <= source.last


def paratactic(case: Case) -> list[Range] | None:
    """“S, X said.” where the cue hangs on S."""
    cue, head = case.word, case.word.head
    if cue.dep != "parataxis" or not case.reports or case.source is None or cue.last - cue.first > 10:
        return None
    lead = min(cue.first, case.source.first)
    if (
        lead < 1
        or case.words[lead - 1].text not in (",", "—", "–", "-")
        or any(w.is_finite and w is not cue for w in case.words[lead : cue.last + 1])
    ):
        return None
    left, right = (head.first, cue.first - 1), (cue.last + 1, head.last)
    if left[1] - left[0] < 2 or case.holds_quotation(*left):
        return None
    return [left, right] if right[1] - right[0] >= 3 else [left]
