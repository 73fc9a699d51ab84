"""The data plane in Python: runs everywhere, and is the oracle for a native one."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from media.consumer import Consumer, ExtensionTemplate
from media.dataplane.interface import (
    MAX_PADDING_PACKETS,
    UNLIMITED,
    Acknowledged,
    ConsumerStatistics,
    PeerStatistics,
    ProducerStatistics,
    Transmit,
)
from media.dataplane.tables import Output, Peer, Tables
from media.errors import MalformedRtp, SrtpError
from media.h264 import starts_keyframe
from media.path import Path
from media.producer import HeldPacket, Producer, ReceivedReport, SourceStream, mid_id, mid_of
from media.red import read_red
from media.rtcp import ReportBlock, SenderReport
from media.rtp import RtpPacket, parse_rtp
from media.vp8 import Vp8Descriptor, parse_vp8

Parts = dict[ExtensionTemplate, tuple[bytes, bytes]]
#: A packet, the stream that it is of, and its extended sequence number there.
Placed = tuple[SourceStream, RtpPacket, int]


class PythonDataPlane(Tables):
    """Implements media.dataplane.interface.DataPlane."""

    name = "python"

    def __init__(self, transmit: Transmit) -> None:
        super().__init__()
        self._transmit = transmit

    def serve(self, fileno: int, family: int, receive: Callable[[bytes, Path, float], None]) -> bool:
        return False

    def close(self) -> None:
        for peer in list(self._peers):
            self.remove_peer(peer)

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
        producer.statistics.packets += 1
        producer.statistics.octets += len(datagram)
        if not producer.admits(len(datagram), now):
            statistics.rejected += 1
            return
        if producer.transport_cc_id:
            self._record_arrival(sender, producer, packet, now)
        placed = self._place(sender, stream, packet, now)
        if placed and producer.changed:
            self._retarget_all(producer, now)
        if not producer.paused:
            for its_stream, one, sequence in placed:
                self._forward(producer, its_stream, one, sequence, now)

    def _learn(self, sender: Peer, packet: RtpPacket) -> SourceStream | None:
        """An SSRC that was not signalled belongs to the producer whose MID it carries (RFC 8843 §9.2)."""
        for extension_id in sender.mid_ids:
            producer = sender.by_mid.get(mid_of(packet, extension_id))
            if producer is None or mid_id(producer.route) != extension_id:
                continue
            former = (*producer.media, *producer.rtx)
            stream = producer.learn(packet)
            if stream is not None:
                sender.hold(stream)
                sender.release(one for one in former if one not in producer.media and one not in producer.rtx)
            return stream
        return None

    def _record_arrival(self, sender: Peer, producer: Producer, packet: RtpPacket, now: float) -> None:
        value = packet.extensions.get(producer.transport_cc_id)
        if value is not None and len(value) == 2 and sender.arrivals is not None:
            sender.arrivals.record(value[0] << 8 | value[1], now)

    def _place(self, sender: Peer, stream: SourceStream, packet: RtpPacket, now: float) -> Sequence[Placed]:
        """What goes on of a packet, in order; nothing of one that is not wanted."""
        producer = stream.producer
        if stream.is_rtx:
            restored = self._restore(producer, stream, packet)
            if restored is None:
                return ()
            sender.statistics.recovered_in += 1
            producer.statistics.recovered += 1
            return ((restored[0], packet, restored[1]),)
        sequence = stream.arrived(packet.sequence, packet.timestamp, now)
        if sequence is None:
            return ()
        own = (stream, packet, sequence)
        if packet.payload_type == producer.route.payload_type:
            return (own,)
        repeated = self._open_redundant(sender, stream, packet, sequence)
        return () if repeated is None else (*repeated, own)

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

    def _open_redundant(
        self, sender: Peer, stream: SourceStream, packet: RtpPacket, sequence: int
    ) -> list[Placed] | None:
        """Make a redundant packet (RFC 2198) a plain one; the missing ones that it repeats. None if it is neither."""
        producer, route = stream.producer, stream.producer.route
        red = read_red(packet.payload, route.payload_type) if packet.payload_type == route.red_payload_type else None
        if red is None:
            return None
        packet.payload_type, packet.payload = route.payload_type, red.primary
        missing = []
        for back, offset, payload in red.repeated:
            place = sequence - back
            if stream.losses.arrived(place):
                producer.restored()
                sender.statistics.recovered_in += 1
                producer.statistics.recovered += 1
                stamp = (packet.timestamp - offset) & 0xFFFFFFFF
                lost = RtpPacket(False, route.payload_type, place & 0xFFFF, stamp, packet.ssrc, {}, payload)
                missing.append((stream, lost, place))
        return missing

    def _forward(self, producer: Producer, stream: SourceStream, packet: RtpPacket, sequence: int, now: float) -> None:
        vp8: Vp8Descriptor | None = None
        keyframe = True
        if producer.is_video:
            vp8 = self._describe(producer, packet)
            keyframe = vp8.keyframe if vp8 is not None else producer.is_h264 and starts_keyframe(packet.payload)
            if keyframe:
                producer.statistics.keyframes += 1
                stream.keyframes.arrived()
        else:
            producer.note_level(packet)
        stream.count(packet.payload, vp8, keyframe)
        parts: Parts = {}
        waiting = False
        started: list[Output] = []
        for output in self._outputs.get(producer.route.id, ()):
            consumer = output[0]
            if consumer.paused or output[1].address is None:
                continue
            if not consumer.follows(stream, sequence):
                if stream is consumer.source or stream is not consumer.target:
                    continue
                if not keyframe:
                    stream.keyframes.remind(now)
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
        length = consumer.write(packet, sequence, vp8, ends, peer.outbound.buffer, peer.sent, now)
        if length:
            self._send(consumer, peer, length, now)

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

    def _send(self, consumer: Consumer, peer: Peer, length: int, now: float) -> int:
        """Protect what was written into the peer's buffer, and send it; the size of the datagram, 0 for none."""
        statistics = peer.statistics
        try:
            size = peer.outbound.protect(length)
        except SrtpError:
            statistics.rejected += 1
            return 0
        data = peer.outbound.buffer[:size]
        if not consumer.has_rtx:  # SRTP leaves the header in the clear
            consumer.protected.store(data[2] << 8 | data[3], bytes(data))
        statistics.packets_out += 1
        statistics.bytes_out += size
        if consumer.transport_cc_id:
            peer.sent.note(size, now)
        if peer.address is not None:
            self._transmit(data, peer.address)
        return size

    # ---- what peers report and ask

    def resend(
        self, peer: str, ssrc: int, sequences: Iterable[int], now: float, most: int = UNLIMITED
    ) -> tuple[int, int]:
        receiver = self._peers.get(peer)
        consumer = receiver.consumers.get(ssrc) if receiver is not None else None
        if receiver is None or consumer is None or consumer.paused or receiver.address is None:
            return 0, 0
        handled = octets = 0
        for sequence in sequences:
            consumer.statistics.nacks += 1
            if (octets >= most and consumer.route.kind == "video") or not consumer.may_resend(now):
                break
            handled += 1
            if not consumer.is_outdated(sequence):
                octets += self._resend(consumer, receiver, sequence, now)
        return handled, octets

    def _resend(self, consumer: Consumer, receiver: Peer, sequence: int, now: float) -> int:
        """Send one packet once more; the size of the datagram, 0 if it is not known any more."""
        if consumer.has_rtx:
            length = consumer.write_again(sequence, receiver.outbound.buffer, receiver.sent, now)
            if not length:
                return 0
            receiver.statistics.resent_out += 1
            return self._send(consumer, receiver, length, now)
        data = consumer.protected.get(sequence)
        if data is None or receiver.address is None:
            return 0
        receiver.statistics.resent_out += 1
        consumer.statistics.resent += 1
        self._transmit(data, receiver.address)
        return len(data)

    def request_keyframe(self, peer: str, ssrc: int, now: float) -> None:
        receiver = self._peers.get(peer)
        consumer = receiver.consumers.get(ssrc) if receiver is not None else None
        if consumer is None or consumer.paused:
            return
        consumer.statistics.keyframe_requests += 1
        producer = self._producers.get(consumer.route.producer)
        stream = consumer.source or consumer.target
        if producer is not None and stream is not None and producer.is_video and not producer.paused:
            # A page that was not ready for the keyframe with which its stream began asks for another.
            has_picture = consumer.source is not None and consumer.has_asked and consumer.route.encoding is None
            stream.keyframes.want(now, first=not has_picture)
            consumer.has_asked = consumer.source is not None

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
            if producer.changed:
                self._retarget_all(producer, now)
            for stream in producer.media:
                if stream is None:
                    continue
                if stream.losses.overflowed and producer.is_video and not producer.paused and self._is_seen(stream):
                    stream.keyframes.want(now, first=False)
                stream.losses.overflowed = False
                due = stream.losses.due(now)
                if due and producer.route.nack and not producer.paused:
                    producer.statistics.nacks += len(due)
                    losses.append((stream.ssrc, [sequence & 0xFFFF for sequence in due]))
        return losses

    def take_keyframe_requests(self, now: float) -> Sequence[tuple[str, int]]:
        requests = []
        for producer in self._producers.values():
            for stream in producer.media:
                if stream is not None and stream.keyframes.take(now):
                    producer.statistics.keyframe_requests += 1
                    requests.append((producer.route.peer, stream.ssrc))
        return requests

    def _is_seen(self, stream: SourceStream) -> bool:
        return any(consumer.source is stream for consumer, _ in self._outputs.get(stream.producer.route.id, ()))

    def sent(self, peer: str) -> tuple[int, int]:
        log = self._peers[peer].sent if peer in self._peers else None
        return (log.number, log.octets) if log is not None else (0, 0)

    def acknowledge(self, peer: str, feedback: bytes, after: int, until: int) -> Acknowledged | None:
        return self._peers[peer].sent.acknowledge(feedback, after, until) if peer in self._peers else Acknowledged()

    def pad(self, peer: str, size: int, now: float) -> int:
        receiver = self._peers.get(peer)
        if receiver is None or receiver.address is None:
            return 0
        able = [consumer for consumer in receiver.consumers.values() if consumer.may_pad]
        if not able:
            return 0
        consumer = min(able, key=lambda one: one.route.ssrc)
        total = packets = 0
        while total < size and packets < MAX_PADDING_PACKETS:
            length = consumer.write_padding(receiver.outbound.buffer, receiver.sent, now)
            total += self._send(consumer, receiver, length, now)
            packets += 1
        return total

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

    def dropped(self) -> Mapping[str, int]:
        return {}

    def stats(self) -> Mapping[str, PeerStatistics]:
        for peer in self._peers.values():
            streams = [stream for one in peer.producers.values() for stream in one.media if stream is not None]
            peer.statistics.expected_in = sum(stream.expected for stream in streams)
            peer.statistics.received_in = sum(stream.received for stream in streams)
        return {key: peer.statistics for key, peer in self._peers.items()}

    def producer_stats(self) -> Mapping[str, ProducerStatistics]:
        for producer in self._producers.values():
            streams = [stream for stream in producer.media if stream is not None]
            producer.statistics.expected = sum(stream.expected for stream in streams)
            producer.statistics.received = sum(stream.received for stream in streams)
        return {key: producer.statistics for key, producer in self._producers.items()}

    def consumer_stats(self) -> Mapping[str, ConsumerStatistics]:
        return {key: consumer.statistics for key, (consumer, _) in self._consumers.items()}
