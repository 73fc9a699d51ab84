"""An endpoint: something that sends and receives media in one room, and what it has open on its relay."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from media.control.messages import TransportState
from media.control.state import ProducerSpec, TransportSpec
from signaling.live.pace import Pace
from signaling.wire.media import Endpoint as WireEndpoint
from signaling.wire.media import Producer as WireProducer
from signaling.wire.media import Source

VIEWS_PER_S, VIEWS_BURST = 5.0, 40.0
Connection = Literal["connecting", "connected", "disconnected"]
_CONNECTION: dict[TransportState, Connection] = {  # a "new" one says nothing: the page has no use for it yet
    "connecting": "connecting",
    "connected": "connected",
    "disconnected": "disconnected",
    "failed": "disconnected",
}


@dataclass(frozen=True, slots=True)
class EndpointIdentity:
    """Who an endpoint is. It travels to the relay and comes back when the hub was restarted, see ``vouching.py``."""

    id: str
    kind: Literal["personal", "room"]
    name: str
    owner_id: str  # the signed-in account: a person, or the hall itself
    site_id: str | None
    site_name: str | None


def encode_source(source: Source) -> str:
    """Return the ``app`` string of a producer."""
    return json.dumps(source)


def decode_source(app: str) -> Source | None:
    """Return what a producer is a source of, None if its ``app`` string does not say."""
    return next((source for source in get_args(Source) if app == encode_source(source)), None)


@dataclass(slots=True)
class Endpoint:
    """One endpoint in one room. ``holder`` is the socket that drives it, None while that is away."""

    identity: EndpointIdentity
    holder: object | None = None
    transports: dict[str, str] = field(default_factory=dict)  # id → direction
    states: dict[str, TransportState] = field(default_factory=dict)
    producers: dict[str, Source] = field(default_factory=dict)
    consumers: set[str] = field(default_factory=set)
    pinned: set[str] = field(default_factory=set)  # consumers that the page shows large by choice
    view_pace: Pace = field(default_factory=lambda: Pace(VIEWS_PER_S, VIEWS_BURST))

    @property
    def connection(self) -> Connection:
        """The worst of its transports that are in use."""
        states = {_CONNECTION[state] for state in self.states.values() if state in _CONNECTION}
        if "disconnected" in states:
            return "disconnected"
        return "connecting" if "connecting" in states else "connected"

    def wire(self, specs: Mapping[str, ProducerSpec]) -> WireEndpoint:
        """Return the endpoint as clients see it; ``specs`` are the room's producers."""
        me = self.identity
        return WireEndpoint(
            id=me.id,
            kind=me.kind,
            name=me.name,
            person_id=me.owner_id if me.kind == "personal" else None,
            hall_id=me.owner_id if me.kind == "room" else None,
            site_id=me.site_id,
            site_name=me.site_name,
            connection=self.connection,
            producers=[
                WireProducer(id=one, kind=spec.kind, source=source, paused=spec.paused)
                for one, source in self.producers.items()
                if (spec := specs.get(one)) is not None
            ],
        )

    def add_adopted_transport(self, spec: TransportSpec, direction: str) -> None:
        """Take back a transport that a restarted hub finds on its relay."""
        self.transports[spec.id] = direction
        self.states[spec.id] = "connected" if spec.dtls else "new"
