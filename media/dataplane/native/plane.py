"""The data plane in C as a DataPlane: the names of things are kept here, everything that happens to packets there."""

import asyncio
import contextlib
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from media.dataplane.interface import (
    MAX_TOLD,
    Acknowledged,
    ConsumerRoute,
    ConsumerStatistics,
    PeerStatistics,
    ProducerRoute,
    ProducerStatistics,
    SourceStatistics,
    Transmit,
)
from media.dataplane.native.library import load
from media.dataplane.native.paths import packed, unpacked
from media.dataplane.native.routes import fill_consumer, fill_producer
from media.dataplane.numbers import UsedNumbers
from media.errors import DataPlaneUnavailable
from media.path import Path, UdpPath
from media.rtcp import ReportBlock, SenderReport
from media.srtp import MAX_SSRCS, InboundSession, OutboundSession, SrtpKeys, native_functions
from media.twcc import ArrivalLog

_NOWHERE, _UDP, _HANDOVER = range(3)
_RECEIVED, _OUTPUT = 1, 2
_HEADER: Final = struct.Struct("=IIQ16s16sH6x")
#: Of plane.h, with its alignment: struct burst, arrival and loss, which come by the hundred and are read at once.
BURST: Final = struct.Struct("@qdqqii")
ARRIVAL: Final = struct.Struct("@dI0d")
LOSS: Final = struct.Struct("@IH0I")
_TAKEN_BYTES: Final = 256 * 1024
_MAX_TAKEN: Final = 4096
_PEER_FIELDS: Final = tuple(PeerStatistics.__slots__)
_PRODUCER_FIELDS: Final = tuple(ProducerStatistics.__slots__)
_CONSUMER_FIELDS: Final = tuple(ConsumerStatistics.__slots__)


@dataclass(slots=True)
class _Peer:
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
class _Producer:
    route: ProducerRoute
    handle: Any
    token: int


@dataclass(slots=True)
class _Consumer:
    route: ConsumerRoute
    handle: Any
    token: int


class NativeDataPlane:
    """Implements media.dataplane.interface.DataPlane. Raises DataPlaneUnavailable when made where there is none."""

    name = "native"

    def __init__(self, transmit: Transmit) -> None:
        self._transmit = transmit
        self._ffi, self._lib = load()
        self._plane = self._lib.plane_new(*(self._ffi.cast("void *", one) for one in native_functions()))
        if not self._plane:
            raise DataPlaneUnavailable("no memory")
        self._taken = self._ffi.new("uint8_t[]", _TAKEN_BYTES)
        self._losses = self._ffi.new("struct loss[]", _MAX_TAKEN)
        self._requests = self._ffi.new("struct keyframe_request[]", _MAX_TAKEN)
        self._arrivals = self._ffi.new("struct arrival[]", _MAX_TAKEN)
        self._sent = self._ffi.new("int64_t *"), self._ffi.new("uint64_t *")
        self._told = self._ffi.new("struct acknowledged *")
        self._bursts = self._ffi.new("struct burst[]", MAX_TOLD)
        self._peers: dict[str, _Peer] = {}
        self._producers: dict[str, _Producer] = {}
        self._consumers: dict[str, _Consumer] = {}
        #: The consumers of each producer, there or not, in the order they were added.
        self._outputs: dict[str, dict[str, None]] = {}
        self._names: dict[int, str] = {}
        self._by_token: dict[int, _Peer] = {}
        self._last_token = 0
        self._serving = False

    # ---- the socket

    def serve(self, fileno: int, family: int, receive: Callable[[bytes, Path, float], None]) -> bool:
        """Read the socket in a thread of its own from now on; what is not media comes to ``receive``."""
        failure = self._lib.plane_start(self._plane, fileno, family)
        if failure:
            raise OSError(failure, "the data plane's thread did not start")
        loop = asyncio.get_running_loop()
        clock = loop.time

        def readable() -> None:
            now = clock()
            for data, path in self._sort(self._handed()):
                receive(data, path, now)

        self._serving = True
        loop.add_reader(self._lib.plane_event(self._plane), readable)
        return True

    def close(self) -> None:
        """Stop the thread, and forget everything. Idempotent."""
        if self._plane is None:
            return
        if self._serving:
            with contextlib.suppress(RuntimeError):  # the loop may be gone
                asyncio.get_running_loop().remove_reader(self._lib.plane_event(self._plane))
        self._lib.plane_free(self._plane)
        self._plane = None

    def __del__(self) -> None:
        if getattr(self, "_plane", None) is not None:
            self._lib.plane_free(self._plane)

    def _handed(self) -> bytes:
        """What is queued; of much the first part, so that a flood leaves the event loop time for other things."""
        size = self._lib.plane_take(self._plane, self._taken, _TAKEN_BYTES)
        return bytes(self._ffi.buffer(self._taken, size))

    def _sort(self, data: bytes) -> list[tuple[bytes, UdpPath]]:
        """Send what leaves by Python, and give what came and is not media."""
        received: list[tuple[bytes, UdpPath]] = []
        position = 0
        while position < len(data):
            kind, length, token, host, local, port = _HEADER.unpack_from(data, position)
            position += _HEADER.size
            datagram = data[position : position + length]
            position += length
            if kind == _RECEIVED:
                received.append((datagram, unpacked(host, port, local)))
            elif token in self._by_token and (address := self._by_token[token].address) is not None:
                self._transmit(datagram, address)
        return received

    def _send_handed(self) -> None:
        """Without a thread nobody else empties the queue."""
        while not self._serving and (data := self._handed()):
            self._sort(data)

    # ---- what exists

    def add_peer(self, peer: str, keys: SrtpKeys, address: Path, max_ssrcs: int = MAX_SSRCS) -> None:
        self.remove_peer(peer)
        sessions = InboundSession(keys.profile, keys.inbound), OutboundSession(keys.profile, keys.outbound)
        token = self._name(peer)
        contexts = [self._ffi.cast("void *", session.address) for session in sessions]
        handle = self._existing(self._lib.plane_add_peer(self._plane, token, *contexts, max_ssrcs))
        self._peers[peer] = self._by_token[token] = _Peer(peer, handle, sessions, None)
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
        self._producers[route.id] = _Producer(route, handle, token)
        peer.producers[route.id] = None
        if route.transport_cc and peer.arrivals is None:
            peer.arrivals = ArrivalLog()
        for consumer in self._outputs.get(route.id, ()):
            self._lib.plane_join(self._plane, handle, self._consumers[consumer].handle, now)

    def remove_producer(self, producer: str) -> None:
        gone = self._producers.pop(producer, None)
        if gone is None:
            return
        del self._peers[gone.route.peer].producers[producer]
        self._lib.plane_remove_producer(self._plane, gone.handle)
        del self._names[gone.token]

    def forget_source(self, peer: str, ssrc: int) -> None:
        if peer in self._peers:
            self._lib.plane_forget_source(self._plane, self._peers[peer].handle, ssrc)

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
        self._consumers[route.id] = _Consumer(route, handle, token)
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

    # ---- what peers send, report and ask

    def receive(self, peer: str, datagram: bytes, now: float) -> None:
        if peer in self._peers:
            self._lib.plane_receive(self._plane, self._peers[peer].handle, datagram, len(datagram), now)
            self._send_handed()

    def resend(self, peer: str, ssrc: int, sequences: Iterable[int], now: float) -> None:
        asked = list(sequences)
        if peer in self._peers:
            self._lib.plane_resend(self._plane, self._peers[peer].handle, ssrc, asked, len(asked), now)
            self._send_handed()

    def request_keyframe(self, peer: str, ssrc: int, now: float) -> None:
        if peer in self._peers:
            self._lib.plane_request_keyframe(self._plane, self._peers[peer].handle, ssrc, now)

    def pad(self, peer: str, size: int, now: float) -> int:
        if peer not in self._peers:
            return 0
        sent = int(self._lib.plane_pad(self._plane, self._peers[peer].handle, size, now))
        self._send_handed()
        return sent

    def sender_reports(self, peer: str, report: SenderReport, now: float) -> Sequence[tuple[str, str, SenderReport]]:
        if peer not in self._peers:
            return []
        most = sum(len(self._outputs.get(producer, ())) for producer in self._peers[peer].producers)
        into = self._ffi.new("struct forwarded_report[]", most)
        count = self._lib.plane_sender_report(
            self._plane, self._peers[peer].handle, report.ssrc, report.ntp, report.rtp_timestamp, now, into, len(into)
        )
        return [
            (
                self._names[one.peer],
                self._names[one.consumer],
                SenderReport(one.ssrc, report.ntp, one.rtp_timestamp, one.packets, one.octets),
            )
            for one in into[0:count]
        ]

    def take_losses(self, peer: str, now: float) -> Sequence[tuple[int, Sequence[int]]]:
        if peer not in self._peers or not self._peers[peer].producers:
            return []
        count = self._lib.plane_take_losses(self._plane, self._peers[peer].handle, now, self._losses, _MAX_TAKEN)
        losses: dict[int, list[int]] = {}
        for ssrc, sequence in LOSS.iter_unpack(self._ffi.buffer(self._losses, count * LOSS.size)):
            losses.setdefault(ssrc, []).append(sequence)
        return list(losses.items())

    def take_keyframe_requests(self, now: float) -> Sequence[tuple[str, int]]:
        count = self._lib.plane_take_keyframe_requests(self._plane, now, self._requests, _MAX_TAKEN)
        return [(self._names[one.peer], one.ssrc) for one in self._requests[0:count]]

    def take_arrivals(self, peer: str) -> Sequence[bytes]:
        sender = self._peers.get(peer)
        if sender is None or sender.arrivals is None:
            return []
        count = self._lib.plane_take_arrivals(self._plane, sender.handle, self._arrivals, _MAX_TAKEN)
        sender.arrivals.record_all(ARRIVAL.iter_unpack(self._ffi.buffer(self._arrivals, count * ARRIVAL.size)))
        media_ssrc = self._lib.plane_first_ssrc(self._plane, sender.handle)
        return sender.arrivals.take(media_ssrc) if media_ssrc else []

    def sent(self, peer: str) -> tuple[int, int]:
        if peer not in self._peers:
            return 0, 0
        number, octets = self._sent
        self._lib.plane_sent(self._plane, self._peers[peer].handle, number, octets)
        return int(number[0]), int(octets[0])

    def acknowledge(self, peer: str, feedback: bytes, after: int, until: int) -> Acknowledged | None:
        if peer not in self._peers:
            return Acknowledged()
        told, handle = self._told, self._peers[peer].handle
        if not self._lib.plane_acknowledge(
            self._plane, handle, feedback, len(feedback), after, until, told, self._bursts
        ):
            return None
        bursts = list(BURST.iter_unpack(self._ffi.buffer(self._bursts, told.bursts * BURST.size)))
        return Acknowledged(told.told, told.lost, told.highest, bursts)

    def take_levels(self) -> Mapping[str, int]:
        if not self._producers:
            return {}
        into = self._ffi.new("struct level[]", len(self._producers))
        count = self._lib.plane_take_levels(self._plane, into, len(into))
        return {self._names[one.producer]: one.level for one in into[0:count]}

    def receptions(self, peer: str, now: float) -> Sequence[ReportBlock]:
        if peer not in self._peers or not self._peers[peer].producers:
            return []
        into = self._ffi.new("struct reception[]", 4 * len(self._peers[peer].producers))
        count = self._lib.plane_receptions(self._plane, self._peers[peer].handle, now, into, len(into))
        return [
            ReportBlock(
                one.ssrc, one.fraction_lost, one.lost, one.highest, one.jitter, one.last_sender_report, one.delay
            )
            for one in into[0:count]
        ]

    # ---- counters

    def sources(self) -> Sequence[SourceStatistics]:
        if not self._producers:
            return []
        into = self._ffi.new("struct source_counters[]", 4 * len(self._producers))
        count = self._lib.plane_sources(self._plane, into, len(into))
        return [self._source(one) for one in into[0:count]]

    def dropped(self) -> Mapping[str, int]:
        into = self._ffi.new("struct socket_counters *")
        self._lib.plane_socket_counters(self._plane, into)
        return {"unknown_protocol": into.strange, "queue_full": into.dropped, "unsent": into.unsent}

    def stats(self) -> Mapping[str, PeerStatistics]:
        into = self._ffi.new("struct peer_counters *")
        result = {}
        for key, peer in self._peers.items():
            self._lib.plane_peer_counters(self._plane, peer.handle, into)
            result[key] = PeerStatistics(*(getattr(into, name) for name in _PEER_FIELDS))
        return result

    def producer_stats(self) -> Mapping[str, ProducerStatistics]:
        into = self._ffi.new("struct producer_counters *")
        result = {}
        for key, producer in self._producers.items():
            self._lib.plane_producer_counters(self._plane, producer.handle, into)
            result[key] = ProducerStatistics(*(getattr(into, name) for name in _PRODUCER_FIELDS))
        return result

    def consumer_stats(self) -> Mapping[str, ConsumerStatistics]:
        into = self._ffi.new("struct consumer_counters *")
        result = {}
        for key, consumer in self._consumers.items():
            self._lib.plane_consumer_counters(self._plane, consumer.handle, into)
            result[key] = ConsumerStatistics(*(getattr(into, name) for name in _CONSUMER_FIELDS))
        return result

    def _source(self, one: Any) -> SourceStatistics:
        first, second, third, fourth = one.by_temporal
        octets = first + second + third + fourth
        producer = self._names[one.producer]
        layers = (first, second, third, fourth)
        return SourceStatistics(
            producer, one.encoding, bool(one.live), one.packets, octets, layers, one.width, one.height
        )

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
