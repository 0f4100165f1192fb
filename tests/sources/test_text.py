from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.settings import Settings
from pipeline.sources import find, read

SEED = Path(__file__).parents[2] / "seeds" / "000_49708155d52889bd.txt"


def article(items: list[object]) -> Article:
    (item,) = items
    assert isinstance(item, Article), item
    return item


def test_the_seed_article_keeps_every_character_and_has_no_title() -> None:
    (file,) = find([SEED])
    seed = article(list(read(file, Settings())))
    assert seed.text == SEED.read_bytes().decode()
    assert seed.title is None
    assert (seed.source_file, seed.source_member, seed.source_time) == (str(SEED), None, file.modified)


def test_wrapped_paragraphs_are_joined_and_sentence_lines_are_not(read_bytes) -> None:
    wrapped = (
        b"The minister said that the talks would go on well into the\n"
        b"next week. Nobody knows what will come of it, said Mr.\n"
        b"Smith, who had seen a well-\nknown draft.\n"
        b"He would not say more.\n\n"
        b"A last paragraph that\nis short.\n"
    )
    assert article(read_bytes("a.txt", wrapped)).text == (
        "The minister said that the talks would go on well into the next week. Nobody knows what will come of it, said"
        " Mr. Smith, who had seen a well-known draft.\nHe would not say more.\n\nA last paragraph that is short."
    )
    sentences = "He came.\nShe “saw”.\niPhones were sold, she said.\nThey left.\nAll was well."
    assert article(read_bytes("b.txt", sentences.encode())).text == sentences


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Ferry crews end strike", "Ferry crews end strike"),
        ("‘We were asleep,’ says coach", "‘We were asleep,’ says coach"),
        ("The strike is over.", None),
        ("“We won!”", None),
        ("He said:", None),
        ("By Maren Oldfield", None),
        ("Word " * 30, None),
    ],
)
def test_only_an_evident_headline_becomes_the_title(read_bytes, first: str, title: str | None) -> None:
    body = "The strike is over. Boats sail again.\n\nSo they said."
    found = article(read_bytes("a.txt", f"{first}\n\n{body}\n".encode()))
    assert found.title == title
    assert found.text == (body if title else f"{first}\n\n{body}")


def test_line_ends_of_any_system_give_the_same_article(read_bytes) -> None:
    unix = article(read_bytes("a.txt", b"One.\nTwo.\n"))
    windows = article(read_bytes("b.txt", b"One.\r\nTwo.\r\n"))
    assert (windows.text, windows.id, windows.content_hash) == (unix.text, unix.id, unix.content_hash)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_same_words_in_any_encoding_are_the_same_article(read_bytes, encoding: str) -> None:
    text = "“We met at the café,” said José Müller – and left."
    assert article(read_bytes("a.txt", text.encode(encoding))).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Министр заявил в четверг, что переговоры продолжатся на следующей неделе."),
        ("cp1250", "Premier powiedział w czwartek, że rozmowy będą kontynuowane w przyszłym tygodniu, a Łódź czeka."),
        ("mac_roman", "“We will win,” said José Müller – it’s over. “Nobody,” she said, “will stop us.”"),
    ],
)
def test_older_encodings_are_recognised_where_the_text_convinces(read_bytes, encoding: str, text: str) -> None:
    assert article(read_bytes("a.txt", text.encode(encoding))).text == text


def test_control_characters_become_spaces_so_that_offsets_hold(read_bytes) -> None:
    found = article(read_bytes("a.txt", ("He said\x00 “no\x0b” to all of them. " + "And so on. " * 30).encode()))
    assert found.text.startswith("He said  “no ” to all")
