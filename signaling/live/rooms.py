"""All rooms with live media: placement on relays, adoption after a restart, grace for sockets that went away."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from media.control.messages import TransportState
from media.control.state import RoomState
from signaling.errors import EndpointElsewhere, NoEndpoint
from signaling.live.endpoint import Endpoint, EndpointIdentity
from signaling.live.leading import followed
from signaling.live.room import CloseReason, Room
from signaling.live.views import lead, speak
from signaling.live.vouching import Vouching
from signaling.relays.link import RelayLink
from signaling.relays.registry import RelayRegistry
from signaling.relays.spread import Spread
from signaling.store.transaction import StoredEvent

logger = logging.getLogger(__name__)
HOLDER_GRACE_S = 30.0
RELAY_GRACE_S = 5.0
ADOPTION_GRACE_S = 10.0  # within which the relays that a room was spread over come back to a new hub
RENEW_S = 2.0  # until a pipe that does not work is made anew


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

    def __init__(self, registry: RelayRegistry, announcer: Announcer, vouching: Vouching) -> None:
        self._registry = registry
        self._announcer = announcer
        self._vouching = vouching
        self._rooms: dict[str, Room] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}  # endpoint id → closes it when nobody comes back
        self._delayed: set[asyncio.TimerHandle] = set()
        self._closed: list[Closed] = []

    @property
    def count(self) -> int:
        """How many rooms have live media."""
        return len(self._rooms)

    @property
    def endpoint_count(self) -> int:
        """How many endpoints there are in all rooms."""
        return sum(len(room.endpoints) for room in self._rooms.values())

    @property
    def spread_count(self) -> int:
        """How many rooms are on several relays."""
        return sum(len(room.spread.links) > 1 for room in self._rooms.values())

    def pipe_states(self) -> Counter[TransportState]:
        """How many pipes there are, by what is said of them."""
        return sum((room.spread.pipe_states() for room in self._rooms.values()), Counter())

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
        home = self.place(room_id)
        if room is not None and existing is not None:
            self._close(room, "taken_over", existing)
        room = self._rooms.get(room_id) or self._open(room_id, home)
        return room.open_endpoint(identity, holder, home), False

    def place(self, room_id: str) -> RelayLink:
        """Return the relay that an endpoint would get if it joined now. Raises RelayUnavailable."""
        room = self._rooms.get(room_id)
        seated = Counter(home for one in self._rooms.values() for home in one.spread.homes)
        return self._registry.place(room.spread.links if room is not None else (), seated)

    def _reachable(self, room_id: str) -> Room | None:
        """Return the room; of relays that have been away for a while it is freed first, if there is another one."""
        room = self._rooms.get(room_id)
        now = asyncio.get_running_loop().time()
        for link in room.spread.links if room is not None else ():
            if room is not None and link.away(now) > RELAY_GRACE_S and self._registry.has_other(link):
                self._give_up(room, link)
        return self._rooms.get(room_id)

    def _give_up(self, room: Room, link: RelayLink) -> None:
        """A relay of the room does not come back: its endpoints have to join again."""
        self._close_all(room, "lost", room.spread.endpoints_of(link))
        room.spread.lose(link)
        room.prune()

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
            self._close(room, "removed", endpoint)

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
            self._close(room, "removed", endpoint)

    def close_room(self, room_id: str) -> None:
        """The meeting has ended: close all its endpoints."""
        if (room := self._rooms.get(room_id)) is not None:
            self._close_all(room, "ended", room.endpoints)

    def close(self) -> None:
        """Forget all timers; the relays keep their rooms for the hub that comes next."""
        for timer in (*self._timers.values(), *self._delayed):
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
        room = self._rooms.get(room_id) or self._open(room_id, link)
        for endpoint in room.adopt(link, state):
            self._start_timer(room, endpoint)
        if room.spread.awaited:
            self._later(ADOPTION_GRACE_S, room, room.spread.stop_waiting)
        self._forget_if_empty(room)

    def room_lost(self, link: RelayLink, room_id: str) -> None:
        """The relay was restarted or has ended: its endpoints have to join again."""
        room = self._rooms.get(room_id)
        if room is None or link not in room.spread.links:
            return
        lost = room.spread.endpoints_of(link)
        for endpoint_id in lost:
            room.endpoints[endpoint_id].transports.clear()
        room.spread.lose(link)
        self._close_all(room, "lost", lost)
        room.prune()

    def room_draining(self, link: RelayLink, room_id: str) -> int:
        """The relay is about to end: its endpoints have to join again, and find the room on others."""
        room = self._rooms.get(room_id)
        if room is None or link not in room.spread.links:
            return 0
        moving = room.spread.endpoints_of(link)
        self._close_all(room, "moved", moving)
        room.spread.settle()
        return len(moving)

    def transport_changed(self, link: RelayLink, room_id: str, transport_id: str, state: TransportState) -> None:
        """Note a transport's state; an endpoint without socket and without network is closed."""
        if (room := self._rooms.get(room_id)) is None:
            return
        here = link.room(room_id)
        if transport_id in here.pipes:
            self._pipe_changed(room, link, transport_id, state)
            return
        if transport_id not in here.transports:  # another relay's, of which this one has nothing to say
            return
        endpoint = room.set_transport_state(transport_id, state)
        if endpoint is not None and state == "failed" and endpoint.holder is None:
            self._close(room, "lost", endpoint)

    def _pipe_changed(self, room: Room, link: RelayLink, pipe_id: str, state: TransportState) -> None:
        """Note a pipe's state; a relay that neither the hub nor the one at its other end can reach is gone."""
        room.spread.set_pipe_state(link, pipe_id, state)
        peer = room.spread.peer_of(link, pipe_id)
        now = asyncio.get_running_loop().time()
        if peer is not None and state in {"disconnected", "failed"} and peer.away(now) > RELAY_GRACE_S:
            self._give_up(room, peer)
        elif state == "failed":
            self._later(RENEW_S, room, partial(room.spread.renew, link, pipe_id))

    def object_failed(self, link: RelayLink, room_id: str, object_id: str) -> None:
        """Make a pipe anew that a relay did not take, or what it sends by one; the rest is for pages to notice."""
        if (room := self._rooms.get(room_id)) is not None:
            self._later(RENEW_S, room, partial(room.spread.renew, link, object_id))

    def speaker_changed(self, link: RelayLink, room_id: str, producer_id: str | None) -> None:
        """Tell who speaks now, if it is another than before, as the relay says that hears everybody."""
        room = self._rooms.get(room_id)
        if room is None or link is not room.spread.lead:
            return
        speaking = next((one.identity.id for one in room.endpoints.values() if producer_id in one.producers), None)
        if speaking != room.speaker:
            speak(room, speaking)
            self._announcer.active_speaker(room_id, speaking)

    def layers_wanted(self, link: RelayLink, room_id: str, layers: Mapping[str, int]) -> None:
        """Tell each page which encodings of its own sources somebody wants, and each pipe which of what it carries."""
        if (room := self._rooms.get(room_id)) is None:
            return
        layers = room.spread.want_layers(link, layers)
        producers = room.state.producers
        room.layers = {one: highest for one, highest in {**room.layers, **layers}.items() if one in producers}
        for endpoint in room.endpoints.values():
            if own := {one: highest for one, highest in layers.items() if one in endpoint.producers}:
                self._announcer.layers_wanted(room_id, endpoint, own)

    def tell_layers(self, room: Room, endpoint: Endpoint) -> None:
        """Tell a page that came back what is wanted of its pictures; what nobody knows may be everything."""
        producers = room.state.producers
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

        spread = Spread(room_id, link, self._registry.pipe_links)
        room = self._rooms[room_id] = Room(room_id, spread, self._vouching, changed)
        return room

    def _close(self, room: Room, reason: CloseReason, *endpoints: Endpoint) -> None:
        """Close endpoints that did not ask for it, and tell their pages."""
        for one in endpoints:
            if one.identity.id in room.endpoints:
                self._closed.append(Closed(room.id, one.identity.id, one.identity.owner_id, reason))
        self._drop(room, *endpoints)
        for one in endpoints:
            if one.holder is not None:
                self._announcer.endpoint_closed(room.id, one, reason)

    def _close_all(self, room: Room, reason: CloseReason, endpoint_ids: Iterable[str]) -> None:
        self._close(room, reason, *(room.endpoints[one] for one in endpoint_ids))

    def _drop(self, room: Room, *endpoints: Endpoint) -> None:
        for one in endpoints:
            self._cancel_timer(one)
        room.close_endpoints(endpoints)
        self._forget_if_empty(room)

    def _forget_if_empty(self, room: Room) -> None:
        if not room.endpoints and self._rooms.get(room.id) is room:
            del self._rooms[room.id]
            room.spread.close()

    def _later(self, seconds: float, room: Room, run: Callable[[], None]) -> None:
        """Do something with a room that is still there by then."""

        def due() -> None:
            self._delayed.discard(handle)
            if self._rooms.get(room.id) is room:
                run()
                room.prune()

        handle = asyncio.get_running_loop().call_later(seconds, due)
        self._delayed.add(handle)

    def _start_timer(self, room: Room, endpoint: Endpoint) -> None:
        self._cancel_timer(endpoint)
        loop = asyncio.get_running_loop()
        close: Callable[[], None] = lambda: self._close(room, "lost", endpoint)  # noqa: E731
        self._timers[endpoint.identity.id] = loop.call_later(HOLDER_GRACE_S, close)

    def _cancel_timer(self, endpoint: Endpoint) -> None:
        if (timer := self._timers.pop(endpoint.identity.id, None)) is not None:
            timer.cancel()
