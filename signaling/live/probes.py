"""Trying the way to a relay before joining: transports that answer ICE checks and carry nothing."""

import asyncio

from media.control.mint import mint_id, mint_transport
from media.ortc import transport_parameters
from signaling.relays.link import RelayLink

LIFETIME_S = 10.0
_PREFIX = "probe-"


class Probes:
    """Each socket has one probe at most; it ends by itself. All methods run on the event loop."""

    def __init__(self) -> None:
        self._open: dict[object, tuple[RelayLink, str, asyncio.TimerHandle]] = {}

    def open(self, holder: object, link: RelayLink) -> dict[str, object]:
        """Open a transport outside of any meeting's room and return what a page needs to check it.

        An older one of the holder goes. Raises RelayUnavailable.
        """
        self.close(holder)
        room_id, spec = _PREFIX + mint_id(), mint_transport()
        link.change(room_id, [spec])
        timer = asyncio.get_running_loop().call_later(LIFETIME_S, self.close, holder)
        self._open[holder] = (link, room_id, timer)
        return dict(transport_parameters(spec, link.registration))

    def close(self, holder: object) -> None:
        """End the holder's probe; harmless when it has none."""
        if (found := self._open.pop(holder, None)) is not None:
            link, room_id, timer = found
            timer.cancel()
            link.drop(room_id)
