"""Which relay an endpoint is placed on. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from signaling.errors import RelayUnavailable
from signaling.relays.link import RelayLink

TRANSPORTS = 2  # of an endpoint: one for each direction


@dataclass(frozen=True, slots=True)
class Placement:
    """An endpoint joins its room's relay while that has room for it; then the least loaded other one joins the room.

    A relay is full by what it carries for all rooms, or by the share of a core that it has used lately.
    """

    full_transports: int = 300
    full_share: float = 0.6

    def choose(
        self, room: Sequence[RelayLink], relays: Iterable[RelayLink], seated: Mapping[RelayLink, int]
    ) -> RelayLink:
        """Return the relay for an endpoint that joins a room with these relays, out of all.

        ``seated`` are endpoints that have a home, though perhaps no transports yet: many may join at once. A relay that
        is about to end gets nobody while there is another. Raises RelayUnavailable when none is connected, or none of
        the room's is: they are given some time to come back.
        """

        def load(relay: RelayLink) -> int:
            return max(relay.load, seated.get(relay, 0) * TRANSPORTS)

        def free(found: Sequence[RelayLink]) -> list[RelayLink]:
            return [one for one in found if load(one) < self.full_transports and one.processor.share < self.full_share]

        connected = [one for one in relays if one.connected]
        if not connected or (room and not any(one.connected for one in room)):
            raise RelayUnavailable
        usable = [one for one in connected if not one.draining.is_set()] or connected
        own = [one for one in usable if one in room]
        candidates = free(own) or free(usable) or own or usable
        return min(candidates, key=lambda one: (load(one), one.processor.share))
