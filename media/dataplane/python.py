"""The data plane in Python: runs everywhere, and is the oracle for a native one."""

import secrets
from collections.abc import Iterable, Mapping, Sequence

from media.consumer import Consumer, ExtensionTemplate
from media.dataplane.interface import ConsumerRoute, PeerStatistics, ProducerRoute, Transmit
from media.errors import MalformedRtp, SrtpError
from media.path import Path
from media.producer import HeldPacket, Producer, ReceivedReport, SourceStream, mid_id, mid_of
from media.rtcp import ReportBlock, SenderReport
from media.rtp import RtpPacket, parse_rtp
from media.srtp import InboundSession, OutboundSession, SrtpKeys
from media.twcc import ArrivalLog
from media.vp8 import Vp8Descriptor, parse_vp8


class _Peer:
    """One transport's media side."""

    def __init__(self, peer: str, keys: SrtpKeys, address: Path) -> None:
        self.id = peer
        self.address: Path | None = address
        self.inbound = InboundSession(keys.profile, keys.inbound)
        self.outbound = OutboundSession(keys.profile, keys.outbound)
        self.streams: dict[int, SourceStream] = {}
        self.producers: dict[str, Producer] = {}
        self.by_mid: dict[str, Producer] = {}
        self.mid_ids: set[int] = set()
        self.consumers: dict[int, Consumer] = {}
        #: Where sequence numbers stand under SSRCs whose consumers are gone.
        self.used: dict[int, int] = {}
        self.arrivals: ArrivalLog | None = None
        self.statistics = PeerStatistics()


Output = tuple[Consumer, _Peer]
Parts = dict[ExtensionTemplate, tuple[bytes, bytes]]


class PythonDataPlane:
    """Implements media.dataplane.interface.DataPlane."""

    name = "python"

    def __init__(self, transmit: Transmit) -> None:
        self._transmit = transmit
        self._peers: dict[str, _Peer] = {}
        self._producers: dict[str, Producer] = {}
        self._consumers: dict[str, Output] = {}
        self._outputs: dict[str, list[Output]] = {}

    # ---- what exists

    def add_peer(self, peer: str, keys: SrtpKeys, address: Path) -> None:
        self.remove_peer(peer)
        self._peers[peer] = _Peer(peer, keys, address)

    def move_peer(self, peer: str, address: Path | None) -> None:
        if peer in self._peers:
            self._peers[peer].address = address

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
            peer.streams[stream.ssrc] = stream
        if route.mid is not None:
            peer.by_mid[route.mid] = producer
            peer.mid_ids.add(mid_id(route))
        if route.transport_cc and peer.arrivals is None:
            peer.arrivals = ArrivalLog()
        for consumer, _ in self._outputs.get(route.id, ()):
            consumer.attach(route.extension_ids)
            self._want_start(consumer, producer, now)

    def remove_producer(self, producer: str) -> None:
        gone = self._producers.pop(producer, None)
        if gone is None:
            return
        peer = self._peers[gone.route.peer]
        del peer.producers[producer]
        peer.streams = {ssrc: stream for ssrc, stream in peer.streams.items() if stream.producer is not gone}
        peer.by_mid = {mid: other for mid, other in peer.by_mid.items() if other is not gone}
        for consumer, _ in self._outputs.get(producer, ()):
            consumer.detach()

    def route(self, route: ConsumerRoute, now: float) -> None:
        self.unroute(route.id)
        peer = self._peers.get(route.peer)
        if peer is None:
            return
        start = peer.used.get(route.ssrc, secrets.randbelow(0x4000) - 1) + 1
        rtx_start = peer.used.get(route.rtx_ssrc or 0, secrets.randbelow(0x4000) - 1) + 1
        consumer = Consumer(route, start, rtx_start)
        self._consumers[route.id] = (consumer, peer)
        self._outputs.setdefault(route.producer, []).append((consumer, peer))
        peer.consumers[route.ssrc] = consumer
        producer = self._producers.get(route.producer)
        if producer is not None:
            consumer.attach(producer.route.extension_ids)
            self._want_start(consumer, producer, now)

    def unroute(self, consumer: str) -> None:
        gone = self._consumers.pop(consumer, None)
        if gone is None:
            return
        route, peer = gone[0].route, gone[1]
        outputs = [output for output in self._outputs[route.producer] if output[0] is not gone[0]]
        if outputs:
            self._outputs[route.producer] = outputs
        else:
            del self._outputs[route.producer]
        peer.consumers.pop(route.ssrc, None)
        peer.used[route.ssrc] = gone[0].last_sequence
        if route.rtx_ssrc is not None:
            peer.used[route.rtx_ssrc] = gone[0].last_rtx_sequence

    def pause(self, route: str, paused: bool, now: float) -> None:
        producer = self._producers.get(route)
        if producer is not None:
            producer.paused = paused
            producer.level = None
            producer.keyframes.arrived()
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
                self._want_start(consumer, producer, now)

    # ---- per packet

    def receive(self, peer: str, datagram: bytes, now: float) -> None:
        sender = self._peers.get(peer)
        if sender is None:
            return
        statistics = sender.statistics
        try:
            packet = parse_rtp(sender.inbound.unprotect(datagram))
        except (SrtpError, MalformedRtp):
            statistics.rejected += 1
            return
        statistics.packets_in += 1
        statistics.bytes_in += len(datagram)
        stream = sender.streams.get(packet.ssrc) or self._learn(sender, packet)
        if stream is None:
            statistics.unknown += 1
            return
        producer = stream.producer
        if producer.transport_cc_id:
            self._record_arrival(sender, producer, packet, now)
        if stream.is_rtx:
            restored = self._restore(producer, stream, packet)
            if restored is None:
                return
            statistics.recovered_in += 1
            stream, sequence = restored
        else:
            arrived = stream.arrived(packet.sequence, packet.timestamp, now)
            if arrived is None or packet.payload_type != producer.route.payload_type:
                return
            sequence = arrived
        if not producer.paused:
            self._forward(producer, stream, packet, sequence, now)

    def _learn(self, sender: _Peer, packet: RtpPacket) -> SourceStream | None:
        """An SSRC that was not signalled belongs to the producer whose MID it carries (RFC 8843 §9.2)."""
        for extension_id in sender.mid_ids:
            producer = sender.by_mid.get(mid_of(packet, extension_id))
            if producer is None or mid_id(producer.route) != extension_id:
                continue
            stream = producer.learn(packet)
            if stream is not None:
                sender.streams = {
                    ssrc: other
                    for ssrc, other in sender.streams.items()
                    if other in producer.media or other in producer.rtx or other.producer is not producer
                }
                sender.streams[packet.ssrc] = stream
            return stream
        return None

    def _record_arrival(self, sender: _Peer, producer: Producer, packet: RtpPacket, now: float) -> None:
        value = packet.extensions.get(producer.transport_cc_id)
        if value is not None and len(value) == 2 and sender.arrivals is not None:
            sender.arrivals.record(value[0] << 8 | value[1], now)

    def _restore(self, producer: Producer, rtx: SourceStream, packet: RtpPacket) -> tuple[SourceStream, int] | None:
        """Turn an RTX packet (RFC 4588 §4) into the one it repeats; None for padding and what was not missing."""
        stream = producer.media[rtx.encoding]
        if stream is None or len(packet.payload) <= 2:
            return None
        sequence = stream.recovered(packet.payload[0] << 8 | packet.payload[1])
        if sequence is None:
            return None
        packet.payload = packet.payload[2:]
        packet.payload_type = producer.route.payload_type
        return stream, sequence

    def _forward(self, producer: Producer, stream: SourceStream, packet: RtpPacket, sequence: int, now: float) -> None:
        vp8: Vp8Descriptor | None = None
        keyframe = True
        if producer.is_video:
            vp8 = self._describe(producer, packet)
            keyframe = vp8 is not None and vp8.keyframe
            if keyframe:
                producer.keyframes.arrived()
        else:
            producer.note_level(packet)
        parts: Parts = {}
        waiting = False
        started: list[Output] = []
        for output in self._outputs.get(producer.route.id, ()):
            consumer = output[0]
            if consumer.paused or output[1].address is None:
                continue
            if not consumer.follows(stream, sequence):
                if stream is consumer.source or stream is not producer.preferred:
                    continue
                if not keyframe:
                    producer.keyframes.remind(now)
                    waiting = True
                    continue
                consumer.switch(stream, packet, sequence, vp8, now)
                started.append(output)
            self._deliver(output, packet, sequence, vp8, parts, now)
        if waiting:
            producer.hold(HeldPacket(stream, sequence, packet, vp8))
        elif started and producer.held:
            self._catch_up(producer, stream, sequence, started, now)

    def _deliver(  # noqa: PLR0917 - keywords cost time on every packet
        self,
        output: Output,
        packet: RtpPacket,
        sequence: int,
        vp8: Vp8Descriptor | None,
        parts: Parts,
        now: float,
    ) -> None:
        consumer, peer = output
        template = consumer.template
        ends = parts.get(template)
        if ends is None:
            ends = parts[template] = template.parts(packet, now)
        self._send(consumer, peer, consumer.write(packet, sequence, vp8, ends, peer.outbound.buffer, now))

    def _catch_up(
        self, producer: Producer, stream: SourceStream, sequence: int, started: list[Output], now: float
    ) -> None:
        """A keyframe whose first packet came late, by retransmission: what came before it follows now."""
        for held in producer.take_held(stream, sequence):
            parts: Parts = {}
            for output in started:
                self._deliver(output, held.packet, held.sequence, held.vp8, parts, now)

    def _describe(self, producer: Producer, packet: RtpPacket) -> Vp8Descriptor | None:
        if not producer.is_vp8:
            return None
        try:
            return parse_vp8(packet.payload)
        except MalformedRtp:
            return None

    def _send(self, consumer: Consumer, peer: _Peer, length: int) -> None:
        """Protect what was written into the peer's buffer, and send it."""
        statistics = peer.statistics
        try:
            size = peer.outbound.protect(length)
        except SrtpError:
            statistics.rejected += 1
            return
        data = peer.outbound.buffer[:size]
        if not consumer.has_rtx:  # SRTP leaves the header in the clear
            consumer.protected.store(data[2] << 8 | data[3], bytes(data))
        statistics.packets_out += 1
        statistics.bytes_out += size
        if peer.address is not None:
            self._transmit(data, peer.address)

    # ---- what peers report and ask

    def resend(self, peer: str, ssrc: int, sequences: Iterable[int], now: float) -> None:
        receiver = self._peers.get(peer)
        consumer = receiver.consumers.get(ssrc) if receiver is not None else None
        if receiver is None or consumer is None or consumer.paused or receiver.address is None:
            return
        for sequence in sequences:
            if not consumer.may_resend(now):
                return
            if consumer.has_rtx:
                length = consumer.write_again(sequence, receiver.outbound.buffer)
                if length:
                    self._send(consumer, receiver, length)
                    receiver.statistics.resent_out += 1
            elif (data := consumer.protected.get(sequence)) is not None:
                receiver.statistics.resent_out += 1
                self._transmit(data, receiver.address)

    def request_keyframe(self, peer: str, ssrc: int, now: float) -> None:
        receiver = self._peers.get(peer)
        consumer = receiver.consumers.get(ssrc) if receiver is not None else None
        if consumer is None or consumer.paused:
            return
        producer = self._producers.get(consumer.route.producer)
        if producer is not None and producer.is_video and not producer.paused:
            # A page that was not ready for the keyframe with which its stream began asks for another.
            producer.keyframes.want(now, first=consumer.source is None or not consumer.has_asked)
            consumer.has_asked = consumer.source is not None

    def _want_start(self, consumer: Consumer, producer: Producer, now: float) -> None:
        if producer.is_video and not producer.paused and not consumer.paused:
            producer.keyframes.want(now, first=True)

    def sender_reports(self, peer: str, report: SenderReport, now: float) -> Sequence[tuple[str, str, SenderReport]]:
        sender = self._peers.get(peer)
        stream = sender.streams.get(report.ssrc) if sender is not None else None
        if stream is None or stream.is_rtx:
            return []
        stream.report = ReceivedReport(report, now)
        return [
            (receiver.id, consumer.route.id, consumer.sender_report(report))
            for consumer, receiver in self._outputs.get(stream.producer.route.id, ())
            if consumer.source is stream and not stream.producer.paused and not consumer.paused
        ]

    def take_losses(self, peer: str, now: float) -> Sequence[tuple[int, Sequence[int]]]:
        losses = []
        for producer in self._peers[peer].producers.values() if peer in self._peers else ():
            producer.refresh(now)
            for stream in producer.media:
                if stream is None:
                    continue
                if stream.losses.overflowed and producer.is_video and not producer.paused:
                    producer.keyframes.want(now, first=False)
                stream.losses.overflowed = False
                due = stream.losses.due(now)
                if due and producer.route.nack and not producer.paused:
                    losses.append((stream.ssrc, [sequence & 0xFFFF for sequence in due]))
        return losses

    def take_keyframe_requests(self, now: float) -> Sequence[tuple[str, int]]:
        return [
            (producer.route.peer, producer.preferred.ssrc)
            for producer in self._producers.values()
            if producer.preferred is not None and producer.keyframes.take(now)
        ]

    def take_arrivals(self, peer: str) -> Sequence[bytes]:
        sender = self._peers.get(peer)
        if sender is None or sender.arrivals is None or not sender.streams:
            return []
        return sender.arrivals.take(next(iter(sender.streams)))

    def take_levels(self) -> Mapping[str, int]:
        levels = {key: producer.level for key, producer in self._producers.items() if producer.level is not None}
        for key in levels:
            self._producers[key].level = None
        return levels

    def receptions(self, peer: str, now: float) -> Sequence[ReportBlock]:
        if peer not in self._peers:
            return []
        producers = self._peers[peer].producers.values()
        return [
            stream.block(now)
            for producer in producers
            for stream in producer.media
            if stream is not None and stream.received
        ]

    def stats(self) -> Mapping[str, PeerStatistics]:
        for peer in self._peers.values():
            streams = [stream for stream in peer.streams.values() if not stream.is_rtx]
            peer.statistics.expected_in = sum(stream.expected for stream in streams)
            peer.statistics.received_in = sum(stream.received for stream in streams)
        return {key: peer.statistics for key, peer in self._peers.items()}
