"""Invented articles in any number, the same for the same seed: enough variety that no two are alike."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backports import zstd

FIRST = [
    "Ada",
    "Bruno",
    "Carla",
    "Dario",
    "Edda",
    "Femi",
    "Greta",
    "Hugo",
    "Iris",
    "Jonas",
    "Karin",
    "Leo",
    "Mira",
    "Nils",
    "Oda",
    "Pavel",
]
LAST = [
    "Quill",
    "Brandt",
    "Castell",
    "Dorsey",
    "Eklund",
    "Farrow",
    "Grieve",
    "Haller",
    "Imbert",
    "Jansky",
    "Kessel",
    "Lorne",
    "Mott",
    "Nyman",
]
ROLES = [
    "mayor",
    "harbour master",
    "finance minister",
    "union leader",
    "head of the clinic",
    "chief engineer",
    "police spokeswoman",
]
THINGS = [
    "the bridge",
    "the new tax",
    "the ferry line",
    "the vaccine",
    "the budget",
    "the rail strike",
    "the dam",
    "the school reform",
]
VERDICTS = [
    "will be ready by spring",
    "has cost too much",
    "is safe for everyone",
    "cannot go on like this",
    "was a mistake",
    "needs more time",
]
PLACES = ["Norwick", "Altenau", "Port Elan", "Sankt Hold", "Vesterby", "Monteluce"]
SYLLABLES = [*"bdfgklmnprstvz", "bren", "dal", "gor", "hin", "jas", "stan", "vik"]
SAYS = ["said", "told reporters", "warned", "added", "insisted", "explained"]


def article(number: int, seed: int = 0, sentences: int = 5) -> dict[str, Any]:
    """Article `number` as a JSON Lines row: up to five sentences with direct, indirect and mixed quotes."""
    draw = random.Random(f"{seed}/{number}")
    name, surname, role = draw.choice(FIRST), draw.choice(LAST), draw.choice(ROLES)
    place, published = draw.choice(PLACES), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)

    def claim() -> str:
        return f"{draw.choice(THINGS)} {draw.choice(VERDICTS)}"

    told = [
        f"{claim().capitalize()}, the {role} of {place}, {name} {surname}, said on Monday.",
        f"“{claim().capitalize()},” {surname} {draw.choice(SAYS)}.",
        f"According to {surname}, {claim()}.",
        f"{surname} argued that {claim()} and that it was “{draw.choice(VERDICTS)}”.",
        f"In {place}, {draw.randrange(20, 900)} people came to see {draw.choice(THINGS)}.",
    ]
    draw.shuffle(told)
    return {
        "url": f"https://news.example/{seed}/{number}",
        "title": f"{place}: {claim()}",
        "outlet": draw.choice(["Norwick Herald", "Elan Post"]),
        "published_at": published.isoformat(),
        "modified_at": published.isoformat(),
        "text": "\n".join(told[:sentences]),
    }


def articles(count: int, seed: int = 0, sentences: int = 5) -> Iterator[dict[str, Any]]:
    """The first `count` articles of `seed`."""
    return (article(number, seed, sentences) for number in range(count))


def write_jsonl(path: Path, rows: Iterator[dict[str, Any]]) -> Path:
    """Write rows as a JSON Lines file."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def varied_article(number: int, seed: int = 0) -> dict[str, Any]:
    """Like `article`, with a sentence of names and words that no other article has."""
    draw = random.Random(f"varied {seed}/{number}")

    def word() -> str:
        return "".join(draw.choice(SYLLABLES) + draw.choice("aeiou") for _ in range(draw.randrange(3, 6)))

    name, quoted = word().capitalize(), " ".join(word() for _ in range(8))
    row = article(number, seed)
    return row | {"text": f"{row['text']}\nMira {name} of {word().capitalize()} said the {word()} was “{quoted}”."}


def write_shards(folder: Path, shards: int, size: int, make: Callable[[int], dict[str, Any]] = article) -> list[Path]:
    """Write an archive: `shards` compressed JSON Lines files of `size` articles each, all of them different."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"shard-{number}.jsonl.zst" for number in range(shards)]
    for number, path in enumerate(paths):
        rows = (make(one) for one in range(number * size, (number + 1) * size))
        path.write_bytes(zstd.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return paths
