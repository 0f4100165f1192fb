"""Pin another version of Elasticsearch: `python -m pipeline.localnode.relock 9.5.3` writes `jars.lock` anew.

It trusts what the Maven repository serves now: look at the difference before you commit it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import jgo

from pipeline.localnode.jars import LOCK, Part, maven, sha256

COMPILER = "org.eclipse.jdt:ecj:3.42.0"
HEADER = "# SHA-256, coordinate, part. Written by `python -m pipeline.localnode.relock`; not to be edited.\n"


def relock(version: str) -> str:
    """The text of `jars.lock` for that version of Elasticsearch; downloads all its archives."""
    endpoints = {
        Part.SERVER: f"org.elasticsearch:elasticsearch:{version}",
        Part.NETTY: f"org.elasticsearch.plugin:transport-netty4:{version}",
        Part.COMPILER: COMPILER,
    }
    lines: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        context = maven(Path(folder))
        for part, endpoint in endpoints.items():
            for found in jgo.resolve(endpoint, context.remote_repos):
                # Elasticsearch refuses a module that repeats an archive of the class path, so the first part keeps it.
                path = context.project(found.groupId, found.artifactId).at_version(found.version).artifact().resolve()
                coordinate = f"{found.groupId}:{found.artifactId}:{found.version}"
                lines.setdefault(coordinate, f"{sha256(path)} {coordinate} {part}\n")
    return HEADER + "".join(lines.values())


if __name__ == "__main__":
    LOCK.write_text(relock(sys.argv[1]), "utf-8")
