"""The desired state of all rooms, and the relay's convergence to it."""

import logging
from typing import Final

from media.control.change import Changed, apply, difference
from media.control.messages import Applied, Delta, Failed, Snapshot, applied
from media.control.state import (
    AnySpec,
    ConsumerSpec,
    PipeSpec,
    ProducerSpec,
    RoomState,
    TransportSpec,
    check_references,
)
from media.errors import MediaError, StateError
from media.relay import Relay

Answer = Applied | Failed
_EMPTY: Final = RoomState()

log = logging.getLogger(__name__)


class Rooms:
    """What the hub wants, by room. The relay itself knows only transports, pipes, producers and consumers."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self.states: dict[str, RoomState] = {}
        self._room_of: dict[str, str] = {}

    def room_of(self, object_id: str) -> str | None:
        """The room of a transport, pipe, producer or consumer."""
        return self._room_of.get(object_id)

    def snapshot(self, message: Snapshot, now: float) -> list[Answer]:
        """Replace a room's state; one that contradicts itself changes nothing."""
        try:
            check_references(message.state)
        except StateError as error:
            return [_failed(message.room, message.state.revision, error)]
        return self._converge(message.room, difference(self._state(message.room), message.state), now)

    def delta(self, message: Delta, now: float) -> list[Answer]:
        """Change a room's state; one that does not fit changes nothing and asks for a snapshot."""
        try:
            changed = apply(self._state(message.room), message)
        except StateError as error:
            return [_failed(message.room, message.revision, error)]
        return self._converge(message.room, changed, now)

    def drop(self, room: str, now: float) -> None:
        """Close everything in a room. Idempotent."""
        if room in self.states:
            self._converge(room, difference(self.states[room], _EMPTY), now)
            del self.states[room]

    def _state(self, room: str) -> RoomState:
        return self.states.get(room, _EMPTY)

    def _converge(self, room: str, changed: Changed, now: float) -> list[Answer]:
        self.states[room] = changed.state
        for spec in changed.gone:
            if self._room_of.get(spec.id) == room:  # an id that another room owns was refused, and is not touched
                self._remove(spec)
                del self._room_of[spec.id]
        failures = [failed for spec in changed.put if (failed := self._tried(room, spec, changed.state, now))]
        log.debug("room %s: revision %d", room, changed.state.revision)
        return [*failures, applied(room, changed.state)]

    def _remove(self, spec: AnySpec) -> None:
        match spec:
            case TransportSpec():
                self._relay.remove_transport(spec.id)
            case PipeSpec():
                self._relay.remove_pipe(spec.id)
            case ProducerSpec():
                self._relay.remove_producer(spec.id)
            case ConsumerSpec():
                self._relay.remove_consumer(spec.id)

    def _tried(self, room: str, spec: AnySpec, state: RoomState, now: float) -> Failed | None:
        """Put one object into service; one that does not work is no reason to go without the others."""
        try:
            self._put(room, spec, state, now)
        except MediaError as error:
            return _failed(room, state.revision, error, spec.id)
        except Exception:
            log.exception("room %s: object %s could not be put into service", room, spec.id)
            return _failed(room, state.revision, MediaError("internal"), spec.id)
        return None

    def _put(self, room: str, spec: AnySpec, state: RoomState, now: float) -> None:
        if self._room_of.setdefault(spec.id, room) != room:
            raise StateError(f"{spec.id} belongs to another room")
        match spec:
            case TransportSpec():
                self._relay.put_transport(spec, now)
            case PipeSpec():
                self._relay.put_pipe(spec, now)
            case ProducerSpec():
                self._relay.put_producer(spec, now)
            case ConsumerSpec():
                self._relay.put_consumer(spec, state.producers[spec.producer_id], now)


def _failed(room: str, revision: int, error: MediaError, object_id: str | None = None) -> Failed:
    log.warning("room %s revision %d: %s: %s", room, revision, error.code, error)
    return Failed(room=room, revision=revision, object_id=object_id, reason=error.code)
