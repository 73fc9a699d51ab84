"""All rooms with live media: placement on relays, adoption after a restart, grace for sockets that went away."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from media.control.messages import TransportState
from media.control.state import RoomState
from signaling.errors import EndpointElsewhere, NoEndpoint, RelayUnavailable
from signaling.live.endpoint import Endpoint, EndpointIdentity
from signaling.live.leading import followed
from signaling.live.room import CloseReason, Room
from signaling.live.views import lead, speak
from signaling.relays.link import RelayLink
from signaling.relays.registry import RelayRegistry
from signaling.store.transaction import StoredEvent

logger = logging.getLogger(__name__)
HOLDER_GRACE_S = 30.0
RELAY_GRACE_S = 5.0


class Announcer(Protocol):
    """Where the rooms say what clients should hear."""

    def room_changed(self, room: Room) -> None:
        """What clients see of the room is another."""

    def endpoint_closed(self, room_id: str, endpoint: Endpoint, reason: CloseReason) -> None:
        """An endpoint was closed by somebody else than its holder."""

    def active_speaker(self, room_id: str, endpoint_id: str | None) -> None:
        """Somebody else is speaking."""

    def layers_wanted(self, room_id: str, endpoint: Endpoint, layers: Mapping[str, int | None]) -> None:
        """Other encodings of what this endpoint sends are wanted than before."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An endpoint that went without its page's asking, for the audit log."""

    room_id: str
    endpoint_id: str
    owner_id: str
    reason: CloseReason


class Rooms:
    """Rooms by meeting id; a room exists while it has an endpoint."""

    def __init__(self, registry: RelayRegistry, announcer: Announcer) -> None:
        self._registry = registry
        self._announcer = announcer
        self._rooms: dict[str, Room] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}  # endpoint id → closes it when nobody comes back
        self._closed: list[Closed] = []

    @property
    def count(self) -> int:
        """How many rooms have live media."""
        return len(self._rooms)

    @property
    def endpoint_count(self) -> int:
        """How many endpoints there are in all rooms."""
        return sum(len(room.endpoints) for room in self._rooms.values())

    def get(self, room_id: str) -> Room | None:
        """Return the room if anybody is in it."""
        return self._rooms.get(room_id)

    def join(
        self, room_id: str, identity: EndpointIdentity, holder: object, *, resume: str | None, take_over: bool
    ) -> tuple[Endpoint, bool]:
        """Open an endpoint, or find again the owner's own that is named by ``resume``; the flag tells which.

        Who names its endpoint is the page that held it, even if the hub has not yet noticed that its old socket died.
        Raises EndpointElsewhere when the owner's endpoint is held by another live socket and is not to be taken over,
        and RelayUnavailable.
        """
        room = self._reachable(room_id)
        existing = room.of_owner(identity.owner_id) if room else None
        if room is not None and existing is not None and existing.identity.id == resume:
            self._hold(room, existing, holder)
            return existing, True
        if existing is not None and existing.holder not in (None, holder) and not take_over:
            raise EndpointElsewhere
        link = room.link if room is not None else self._registry.place(room_id)
        if not link.connected:
            raise RelayUnavailable
        if room is not None and existing is not None:
            self._close(room, existing, "taken_over")
        room = self._rooms.get(room_id) or self._open(room_id, link)
        return room.open_endpoint(identity, holder), False

    def _reachable(self, room_id: str) -> Room | None:
        """Return the room, unless its relay has been away for a while and another can carry it: then it starts anew."""
        room = self._rooms.get(room_id)
        if room is None:
            return None
        now = asyncio.get_running_loop().time()
        if room.link.away(now) > RELAY_GRACE_S and self._registry.has_other(room.link):
            self._close_all(room, "lost")
        return self._rooms.get(room_id)

    def _hold(self, room: Room, endpoint: Endpoint, holder: object) -> None:
        self._cancel_timer(endpoint)
        if endpoint.holder not in (None, holder):
            self._announcer.endpoint_closed(room.id, endpoint, "taken_over")
        endpoint.holder = holder

    def of_holder(self, room_id: str, holder: object) -> tuple[Room, Endpoint]:
        """Return the endpoint that a socket drives. Raises NoEndpoint."""
        room = self._rooms.get(room_id)
        for endpoint in room.endpoints.values() if room else ():
            if endpoint.holder is holder and room is not None:
                return room, endpoint
        raise NoEndpoint("join the room's media first")

    def leave(self, room_id: str, holder: object) -> None:
        """Close the endpoint that this socket drives; harmless when it has none."""
        try:
            room, endpoint = self.of_holder(room_id, holder)
        except NoEndpoint:
            return
        endpoint.holder = None
        self._drop(room, endpoint)

    def holder_lost(self, holder: object) -> None:
        """A socket is gone: its endpoints stay for a while, since it may come back and media does not need it."""
        for room, endpoint in self._held_by(holder):
            endpoint.holder = None
            self._start_timer(room, endpoint)

    def holder_ended(self, holder: object) -> None:
        """A socket's session is over, or its rights shrank: its endpoints go at once."""
        for room, endpoint in self._held_by(holder):
            self._close(room, endpoint, "removed")

    def _held_by(self, holder: object) -> list[tuple[Room, Endpoint]]:
        return [
            (room, endpoint)
            for room in self._rooms.values()
            for endpoint in room.endpoints.values()
            if endpoint.holder is holder
        ]

    def remove_owner(self, room_id: str, owner_id: str) -> None:
        """Close the endpoint of somebody whose right to be in this room ended."""
        room = self._rooms.get(room_id)
        endpoint = room.of_owner(owner_id) if room else None
        if room is not None and endpoint is not None:
            self._close(room, endpoint, "removed")

    def close_room(self, room_id: str) -> None:
        """The meeting has ended: close all its endpoints."""
        if (room := self._rooms.get(room_id)) is not None:
            self._close_all(room, "ended")

    def close(self) -> None:
        """Forget all timers; the relays keep their rooms for the hub that comes next."""
        for timer in self._timers.values():
            timer.cancel()

    def take_closed(self) -> list[Closed]:
        """Return what was closed since the last call without its page's asking, oldest first."""
        closed, self._closed = self._closed, []
        return closed

    def put_back(self, closed: list[Closed]) -> None:
        """Return what was taken and could not be recorded."""
        self._closed = closed + self._closed

    # --- what relays tell ---

    def room_adopted(self, link: RelayLink, room_id: str, state: RoomState) -> None:
        """The hub was restarted: take the endpoints back and give their sockets time to return."""
        room = self._open(room_id, link)
        room.adopt(state)
        for endpoint in room.endpoints.values():
            self._start_timer(room, endpoint)
        self._forget_if_empty(room)

    def room_lost(self, link: RelayLink, room_id: str) -> None:
        """The relay was restarted or has ended: its endpoints have to join again."""
        room = self._rooms.get(room_id)
        if room is None or room.link is not link:
            return
        for endpoint in room.endpoints.values():
            endpoint.transports.clear()
        self._close_all(room, "lost")

    def room_draining(self, link: RelayLink, room_id: str) -> int:
        """The relay is about to end: its endpoints have to join again, and find the room on another one."""
        room = self._rooms.get(room_id)
        if room is None or room.link is not link:
            return 0
        moving = len(room.endpoints)
        self._close_all(room, "moved")
        return moving

    def transport_changed(self, room_id: str, transport_id: str, state: TransportState) -> None:
        """Note a transport's state; an endpoint without socket and without network is closed."""
        room = self._rooms.get(room_id)
        endpoint = room.set_transport_state(transport_id, state) if room else None
        if room is not None and endpoint is not None and state == "failed" and endpoint.holder is None:
            self._close(room, endpoint, "lost")

    def speaker_changed(self, room_id: str, producer_id: str | None) -> None:
        """Tell who speaks now, if it is another than before."""
        if (room := self._rooms.get(room_id)) is None:
            return
        speaking = next((one.identity.id for one in room.endpoints.values() if producer_id in one.producers), None)
        if speaking != room.speaker:
            speak(room, speaking)
            self._announcer.active_speaker(room_id, speaking)

    def layers_wanted(self, room_id: str, layers: Mapping[str, int]) -> None:
        """Tell each page which encodings of its own sources somebody wants."""
        if (room := self._rooms.get(room_id)) is None:
            return
        producers = room.link.room(room_id).producers
        room.layers = {one: highest for one, highest in {**room.layers, **layers}.items() if one in producers}
        for endpoint in room.endpoints.values():
            if own := {one: highest for one, highest in layers.items() if one in endpoint.producers}:
                self._announcer.layers_wanted(room_id, endpoint, own)

    def tell_layers(self, room: Room, endpoint: Endpoint) -> None:
        """Tell a page that came back what is wanted of its pictures; what nobody knows may be everything."""
        producers = room.link.room(room.id).producers
        pictures = [one for one in endpoint.producers if one in producers and producers[one].kind == "video"]
        if pictures:
            self._announcer.layers_wanted(room.id, endpoint, {one: room.layers.get(one) for one in pictures})

    # --- what meetings tell ---

    def follow(self, events: Sequence[StoredEvent]) -> None:
        """Follow who chairs and who has the floor, in rooms that have read it."""
        for event in events:
            room = self._rooms.get(event.stream.removeprefix("meeting:"))
            if room is not None and room.leading is not None:
                now = followed(room.leading, event.revision, event.body)
                if now is not None:  # else it is read again with the next view
                    lead(room, now)

    # --- timers and closing ---

    def _open(self, room_id: str, link: RelayLink) -> Room:
        def changed() -> None:
            self._announcer.room_changed(room)

        room = self._rooms[room_id] = Room(room_id, link, changed)
        return room

    def _close(self, room: Room, endpoint: Endpoint, reason: CloseReason) -> None:
        if endpoint.identity.id in room.endpoints:
            self._closed.append(Closed(room.id, endpoint.identity.id, endpoint.identity.owner_id, reason))
        self._drop(room, endpoint)
        if endpoint.holder is not None:
            self._announcer.endpoint_closed(room.id, endpoint, reason)

    def _close_all(self, room: Room, reason: CloseReason) -> None:
        for endpoint in list(room.endpoints.values()):
            self._close(room, endpoint, reason)

    def _drop(self, room: Room, endpoint: Endpoint) -> None:
        self._cancel_timer(endpoint)
        room.close_endpoint(endpoint)
        self._forget_if_empty(room)

    def _forget_if_empty(self, room: Room) -> None:
        if not room.endpoints and self._rooms.get(room.id) is room:
            del self._rooms[room.id]
            room.link.drop(room.id)

    def _start_timer(self, room: Room, endpoint: Endpoint) -> None:
        self._cancel_timer(endpoint)
        loop = asyncio.get_running_loop()
        close: Callable[[], None] = lambda: self._close(room, endpoint, "lost")  # noqa: E731
        self._timers[endpoint.identity.id] = loop.call_later(HOLDER_GRACE_S, close)

    def _cancel_timer(self, endpoint: Endpoint) -> None:
        if (timer := self._timers.pop(endpoint.identity.id, None)) is not None:
            timer.cancel()
