"""One set of dependency labels for the rules: Universal Dependencies, whatever set the parser was trained on.

ClearNLP labels (OntoNotes; spaCy's `en_core_web_*`) differ in names, and in one shape: the preposition heads its noun
(`said → in → statement`), where Universal Dependencies makes it a `case` of the noun (`said → statement → in`).
"""

from __future__ import annotations

from collections.abc import Sequence

ROOT, ANY = "ROOT", "dep"
"""The relation of roots, and that of white space and of words whose relation is not known."""
_RENAMED = {
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "dobj": "obj",
    "dative": "iobj",
    "poss": "nmod:poss",
    "relcl": "acl:relcl",
    "npadvmod": "obl:unmarked",
    "nounmod": "nmod:unmarked",
    "npmod": "obl:unmarked",
    "obl:tmod": "obl:unmarked",
    "obl:npmod": "obl:unmarked",
    "neg": "advmod",
    "oprd": "xcomp",
    "acomp": "xcomp",
    "attr": "xcomp",
    "nn": "compound",
    "prt": "compound:prt",
    "intj": "discourse",
    "preconj": "cc:preconj",
    "predet": "det:predet",
    "quantmod": "advmod",
}
_PREPOSITION_HEADS = {"prep", "agent", "dative"}
_NOMINAL_TAGS = ("NN", "PRP", "CD", "WP")


def universal(deps: Sequence[str], heads: Sequence[int], tags: Sequence[str]) -> tuple[list[str], list[int]]:
    """Labels and heads (positions in the same sequence; a root is its own head) in Universal Dependencies.

    Universal input comes back as it is, but for variants of one label, which become the same.
    """
    new_deps = [_RENAMED.get(dep, dep) for dep in deps]
    new_heads = list(heads)
    if "pobj" in deps or "pcomp" in deps:
        for i, dep in enumerate(deps):
            preposition = heads[i]
            if dep not in ("pobj", "pcomp") or preposition == i:
                continue
            governor = heads[preposition]
            if deps[preposition] == "prep" and governor != preposition and deps[governor] == "prep":
                # “according to X”, “out of X”: the outer preposition belongs to the noun as well
                new_heads[governor], new_deps[governor] = i, "case"
                governor = heads[governor]
            clause = dep == "pcomp"
            nominal = tags[governor].startswith(_NOMINAL_TAGS) if governor != preposition else False
            if deps[preposition] == "agent":
                new_deps[i] = "obl:agent"
            elif deps[preposition] == "dative":
                new_deps[i] = "obl"
            elif clause:
                new_deps[i] = "acl" if nominal else "advcl"
            else:
                new_deps[i] = "nmod" if nominal else "obl"
            if governor == preposition:  # a preposition that was a root
                new_heads[i], new_deps[i] = i, "ROOT"
            else:
                new_heads[i] = governor
            new_heads[preposition] = i
            new_deps[preposition] = "mark" if clause else "case"
    return new_deps, new_heads
