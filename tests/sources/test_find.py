from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from pipeline.errors import Unreadable
from pipeline.sources import find


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def names(folder: Path, *paths: str | Path) -> list[str]:
    return [str(Path(file.uri).relative_to(folder)) for file in find(paths)]


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(tmp_path: Path) -> None:
    touch(tmp_path, "b.txt", "a.jsonl", ".hidden.txt", ".git/x.txt", "sub/2.txt", "sub/10.txt", "Z.TXT")
    assert names(tmp_path, tmp_path) == ["Z.TXT", "a.jsonl", "b.txt", "sub/10.txt", "sub/2.txt"]


def test_files_of_unknown_formats_are_passed_over_in_folders_but_not_silently(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    touch(tmp_path, "a.txt", "README.md", "b.docx", "c.docx")
    with caplog.at_level(logging.WARNING):
        assert names(tmp_path, tmp_path) == ["a.txt"]
    assert "3 files passed over, no source reads .docx (2), .md (1)" in caplog.text
    assert names(tmp_path, tmp_path / "b.docx") == ["b.docx"], "named by itself, it is reported, not passed over"


def test_links_that_lead_out_of_the_folder_and_loops_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "outside/secret.txt", "in/a.txt")
    folder = tmp_path / "in"
    (folder / "out.txt").symlink_to(tmp_path / "outside/secret.txt")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere.txt").symlink_to(folder / "gone")
    (folder / "same.txt").symlink_to(folder / "a.txt")
    assert names(folder, folder) == ["a.txt", "same.txt"]


def test_a_pipe_in_a_folder_does_not_hang_and_named_by_itself_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert names(tmp_path, tmp_path) == ["a.txt"]
    with pytest.raises(Unreadable, match=r"pipe\.txt: not a regular file"):
        list(find([tmp_path / "pipe.txt"]))


def test_globs_match_at_any_depth_and_each_file_comes_once(tmp_path: Path) -> None:
    touch(tmp_path, "2022/a.txt", "2022/12/b.txt", "2023/c.txt", "2022/note.md")
    assert names(tmp_path, tmp_path / "2022/**/*") == ["2022/12/b.txt", "2022/a.txt"]
    assert names(tmp_path, tmp_path / "*/c.txt", tmp_path / "2023") == ["2023/c.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    touch(tmp_path, "report [final].txt")
    assert names(tmp_path, tmp_path / "report [final].txt") == ["report [final].txt"]


@pytest.mark.parametrize("name", ["gone.txt", "gone/*.txt"])
def test_a_missing_path_is_named_at_once_before_anything_is_read(tmp_path: Path, name: str) -> None:
    touch(tmp_path, "a.txt")
    with pytest.raises(Unreadable, match=name.replace("*", r"\*")):
        find([tmp_path / "a.txt", tmp_path / name])


def test_a_name_in_another_encoding_is_stored_as_text_and_found_again(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123  (a path of bytes)
        file.write(b"hello")
    (found,) = find([tmp_path])
    assert found.uri.encode().endswith(b"/caf%E9.txt")
    assert list(find([found.uri])) == [found]
    assert found.open().read() == b"hello"


def test_size_time_and_hash_are_those_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    os.utime(path, (0, 1_700_000_000))
    (file,) = find([path])
    assert (file.size, file.modified.isoformat()) == (3, "2023-11-14T22:13:20+00:00")
    assert file.sha256() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_place_that_the_system_does_not_let_us_look_at_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="name too long"):
        find([tmp_path / ("x" * 300)])
    deep = tmp_path
    for _ in range(110):
        deep /= "d"
    touch(deep, "a.txt")
    with pytest.raises(Unreadable, match="more than 100 folders"):
        list(find([tmp_path]))
