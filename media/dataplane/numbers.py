"""Which sequence numbers have been used towards one peer, so that no index is used twice under one SSRC. Pure.

SRTP keeps some 400 bytes for each SSRC that was ever used, and so does SRTCP, for as long as the peer lives; pages stay
for hours while others come and go. SRTP's own memory of an SSRC can be taken away, but with it goes the rollover
counter, and what came next would be protected under indices that were used (RFC 3711 §9.1, RFC 7714 §8.1). Hence:
where the numbers stand is known of the last few SSRCs whose consumers are gone, so that these can return; those before
them are given up for good, are forgotten by SRTP, and of each four bytes are kept: enough to refuse it.
"""

import secrets
from array import array
from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import Final

from media.errors import SsrcGivenUp

#: So many SSRCs without a consumer can return.
MAX_RETURNING: Final = 64
_FIRST: Final = 0x4000


class UsedNumbers:
    """Of one peer. begin() and end() come in turn for each SSRC."""

    __slots__ = ("_fresh", "_given_up", "_last")

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._given_up = array("I")
        #: Where those began under which nothing had been sent before.
        self._fresh: dict[int, int] = {}

    def begin(self, *ssrcs: int) -> list[int]:
        """The number to begin with under each: after the last one, else any below 16,384. Raises SsrcGivenUp."""
        if any(self._is_given_up(ssrc) for ssrc in ssrcs):
            raise SsrcGivenUp("the SSRC was used towards this peer, long ago")
        return [self._begin(ssrc) for ssrc in ssrcs]

    def end(self, ssrc: int, last: int) -> Sequence[int]:
        """The consumer that used it is gone, and its last number was this; the SSRCs that are given up now."""
        if self._fresh.pop(ssrc, None) == last + 1:  # nothing was ever sent
            return ()
        self._last[ssrc] = last
        if len(self._last) <= MAX_RETURNING:
            return ()
        oldest = next(iter(self._last))
        del self._last[oldest]
        insort(self._given_up, oldest)
        return (oldest,)

    def _begin(self, ssrc: int) -> int:
        last = self._last.pop(ssrc, None)
        if last is not None:
            return last + 1
        self._fresh[ssrc] = secrets.randbelow(_FIRST)
        return self._fresh[ssrc]

    def _is_given_up(self, ssrc: int) -> bool:
        place = bisect_left(self._given_up, ssrc)
        return place < len(self._given_up) and self._given_up[place] == ssrc
