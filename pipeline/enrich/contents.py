"""Where the indirect content of a verbal cue stands: its clause, from first word to last, or a lesser complement."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.enrich.clauses import complement, unlabelled
from pipeline.enrich.complements import directive, gerund, infinitive, named, prepositional, thing
from pipeline.enrich.extents import Case, Range
from pipeline.enrich.sources import is_person
from pipeline.enrich.surrounding import impersonal, interposed, paratactic, parenthetical, postposed
from pipeline.enrich.uses import is_negated

Rule = Callable[[Case], list[Range] | None]

CLAUSES: tuple[Rule, ...] = (parenthetical, interposed, impersonal, postposed, complement, paratactic, unlabelled)
"""In the order in which they are tried: what stands around the cue before what follows it."""
COMPLEMENTS: tuple[Rule, ...] = (named, infinitive, directive, gerund, thing, prepositional)
"""Tried after the clauses, and not for cues that govern a quotation in marks or are negated."""


def contents(case: Case) -> tuple[str, list[Range]] | None:
    """The rule that applies and the word ranges of the content; nothing when the cue introduces none."""
    if any(c.tag == "VBG" and c.i in case.uses and c.introducer("as") for c in case.word.children):
        return None  # “was cited as saying”: the participle is the cue
    if case.use.cue.lemma == "mean" and case.source is not None and not is_person(case.source):
        return None  # “The agreement means that …” explains, and nobody speaks
    found = _first(CLAUSES, case)
    if found is not None or case.governs:
        return found
    if is_negated(case.use) and not case.use.cue.negative:
        return None  # “did not respond to a request”
    return _first(COMPLEMENTS, case)


def _first(rules: tuple[Rule, ...], case: Case) -> tuple[str, list[Range]] | None:
    for rule in rules:
        found = rule(case)
        if found:
            return rule.__name__, found
    return None
