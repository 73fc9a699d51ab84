"""How the C library keeps the memory of a relay's process together."""

import ctypes
from typing import Final

_M_ARENA_MAX: Final = -8  # malloc.h of glibc, mallopt(3)


def keep_one_heap() -> None:
    """Let all threads share one heap; to be called before there are any. Without effect where there is no glibc.

    Each thread would have a heap of its own otherwise, which keeps what it needed once: that of the data plane grows
    for as long as an hour while people come and go, and that in which the start's work was done is empty ever after.
    Packets are allocated by one thread, so that nobody waits for the lock.
    """
    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        adjust(_M_ARENA_MAX, 1)
