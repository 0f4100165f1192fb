"""The scripts of `docker/`, which are no package: they are run by their path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"


def script(name: str) -> ModuleType:
    """One of them as a module; those beside it can be imported by it, as when it is run."""
    sys.path.insert(0, str(DOCKER))
    try:
        spec = importlib.util.spec_from_file_location(f"docker_{name}", DOCKER / f"{name}.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(DOCKER))
    return module
