"""One relay: its registration, and the state that the hub wants of it, room by room.

The link outlives its connection: when the relay comes back, its rooms are brought to the desired state; when the *hub*
was restarted, it has no desired state and adopts what the relay reports, so that media never stops.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from media.control.change import change
from media.control.messages import (
    Applied,
    AudioLevels,
    Draining,
    Drop,
    Failed,
    LayersWanted,
    Register,
    RelayCounters,
    Snapshot,
    Statistics,
    TransportState,
    TransportStateChanged,
    delta,
    encode,
)
from media.control.state import AnySpec, Model, RoomState
from signaling.errors import RelayUnavailable
from signaling.relays.processor import Processor

logger = logging.getLogger(__name__)
APPLY_TIMEOUT_S = 5.0
Send = Callable[[str], None]


class RoomListener(Protocol):
    """What the rooms want to hear of a relay."""

    def room_adopted(self, link: "RelayLink", room_id: str, state: RoomState) -> None:
        """The hub was restarted and the relay still carries this room."""

    def room_lost(self, link: "RelayLink", room_id: str) -> None:
        """The relay was restarted, or ended for good: everything of the room on it is gone."""

    def room_draining(self, link: "RelayLink", room_id: str) -> int:
        """The relay is about to end and there is another; returns how many endpoints of it have to move."""

    def transport_changed(self, link: "RelayLink", room_id: str, transport_id: str, state: TransportState) -> None:
        """ICE or DTLS of a transport changed, or the way of a pipe."""

    def speaker_changed(self, link: "RelayLink", room_id: str, producer_id: str | None) -> None:
        """Somebody else is speaking."""

    def layers_wanted(self, link: "RelayLink", room_id: str, layers: Mapping[str, int]) -> None:
        """Other encodings of these producers are wanted on this relay than before."""

    def object_failed(self, link: "RelayLink", room_id: str, object_id: str) -> None:
        """The relay could not put an object of the room into service."""


class RelayLink:
    """The hub's end of one relay. All methods run on the event loop."""

    def __init__(self, registration: Register, listener: RoomListener) -> None:
        self.registration = registration
        self._listener = listener
        self._rooms: dict[str, RoomState] = dict(registration.rooms)
        self._applied: dict[str, int] = {room_id: state.revision for room_id, state in self._rooms.items()}
        self._waiting: dict[str, asyncio.Event] = {}
        self._send: Send | None = None
        self._lost_at = float("-inf")
        self.draining = asyncio.Event()
        #: What the relay last said of itself as a whole.
        self.counters: RelayCounters | None = None
        self.processor = Processor()

    @property
    def connected(self) -> bool:
        """Whether the relay's control connection stands."""
        return self._send is not None

    @property
    def rooms(self) -> list[str]:
        """The rooms that are wanted on it, those of probes included."""
        return list(self._rooms)

    def away(self, now: float) -> float:
        """For how many seconds of the event loop's clock it has not been connected."""
        return 0.0 if self.connected else now - self._lost_at

    def room(self, room_id: str) -> RoomState:
        """Return the desired state of a room, empty if nothing is wanted there yet."""
        return self._rooms.get(room_id, RoomState())

    def adopt(self, send: Send) -> None:
        """First connection since the hub started: take over what the relay carries."""
        self._send = send
        for room_id, state in list(self._rooms.items()):
            self._listener.room_adopted(self, room_id, state)

    def reconnect(self, registration: Register, send: Send) -> None:
        """The relay is back: keep its rooms if it is the same process, else tell that they are lost."""
        restarted = registration.instance != self.registration.instance
        self.registration, self._send = registration, send
        if restarted:
            self.draining.clear()
            self._lose_rooms()
        for room_id in registration.rooms.keys() - self._rooms.keys():
            self._transmit(Drop(room=room_id))
        for room_id, state in self._rooms.items():
            self._transmit(Snapshot(room=room_id, state=state))

    def disconnect(self, send: Send) -> None:
        """A control connection is gone; media goes on without it. A newer connection is none of its business."""
        if self._send != send:
            return
        self._send = None
        self._lost_at = asyncio.get_running_loop().time()
        if self.draining.is_set():  # it has ended, as it said it would
            self._lose_rooms()

    def _lose_rooms(self) -> None:
        self._applied.clear()
        for room_id in list(self._rooms):
            del self._rooms[room_id]
            self._listener.room_lost(self, room_id)

    def drop(self, room_id: str) -> None:
        """Forget a room that nobody is in any more; harmless when it is forgotten already."""
        if self._rooms.pop(room_id, None) is not None:
            self._transmit(Drop(room=room_id))
        self._applied.pop(room_id, None)
        if (waiting := self._waiting.pop(room_id, None)) is not None:
            waiting.set()

    def change(
        self,
        room_id: str,
        put: Sequence[AnySpec] = (),
        remove: Iterable[str] = (),
        *,
        later: bool = False,
    ) -> int:
        """Want something else in a room: objects, and ids of what shall go. Returns the revision of that wish.

        Raises RelayUnavailable while the relay is not connected, except that removals are noted for its return, and
        with ``later`` everything is.
        """
        step, state = change(self.room(room_id), put, remove)
        if put and not self.connected and not later:
            raise RelayUnavailable
        self._rooms[room_id] = state
        self._transmit(delta(room_id, step))
        return step.revision

    async def wait_applied(self, room_id: str, revision: int) -> None:
        """Return once the relay has confirmed the revision; raises RelayUnavailable if it does not in time."""
        try:
            async with asyncio.timeout(APPLY_TIMEOUT_S):
                while self._applied.get(room_id, -1) < revision:
                    await self._waiting.setdefault(room_id, asyncio.Event()).wait()
        except TimeoutError as error:
            raise RelayUnavailable from error

    def receive(self, message: Model) -> None:
        """Take in one message of the relay."""
        match message:
            case Applied(room=room_id, revision=revision):
                self._confirmed(room_id, revision)
            case Failed(room=room_id, reason="resync") if room_id in self._rooms:
                self._transmit(Snapshot(room=room_id, state=self.room(room_id)))
            case Failed(room=room_id, object_id=object_id):
                logger.warning("relay %s: object %s failed: %s", self.id, object_id, message.reason)
                if object_id is not None:
                    self._listener.object_failed(self, room_id, object_id)
            case TransportStateChanged(room=room_id, transport_id=transport_id, state=state):
                self._listener.transport_changed(self, room_id, transport_id, state)
            case AudioLevels(room=room_id, speaker=speaker):
                self._listener.speaker_changed(self, room_id, speaker)
            case LayersWanted(room=room_id, layers=layers):
                self._listener.layers_wanted(self, room_id, layers)
            case Statistics(relay=RelayCounters() as counters):
                self.counters = counters
                self.processor.note(counters.cpu_seconds, asyncio.get_running_loop().time())
            case Draining():
                self.draining.set()

    def _confirmed(self, room_id: str, revision: int) -> None:
        """Note a confirmation, unless it is of an earlier life of the room."""
        if room_id in self._rooms and revision <= self.room(room_id).revision:
            self._applied[room_id] = revision
            if (waiting := self._waiting.pop(room_id, None)) is not None:
                waiting.set()

    @property
    def id(self) -> str:
        """The relay's name, as its certificate says it."""
        return self.registration.relay_id

    @property
    def load(self) -> int:
        """How many transports it carries."""
        return sum(len(state.transports) for state in self._rooms.values())

    def _transmit(self, message: Model) -> None:
        if self._send is not None:
            self._send(encode(message))
