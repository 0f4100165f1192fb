"""`write` the objects for Kibana anew, or `check` the file that holds them against code and mappings."""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path

from pipeline.kibana.check import faults
from pipeline.kibana.content import objects
from pipeline.kibana.objects import ndjson

NAME = "whosaid.ndjson"


def main() -> int:
    """Exit status 1 when the check finds something."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.kibana", description=__doc__)
    parser.add_argument("command", choices=("write", "check"))
    parser.add_argument("--mappings", type=Path, help="a folder with other mappings to hold the objects against")
    arguments = parser.parse_args()
    file = Path(str(files("mappings") / "kibana" / NAME))
    made = ndjson(objects())
    if arguments.command == "write":
        file.write_text(made, encoding="utf-8")
        return 0
    committed = file.read_text(encoding="utf-8") if file.exists() else ""
    found = faults([json.loads(line) for line in committed.splitlines()], arguments.mappings)
    if committed != made:
        found.insert(0, f"mappings/kibana/{NAME} is not what the code makes: run `make kibana`")
    for fault in found:
        sys.stderr.write(f"Kibana: {fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
