"""`make data`: the open corpora from their publishers, each the very file that the weights were trained on.

Without WHOSAID_DATA they go to data/english/ of the project; a folder that WHOSAID_DATA names is checked only. Each
file is asked for where `corpora.lock` says that its publisher keeps it and, if it has another content there by now,
by that content (its git blob) from the same repository's history. One that is not the locked one is never kept.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from training.corpora import english

LOCK = Path(__file__).with_name("corpora.lock")
ANSWER_WITHIN, WHOLE_WITHIN = 20.0, 300.0
"""Seconds until the next bytes, and until the last of a file."""


@dataclass(frozen=True)
class Part:
    """One line of `corpora.lock`."""

    sha256: str
    blob: str
    """What git calls the content."""
    size: int
    """Bytes."""
    name: str
    """Where it lies below the folder."""
    address: str
    """`owner/repository/reference/path`, on GitHub."""

    def sound(self, folder: Path) -> bool:
        """Whether the folder has it, unchanged."""
        path = folder / self.name
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256

    def addresses(self, mirror: str | None = None) -> tuple[str, str]:
        """Where to ask: the publisher's file, then its content by name."""
        owner, repository, _ = self.address.split("/", 2)
        files, blobs = mirror or "https://raw.githubusercontent.com", mirror or "https://api.github.com/repos"
        return f"{files}/{self.address}", f"{blobs}/{owner}/{repository}/git/blobs/{self.blob}"


class NotTheFile(Exception):
    """An address answered with something else, or not at all; says what."""


def locked(lock: Path = LOCK) -> list[Part]:
    """The files of `corpora.lock`."""
    lines = (line.split() for line in lock.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [Part(sha256, blob, int(size), name, address) for sha256, blob, size, name, address in lines]


def fetch(
    parts: Sequence[Part], folder: Path, mirror: str | None = None, whole_within: float = WHOLE_WITHIN
) -> Iterator[tuple[Part, str]]:
    """Bring what is missing or changed into `folder`; yields the files that no address had, and why."""
    with requests.Session() as session:
        session.headers["Accept"] = "application/vnd.github.raw, */*"
        for part in parts:
            if part.sound(folder):
                continue
            reasons = []
            for address in part.addresses(mirror):
                try:
                    content = _content(session, part, address, time.monotonic() + whole_within)
                except (NotTheFile, requests.RequestException) as reason:
                    reasons.append(f"{address}: {reason}")
                    continue
                _write(folder / part.name, content)
                break
            else:
                yield part, "\n  ".join(reasons)


def _content(session: requests.Session, part: Part, address: str, until: float) -> bytes:
    """The locked content; no redirects, no byte more than it has, and no longer than `until`."""
    content = bytearray()
    with session.get(address, stream=True, allow_redirects=False, timeout=ANSWER_WITHIN) as answer:
        if answer.status_code != requests.codes.ok:
            raise NotTheFile(f"answers {answer.status_code} {answer.reason}")
        for piece in answer.iter_content(2**16):
            content += piece
            if len(content) > part.size:
                raise NotTheFile(f"has more than the {part.size:,} bytes of the file that was trained on")
            if time.monotonic() > until:
                raise NotTheFile("takes too long")
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise NotTheFile("is not the file that was trained on (its SHA-256 is another)")
    return bytes(content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def main() -> int:
    """Fetch or check; 1 when a file is missing or not the locked one."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--mirror", help="an address to ask in place of GitHub's two, laid out as both")
    chosen = arguments.parse_args()
    parts, check_only = locked(), "WHOSAID_DATA" in os.environ
    if check_only:
        folder = english()
        bad = [f"{part.name}: missing, or not the file that was trained on" for part in parts if not part.sound(folder)]
    else:
        folder = Path(__file__).parent.parent / "data" / "english"
        bad = [f"{part.name}\n  {why}" for part, why in fetch(parts, folder, chosen.mirror)]
    for line in bad:
        sys.stderr.write(f"{line}\n")
    print(f"{len(parts) - len(bad)} of {len(parts)} files in {folder} are those that the weights were trained on.")
    if bad and not check_only:
        sys.stderr.write("Run it again: what was fetched is kept. GitHub gives away 60 files by content an hour.\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
