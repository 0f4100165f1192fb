"""The archives a node is made of: pinned in `jars.lock`, fetched once, checked by SHA-256 at every start.

`pipeline.localnode.relock` writes that file.
"""

# ruff: noqa: PLC0415 - what the extra `node` installs is imported where it is used: the rest works without it

from __future__ import annotations

import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import NodeError

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK = Path(__file__).with_name("jars.lock")
DOWNLOADS = 8
ATTEMPTS = 3
ANSWER_WITHIN = 20
"""Seconds."""

log = logging.getLogger(__name__)


class Part(StrEnum):
    """Where an archive goes."""

    SERVER = "server"
    """On the class path."""
    NETTY = "netty"
    """Into a module with a class loader of its own: Elasticsearch looks for its network layer there."""
    COMPILER = "compiler"
    """Compiles our few Java classes, for the runtime from PyPI has no compiler."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of `jars.lock`."""

    sha256: str
    coordinate: str
    """`group:artifact:version`, as Maven repositories name it."""
    part: Part

    def path(self, folder: Path) -> Path:
        """Where it lies below a folder laid out as a Maven repository."""
        group, name, version = self.coordinate.split(":")
        return folder.joinpath(*group.split("."), name, version, f"{name}-{version}.jar")


def locked() -> list[Jar]:
    """The archives of `jars.lock`, in its order."""
    lines = (line.split() for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [Jar(sha256, coordinate, Part(part)) for sha256, coordinate, part in lines]


def version() -> str:
    """The version of Elasticsearch that `jars.lock` pins."""
    return next(j.coordinate for j in locked() if ":elasticsearch:" in j.coordinate).rpartition(":")[2]


def fetch(folder: Path) -> dict[Part, list[Path]]:
    """The paths of all archives below `folder`, by part; downloads those that are missing or damaged.

    To be called by one process at a time. Raises `NodeError` when an archive cannot be had or is not the locked one.
    """
    jars = locked()
    missing = [jar for jar in jars if not _is_sound(jar, jar.path(folder))]
    if missing:
        log.info("Fetching %d archives of Elasticsearch %s, once", len(missing), version())
        context = maven(folder)
        pool = ThreadPoolExecutor(DOWNLOADS)
        try:
            for _ in pool.map(lambda jar: _download(context, jar, jar.path(folder)), missing):
                pass
        finally:
            pool.shutdown(cancel_futures=True)
    return {part: [jar.path(folder) for jar in jars if jar.part == part] for part in Part}


def maven(folder: Path) -> MavenContext:
    """Maven Central, and what the user's jgo configuration puts beside it or in its place; downloads go to `folder`."""
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    repositories = {"central": MAVEN_CENTRAL_URL} | GlobalSettings.load().repositories
    return MavenContext(repo_cache=folder, remote_repos=repositories, timeout=ANSWER_WITHIN)


def sha256(path: Path) -> str:
    """The digest of a file's bytes, as `jars.lock` writes it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_sound(jar: Jar, path: Path) -> bool:
    if not path.exists():
        return False
    if sha256(path) == jar.sha256:
        return True
    log.warning("%s is damaged or incomplete: it is fetched again", path)
    return False


def _download(context: MavenContext, jar: Jar, path: Path) -> None:
    group, name, number = jar.coordinate.split(":")
    artifact = context.project(group, name).at_version(number).artifact()
    for attempt in range(1, ATTEMPTS + 1):
        path.unlink(missing_ok=True)  # a damaged one, or what an earlier attempt left
        try:
            artifact.resolve()
            break
        except (OSError, RuntimeError) as reason:  # those of requests are OSErrors, those of jgo RuntimeErrors
            if attempt == ATTEMPTS:
                path.unlink(missing_ok=True)
                raise NodeError(
                    f"{path.name} is missing from {path.parent} and cannot be downloaded: {reason}\n"
                    "The first start of a node needs a Maven repository. Check the network and HTTPS_PROXY, or name a"
                    " mirror as `central` under `[repositories]` in ~/.config/jgo.conf, and start again: what was"
                    " fetched is kept."
                ) from reason
            time.sleep(attempt / 2)
    found = sha256(path)
    if found != jar.sha256:
        path.unlink()
        raise NodeError(
            f"{jar.coordinate} as downloaded is not the archive that {LOCK.name} names (SHA-256 {found}, expected"
            f" {jar.sha256}), so it is not used. A proxy or mirror may have altered it: try another."
        )
