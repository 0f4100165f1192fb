"""The source of a cue: the word that says, writes or thinks what the cue introduces, and its mention."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.enrich.cues import PEOPLE, lexicon
from pipeline.enrich.inflection import noun_forms
from pipeline.enrich.paragraph import Paragraph, Word, word_set
from pipeline.enrich.wordlists import word_list

NOMINAL_TAGS = {"NN", "NNS", "NNP", "NNPS", "PRP", "CD", "JJ", "JJR", "DT", "WP", "WDT", "PRP$", "FW"}
_UNDONE = word_set("ability attempt chance need opportunity power pressure right time way")
"""“under pressure to explain why …”: nobody has said it."""
_TIME_WORDS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december week month year today yesterday tomorrow night day morning evening "
    "afternoon weekend time ago earlier later"
)
"""A parser likes to take “said Monday” for an inverted subject."""
_HAPPENINGS = frozenset(form for noun in word_list("happening") for form in noun_forms(noun))
_MAGAZINE = ("Time", "TIME")
_MAY = word_set("will would may might can alone")
"""“Time will tell” and “time alone will tell” are no magazine's."""
_NO_SOURCE = {"there", "what", "how", "why", "pressure"}
DOCUMENTS = word_set(
    "statement letter tweet email e-mail report memo message sign article post book op-ed editorial petition "
    "complaint lawsuit filing document note ad banner press headline poll study survey release text brief motion "
    "bill law order indictment resolution treaty declaration communique communiqué charter agreement inscription"
)
"""What can itself say something: “a letter saying that …”."""
_ISSUED = word_set(
    "issue issues issued release releases released publish published post posted send sent sign signed write wrote"
)
"""“The ministry issued a statement saying …”: it is the ministry that says it."""
_MENTION_DEPS = {
    "nmod", "flat", "compound", "amod", "appos", "fixed", "nmod:poss", "nummod", "conj", "cc", "det", "case",
    "nmod:unmarked", "goeswith", "obl",
}  # fmt: skip
_OF_CLAUSES = {"nsubj", "nsubj:pass", "cop", "aux", "expl", "advcl", "csubj"}
_CLAUSE_DEPS = {"acl:relcl", "acl", "parataxis", "advcl"}
_CIRCUMSTANCES = ("after", "before", "during", "since", "until", "through", "via", "when", "amid", "despite")
"""Prepositions of what happened then, not of who spoke: “said the athlete after the finish”."""
_MEDIA = word_set("facebook instagram media radio telegram television tiktok tv twitter x youtube")
_DESCRIBING = {"a", "an", "now", "once", "then", "one", "himself", "herself", "themselves"}
"""First words of appositions that say what somebody is, not who: “the coach, a Swede”, “her clerk, now a judge”."""
_MAX_MENTION = 12
"""Words after the head that a mention may go on for: longer ones are parse errors."""


@dataclass(frozen=True, slots=True)
class Source:
    """The head word of the source, and how it was found."""

    word: Word
    how: str


def is_nominal(word: Word) -> bool:
    """Whether a word can stand for a speaker."""
    timely = word.lower in _TIME_WORDS and word.text not in _MAGAZINE
    return word.tag in NOMINAL_TAGS and not timely and word.lower not in _NO_SOURCE


def is_happening(text: str, tag: str, after: str = "") -> bool:
    """Whether a noun is no person, institution, group or document but what happens: “the storm threatened”.

    The word `after` it tells the magazine Time from what “will tell”, and a storm from “a storm of critics”.
    """
    if text in _MAGAZINE:
        return after in _MAY
    return tag in ("NN", "NNS") and text.lower() in _HAPPENINGS and after != "of"


def is_person(source: Word) -> bool:
    """A name or a personal pronoun: a weak cue is taken at its word only from somebody."""
    return source.tag in ("NNP", "NNPS") or source.lower in ("he", "she", "they", "we", "i")


def source_of(paragraph: Paragraph, cue: Word) -> Source | None:
    """Who does what the verb `cue` says, by syntax.

    Its subject; the agent of a passive; shared with a coordinated verb or the clause that a participle belongs to
    (“said he was tired, adding that …”); for “was quoted as saying” the passive subject; for “a letter saying …” and
    “the man who said …” the noun.
    """
    source = _after_conjunction(paragraph, cue) or _source_of(cue, 0)
    if source is None and not _is_passive(cue) and not is_told(cue):
        source = _inverted(paragraph, cue)
    if source is not None and source.word.lower == "it" and _is_passive(cue):
        return _agent(cue)  # “it was determined that …”
    if source is not None and source.word.quotation is not None and source.word.quotation.clausal:
        return None
    return source


def _source_of(cue: Word, depth: int) -> Source | None:
    if depth > 4:
        return None
    if is_told(cue):
        return _agent(cue)
    return _own(cue) or _shared(cue, depth)


def is_told(cue: Word) -> bool:
    """A participle whose subject, named elsewhere, is whom it is said to.

    “*Asked* whether he would go, X …”, “a man *told* to wait”, “X left and was *told* to wait”.
    """
    if cue.tag not in ("VBN", "VBD") or cue.child("nsubj", "nsubj:pass", "nsubj:outer", "csubj", "expl"):
        return False
    if any(c.dep in ("obj", "iobj") and c.lower not in ASKED for c in cue.children):
        return False
    if cue.dep == "conj" and not cue.child("aux:pass"):
        shares = cue.tag == "VBN" and cue.head.child("aux:pass") and cue.head.child("nsubj:pass")
        if not shares or cue.child("aux"):
            return False
    elif cue.dep != "conj":
        beside = cue.dep in ("advcl", "acl") or (cue.dep == "parataxis" and is_nominal(cue.head))
        before = cue.dep == "ccomp" and cue.tag == "VBN" and cue.i < cue.head.i
        if not (beside or before) or cue.child("aux", "aux:pass"):
            return False
    known = lexicon().verbs.get(lexicon().form(cue.lower) or "")
    return known is not None and not known.takes.isdisjoint(PEOPLE)


ASKED = word_set("what which who whom")
"""“Asked what made him go”: parsers hang these on the cue."""


def _own(cue: Word) -> Source | None:
    """The verb's own subject or agent; of “was quoted as saying” the one who is quoted."""
    subjects = [c for c in cue.children if c.dep in ("nsubj", "nsubj:outer") and is_nominal(c)]
    if subjects and cue.tag in ("VBN", "VBD") and (named := _named_by(cue)) is not None:
        return named
    if subjects:
        return Source(subjects[-1] if len(subjects) > 1 and subjects[-1].i < cue.i else subjects[0], "subject")
    passive = cue.child("nsubj:pass", "csubj:pass")
    if passive is not None and passive.i < cue.i and not _is_passive(cue) and cue.dep not in ("acl", "acl:relcl"):
        return Source(passive, "subject")  # the parser mistook “Lavrov said” for a passive
    if cue.tag in ("VBG", "VB", "VBN") and cue.dep != "conj" and cue.head.lower in QUOTED:
        heard = next((c for c in cue.head.children if c.dep in ("obj", "iobj") and cue.head.i < c.i < cue.i), None)
        quoted = heard or cue.head.child("nsubj:pass", "nsubj")
        if quoted is not None:
            return Source(quoted, "quoted")
    return _agent(cue)


def _agent(cue: Word) -> Source | None:
    """Who is named after “by”, also where the parser hung it on what somebody is called: “labelled a ‘gag’ by MPs”."""
    named = [c for c in cue.children if c.i > cue.i and c.dep in ("xcomp", "obl", "advcl", "obj")]
    below = (g for c in named for g in c.children if c.quotation is not None and g.i > c.quotation.last)
    agent = next((c for c in (*cue.children, *below) if c.dep in _AGENTS and c.introducer("by")), None)
    return Source(agent, "agent") if agent is not None else None


_AGENTS = word_set("obl:agent obl nmod")


def _named_by(cue: Word) -> Source | None:
    """“The bill, labelled a “gag” by MPs”, where the parser took the bill for who labels."""
    known = lexicon().verbs.get(lexicon().form(cue.lower) or "")
    if known is None or known.takes.isdisjoint({"as", "call"}) or cue.child("obj"):
        return None
    agent = _agent(cue)
    names = {g.quotation.last for c in (cue, *cue.children) for g in (c, *c.children) if g.quotation is not None}
    return agent if agent is not None and agent.word.first - 1 in names else None


QUOTED = word_set("quote quotes quoted quoting cite cites cited citing reported heard overheard filmed recorded caught")
"""“Quoted an official saying …”, “was overheard saying …”: the words are those of whom the verb is about."""


def _shared(cue: Word, depth: int) -> Source | None:
    """The source of the verb that this one is coordinated with or hangs on, or the noun that a participle describes."""
    if cue.child("nsubj:pass", "csubj:pass"):
        return None
    if cue.dep == "conj":
        if cue.is_finite and cue.head.i < cue.i and not cue.child("cc") and not _is_list(cue):
            return None  # “They fled, two officers said”: no coordination without a conjunction
        return _source_of(cue.head, depth + 1)
    if cue.tag not in ("VBG", "VB", "VBN") or cue.head is cue:
        return None
    if cue.dep in ("xcomp", "advcl", "ccomp", "parataxis", "dep"):
        return _source_of(cue.head, depth + 1)
    return _described(cue, depth) if cue.dep in ("acl", "acl:relcl") else None


def _described(cue: Word, depth: int) -> Source | None:
    noun = cue.head
    if noun.lower in _UNDONE and cue.introducer("to"):
        return None
    if noun.dep == "obj" and noun.head.lower in QUOTED:
        return Source(noun, "quoted")  # “quoted an official saying …”
    if noun.lower in DOCUMENTS:
        issuer = noun.head.child("nsubj") if noun.dep == "obj" and noun.head.lower in _ISSUED else None
        return Source(issuer or noun, "noun")
    for ancestor in noun.ancestors(6):
        above = _source_of(ancestor, depth + 1) if ancestor.is_verb else None
        if above is not None and above.word is not noun:
            return above
    return Source(noun, "noun")


def _after_conjunction(paragraph: Paragraph, cue: Word) -> Source | None:
    """“The firm fell silent, and *Pruitt*, pressed on the point, answered …”: the parser lost the second subject."""
    conjunction = cue.child("cc") if cue.dep == "conj" and cue.is_finite and not cue.child("nsubj", "expl") else None
    if conjunction is None or not conjunction.i < cue.i - 4 or paragraph.words[cue.i - 1].text != ",":
        return None
    words = paragraph.words[conjunction.i + 1 : cue.i]
    comma = next((word.i for word in words if word.text == ","), cue.i)
    named = [word for word in words if word.i < comma and is_nominal(word)]
    return Source(named[-1], "subject") if named and comma < cue.i - 1 and words[0].tag != "IN" else None


def _is_list(cue: Word) -> bool:
    """“He came, saw and said”: a later member of the coordination has the conjunction."""
    return any(c.dep == "conj" and c.i > cue.i and c.child("cc") for c in (*cue.head.children, *cue.children))


def _is_passive(cue: Word) -> bool:
    return any(c.dep == "aux:pass" or (c.dep != "conj" and c.lower in _BE) for c in cue.children)


_BE = word_set("be am is are was were been being get gets got getting")


def _inverted(paragraph: Paragraph, cue: Word) -> Source | None:
    """“…,” said Lavrov: a subject after the verb that the parser called an object."""
    if not cue.i or paragraph.words[cue.i - 1].is_word:
        return None
    for child in cue.children:
        if (
            child.i > cue.i
            and child.dep in ("obj", "obl", "ccomp", "xcomp", "dep", "appos", "obl:unmarked")
            and is_nominal(child)
            and not (child.quotation and child.quotation.clausal)
            and not any(c.dep == "case" and c.i < child.i for c in child.children)
        ):
            return Source(child, "inverted")
    return None


def nearest_nominal(paragraph: Paragraph, cue: Word, person: bool = False) -> Word | None:
    """The noun that stands where a source would, for a cue that the parser gave none.

    Right after a cue that opens its clause (“…,” said Lavrov), else the phrase right before it, also when an aside in
    commas or an apposition took it away: “During a visit, the Archbishop, Justin Welby, said”. With `person` the nouns
    after the cue are whom it is said to.
    """
    words = paragraph.words
    if (cue.i == 0 or not words[cue.i - 1].is_word) and not person:
        for word in words[cue.i + 1 : cue.i + 5]:
            if word.quotation is not None or word.is_verb:
                break
            if is_nominal(word) and word.tag in ("NNP", "PRP", "NN", "NNS") and word.dep not in ("obl", "nmod"):
                return _phrase_head(word, cue.i + 1, len(words))
    end = cue.i - 1
    while end >= 0 and (words[end].tag in ("RB", "MD") or words[end].dep in ("aux", "advmod")):
        end -= 1
    if end > 0 and words[end].text == ",":
        opening = next((i for i in range(end - 1, max(-1, end - 16), -1) if words[i].text == ","), 0)
        before = _phrase_before(words, opening - 1) if opening > 1 else None
        of_place = (
            before is not None and before.introducer("in", "on", "at", "during", "after", "before", "by") is not None
        )
        return before if before is not None and not of_place else _phrase_before(words, end - 1)
    return _phrase_before(words, end)


def _phrase_before(words: list[Word], end: int) -> Word | None:
    """The head of the noun phrase that ends with the word `end`."""
    if end < 0 or words[end].quotation is not None or not words[end].is_word:
        return None
    start = end
    while start > 0 and end - start < 12 and words[start - 1].is_word and not words[start - 1].is_finite:
        start -= 1
    subjects = [w for w in words[start : end + 1] if w.dep.startswith("nsubj") and is_nominal(w)]
    if subjects:
        return subjects[-1]
    word = words[end]
    return _phrase_head(word, start, end + 1) if is_nominal(word) else None


def _phrase_head(word: Word, start: int, end: int) -> Word:
    """The head of a noun phrase within the words from `start` to `end`."""
    while (
        word.head is not word and start <= word.head.i < end and is_nominal(word.head) and word.head.quotation is None
    ):
        word = word.head
    return word


def _is_circumstance(word: Word) -> bool:
    """“on Monday”, “in 1999”, “on Twitter”, but not the “May” of “Theresa May”."""
    year = word.tag == "CD" and word.introducer("in", "since") is not None
    medium = word.lower in _MEDIA and word.introducer("on") is not None
    return year or medium or (word.lower in _TIME_WORDS and word.dep != "flat")


def mention(paragraph: Paragraph, word: Word) -> tuple[int, int]:
    """First and last word of the noun phrase of `word`, without the clauses that hang on it."""
    words = paragraph.words
    clausal = [c.last + 1 for c in word.children if c.last < word.i and c.dep in _OF_CLAUSES]
    first, last = max([word.first, *clausal]), word.i  # “a doctor” of “she is a doctor who …”
    for child in word.children:
        if child.i < word.i or child.dep not in _MENTION_DEPS or child.introducer(*_CIRCUMSTANCES):
            continue
        bracketed = "(" in (words[child.first - 1].text, words[child.first].text)  # “Mary Holt (R-Ohio)”
        if bracketed or _is_circumstance(child):
            continue
        aside = words[child.first - 1].text == ","
        named = child.tag == "NNP" and any(c.dep == "det" and c.i < word.i for c in word.children)
        described = (word.tag == "NNP" and not named) or words[child.first].lower in _DESCRIBING
        if aside and (child.tag == "CD" or child.dep in ("nmod", "obl") or (child.dep == "appos" and described)):
            continue  # “the chairman, in a letter, said”; “Park, a Democrat, said”, not “the Archbishop, Justin Welby”
        end = child.last
        if child.last - last > _MAX_MENTION:
            break
        for inner in words[child.first : child.last + 1]:
            if inner.dep in _CLAUSE_DEPS and inner.i > word.i:
                end = min(end, inner.first - 1)
        last = max(last, end)
    while first < word.i and (
        not words[first].is_word or words[first].dep in ("cc", "mark", "advmod", "case", "fixed")
    ):
        first += 1
    while last > word.i and (not words[last].is_word or words[last].tag == "POS"):
        last -= 1
    while (
        last + 1 < len(words)
        and words[last + 1].tag == "NNP"
        and (words[last].tag == "NN" or words[last + 1].head is word.head)
        and words[last].lower not in _TIME_WORDS
        and is_nominal(words[last + 1])
    ):
        last += 1  # “recalled shopper Beth Lowe”
        while last + 1 < len(words) and words[last + 1].tag == "NNP" and is_nominal(words[last + 1]):
            last += 1
    return _opening(words, word, first), last


def _opening(words: list[Word], word: Word, first: int) -> int:
    """The first word of a mention that the parser cut short on its left."""
    before = words[first - 1] if first else word
    if words[first].lower in ("least", "most") and before.lower == "at":
        return first - 1  # “at least one expert”
    if first > 1 and before.text == "-" and words[first - 2].end == before.start and before.end == words[first].start:
        return first - 2  # “co-author Mei Tan”
    twice = before is not word and before.is_word and before.head is word.head and before.dep == word.dep == "nsubj"
    if twice and before.tag not in ("WDT", "WP"):
        return before.first  # “His father Mohamed said”, taken for two subjects
    return first
