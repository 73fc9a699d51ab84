"""Emptying a relay that is about to end: its rooms go to the others, one after the other."""

import asyncio
import logging

from signaling.relays.link import RelayLink, RoomListener
from signaling.relays.registry import RelayRegistry

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 0.25
ENDPOINTS_PER_S = 100  # each makes two handshakes, of which a relay begins 200 a second


async def move_away(link: RelayLink, registry: RelayRegistry, listener: RoomListener) -> None:
    """Until cancelled: once the relay says that it will end, hand its rooms over as soon as another can carry them.

    The pages of a room are told at once and open new transports on the other relay; the next room follows when they
    have had the time for it. Without another relay they stay where they are for as long as it lives.
    """
    await link.draining.wait()
    logger.info("relay %s is draining: %d rooms", link.id, len(link.rooms))
    while True:
        moved = 0
        for room_id in link.rooms if registry.has_other(link) else ():
            if moved := listener.room_draining(link, room_id):
                break
        await asyncio.sleep(max(LOOK_EVERY_S, moved / ENDPOINTS_PER_S))
