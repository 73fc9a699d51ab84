"""What of what a page asks for again it is sent again. Pure; time is an argument.

Where a path has become narrow nearly everything that is lost was lost because there was too much. Pictures sent again
take what sound and smaller pictures need: they get a share of the known rate. A page asks again after the round trip
that it knows, which is not yet that of a queue that has just grown: what may still be on its way is not sent twice.
"""

from collections.abc import Iterable
from typing import Final

from media.dataplane.interface import UNLIMITED

#: The share of the known rate that pictures may take, and what they may take at once: what comes in a second, at least
#: ten packets.
SHARE: Final = 0.25
BURST_S: Final = 1.0
LEAST_BURST: Final = 12_000
#: How long what was sent again is on its way, where no round trip is known; and without the queue.
_WAIT, _LEAST_WAIT = 0.1, 0.02
_MOST_KNOWN: Final = 1024


class Resends:
    """Of one page."""

    def __init__(self) -> None:
        self._octets = float(LEAST_BURST)
        self._filled_at: float | None = None
        #: When each packet was sent again lately, the last one at the end.
        self._sent_at: dict[tuple[int, int], float] = {}

    def most(self, available_bps: int | None, now: float) -> int:
        """How many octets of pictures may be sent again now. None: nothing is known of the path."""
        if available_bps is None:
            return UNLIMITED
        per_second = SHARE * available_bps / 8
        elapsed = now - self._filled_at if self._filled_at is not None else 0.0
        self._filled_at = now
        self._octets = min(max(LEAST_BURST, per_second * BURST_S), self._octets + elapsed * per_second)
        return max(0, int(self._octets))

    def missing(self, ssrc: int, sequences: Iterable[int], rtt: float | None, queue_s: float, now: float) -> list[int]:
        """Those that are not on their way once more already, each once.

        The round trip was perhaps measured before the queue had grown.
        """
        on_its_way = max(_WAIT if rtt is None else rtt, queue_s + _LEAST_WAIT)
        sent_at = self._sent_at
        while sent_at and (len(sent_at) > _MOST_KNOWN or now - next(iter(sent_at.values())) >= on_its_way):
            del sent_at[next(iter(sent_at))]
        return [sequence for sequence in dict.fromkeys(sequences) if (ssrc, sequence) not in sent_at]

    def note(self, ssrc: int, sequences: Iterable[int], octets: int, now: float) -> None:
        """These were sent again, sound included: pictures wait for the octets, at most as long as for a whole burst."""
        self._octets = max(-float(LEAST_BURST), self._octets - octets)
        for sequence in sequences:
            self._sent_at[ssrc, sequence] = now
