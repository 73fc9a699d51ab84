"""What the compiled data plane knows: peers, producers and routes by their names here, by handles and tokens there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from media.dataplane.interface import ConsumerRoute, ProducerRoute
from media.dataplane.native.library import load
from media.dataplane.native.paths import packed
from media.dataplane.native.routes import fill_consumer, fill_producer
from media.dataplane.numbers import UsedNumbers
from media.errors import DataPlaneUnavailable
from media.path import Path, UdpPath
from media.sources import OF_A_PAGE, SourceBounds
from media.srtp import InboundSession, OutboundSession, SrtpKeys, native_functions
from media.twcc import ArrivalLog

_NOWHERE, _UDP, _HANDOVER = range(3)
_MAX_GIVEN_UP: Final = 9


@dataclass(slots=True)
class Peer:
    """One transport's media side; the sessions are kept alive for the handle's sake."""

    id: str
    handle: Any
    sessions: tuple[InboundSession, OutboundSession]
    address: Path | None
    producers: dict[str, None] = field(default_factory=dict)
    consumers: dict[str, None] = field(default_factory=dict)
    numbers: UsedNumbers = field(default_factory=UsedNumbers)
    arrivals: ArrivalLog | None = None


@dataclass(slots=True)
class Producer:
    route: ProducerRoute
    handle: Any
    token: int


@dataclass(slots=True)
class Consumer:
    route: ConsumerRoute
    handle: Any
    token: int


class NativeTables:
    """The part of media.dataplane.interface.DataPlane that happens seldom. Raises DataPlaneUnavailable when made."""

    def __init__(self) -> None:
        self._ffi, self._lib = load()
        self._plane = self._lib.plane_new(*(self._ffi.cast("void *", one) for one in native_functions()))
        if not self._plane:
            raise DataPlaneUnavailable("no memory")
        #: Whether the plane reads the socket itself, and sends by it.
        self._serving = False
        self._peers: dict[str, Peer] = {}
        self._producers: dict[str, Producer] = {}
        self._consumers: dict[str, Consumer] = {}
        #: The consumers of each producer, there or not, in the order they were added.
        self._outputs: dict[str, dict[str, None]] = {}
        self._names: dict[int, str] = {}
        self._by_token: dict[int, Peer] = {}
        self._last_token = 0

    # ---- what exists

    def add_peer(self, peer: str, keys: SrtpKeys, address: Path, bounds: SourceBounds = OF_A_PAGE) -> None:
        self.remove_peer(peer)
        sessions = InboundSession(keys.profile, keys.inbound), OutboundSession(keys.profile, keys.outbound)
        token = self._name(peer)
        contexts = [self._ffi.cast("void *", session.address) for session in sessions]
        handle = self._existing(self._lib.plane_add_peer(self._plane, token, *contexts, bounds.idle, bounds.refused))
        self._peers[peer] = self._by_token[token] = Peer(peer, handle, sessions, None)
        self.move_peer(peer, address)

    def move_peer(self, peer: str, address: Path | None) -> None:
        moved = self._peers.get(peer)
        if moved is None or moved.address == address:
            return
        moved.address = address
        host = local = None
        if isinstance(address, UdpPath) and self._serving:
            host, local = packed(address.host), packed(address.local)
        if address is None:
            self._lib.plane_move_peer(self._plane, moved.handle, _NOWHERE, self._ffi.NULL, 0, self._ffi.NULL)
        elif host is None or local is None:
            self._lib.plane_move_peer(self._plane, moved.handle, _HANDOVER, self._ffi.NULL, 0, self._ffi.NULL)
        else:
            self._lib.plane_move_peer(self._plane, moved.handle, _UDP, host, address.port, local)

    def remove_peer(self, peer: str) -> None:
        gone = self._peers.get(peer)
        if gone is None:
            return
        for producer in list(gone.producers):
            self.remove_producer(producer)
        for consumer in list(gone.consumers):
            self.unroute(consumer)
        del self._peers[peer]
        self._lib.plane_remove_peer(self._plane, gone.handle)
        token = next(token for token, known in self._by_token.items() if known is gone)
        del self._by_token[token], self._names[token]

    def add_producer(self, route: ProducerRoute, now: float) -> None:
        self.remove_producer(route.id)
        peer = self._peers.get(route.peer)
        if peer is None:
            return
        token = self._name(route.id)
        given = self._ffi.new("struct producer_route *")
        fill_producer(given, route, token)
        handle = self._existing(self._lib.plane_add_producer(self._plane, peer.handle, given))
        self._producers[route.id] = Producer(route, handle, token)
        peer.producers[route.id] = None
        if route.transport_cc and peer.arrivals is None:
            peer.arrivals = ArrivalLog()
        for consumer in self._outputs.get(route.id, ()):
            self._lib.plane_join(self._plane, handle, self._consumers[consumer].handle, now)

    def remove_producer(self, producer: str) -> Sequence[int]:
        gone = self._producers.pop(producer, None)
        if gone is None:
            return ()
        del self._peers[gone.route.peer].producers[producer]
        given_up = self._ffi.new("uint32_t[]", _MAX_GIVEN_UP)
        count = self._lib.plane_remove_producer(self._plane, gone.handle, given_up)
        del self._names[gone.token]
        return list(given_up[0:count])

    def route(self, route: ConsumerRoute, now: float) -> None:
        self.unroute(route.id)
        peer = self._peers.get(route.peer)
        if peer is None:
            return
        first, *rtx_first = peer.numbers.begin(*route.ssrcs)
        token = self._name(route.id)
        given = self._ffi.new("struct consumer_route *")
        fill_consumer(given, route, token, first, rtx_first[0] if rtx_first else 0)
        handle = self._existing(self._lib.plane_add_consumer(self._plane, peer.handle, given))
        self._consumers[route.id] = Consumer(route, handle, token)
        self._outputs.setdefault(route.producer, {})[route.id] = None
        peer.consumers[route.id] = None
        producer = self._producers.get(route.producer)
        if producer is not None:
            self._lib.plane_join(self._plane, producer.handle, handle, now)

    def unroute(self, consumer: str) -> Sequence[int]:
        gone = self._consumers.pop(consumer, None)
        if gone is None:
            return ()
        route, peer = gone.route, self._peers[gone.route.peer]
        del peer.consumers[consumer]
        del self._outputs[route.producer][consumer]
        if not self._outputs[route.producer]:
            del self._outputs[route.producer]
        lasts = self._ffi.new("int64_t[]", 2)
        self._lib.plane_remove_consumer(self._plane, gone.handle, lasts, lasts + 1)
        del self._names[gone.token]
        given_up = [old for ssrc, last in zip(route.ssrcs, lasts, strict=False) for old in peer.numbers.end(ssrc, last)]
        for ssrc in given_up:
            self._lib.plane_forget(self._plane, peer.handle, ssrc)
        return given_up

    def pause(self, route: str, paused: bool, now: float) -> None:
        if route in self._producers:
            self._lib.plane_pause_producer(self._plane, self._producers[route].handle, paused, now)
        elif route in self._consumers:
            self._lib.plane_pause_consumer(self._plane, self._consumers[route].handle, paused, now)

    def aim(self, consumer: str, spatial: int, temporal: int, now: float) -> None:
        if consumer in self._consumers:
            self._lib.plane_aim(self._plane, self._consumers[consumer].handle, spatial, temporal, now)

    def forwarding(self, consumer: str) -> tuple[int, int]:
        if consumer not in self._consumers:
            return -1, -1
        spatial, temporal = self._ffi.new("int *"), self._ffi.new("int *")
        self._lib.plane_forwarding(self._plane, self._consumers[consumer].handle, spatial, temporal)
        return int(spatial[0]), int(temporal[0])

    # ---- names

    def _name(self, name: str) -> int:
        """A token by which the compiled code knows something of this name."""
        self._last_token += 1
        self._names[self._last_token] = name
        return self._last_token

    @staticmethod
    def _existing(handle: Any) -> Any:
        if not handle:
            raise MemoryError("the data plane has no memory left")
        return handle
