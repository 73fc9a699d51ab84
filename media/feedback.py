"""RTCP between the peers and the data plane: what peers say is taken in, what they must hear is sent in time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from media.association import Association
from media.dataplane.interface import MAX_TOLD, DataPlane
from media.errors import MalformedRtcp
from media.rtcp import (
    BitrateEstimate,
    KeyFrameRequest,
    Nack,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    TransportFeedback,
    parse_rtcp,
    write_nack,
    write_picture_loss,
    write_receiver_reports,
    write_sender_report,
)
from media.transport import Transport

TRANSPORT_CC_INTERVAL: Final = 0.1
REPORT_INTERVAL: Final = 1.0
NACKS_IN_PACKET: Final = 250
ENTRIES_WORTH_A_REPORT: Final = 32
#: What a request costs besides its entries: dozens fit into a datagram.
_REQUEST: Final = 8


@dataclass(frozen=True, slots=True)
class Due:
    """What is sent in one round beside NACKs."""

    transport_cc: bool
    report: bool


class Feedback:
    """RTCP of all peers, whom ``peer`` knows by their ids. ``cname_of`` gives the CNAME of a consumer."""

    def __init__(
        self, peer: Callable[[str], Association | None], plane: DataPlane, cname_of: Callable[[str], str]
    ) -> None:
        self._peer = peer
        self._plane = plane
        self._cname_of = cname_of
        self._next_transport_cc = self._next_report = 0.0

    def receive(self, transport: Association, datagram: bytes, now: float) -> None:
        """A protected RTCP datagram. Raises SrtpError or MalformedRtcp."""
        packets = parse_rtcp(transport.unprotect_rtcp(datagram))
        transport.reports.spend(sum(map(_entries, packets)) / ENTRIES_WORTH_A_REPORT)
        for packet in packets:
            self._on_packet(transport, packet, now)

    def due(self, now: float) -> Due:
        """What this round of serve() includes; to be called once for each round."""
        due = Due(now >= self._next_transport_cc, now >= self._next_report)
        if due.transport_cc:
            self._next_transport_cc = now + TRANSPORT_CC_INTERVAL
        if due.report:
            self._next_report = now + REPORT_INTERVAL
        return due

    def serve(self, transport: Association, due: Due, now: float) -> None:
        """NACKs in every round, transport-cc every 100 ms, receiver reports every second."""
        if transport.keys is None:
            return
        for ssrc, sequences in self._plane.take_losses(transport.id, now):
            for start in range(0, len(sequences), NACKS_IN_PACKET):
                transport.send_rtcp(write_nack(ssrc, sequences[start : start + NACKS_IN_PACKET]))
        if due.transport_cc:
            for packet in self._plane.take_arrivals(transport.id):
                transport.send_rtcp(packet)
        if due.report:
            for packet in write_receiver_reports(self._plane.receptions(transport.id, now)):
                transport.send_rtcp(packet)

    def send_keyframe_requests(self, now: float) -> None:
        """Those that are due; called as well when something has just made one due."""
        for peer, ssrc in self._plane.take_keyframe_requests(now):
            sender = self._peer(peer)
            if sender is not None:
                sender.send_rtcp(write_picture_loss(ssrc))

    def _on_packet(self, transport: Association, packet: RtcpPacket, now: float) -> None:
        match packet:
            case Nack():
                self._resend(transport, packet, now)
            case KeyFrameRequest():
                for ssrc in packet.media_ssrcs:
                    self._plane.request_keyframe(transport.id, ssrc, now)
                self.send_keyframe_requests(now)
            case SenderReport():
                self._pass_on(transport, packet, now)
                self._on_blocks(transport, packet.blocks, now)
            case ReceiverReport():
                self._on_blocks(transport, packet.blocks, now)
            case BitrateEstimate() if isinstance(transport, Transport):
                transport.estimator.told(packet.bitrate_bps)
                transport.available_bps = transport.estimator.available_bps(now)
            case TransportFeedback() if isinstance(transport, Transport):
                self._acknowledge(transport, packet, now)
            case _:
                pass  # BYE changes nothing: producers end when the hub says so

    def _resend(self, transport: Association, nack: Nack, now: float) -> None:
        if not isinstance(transport, Transport):
            self._plane.resend(transport.id, nack.media_ssrc, nack.sequences, now)
            return
        resends, queue_s = transport.resends, transport.estimator.queue_s
        missing = resends.missing(nack.media_ssrc, nack.sequences, transport.rtt, queue_s, now)
        most = resends.most(transport.available_bps, now)
        handled, octets = self._plane.resend(transport.id, nack.media_ssrc, missing, now, most)
        resends.note(nack.media_ssrc, missing[:handled], octets, now)

    def _acknowledge(self, transport: Transport, feedback: TransportFeedback, now: float) -> None:
        outcome = self._plane.acknowledge(transport.id, feedback.body, *transport.estimator.probed)
        if outcome is None:
            raise MalformedRtcp("transport-wide feedback cut off")
        transport.estimator.acknowledged(outcome, transport.rtt, now)

    def _pass_on(self, transport: Association, report: SenderReport, now: float) -> None:
        if not transport.sender_reports.admits(now):
            return
        for peer, consumer, rewritten in self._plane.sender_reports(transport.id, report, now):
            receiver = self._peer(peer)
            if receiver is not None:
                receiver.send_rtcp(write_sender_report(rewritten, self._cname_of(consumer)))
                receiver.note_report_sent(rewritten.ntp >> 16 & 0xFFFFFFFF, now)

    def _on_blocks(self, transport: Association, blocks: tuple[ReportBlock, ...], now: float) -> None:
        if blocks:
            transport.loss_out = sum(block.fraction_lost for block in blocks) / (256 * len(blocks))
        for block in blocks:
            if block.last_sender_report:
                transport.note_echo(block.last_sender_report, block.delay, now)


def _entries(packet: RtcpPacket) -> int:
    """How many packets or streams a report is about: few bytes can name thousands."""
    match packet:
        case Nack():
            return _REQUEST + len(packet.sequences)
        case KeyFrameRequest():
            return _REQUEST + len(packet.media_ssrcs)
        case TransportFeedback():
            return min(packet.count, MAX_TOLD)
        case _:
            return 0
