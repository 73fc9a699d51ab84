"""What waits on the way to a peer. Pure.

A page whose computer is busy reads its socket late, and then all that came meanwhile: single packets seem to have been
on their way for half a second, but the last of them were not. Where a queue stands, no packet comes without having
waited in it. So the least delay of the last moments is what counts, over the least that was ever seen.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from media.dataplane.interface import TICK, Burst

#: Looked at are the feedbacks of the last moments, and at least so many.
WINDOW: Final = 0.4
_LEAST, _MOST = 3, 64
#: For so long, up to twice, the least delay is remembered: clocks drift, and paths change.
MEMORY: Final = 15.0
#: A clock that jumps so far is another one, or the path was silent.
_JUMP: Final = 3.0


class Queue:
    """The queue before one peer, by delays on the peer's clock."""

    def __init__(self) -> None:
        #: Of each feedback when the last burst came, and the least delay.
        self._recent: deque[tuple[float, float]] = deque(maxlen=_MOST)
        self._base = self._base_before = float("inf")
        self._base_since = 0.0
        #: How long everything waits, in seconds; 0 while too little is known.
        self.standing = 0.0

    def add(self, bursts: Sequence[Burst]) -> None:
        """What a feedback told, at least one burst."""
        recent, came = self._recent, bursts[-1][2] * TICK
        delay = min([burst[2] * TICK - burst[1] for burst in bursts])
        if recent and abs(came - recent[-1][0]) > _JUMP:
            self._forget(came)
        recent.append((came, delay))
        while len(recent) > _LEAST and recent[0][0] < came - WINDOW:
            recent.popleft()
        if came - self._base_since > MEMORY:
            self._base_before, self._base, self._base_since = self._base, delay, came
        self._base = min(self._base, delay)
        self.standing = 0.0
        if len(recent) >= _LEAST:
            self.standing = min([delay for _, delay in recent]) - min(self._base, self._base_before)

    def _forget(self, came: float) -> None:
        self._recent.clear()
        self._base = self._base_before = float("inf")
        self._base_since = came
