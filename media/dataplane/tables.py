"""What a data plane in Python knows: peers, producers, routes, and which encoding goes to whom."""

from collections.abc import Iterable, Sequence

from media.consumer import Consumer
from media.dataplane.interface import ConsumerRoute, PeerStatistics, ProducerRoute, SourceStatistics
from media.dataplane.numbers import UsedNumbers
from media.path import Path
from media.producer import Producer, SourceStream, mid_id
from media.sentlog import SentLog
from media.sources import OF_A_PAGE, SourceBounds, Sources
from media.srtp import InboundSession, OutboundSession, SrtpKeys
from media.twcc import ArrivalLog


class Peer:
    """One transport's media side."""

    def __init__(self, peer: str, keys: SrtpKeys, address: Path, bounds: SourceBounds) -> None:
        self.id = peer
        self.address: Path | None = address
        self.streams: dict[int, SourceStream] = {}
        self.sources = Sources(bounds, self.streams)
        self.inbound = InboundSession(keys.profile, keys.inbound, self.sources)
        self.outbound = OutboundSession(keys.profile, keys.outbound)
        self.producers: dict[str, Producer] = {}
        self.by_mid: dict[str, Producer] = {}
        self.mid_ids: set[int] = set()
        self.consumers: dict[int, Consumer] = {}
        self.numbers = UsedNumbers()
        self.arrivals: ArrivalLog | None = None
        self.sent = SentLog()
        self.statistics = PeerStatistics()

    def hold(self, stream: SourceStream) -> None:
        """Packets of its SSRC are the stream's from now on, unless the SSRC is given up."""
        if self.sources.hold(stream.ssrc):
            self.streams[stream.ssrc] = stream

    def release(self, streams: Iterable[SourceStream | None]) -> Sequence[int]:
        """There are no such streams any more; the SSRCs that are given up with that."""
        for stream in streams:
            if stream is not None and self.streams.get(stream.ssrc) is stream:
                del self.streams[stream.ssrc]
                self.sources.release(stream.ssrc)
        return self.inbound.trim()


Output = tuple[Consumer, Peer]


class Tables:
    """The part of media.dataplane.interface.DataPlane that happens seldom."""

    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}
        self._producers: dict[str, Producer] = {}
        self._consumers: dict[str, Output] = {}
        self._outputs: dict[str, list[Output]] = {}

    # ---- what exists

    def add_peer(self, peer: str, keys: SrtpKeys, address: Path, bounds: SourceBounds = OF_A_PAGE) -> None:
        self.remove_peer(peer)
        self._peers[peer] = Peer(peer, keys, address, bounds)

    def move_peer(self, peer: str, address: Path | None) -> None:
        moved = self._peers.get(peer)
        if moved is None:
            return
        moved.address = address
        if address is None:
            for consumer in moved.consumers.values():
                consumer.detach()

    def remove_peer(self, peer: str) -> None:
        gone = self._peers.get(peer)
        if gone is None:
            return
        for producer in list(gone.producers):
            self.remove_producer(producer)
        for consumer in [consumer.route.id for consumer in gone.consumers.values()]:
            self.unroute(consumer)
        del self._peers[peer]

    def add_producer(self, route: ProducerRoute, now: float) -> None:
        self.remove_producer(route.id)
        peer = self._peers.get(route.peer)
        if peer is None:
            return
        producer = self._producers[route.id] = peer.producers[route.id] = Producer(route)
        for stream in producer.declared():
            peer.hold(stream)
        if route.mid is not None:
            peer.by_mid[route.mid] = producer
            peer.mid_ids.add(mid_id(route))
        if route.transport_cc and peer.arrivals is None:
            peer.arrivals = ArrivalLog()
        for consumer, _ in self._outputs.get(route.id, ()):
            self._attach(consumer, producer, now)

    def remove_producer(self, producer: str) -> Sequence[int]:
        gone = self._producers.pop(producer, None)
        if gone is None:
            return ()
        peer = self._peers[gone.route.peer]
        del peer.producers[producer]
        peer.by_mid = {mid: other for mid, other in peer.by_mid.items() if other is not gone}
        for consumer, _ in self._outputs.get(producer, ()):
            consumer.detach()
            consumer.target = None
        return peer.release(stream for pair in zip(gone.media, gone.rtx, strict=True) for stream in pair)

    def route(self, route: ConsumerRoute, now: float) -> None:
        self.unroute(route.id)
        peer = self._peers.get(route.peer)
        if peer is None:
            return
        start, *rtx_start = peer.numbers.begin(*route.ssrcs)
        consumer = Consumer(route, start, rtx_start[0] if rtx_start else 0)
        self._consumers[route.id] = (consumer, peer)
        self._outputs.setdefault(route.producer, []).append((consumer, peer))
        peer.consumers[route.ssrc] = consumer
        producer = self._producers.get(route.producer)
        if producer is not None:
            self._attach(consumer, producer, now)

    def unroute(self, consumer: str) -> Sequence[int]:
        gone = self._consumers.pop(consumer, None)
        if gone is None:
            return ()
        route, peer = gone[0].route, gone[1]
        outputs = [output for output in self._outputs[route.producer] if output[0] is not gone[0]]
        if outputs:
            self._outputs[route.producer] = outputs
        else:
            del self._outputs[route.producer]
        peer.consumers.pop(route.ssrc, None)
        lasts = (gone[0].last_sequence, gone[0].last_rtx_sequence)
        given_up = [old for ssrc, last in zip(route.ssrcs, lasts, strict=False) for old in peer.numbers.end(ssrc, last)]
        for ssrc in given_up:
            peer.outbound.forget(ssrc)
        return given_up

    def pause(self, route: str, paused: bool, now: float) -> None:
        producer = self._producers.get(route)
        if producer is not None:
            producer.paused = paused
            producer.level = None
            producer.forget_keyframe_requests()
            outputs = self._outputs.get(route, [])
        elif route in self._consumers:
            outputs = [self._consumers[route]]
            outputs[0][0].paused = paused
            producer = self._producers.get(outputs[0][0].route.producer)
        else:
            return
        for consumer, _ in outputs:
            consumer.detach()
            if producer is not None:
                self._want(consumer, producer, now)

    # ---- layers

    def aim(self, consumer: str, spatial: int, temporal: int, now: float) -> None:
        aiming = self._consumers[consumer][0] if consumer in self._consumers else None
        if aiming is None:
            return
        aiming.spatial_aim = spatial
        aiming.temporal_aim = temporal
        if spatial < 0:
            aiming.detach()
        aiming.settle()
        producer = self._producers.get(aiming.route.producer)
        if producer is not None:
            self._retarget(aiming, producer, now)

    def forwarding(self, consumer: str) -> tuple[int, int]:
        forwarded = self._consumers[consumer][0] if consumer in self._consumers else None
        if forwarded is None or forwarded.source is None:
            return -1, -1
        return forwarded.source.encoding, forwarded.placement.temporal

    def sources(self) -> Sequence[SourceStatistics]:
        streams = (stream for producer in self._producers.values() for stream in producer.media)
        return [stream.statistics for stream in streams if stream is not None]

    def _attach(self, consumer: Consumer, producer: Producer, now: float) -> None:
        """A consumer and its producer have found each other."""
        consumer.attach(producer.route.extension_ids)
        consumer.target = producer.target(consumer.spatial_aim, consumer.route.encoding, None)
        self._want(consumer, producer, now)

    def _retarget_all(self, producer: Producer, now: float) -> None:
        producer.changed = False
        for consumer, _ in self._outputs.get(producer.route.id, ()):
            self._retarget(consumer, producer, now)

    def _retarget(self, consumer: Consumer, producer: Producer, now: float) -> None:
        target = producer.target(consumer.spatial_aim, consumer.route.encoding, consumer.target)
        if target is not consumer.target:
            consumer.target = target
            consumer.settle()
            self._want(consumer, producer, now)

    def _want(self, consumer: Consumer, producer: Producer, now: float) -> None:
        """Ask for a keyframe where one is needed for a start or a switch."""
        source, target = consumer.source, consumer.target
        if target is None or target is source or not producer.is_video or producer.paused or consumer.paused:
            return
        target.keyframes.want(now, first=source is None or target.encoding < source.encoding)
