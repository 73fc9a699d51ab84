"""Rewriting of one source into one outgoing RTP stream. Pure: packets in, bytes in a buffer out.

The outgoing sequence numbers start below 32,768 and go on without a gap over pauses and changes of stream, so that no
(SSRC, index) is ever used twice; timestamps follow the source's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from media.dataplane.interface import EVERYTHING, PADDING, ConsumerRoute, ConsumerStatistics
from media.nack import AUDIO_HISTORY, VIDEO_HISTORY, PacketHistory
from media.parameters import ABS_SEND_TIME, AUDIO_LEVEL, MID, TRANSPORT_CC, VIDEO_ORIENTATION
from media.placement import Placement
from media.producer import SourceStream
from media.rtcp import SenderReport
from media.rtp import (
    ONE_BYTE_PROFILE,
    RtpPacket,
    abs_send_time,
    one_byte_element,
    timestamp_distance,
    write_rtp,
)
from media.sentlog import SentLog
from media.vp8 import Vp8Descriptor, shift_vp8

#: Extensions that pass from the sender to the receivers as they are.
PASSED = (AUDIO_LEVEL, VIDEO_ORIENTATION)
RESENDS_PER_SECOND = 500
_LONGEST_JUMP = 5


@dataclass(frozen=True, slots=True, eq=False)
class ExtensionTemplate:
    """What the extension blocks of consumers have in common; those who share one share the work on a packet.

    Made by extension_template() alone, so that equal ones are the same object and are compared without Python code.
    """

    own_length: int  # of the elements that are not shared
    abs_send_time_id: int
    passed: tuple[tuple[int, int], ...]  # (id at the sender, id at the receiver)

    def parts(self, packet: RtpPacket, now: float) -> tuple[bytes, bytes]:
        """What stands before and after the consumer's own elements; both empty for no extension."""
        tail = b""
        if self.abs_send_time_id:
            tail = one_byte_element(self.abs_send_time_id, abs_send_time(now))
        for source_id, target_id in self.passed:
            value = packet.extensions.get(source_id)
            if value and len(value) <= 16:
                tail += one_byte_element(target_id, value)
        size = self.own_length + len(tail)
        if not size:
            return b"", b""
        words = (size + 3) // 4
        head = ONE_BYTE_PROFILE.to_bytes(2, "big") + words.to_bytes(2, "big")
        return head, tail + b"\0" * (4 * words - size)


@lru_cache(maxsize=1024)
def extension_template(
    own_length: int, abs_send_time_id: int, passed: tuple[tuple[int, int], ...]
) -> ExtensionTemplate:
    """The one template with these values."""
    return ExtensionTemplate(own_length, abs_send_time_id, passed)


_NOTHING = RtpPacket(False, 0, 0, 0, 0, {}, memoryview(b""))
#: (marker, timestamp, extension block, payload) of a packet that can be sent again over RTX.
Sent = tuple[bool, int, bytes, bytes | memoryview]


class Consumer:
    """One outgoing stream. ``start`` is its first sequence number."""

    def __init__(self, route: ConsumerRoute, start: int, rtx_start: int) -> None:
        self.route = route
        self.paused = route.paused
        #: What is forwarded, and what shall be; between the two a keyframe is waited for.
        self.source: SourceStream | None = None
        self.target: SourceStream | None = None
        self.spatial_aim, self.temporal_aim = EVERYTHING
        self.placement = Placement()
        #: Whether the receiver has asked for a keyframe since the last start; the first request is served sooner.
        self.has_asked = False
        self.statistics = ConsumerStatistics()
        #: The last sequence numbers used under the SSRC and the RTX SSRC.
        self.last_sequence = start - 1
        self.last_rtx_sequence = rtx_start - 1
        capacity = VIDEO_HISTORY if route.kind == "video" else AUDIO_HISTORY
        self.has_rtx = route.rtx_ssrc is not None and route.rtx_payload_type is not None
        #: For RTX what was sent; without it the protected bytes, which alone may be sent again.
        self.sent: PacketHistory[Sent] = PacketHistory(capacity if self.has_rtx else 1)
        self.protected: PacketHistory[bytes] = PacketHistory(1 if self.has_rtx else capacity)
        mid_extension = route.extension_ids.get(MID)
        self.mid_element = one_byte_element(mid_extension, route.mid.encode()) if mid_extension else b""
        self.transport_cc_id = route.extension_ids.get(TRANSPORT_CC, 0)
        self._own_length = len(self.mid_element) + (3 if self.transport_cc_id else 0)
        self.attach({})
        self._previous: SourceStream | None = None
        #: The number at the source with which following it began, and the one under which that was sent.
        self._first, self._first_out = 0, start
        self._timestamp_offset = 0
        self._last_timestamp = 0
        self._last_sent_at = 0.0
        self._tl0_offset = 0
        #: The newest packet that was sent, and by how much its picture id was moved on.
        self._last_vp8: Vp8Descriptor | None = None
        self._last_picture_offset = 0
        self._resend_second = 0
        self._resend_count = 0

    def attach(self, source_ids: Mapping[str, int]) -> None:
        """Learn the sender's extension ids."""
        target = self.route.extension_ids
        passed = tuple((source_ids[uri], target[uri]) for uri in PASSED if uri in source_ids and uri in target)
        self.template = extension_template(self._own_length, target.get(ABS_SEND_TIME, 0), passed)

    def detach(self) -> None:
        """Forward nothing until a new start at a keyframe: after a pause, or with another producer object."""
        self.source = None
        self.has_asked = False
        self.settle()

    def settle(self) -> None:
        """To be called when target or aim are others: on the way down only what others rest on is forwarded."""
        goes_down = self.source is not None and self.target is not None and self.target.encoding < self.source.encoding
        self.placement.aim = 0 if goes_down else self.temporal_aim

    def follows(self, stream: SourceStream, sequence: int) -> bool:
        """Whether a packet belongs to what is being forwarded."""
        return stream is self.source and sequence >= self._first

    def switch(
        self, stream: SourceStream, packet: RtpPacket, sequence: int, vp8: Vp8Descriptor | None, now: float
    ) -> None:
        """Go on with this stream from this packet (a keyframe, for video)."""
        if self._previous is not None and self._previous is not stream:
            self._timestamp_offset = self._aligned(self._previous, stream, packet.timestamp, now)
        last = self._last_vp8
        if vp8 is not None and last is not None:
            self.placement.picture_offset = last.picture_id + self._last_picture_offset + 1 - vp8.picture_id
            self._tl0_offset += last.tl0 + 1 - vp8.tl0
        self._first, self._first_out = sequence, self.last_sequence + 1
        self.source = self._previous = stream
        self.settle()
        self.placement.begin(sequence, packet.timestamp, self.last_sequence + 1 - sequence)

    def write(  # noqa: PLR0917 - keywords cost time on every packet
        self,
        packet: RtpPacket,
        sequence: int,
        vp8: Vp8Descriptor | None,
        parts: tuple[bytes, bytes],
        into: memoryview,
        sent: SentLog,
        now: float,
    ) -> int:
        """Write the rewritten packet into a buffer; its length, 0 if it is left out.

        ``parts`` are of this consumer's template.
        """
        placement = self.placement
        timestamp = (packet.timestamp + self._timestamp_offset) & 0xFFFFFFFF
        payload: bytes | memoryview = packet.payload
        marker = packet.marker
        if sequence > placement.head:
            out = placement.advance(sequence, packet.timestamp, vp8)
            if out < 0:
                return 0
            picture_offset = placement.picture_offset
        else:
            place = placement.recall(sequence, packet.timestamp)
            if place is None:
                return 0
            out, picture_offset = sequence + place[0].offset, place[0].picture_offset
            if place[1]:
                marker, payload, vp8 = False, b"", None
        if out > self.last_sequence:  # a late one too, where what followed it at the source was dropped
            self.last_sequence = out
            self._last_timestamp = timestamp
            self._last_sent_at = now
            if vp8 is not None:
                self._last_vp8, self._last_picture_offset = vp8, picture_offset
        if vp8 is not None and (picture_offset or self._tl0_offset):
            payload = shift_vp8(payload, vp8, picture_offset, self._tl0_offset)
        own = self.mid_element
        if self.transport_cc_id:
            own += sent.element(self.transport_cc_id)
        block = parts[0] + own + parts[1]
        wire_sequence = out & 0xFFFF
        if self.has_rtx:
            self.sent.store(wire_sequence, (marker, timestamp, block, payload))
        statistics = self.statistics
        statistics.packets += 1
        statistics.octets += len(payload)
        route = self.route
        return write_rtp(into, marker, route.payload_type, wire_sequence, timestamp, route.ssrc, block, payload)

    def write_again(self, sequence: int, into: memoryview, log: SentLog, now: float) -> int:
        """Write a packet once more as RTX (RFC 4588 §4); 0 if it is forgotten or there is no RTX."""
        sent = self.sent.get(sequence) if self.has_rtx else None
        route = self.route
        if sent is None or route.rtx_ssrc is None or route.rtx_payload_type is None:
            return 0
        marker, timestamp, block, payload = sent
        self.last_rtx_sequence += 1
        self.statistics.resent += 1
        return write_rtp(
            into,
            marker,
            route.rtx_payload_type,
            self.last_rtx_sequence & 0xFFFF,
            timestamp,
            route.rtx_ssrc,
            self._restamped(block, log, now),
            sequence.to_bytes(2, "big") + payload,
        )

    @property
    def may_pad(self) -> bool:
        """Whether padding can be sent here, and would be acknowledged."""
        return self.has_rtx and self.transport_cc_id > 0 and not self.paused

    def write_padding(self, into: memoryview, log: SentLog, now: float) -> int:
        """Write a packet of nothing but padding under the RTX SSRC; its length, 0 if there is no RTX."""
        route = self.route
        if route.rtx_ssrc is None or route.rtx_payload_type is None:
            return 0
        own = self.mid_element + (log.element(self.transport_cc_id) if self.transport_cc_id else b"")
        head, tail = self.template.parts(_NOTHING, now)
        self.last_rtx_sequence += 1
        length = write_rtp(
            into,
            False,
            route.rtx_payload_type,
            self.last_rtx_sequence & 0xFFFF,
            self._last_timestamp,
            route.rtx_ssrc,
            head + own + tail,
            bytes(PADDING - 1) + bytes((PADDING,)),
        )
        into[0] |= 0x20
        return length

    def _restamped(self, block: bytes, log: SentLog, now: float) -> bytes:
        """An extension block with a new transport-wide number and time of sending."""
        position = 4 + len(self.mid_element)
        if self.transport_cc_id:
            block = block[:position] + log.element(self.transport_cc_id) + block[position + 3 :]
            position += 3
        if self.template.abs_send_time_id:
            block = block[: position + 1] + abs_send_time(now) + block[position + 4 :]
        return block

    def is_outdated(self, sequence: int) -> bool:
        """Whether a picture's packet was sent before what is forwarded now began."""
        behind = (self.last_sequence - sequence) & 0xFFFF
        return self.route.kind == "video" and self.last_sequence - behind < self._first_out

    def may_resend(self, now: float) -> bool:
        """At most 500 retransmissions a second; what a receiver asks for beyond that is not answered."""
        if int(now) != self._resend_second:
            self._resend_second, self._resend_count = int(now), 0
        self._resend_count += 1
        return self._resend_count <= RESENDS_PER_SECOND

    def sender_report(self, report: SenderReport) -> SenderReport:
        """The source's report in the terms of this stream; the wall clock stays the sender's, for lip sync."""
        timestamp = (report.rtp_timestamp + self._timestamp_offset) & 0xFFFFFFFF
        packets, octets = self.statistics.packets & 0xFFFFFFFF, self.statistics.octets & 0xFFFFFFFF
        return SenderReport(self.route.ssrc, report.ntp, timestamp, packets, octets)

    def _aligned(self, old: SourceStream, new: SourceStream, timestamp: int, now: float) -> int:
        """Offset for the new stream's timestamps: by both streams' sender reports, else by the time that passed."""
        rate = self.route.clock_rate
        if old.report is not None and new.report is not None:
            elapsed = (new.report.report.ntp - old.report.report.ntp) / 2**32
            there = old.report.report.rtp_timestamp + self._timestamp_offset + int(elapsed * rate)
            offset = there - new.report.report.rtp_timestamp
            if 0 < timestamp_distance(timestamp + offset, self._last_timestamp) <= _LONGEST_JUMP * rate:
                return offset
        return self._last_timestamp + max(1, int((now - self._last_sent_at) * rate)) - timestamp
