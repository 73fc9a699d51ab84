"""RTCP (RFC 3550 §6, RFC 4585, RFC 5104, RFC 5506): read what peers send, write what the relay sends. Pure."""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from media.errors import MalformedRtcp

SENDER_REPORT = 200
RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202
BYE = 203
TRANSPORT_FEEDBACK = 205
PAYLOAD_FEEDBACK = 206

#: SSRC of the relay as a sender of feedback; no media is sent under it.
RELAY_SSRC: Final = 1
MAX_REPORT_BLOCKS = 31
_HEADER = struct.Struct("!BBH")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source, RFC 3550 §6.4.1. ``jitter`` in timestamp units, delays in 1/65,536 s."""

    ssrc: int
    fraction_lost: int = 0
    total_lost: int = 0
    highest_sequence: int = 0
    jitter: int = 0
    last_sender_report: int = 0
    delay: int = 0

    @classmethod
    def parse(cls, data: bytes, offset: int) -> "ReportBlock":
        ssrc, lost, highest, jitter, last, delay = struct.unpack_from("!IIIIII", data, offset)
        total = ((lost & 0xFFFFFF) ^ 0x800000) - 0x800000
        return cls(ssrc, lost >> 24, total, highest, jitter, last, delay)

    def __bytes__(self) -> bytes:
        total = max(-0x800000, min(0x7FFFFF, self.total_lost)) & 0xFFFFFF
        return struct.pack(
            "!IIIIII",
            self.ssrc,
            self.fraction_lost << 24 | total,
            self.highest_sequence & 0xFFFFFFFF,
            self.jitter & 0xFFFFFFFF,
            self.last_sender_report,
            self.delay & 0xFFFFFFFF,
        )


@dataclass(frozen=True, slots=True)
class SenderReport:
    """RFC 3550 §6.4.1. ``ntp`` is the 64-bit NTP time of ``rtp_timestamp``."""

    ssrc: int
    ntp: int
    rtp_timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """RFC 3550 §6.4.2."""

    ssrc: int
    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Generic NACK, RFC 4585 §6.2.1."""

    media_ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyFrameRequest:
    """Picture loss indication (RFC 4585 §6.3.1) or full intra request (RFC 5104 §4.3.1): both want a keyframe."""

    media_ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BitrateEstimate:
    """REMB (draft-alvestrand-rmcat-remb-03): what the receiver thinks it can take."""

    bitrate_bps: int


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) over so many packets.

    ``body`` is unread, see transportwide.py: from the sender's SSRC on, without padding.
    """

    count: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Goodbye:
    """BYE, RFC 3550 §6.6."""

    ssrcs: tuple[int, ...]


RtcpPacket = SenderReport | ReceiverReport | Nack | KeyFrameRequest | BitrateEstimate | TransportFeedback | Goodbye


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram of the RTP range is RTCP, by its payload type (RFC 5761 §4)."""
    return len(data) > 1 and 192 <= data[1] <= 223


def parse_rtcp(data: bytes) -> list[RtcpPacket]:
    """The packets of a compound that the relay acts on; others are passed over. Raises MalformedRtcp."""
    packets: list[RtcpPacket] = []
    position = 0
    while position < len(data):
        if position + 4 > len(data):
            raise MalformedRtcp("header cut off")
        first, packet_type, words = _HEADER.unpack_from(data, position)
        end = position + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            raise MalformedRtcp("wrong version or length")
        parser = _PARSERS.get(packet_type)
        if parser is not None:
            packet = parser(first & 0x1F, _without_padding(first, data[position + 4 : end]))
            if packet is not None:
                packets.append(packet)
        position = end
    return packets


def _without_padding(first: int, body: bytes) -> bytes:
    if not first & 0x20:
        return body
    if not body or not 1 <= body[-1] <= len(body):
        raise MalformedRtcp("padding longer than the packet")
    return body[: -body[-1]]


def _parse_sender_report(count: int, body: bytes) -> SenderReport:
    _need(body, 24 + 24 * count)
    ssrc, ntp, timestamp, packets, octets = struct.unpack_from("!IQIII", body)
    return SenderReport(ssrc, ntp, timestamp, packets, octets, _blocks(count, body, 24))


def _parse_receiver_report(count: int, body: bytes) -> ReceiverReport:
    _need(body, 4 + 24 * count)
    return ReceiverReport(struct.unpack_from("!I", body)[0], _blocks(count, body, 4))


def _parse_bye(count: int, body: bytes) -> Goodbye:
    _need(body, 4 * count)
    return Goodbye(struct.unpack_from(f"!{count}I", body))


def _parse_transport_feedback(form: int, body: bytes) -> Nack | TransportFeedback | None:
    _need(body, 8)
    if form == 15:
        _need(body, 16)
        return TransportFeedback(struct.unpack_from("!H", body, 10)[0], body)
    if form != 1:
        return None
    if len(body) % 4:
        raise MalformedRtcp("NACK cut off")
    sequences: list[int] = []
    for packet_id, bitmask in struct.iter_unpack("!HH", body[8:]):
        sequences.append(packet_id)
        sequences.extend((packet_id + 1 + bit) & 0xFFFF for bit in range(16) if bitmask >> bit & 1)
    return Nack(struct.unpack_from("!I", body, 4)[0], tuple(sequences))


def _parse_payload_feedback(form: int, body: bytes) -> KeyFrameRequest | BitrateEstimate | None:
    _need(body, 8)
    if form == 1:
        return KeyFrameRequest(struct.unpack_from("!I", body, 4))
    if form == 4:
        if len(body) % 8:
            raise MalformedRtcp("FIR cut off")
        return KeyFrameRequest(tuple(ssrc for ssrc, _ in struct.iter_unpack("!II", body[8:])))
    if form == 15 and body[8:12] == b"REMB":
        _need(body, 16)
        exponent, mantissa = body[13] >> 2, (body[13] & 3) << 16 | body[14] << 8 | body[15]
        return BitrateEstimate(mantissa << exponent)
    return None


def _blocks(count: int, body: bytes, offset: int) -> tuple[ReportBlock, ...]:
    return tuple(ReportBlock.parse(body, offset + 24 * index) for index in range(count))


def _need(body: bytes, size: int) -> None:
    if len(body) < size:
        raise MalformedRtcp("packet cut off")


_PARSERS: Final[dict[int, Callable[[int, bytes], RtcpPacket | None]]] = {
    SENDER_REPORT: _parse_sender_report,
    RECEIVER_REPORT: _parse_receiver_report,
    BYE: _parse_bye,
    TRANSPORT_FEEDBACK: _parse_transport_feedback,
    PAYLOAD_FEEDBACK: _parse_payload_feedback,
}


def write_packet(form: int, packet_type: int, body: bytes) -> bytes:
    """One RTCP packet; the body must fill whole words."""
    return _HEADER.pack(0x80 | form, packet_type, len(body) // 4) + body


def write_sender_report(report: SenderReport, cname: str) -> bytes:
    """A compound of the report and the source description with the CNAME (RFC 3550 §6.5.1)."""
    head = struct.pack("!IQIII", report.ssrc, report.ntp, report.rtp_timestamp, report.packets, report.octets)
    return write_packet(0, SENDER_REPORT, head) + _source_description(report.ssrc, cname)


def _source_description(ssrc: int, cname: str) -> bytes:
    name = cname.encode()[:255]
    chunk = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    return write_packet(1, SOURCE_DESCRIPTION, chunk + b"\0" * (-len(chunk) % 4))


def write_receiver_reports(blocks: Sequence[ReportBlock]) -> list[bytes]:
    """Receiver reports over all blocks, at most 31 in each."""
    return [
        write_packet(
            len(part), RECEIVER_REPORT, struct.pack("!I", RELAY_SSRC) + b"".join(bytes(block) for block in part)
        )
        for part in (blocks[start : start + MAX_REPORT_BLOCKS] for start in range(0, len(blocks), MAX_REPORT_BLOCKS))
    ]


def write_nack(media_ssrc: int, sequences: Iterable[int]) -> bytes:
    """Ask for packets again; neighbours within 16 share an entry (RFC 4585 §6.2.1)."""
    entries: list[list[int]] = []
    for sequence in sequences:
        step = (sequence - entries[-1][0]) & 0xFFFF if entries else 0
        if 1 <= step <= 16:
            entries[-1][1] |= 1 << step - 1
        else:
            entries.append([sequence, 0])
    body = struct.pack("!II", RELAY_SSRC, media_ssrc) + b"".join(struct.pack("!HH", *entry) for entry in entries)
    return write_packet(1, TRANSPORT_FEEDBACK, body)


def write_picture_loss(media_ssrc: int) -> bytes:
    """Ask for a keyframe (RFC 4585 §6.3.1)."""
    return write_packet(1, PAYLOAD_FEEDBACK, struct.pack("!II", RELAY_SSRC, media_ssrc))


def write_estimate(bitrate_bps: int) -> bytes:
    """REMB (draft-alvestrand-rmcat-remb-03 §2.2) over everything that comes."""
    exponent = max(0, bitrate_bps.bit_length() - 18)
    mantissa = bitrate_bps >> exponent
    head = struct.pack("!II4sBBH", RELAY_SSRC, 0, b"REMB", 0, exponent << 2 | mantissa >> 16, mantissa & 0xFFFF)
    return write_packet(15, PAYLOAD_FEEDBACK, head)
