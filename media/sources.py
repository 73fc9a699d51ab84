"""Of which SSRCs of a peer SRTP keeps something, and which it must never hear of again. Pure.

SRTP keeps some 600 bytes of each SSRC that ever came: its rollover counter, and which packets came lately. Pages stay
for hours while their cameras go off and on, each time under other SSRCs. What SRTP keeps can be freed, but it is also
what tells a recorded packet from a new one (RFC 3711 §3.3.2). Hence:

- *Held* are the SSRCs of streams, as long as there is the stream.
- *Idle* are those that are of no stream: it is gone, or not there yet. SRTP keeps them, so that they can be a stream's
  again. When they become too many, the one under which nothing came for longest is given up.
- What is *given up* SRTP forgets, and it is refused from then on; four bytes are left of it. When so many are given up
  that no more can be remembered, nothing new is taken from this peer.

Of a peer whose streams are known by their SSRCs alone, what is given up need not be refused: whatever comes under it is
of no stream. A packet that says by itself where it belongs (RFC 8843 §9.2) could come again from a recording.
"""

from array import array
from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from media.errors import SrtpError


@dataclass(frozen=True, slots=True)
class SourceBounds:
    """How many SSRCs may be idle, and how many are refused at most; 0 if what is given up need not be refused."""

    idle: int
    refused: int


#: Media of a page, whose sources begin anew all the time, and are known by MID and RID.
OF_A_PAGE: Final = SourceBounds(64, 65_536)
#: Media of a relay, whose streams are known by their SSRCs.
OF_A_RELAY: Final = SourceBounds(1024, 0)
#: Where nobody tells what is held, the idle are all that there are.
ALL_IDLE: Final = SourceBounds(1024, 0)


class Sources:
    """Of one peer. ``held`` are the SSRCs of its streams now."""

    __slots__ = ("_bounds", "_held", "_idle", "_refused")

    def __init__(self, bounds: SourceBounds, held: Container[int] = ()) -> None:
        self._bounds = bounds
        self._held = held
        #: The one under which nothing came for longest first.
        self._idle: dict[int, None] = {}
        self._refused = array("I")

    def admit(self, ssrc: int) -> None:
        """Whether it is worth asking SRTP. Raises SrtpError for what is given up, and what is new where all is full."""
        if ssrc in self._held or ssrc in self._idle or not self._bounds.refused:
            return
        if len(self._refused) >= self._bounds.refused:
            raise SrtpError("too many SSRCs")
        if self._is_refused(ssrc):
            raise SrtpError("the SSRC is given up")

    def came(self, ssrc: int) -> Sequence[int]:
        """Something authentic came; what is given up with that. This one is idle beyond the bound: it may be learnt."""
        if ssrc in self._held:
            return ()
        self._idle.pop(ssrc, None)
        given_up = self.trim()
        self._idle[ssrc] = None
        return given_up

    def hold(self, ssrc: int) -> bool:
        """It is to be a stream's; False if it is given up."""
        if self._is_refused(ssrc):
            return False
        self._idle.pop(ssrc, None)
        return True

    def release(self, ssrc: int) -> None:
        """It is of no stream any more, though one may return; trim() is to follow."""
        self._idle[ssrc] = None

    def trim(self) -> list[int]:
        """Give up those that are too many."""
        if len(self._idle) <= self._bounds.idle:
            return []
        given_up = list(self._idle)[: len(self._idle) - self._bounds.idle]
        for ssrc in given_up:
            self.give_up(ssrc)
        return given_up

    def give_up(self, ssrc: int) -> None:
        """Nothing is wanted under it any more. Idempotent."""
        if ssrc in self._idle:
            del self._idle[ssrc]
            self._refuse(ssrc)

    def _refuse(self, ssrc: int) -> None:
        if len(self._refused) < self._bounds.refused:
            self._refused.insert(bisect_left(self._refused, ssrc), ssrc)

    def _is_refused(self, ssrc: int) -> bool:
        place = bisect_left(self._refused, ssrc)
        return place < len(self._refused) and self._refused[place] == ssrc
