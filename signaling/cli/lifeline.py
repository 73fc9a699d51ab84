"""A pipe by which a process notices that the one that started it is gone, whatever ended it.

Its end for writing is open in the one that started it alone, and the system closes it with that process.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: How a child is told the number of its end of the pipe.
LIFELINE: Final = "--lifeline"


@contextmanager
def lifeline() -> Iterator[int]:
    """A pipe for children of this process; the end that they are given."""
    theirs, ours = os.pipe()
    try:
        yield theirs
    finally:
        os.close(theirs)
        os.close(ours)


def end_with(descriptor: int) -> None:
    """End as by SIGTERM as soon as the other end of this pipe is closed."""
    os.set_inheritable(descriptor, False)
    threading.Thread(target=_wait, args=(descriptor,), name="lifeline", daemon=True).start()


def _wait(descriptor: int) -> None:
    while os.read(descriptor, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
