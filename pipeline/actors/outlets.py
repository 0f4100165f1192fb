"""Where an outlet is at home: from a register of outlets (`outlets.yaml`), else from the top-level domain."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from pipeline.actors import lexicon
from pipeline.actors.names import fold

_NATIONAL = {"UK": "GB", "SU": "RU", "EU": None, "AC": None}
"""Top-level domains of two letters that are no country's code, or another's."""
_GENERIC = frozenset(
    {
        "AI",
        "CO",
        "FM",
        "IO",
        "IS",
        "LY",
        "ME",
        "TV",
        "WS",
        "CC",
        "TO",
        "AG",
        "GG",
        "SH",
        "VC",
        "NU",
        "ST",
        "AM",
        "LA",
        "PW",
        "TK",
    }
)
"""National domains that are sold all over the world and say nothing, unless something official stands before them."""
_NAMED = {
    domain: code
    for code, domains in {
        "US": "nyc gov mil edu",
        "GB": "london scot wales cymru",
        "DE": "berlin bayern hamburg",
        "FR": "paris bzh",
        "ES": "cat eus",
        "CA": "quebec",
        "JP": "tokyo",
        "RU": "moscow su рф",
        "NL": "amsterdam",
        "AU": "sydney melbourne",
        "TR": "istanbul",
        "AT": "wien tirol",
        "CH": "swiss",
        "BE": "vlaanderen brussels",
        "NZ": "kiwi",
    }.items()
    for domain in domains.split()
}
"""Longer top-level domains that are one country's."""
_OFFICIAL = re.compile(r"(?:^|\.)(?:com|co|gov|gob|gouv|org|net|edu|ac|or|go)\.[a-z]{2}$")


def outlet_country(outlet: str) -> str | None:
    """The country of an outlet, given its name, domain or the address of an article; nothing where it cannot be told.

    Names are compared without case, accents and a leading “the”; domains with those that they lie under.
    """
    outlet = outlet.strip()
    domain = _domain(outlet)
    if domain is None:
        return _names().get(fold(outlet))
    parts = domain.split(".")
    for first in range(len(parts) - 1):
        if code := _domains().get(".".join(parts[first:])):
            return code
    return _by_top_level(domain)


def _domain(outlet: str) -> str | None:
    if "://" in outlet or outlet.startswith("//"):
        try:
            return (urlsplit(outlet).hostname or "").removesuffix(".") or None
        except ValueError:
            return None
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/.*)?", outlet) and fold(outlet) not in _names():
        return re.split(r"[:/]", outlet)[0].lower()
    return None


def _by_top_level(domain: str) -> str | None:
    last = domain.rpartition(".")[2]
    if last in _NAMED:
        return _NAMED[last]
    code = last.upper()
    if code in _NATIONAL:
        return _NATIONAL[code]
    if code not in lexicon.countries() or (code in _GENERIC and not _OFFICIAL.search(domain)):
        return None
    return code


@cache
def _register() -> dict[str, dict[str, list[str]]]:
    content: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name("outlets.yaml").read_text(encoding="utf-8")
    )
    return content


@cache
def _domains() -> dict[str, str]:
    return {domain: code for code, outlets in _register().items() for domain in outlets}


@cache
def _names() -> dict[str, str]:
    return {fold(name): code for code, outlets in _register().items() for names in outlets.values() for name in names}
