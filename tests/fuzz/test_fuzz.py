"""Every target holds for its seeds, for what was found before, and for a bounded look for more."""

import random
import subprocess
import sys

import pytest

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

SECONDS = 4


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_holds_for_its_seeds_and_their_neighbours(name: str) -> None:
    chance = random.Random(name)
    for seed in seeds(name):
        TARGETS[name](seed)
        for _ in range(20):
            changed = bytearray(seed or b"\0")
            changed[chance.randrange(len(changed))] = chance.randrange(256)
            TARGETS[name](bytes(changed[: chance.randrange(1, len(changed) + 1)]))


@pytest.mark.process
def test_a_bounded_search_finds_nothing() -> None:
    pytest.importorskip("atheris", reason="there is no wheel of atheris for this Python")
    command = [sys.executable, "-m", "tests.fuzz", "mixed", "--here", "--seconds", str(SECONDS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    assert "stat::number_of_executed_units" in done.stderr
