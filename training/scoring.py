"""How quotes with speakers are scored against gold annotation; `training/score.py` prints the table.

Gold and predictions are rows `{start, end, type, speaker: {start, end, text, canonical} | null}`, one for each
contiguous piece of what was said, in characters of the text, half-open.

match     pieces paired one to one, the most alike first, with at least half of their words in common (word IoU)
e2e       matched, and the speaker is right; both sides naming nobody is right
speaker   right when the mention lies within the gold mention, shares half of its words, or ends in the same name
canonical right when the canonical name, or the mention, ends in the gold's canonical name
quoted    whole contents cut down to the quotation-marked strings that they cover by more than half
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Counts = Counter[Any]
Words = Sequence[tuple[int, int]]


def word_set(words: str) -> frozenset[str]:
    """Words parted by spaces."""
    return frozenset(words.split())


WORD = re.compile(r"\w+(?:['’]\w+)*")
PRONOUNS = word_set("he she they it we i you him her his them who one their that which")
_NO_NAME = PRONOUNS | word_set(
    "the a an mr mrs ms dr sen rep gov president senator judge republican democrat republicans democrats democratic "
    "former secretary in on but and some many jr sr our my this these those more most both all"
)
_NAME = re.compile(r"[A-Z][\w'’.\-]*(?:\s+(?:[A-Z][\w'’.\-]*|de|von|van|al|bin))*")
_ENOUGH = 0.5


def score_article(text: str, gold: Sequence[Row], found: Sequence[Row], *, quoted: bool = False) -> Counts:
    """Counts of one article: `gold`, `found`, `match`, `e2e`, `speakers`, `right`, and by kind of quote or speaker."""
    words = [match.span() for match in WORD.finditer(text)]
    wanted = _pieces(words, gold)
    given = _pieces(words, list(_marked(text, found)) if quoted else found)
    counts: Counts = Counter(gold=len(wanted), found=len(given))
    counts.update(("gold", row["type"]) for _, row in wanted)
    for i, j in _pairs([key for key, _ in wanted], [key for key, _ in given]):
        row, speaker = wanted[i][1], given[j][1].get("speaker")
        right = speaker_right(row["speaker"], speaker, words)
        counts.update({"match": 1, "e2e": right, ("match", row["type"]): 1, ("e2e", row["type"]): right})
        if row["speaker"]:
            kind = speaker_kind(row["speaker"]["text"])
            counts.update({"speakers": 1, "right": right, ("speakers", kind): 1, ("right", kind): right})
            resolved = canonical_right(row["speaker"], speaker)
            if resolved is not None:
                group = "name" if kind == "name" else "other"
                counts.update({("canonicals", group): 1, ("canonical", group): resolved})
    return counts


def kept(rows: Iterable[Row], acts: Sequence[str] | None) -> list[Row]:
    """Predicted rows to score: of these acts, and none that is nested in another, since the gold has none."""
    return [row for row in rows if not row.get("nested_in") and (acts is None or row.get("act", acts[0]) in acts)]


def _pieces(words: Words, rows: Iterable[Row]) -> list[tuple[frozenset[int], Row]]:
    """Rows by the numbers of their words, each set once, none empty."""
    seen: dict[frozenset[int], Row] = {}
    for row in rows:
        key = frozenset(i for i, (a, b) in enumerate(words) if a >= row["start"] and b <= row["end"])
        if key:
            seen.setdefault(key, row)
    return list(seen.items())


def _pairs(wanted: Sequence[frozenset[int]], given: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    alike = sorted(
        ((len(a & b) / len(a | b), i, j) for i, a in enumerate(wanted) for j, b in enumerate(given) if a & b),
        reverse=True,
    )
    used: tuple[set[int], set[int]] = (set(), set())
    for overlap, i, j in alike:
        if overlap >= _ENOUGH and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield i, j


def _marked(text: str, rows: Sequence[Row]) -> Iterator[Row]:
    """One row for each quotation-marked string that contents cover by more than half."""
    for start, end in marked_strings(text):
        shares = [(min(end, row["end"]) - max(start, row["start"]), n) for n, row in enumerate(rows)]
        shares = [share for share in shares if share[0] > 0]
        if sum(length for length, _ in shares) * 2 > end - start:
            yield {"start": start, "end": end, "type": "direct", "speaker": rows[max(shares)[1]].get("speaker")}


def marked_strings(text: str) -> Iterator[tuple[int, int]]:
    """How the gold files pair marks, kept apart from how the extractor does, so that its pairing is scored as well.

    Straight marks pair by position within a paragraph; one left open runs to the paragraph's end.
    """
    for paragraph in re.finditer(r"[^\n]+", text):
        part, offset, opened = paragraph.group(), paragraph.start(), None
        for i, char in enumerate(part):
            straight = char in '"‟„' or part.startswith(("''", "``"), i)
            if opened is None and (char == "“" or (straight and i + 1 < len(part))):
                opened = i
            elif opened is not None and (char == "”" or straight):
                yield offset + opened, offset + i + 1
                opened = None
        if opened is not None and WORD.search(part[opened:]):
            yield offset + opened, offset + len(part)


def speaker_right(gold: Row | None, found: Row | None, words: Words) -> bool:
    """Whether two mentions (with their canonical names) are the same speaker."""
    if gold is None or found is None:
        return gold is None and found is None
    if found.get("start") is not None:
        a, b = (_touched(words, mention) for mention in (gold, found))
        if b and (b <= a or len(a & b) >= 0.5 * len(a | b)):
            return True
    key = last_name(gold["text"])
    return bool(key) and key in {last_name(found.get("text") or ""), last_name(found.get("canonical") or "")}


def canonical_right(gold: Row, found: Row | None) -> bool | None:
    """Whether the speaker is given the gold's canonical name, by its last word; nothing where the gold has none."""
    key = last_name(gold.get("canonical") or "")
    if not key:
        return None
    found = found or {}
    return key in {last_name(found.get("canonical") or ""), last_name(found.get("text") or "")}


def _touched(words: Words, mention: Row) -> frozenset[int]:
    return frozenset(i for i, (a, b) in enumerate(words) if a < mention["end"] and b > mention["start"])


def last_name(mention: str) -> str:
    """The last capitalised word of a mention's last name before a comma, in lower case; empty if it holds no name."""
    mention = mention.strip().strip('“”"')
    if "," in mention:
        mention = mention.split(",")[0].split(" of ")[0]
    for run in reversed(_NAME.findall(mention)):
        words = [re.sub(r"['’]s?$", "", word).strip(".").lower() for word in run.split()]
        words = [word for word in words if word and word not in _NO_NAME]
        if words:
            return words[-1]
    return ""


def speaker_kind(mention: str) -> str:
    """`name`, `pronoun` or `nominal`."""
    word = mention.strip()
    if word == "I" or (word.lower() in PRONOUNS and not word.isupper()):
        return "pronoun"
    return "name" if last_name(word) else "nominal"


def f1(counts: Mapping[Any, int], right: str = "e2e") -> float:
    """F1 in percent of what is `right` among `found` and `gold`."""
    return 200 * counts.get(right, 0) / max(1, counts.get("found", 0) + counts.get("gold", 0))


def share(counts: Mapping[Any, int], right: object, of: object) -> float:
    """Percent of what is `right` among `of`."""
    return 100 * counts.get(right, 0) / max(1, counts.get(of, 0))


def interval_of_share(counts: Sequence[Counts], right: object, of: object, rounds: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval over articles of a share in percent."""
    draw, values = random.Random(0), []  # noqa: S311 (a bootstrap, repeatable)
    for _ in range(rounds):
        values.append(share(sum((draw.choice(counts) for _ in counts), Counter()), right, of))
    values.sort()
    return values[int(0.025 * rounds)], values[int(0.975 * rounds)]


def interval(ours: Sequence[Counts], theirs: Sequence[Counts] | None = None, rounds: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval over articles of e2e F1, or of its difference to another system's."""
    draw, values = random.Random(0), []  # noqa: S311 (a bootstrap, repeatable)
    for _ in range(rounds):
        sample = [draw.randrange(len(ours)) for _ in ours]
        value = f1(sum((ours[i] for i in sample), Counter()))
        values.append(value - f1(sum((theirs[i] for i in sample), Counter())) if theirs is not None else value)
    values.sort()
    return values[int(0.025 * rounds)], values[int(0.975 * rounds)]
