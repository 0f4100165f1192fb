"""Whatever goes wrong while articles are ingested, the index is afterwards that of an undisturbed run."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable

import pytest

from tests.faults.faults import FAULTS
from tests.faults.scene import Scene

MOMENTS = 10


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_the_index_is_that_of_an_undisturbed_run(scene: Scene, fault: str) -> None:
    settings, account, _ = FAULTS[fault](scene, random.Random(f"{fault} 0"))
    scene.check(settings, account)


@pytest.mark.soak
def test_ten_moments_of_each_fault(scene: Scene, say: Callable[[str], None]) -> None:
    scene = dataclasses.replace(scene, long=True)
    say(f"\n{'fault':20} {'moments':>7} {'equal':>6} {'tries':>6} {'seconds':>8}")
    unequal = []
    for name, fault in FAULTS.items():
        equal = tries = 0
        started = time.monotonic()
        for moment in range(MOMENTS):
            try:
                settings, account, took = fault(scene, random.Random(f"{name} {moment}"))
                scene.check(settings, account)
            except pytest.skip.Exception as skipped:
                say(f"{name:20} {skipped}")
                break
            except Exception as failure:  # the table is to be whole
                unequal.append(f"{name} {moment}: {type(failure).__name__}: {str(failure)[:500]}")
                say(unequal[-1])
            else:
                equal += 1
                tries += took
        else:
            say(f"{name:20} {MOMENTS:7} {equal:6} {tries:6} {time.monotonic() - started:8.0f}")
    assert not unequal, "\n".join(unequal)
