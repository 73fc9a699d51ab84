"""All relays of the deployment, and which one carries which room."""

import logging

from media.control.messages import Register
from signaling.errors import RelayUnavailable
from signaling.relays.link import RelayLink, RoomListener, Send

logger = logging.getLogger(__name__)


class RelayRegistry:
    """Relays by id. One relay carries a whole room: the one that has it already, else the least loaded.

    One that is about to end gets a room only when there is no other.
    """

    def __init__(self) -> None:
        self._links: dict[str, RelayLink] = {}

    def register(self, registration: Register, send: Send, listener: RoomListener) -> RelayLink:
        """Take in a relay that has connected, whether new, known, or known to the hub before its restart."""
        link = self._links.get(registration.relay_id)
        if link is None:
            link = self._links[registration.relay_id] = RelayLink(registration, listener)
            link.adopt(send)
            logger.info("relay %s adopted with %d rooms", link.id, len(registration.rooms))
        else:
            link.reconnect(registration, send)
            logger.info("relay %s is back", link.id)
        return link

    def place(self, room_id: str) -> RelayLink:
        """Return the relay for a room. Raises RelayUnavailable when none is connected."""
        connected = [link for link in self._links.values() if link.connected]
        if not connected:
            raise RelayUnavailable
        return min(connected, key=lambda link: (link.draining.is_set(), not link.room(room_id).transports, link.load))

    def has_other(self, link: RelayLink) -> bool:
        """Whether another relay could carry what this one carries."""
        return any(one.connected and not one.draining.is_set() for one in self._links.values() if one is not link)

    @property
    def links(self) -> list[RelayLink]:
        """All relays that have ever connected, by id."""
        return sorted(self._links.values(), key=lambda link: link.id)

    @property
    def connected(self) -> int:
        """How many relays are connected."""
        return sum(link.connected for link in self._links.values())
