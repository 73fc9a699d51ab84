"""A receiver in a room that is nobody's: it is not shown, holds no place, and keeps no room open."""

from dataclasses import dataclass
from typing import Final

from media.control.mint import mint_id
from media.control.state import ConsumerSpec
from media.recording.capabilities import RECORDER_CAPABILITIES
from signaling.live.endpoint import Endpoint, EndpointIdentity
from signaling.live.room import Room
from signaling.recording.messages import Open
from signaling.relays.link import RelayLink

APP: Final = "recorder"


@dataclass(frozen=True, slots=True)
class _Identity(EndpointIdentity):
    def encode(self, direction: str) -> str:
        """No endpoint's: a restarted hub does not take it for one."""
        return APP


class Tap:
    """One transport at a room's lead, and consumers of what is sent in the room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._endpoint = Endpoint(_Identity(mint_id(), "room", "", "", None, None))
        self._transport = ""
        self._relay = room.spread.lead

    @property
    def stands(self) -> bool:
        """Whether the relay at which it was opened still hears everybody, and still has it."""
        return self._room.spread.lead is self._relay and self._transport in self._relay.room(self._room.id).transports

    def open(self, fingerprint: str, began_at: float) -> Open:
        """Open the transport for whose certificate has this fingerprint. Raises RelayUnavailable."""
        self._relay = self._room.spread.lead
        for link in self._room.spread.links:
            remove_taps(link, self._room.id)
        made = self._room.create_transport(self._endpoint, "recv")
        parameters = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": fingerprint}]}
        self._transport = str(made["id"])
        self._room.connect_transport(self._endpoint, self._transport, parameters)
        spec, registration = self._room.state.transports[self._transport], self._relay.registration
        return Open(
            ufrag=spec.ufrag,
            pwd=spec.pwd,
            addresses=tuple((one.ip, one.port) for one in registration.candidates if one.protocol == "udp"),
            fingerprints=(("sha-256", registration.fingerprint),),
            began_at=began_at,
        )

    async def consume(self, producer_id: str) -> ConsumerSpec:
        """Have a source forwarded, paused. Raises NoSuchMediaObject, RelayUnavailable and ParametersError."""
        spec, _ = await self._room.consume(self._endpoint, self._transport, producer_id, RECORDER_CAPABILITIES)
        return spec

    def resume(self, consumer_id: str) -> None:
        """Let it come. Raises NoSuchMediaObject and RelayUnavailable."""
        self._room.set_consumer(self._endpoint, consumer_id, paused=False)

    def close(self) -> None:
        """Take the transport away, with all that comes over it."""
        if self._transport in self._room.state.transports:
            self._room.spread.change(remove=[self._transport])


def remove_taps(link: RelayLink, room_id: str) -> None:
    """Take away what a hub before this one left on a relay."""
    left = [one.id for one in link.room(room_id).transports.values() if one.app == APP]
    if left:
        link.change(room_id, remove=left)
