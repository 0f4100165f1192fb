"""Whether a name that could be a place is a person here: “Michael Jordan”, “Chad Smith”, “Jordan said he …”."""

from __future__ import annotations

import re

from pipeline.actors.names import fold

_BOTH = frozenset(
    "jordan chad kenya israel india paris georgia brittany chelsea florence sydney austin victoria charlotte madison lincoln "
    "washington jackson houston dallas carolina virginia cuba ireland holland england london france german brazil wales troy "
    "montana dakota savannah sofia lima cali beni nancy orlando valencia santiago cordoba medina milan milano asia africa china "
    "malta cyprus trinidad jersey essex kent york lancaster bristol durham hamilton kingston georgetown raleigh columbus "
    "cleveland denver berlin vienna lisbon rome romania tyre kos palma jerez leon leone toledo merida mercedes laredo lorraine "
    "alexandria alabama tennessee arizona nevada salem windsor wellington melbourne darwin sheffield preston bolton burton "
    "stafford buckingham warwick winchester richmond norfolk suffolk somerset devon cornwall murcia alba scotland dominica "
    "grenada gary francisco benin montserrat sumner houston french english welsh irish scott holland zambia malawi persia samoa "
    "bali java cairo lagos sparta carlisle lyon luther tyrol normandy catalonia andorra eden aurora lourdes adana navarra "
    "mali togo niger oman iran burgundy chester hastings newton dover nelson marino salvador"
    .split()
)  # fmt: skip
"""Names that are given to people and places alike."""
_PLACE_BEFORE = re.compile(
    r"\b(?:in|to|from|into|across|near|throughout|inside|outside|through|visit|visits|visited|visiting|left|leave|leaving|toward"
    r"|towards|via|within|around|enter|entered|entering|reach|reached|invade|invaded|for|at|of|southern|northern|eastern|western"
    r"|central|neighbou?ring|nearby)\s(?:the\s)?$",
    re.IGNORECASE,
)
_LOCATIVE = re.compile(
    r"\b(?:in|into|across|near|throughout|inside|through|visit|visits|visited|visiting|southern|northern|eastern|western|central"
    r"|neighbou?ring|nearby|via)\s(?:the\s)?$",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Prof|Rev|Sgt|Lt|Capt|Col|Gen|Sen|Rep|Judge|Officer|Rep)\.?\s$"
)
_GIVEN_NAME = re.compile(r"(?:^|[^.\w]\s?|\s)(?P<word>[A-Z][a-zé]+(?:-[A-Z][a-z]+)?(?:\s[A-Z]\.)?)\s$")
_SURNAME = re.compile(r"^\s(?P<word>[A-Z][a-z’'A-Zé-]+[a-z]\w*)")
_SPEAKS = re.compile(
    r"^\s(?:said|says|told|added|tweeted|scored|smiled|laughed|wrote|replied|recalled|who|himself|herself|retired)\b"
)
_NO_NAMES = frozenset(
    "the a an and but or in on at to from of for with by as when while after before since if this that these those his her "
    "their its our my your he she it they we you i there here both all many most some other even only not no yes today "
    "yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december neighbouring neighboring southern northern eastern western central north south "
    "east west greater upper lower downtown new old modern ancient former president minister premier king queen prince "
    "government state states university college company team police army court senate house embassy national united republic "
    "kingdom visit between against about near across under over through into inside outside during because although though "
    "however meanwhile where what who how why which than like unlike including despite until toward towards without within "
    "valley river times post street airport stadium square bank county city island islands war peace crisis border province "
    "region coast party parliament congress cup open championship museum tower bridge station hospital school olympics games "
    "festival summit agreement accord treaty general chief officials authorities military forces troops airlines airways fc "
    "rangers united wanderers albion palace cathedral abbey institute foundation association society council commission committee "
    "department ministry agency office authority group corp inc ltd plc press news daily herald tribune gazette journal review "
    "says said will would has have had is are was were can could may might must shall should do does did european african asian "
    "american british french german russian chinese israeli syrian iraqi iranian turkish egyptian saudi japanese indian "
    "israel syria lebanon iraq egypt turkey iran russia china france germany niger cameroon nigeria libya sudan saudi".split()
)
"""Capitalised words beside a name that make it no person's."""


def is_person(mention: str, text: str, start: int, end: int) -> bool:
    """Whether the mention at `text[start:end]` is a person, or part of a person's name."""
    if fold(mention) not in _BOTH:
        return False
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    if _HONORIFIC.search(before):
        return True
    if (given := _GIVEN_NAME.search(before)) and _names(given["word"]) and not _starts_sentence(before, given["word"]):
        return True
    if (surname := _SURNAME.match(after)) and _names(surname["word"]) and not _titled(surname["word"]):
        return True
    if _LOCATIVE.search(before):
        return False
    full = re.compile(rf"\b(?P<given>[A-Z][a-zé]+)\s(?:[A-Z]\.\s)?{re.escape(mention)}\b")
    elsewhere = any(
        _names(match["given"]) and not _starts_sentence(text[: match.end("given")] + " ", match["given"])
        for match in full.finditer(text)
        if match.end() != end
    )
    first = re.compile(rf"\b{re.escape(mention)}\s(?P<surname>[A-Z][a-z]+\b)")
    named = any(_names(match["surname"]) and not _titled(match["surname"]) for match in first.finditer(text))
    return (elsewhere or named) and (bool(_SPEAKS.match(after)) or not _PLACE_BEFORE.search(before))


def _names(word: str) -> bool:
    return fold(word).split()[0] not in _NO_NAMES if fold(word) else False


def _titled(word: str) -> bool:
    """“Jordan River”: capitalised, but no surname."""
    return word.endswith(("ian", "ese", "ish"))


def _starts_sentence(before: str, word: str) -> bool:
    """Whether a word is capitalised only because it begins a sentence, and ends like no name."""
    head = before.rstrip()[: -len(word)].rstrip()
    return bool(head) and head[-1] in '.!?:“"\n' and word.endswith(("ing", "ed", "ly"))
