"""The desired state of all rooms, and the relay's convergence to it."""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from media.control.messages import Applied, Delta, Failed, Snapshot, applied
from media.control.state import RoomState, Spec, apply, check_references
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
        return self._converge(message.room, message.state, now)

    def delta(self, message: Delta, now: float) -> list[Answer]:
        """Change a room's state; one that does not fit changes nothing and asks for a snapshot."""
        try:
            state = apply(self.states.get(message.room, _EMPTY), message)
        except StateError as error:
            return [_failed(message.room, message.revision, error)]
        return self._converge(message.room, state, now)

    def drop(self, room: str, now: float) -> None:
        """Close everything in a room. Idempotent."""
        if room in self.states:
            self._converge(room, _EMPTY, now)
            del self.states[room]

    def _converge(self, room: str, new: RoomState, now: float) -> list[Answer]:
        old = self.states.get(room, _EMPTY)
        self.states[room] = new
        self._remove_gone(room, old, new)
        failures = self._put_changed(room, old, new, now)
        log.debug("room %s: revision %d", room, new.revision)
        return [*failures, applied(room, new)]

    def _remove_gone(self, room: str, old: RoomState, new: RoomState) -> None:
        """What stands on others goes first. An id that another room owns was refused, and is not touched."""
        steps = (
            (old.consumers.keys() - new.consumers.keys(), self._relay.remove_consumer),
            (old.producers.keys() - new.producers.keys(), self._relay.remove_producer),
            (old.pipes.keys() - new.pipes.keys(), self._relay.remove_pipe),
            (old.transports.keys() - new.transports.keys(), self._relay.remove_transport),
        )
        for gone, remove in steps:
            for object_id in gone:
                if self._room_of.get(object_id) == room:
                    remove(object_id)
                    del self._room_of[object_id]

    def _put_changed(self, room: str, old: RoomState, new: RoomState, now: float) -> list[Answer]:
        failures: list[Answer] = []
        specs = (
            *_changed(old.transports, new.transports),
            *_changed(old.pipes, new.pipes),
            *_changed(old.producers, new.producers),
            *_changed(old.consumers, new.consumers),
        )
        for spec in specs:
            try:
                self._put(room, spec.id, new, now)
            except MediaError as error:
                failures.append(_failed(room, new.revision, error, spec.id))
            except Exception:
                log.exception("room %s: object %s could not be put into service", room, spec.id)
                failures.append(_failed(room, new.revision, MediaError("internal"), spec.id))
        return failures

    def _put(self, room: str, object_id: str, state: RoomState, now: float) -> None:
        if self._room_of.setdefault(object_id, room) != room:
            raise StateError(f"{object_id} belongs to another room")
        if object_id in state.transports:
            self._relay.put_transport(state.transports[object_id], now)
        elif object_id in state.pipes:
            self._relay.put_pipe(state.pipes[object_id], now)
        elif object_id in state.producers:
            self._relay.put_producer(state.producers[object_id], now)
        else:
            consumer = state.consumers[object_id]
            self._relay.put_consumer(consumer, state.producers[consumer.producer_id], now)


def _changed(old: Mapping[str, Spec], new: Mapping[str, Spec]) -> Iterable[Spec]:
    """What is new, or not what it was."""
    return (spec for key, spec in new.items() if (before := old.get(key)) is not spec and before != spec)


def _failed(room: str, revision: int, error: MediaError, object_id: str | None = None) -> Failed:
    log.warning("room %s revision %d: %s: %s", room, revision, error.code, error)
    return Failed(room=room, revision=revision, object_id=object_id, reason=error.code)
