"""People measure precision on their own corpus: a sheet of quotes out, their judgements back in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pipeline.errors import Unreadable
from pipeline.settings import Settings
from pipeline.sheet import Precision, score_sheet
from tests.documents import random_prefix
from tests.newsroom import articles, write_jsonl
from tests.test_ingest import whosaid


def test_a_sample_of_the_index_is_judged_and_scored(elasticsearch_url: str, tmp_path: Path) -> None:
    settings = Settings(elasticsearch_url=elasticsearch_url, index_prefix=random_prefix())
    assert whosaid(settings, "ingest", write_jsonl(tmp_path / "day.jsonl", articles(20))).returncode == 0
    first, again, other = (whosaid(settings, "sample", "--n", "12", "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert first == again != other
    rows = list(csv.DictReader(io.StringIO(first)))
    assert len(rows) == len({row["id"] for row in rows}) == 12
    assert all(row["text"] and row["speaker"] and not row["quote_right"] for row in rows)

    sheet = tmp_path / "sheet.csv"
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        for number, row in enumerate(rows[:10]):
            writer.writerow(
                row | {"quote_right": "n" if number == 0 else "y", "speaker_right": "N" if number == 1 else "Y"}
            )
    scored = whosaid(settings, "sample", "--score", sheet).stdout
    assert "quote_right    90.0 % of 10 (95 %: 59.6–98.2)" in scored
    assert "speaker_right  88.9 % of 9" in scored


def test_the_interval_is_wilsons() -> None:
    low, high = Precision(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)  # R: binom::binom.wilson(8, 10)
    assert Precision(0, 5).interval[0] == pytest.approx(0)
    assert Precision(5, 5).interval[1] == pytest.approx(1)


def test_a_judgement_that_is_neither_yes_nor_no_is_said_with_its_line() -> None:
    sheet = io.StringIO("quote_right,speaker_right,text\ny,perhaps,“So it goes”\n")
    with pytest.raises(Unreadable, match=r"sheet\.csv, line 2, speaker_right: 'perhaps'"):
        score_sheet(sheet, "sheet.csv")
