"""Before everything else on the machine, where that is allowed: a measurement shares its cores badly."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PRIORITY: Final = -15
_SESSION: Final = Path("/proc/self/autogroup")  # sched(7): priorities count within a session only, and this is between


@contextmanager
def preferred() -> Iterator[None]:
    """Raise the priority of this process, of what it starts, and of its session meanwhile. Root only."""
    if os.geteuid() != 0:
        yield
        return
    before = os.getpriority(os.PRIO_PROCESS, 0)
    _set(PRIORITY)
    try:
        yield
    finally:
        _set(before)


def _set(priority: int) -> None:
    os.setpriority(os.PRIO_PROCESS, 0, priority)
    if _SESSION.exists():
        _SESSION.write_text(str(priority))
