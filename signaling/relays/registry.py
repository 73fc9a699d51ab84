"""All relays of the deployment, and which one an endpoint is placed on."""

import logging
from collections.abc import Mapping, Sequence

from media.control.messages import Register
from signaling.relays.link import RelayLink, RoomListener, Send
from signaling.relays.pipes import PipeLinks
from signaling.relays.placement import Placement

logger = logging.getLogger(__name__)


class RelayRegistry:
    """Relays by id, and the links between them."""

    def __init__(self, placement: Placement | None = None) -> None:
        self.placement = placement or Placement()
        self.pipe_links = PipeLinks()
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

    def place(self, room: Sequence[RelayLink], seated: Mapping[RelayLink, int]) -> RelayLink:
        """Return the relay for an endpoint of a room that has these relays. Raises RelayUnavailable."""
        return self.placement.choose(room, self._links.values(), seated)

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
