"""What the relay knows of a source that a peer sends: its RTP streams, their reception, who speaks how loud. Pure."""

from collections import deque
from dataclasses import dataclass

from media.dataplane.interface import (
    SOUND_OCTETS,
    SOUND_OVERHEAD,
    ProducerRoute,
    ProducerStatistics,
    SourceStatistics,
    StreamSpec,
)
from media.h264 import picture_size
from media.keyframe import KeyFrameRequests
from media.nack import LossTracker
from media.parameters import AUDIO_LEVEL, MID, REPAIRED_RID, RID, TRANSPORT_CC
from media.ratelimit import RateLimit
from media.rtcp import ReportBlock, SenderReport
from media.rtp import RtpPacket, sequence_distance
from media.vp8 import Vp8Descriptor, keyframe_size

#: A layer that has sent nothing for this long is not live; for the shorter time, if another one began so many frames.
LIVE_WITHIN = 1.5
TURNED_OFF_AFTER, FRAMES_AHEAD = 0.25, 4
MAX_HELD = 64


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """A sender report and when it came."""

    report: SenderReport
    at: float

    @property
    def middle_ntp(self) -> int:
        """LSR of RFC 3550 §6.4.1."""
        return self.report.ntp >> 16 & 0xFFFFFFFF


class SourceStream:
    """One received SSRC: extended sequence numbers, jitter, loss (RFC 3550 appendix A)."""

    __slots__ = (
        "_base",
        "_began",
        "_frame_timestamp",
        "_prior_expected",
        "_prior_received",
        "_transit",
        "encoding",
        "height",
        "highest",
        "is_rtx",
        "jitter",
        "keyframes",
        "last_arrival",
        "live",
        "losses",
        "octets",
        "packets",
        "producer",
        "received",
        "report",
        "ssrc",
        "width",
    )

    def __init__(self, producer: "Producer", encoding: int, ssrc: int, *, is_rtx: bool) -> None:
        self.producer = producer
        self.encoding = encoding
        self.ssrc = ssrc
        self.is_rtx = is_rtx
        self.live = False
        self.keyframes = KeyFrameRequests()
        self.losses = LossTracker()
        #: What may be forwarded: packets, payload octets by temporal layer, and the size of the picture.
        self.packets = 0
        self.octets = [0, 0, 0, 0]
        self.width = self.height = 0
        self.highest: int | None = None
        self.received = 0
        self.jitter = 0.0
        self.last_arrival = 0.0
        self.report: ReceivedReport | None = None
        self._base = 0
        self._transit: float | None = None
        self._prior_expected = self._prior_received = 0
        self._frame_timestamp = 0
        self._began = deque((0.0,) * FRAMES_AHEAD, FRAMES_AHEAD)

    def arrived(self, sequence: int, timestamp: int, now: float) -> int | None:
        """Extended sequence number of a packet that is new, None for one that is not wanted any more."""
        if self.highest is None:
            self._base = self.highest = sequence
        else:
            distance = sequence_distance(sequence, self.highest & 0xFFFF)
            if distance <= 0:
                late = self.highest + distance
                if not self.losses.arrived(late):
                    return None
                self.received += 1
                return late
            if distance > 1:
                self.losses.gap(self.highest + 1, self.highest + distance, now)
            self.highest += distance
        self.received += 1
        self.last_arrival = now
        if timestamp != self._frame_timestamp:
            self._frame_timestamp = timestamp
            self._began.append(now)
        if not self.live:
            self.live = self.producer.changed = True
        self._measure_jitter(timestamp, now)
        return self.highest

    def is_ahead_of(self, other: "SourceStream") -> bool:
        """Whether four frames have begun here since anything came of the other one."""
        return self._began[0] > other.last_arrival

    def recovered(self, sequence: int) -> int | None:
        """Extended number of a packet that came by retransmission, None if it was not missing."""
        if self.highest is None:
            return None
        extended = self.highest + sequence_distance(sequence, self.highest & 0xFFFF)
        return extended if self.losses.arrived(extended) else None

    def count(self, payload: memoryview, vp8: Vp8Descriptor | None, keyframe: bool) -> None:
        """A packet may be forwarded."""
        self.packets += 1
        self.octets[vp8.tid if vp8 is not None else 0] += len(payload)
        if vp8 is not None and vp8.keyframe:
            self.width, self.height = keyframe_size(payload, vp8) or (self.width, self.height)
        elif keyframe and self.producer.is_h264:
            self.width, self.height = picture_size(payload) or (self.width, self.height)

    @property
    def statistics(self) -> SourceStatistics:
        """For those who ask how much each layer takes."""
        first, second, third, fourth = self.octets
        return SourceStatistics(
            self.producer.route.id,
            self.encoding,
            self.live,
            self.packets,
            sum(self.octets),
            (first, second, third, fourth),
            self.width,
            self.height,
        )

    @property
    def expected(self) -> int:
        """How many packets the sender has sent, by sequence number."""
        return 0 if self.highest is None else self.highest - self._base + 1

    def block(self, now: float) -> ReportBlock:
        """Report block since the previous one (RFC 3550 appendix A.3)."""
        expected, lost = self.expected, self.expected - self.received
        interval = expected - self._prior_expected
        lost_now = interval - (self.received - self._prior_received)
        self._prior_expected, self._prior_received = expected, self.received
        fraction = min(255, lost_now * 256 // interval) if interval > 0 and lost_now > 0 else 0
        last, delay = (self.report.middle_ntp, int((now - self.report.at) * 65536)) if self.report else (0, 0)
        return ReportBlock(self.ssrc, fraction, lost, self.highest or 0, int(self.jitter), last, delay)

    def _measure_jitter(self, timestamp: int, now: float) -> None:
        """RFC 3550 appendix A.8, in timestamp units."""
        transit = now * self.producer.route.clock_rate - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < self.producer.route.clock_rate:
                self.jitter += (difference - self.jitter) / 16
        self._transit = transit


@dataclass(frozen=True, slots=True)
class HeldPacket:
    """A packet that somebody who waits for a keyframe may need, if the keyframe's beginning comes after it."""

    stream: SourceStream
    sequence: int
    packet: RtpPacket
    vp8: Vp8Descriptor | None


class Producer:
    """One source with its encodings; several only under simulcast, highest last."""

    def __init__(self, route: ProducerRoute) -> None:
        self.route = route
        self.paused = route.paused
        self.statistics = ProducerStatistics()
        self.is_video = route.kind == "video"
        self.is_vp8 = route.mime == "video/vp8"
        self.is_h264 = route.mime == "video/h264"
        #: Whether consumers may have another target, as a stream became known, live or silent.
        self.changed = False
        self.transport_cc_id = route.extension_ids.get(TRANSPORT_CC, 0) if route.transport_cc else 0
        self.held: deque[HeldPacket] = deque(maxlen=MAX_HELD)
        self.level: int | None = None
        self._sound = None if self.is_video else RateLimit(SOUND_OCTETS, SOUND_OCTETS)
        self._level_id = route.extension_ids.get(AUDIO_LEVEL, 0)
        self._rid_id = route.extension_ids.get(RID, 0)
        self._repaired_rid_id = route.extension_ids.get(REPAIRED_RID, 0)
        self._specs = route.streams or (StreamSpec(),)
        self.media: list[SourceStream | None] = [None] * len(self._specs)
        self.rtx: list[SourceStream | None] = [None] * len(self._specs)

    def declared(self) -> list[SourceStream]:
        """Streams whose SSRCs were signalled."""
        streams = []
        for encoding, spec in enumerate(self._specs):
            if spec.ssrc is not None:
                streams.append(self._add(encoding, spec.ssrc, is_rtx=False))
            if spec.rtx_ssrc is not None:
                streams.append(self._add(encoding, spec.rtx_ssrc, is_rtx=True))
        return streams

    def admits(self, octets: int, now: float) -> bool:
        """Whether a datagram may pass: of sound there is a limit."""
        if self._sound is None:
            return True
        admitted = self._sound.admits(now)
        if admitted:
            self._sound.spend(octets + SOUND_OVERHEAD - 1)
        return admitted

    def restored(self) -> None:
        """One more packet goes on than came."""
        if self._sound is not None:
            self._sound.spend(SOUND_OVERHEAD)

    def learn(self, packet: RtpPacket) -> SourceStream | None:
        """The stream of an unknown SSRC that carries this producer's mid, or None if it cannot be told."""
        is_rtx = packet.payload_type == self.route.rtx_payload_type
        if not is_rtx and packet.payload_type not in (self.route.payload_type, self.route.red_payload_type):
            return None
        encoding = 0
        if len(self._specs) > 1:
            rid = packet.extensions.get(self._repaired_rid_id if is_rtx else self._rid_id, b"").decode(
                "ascii", "replace"
            )
            found = next((index for index, spec in enumerate(self._specs) if spec.rid == rid), None)
            if found is None:
                return None
            encoding = found
        return self._add(encoding, packet.ssrc, is_rtx=is_rtx)

    def refresh(self, now: float) -> None:
        """Note which streams have fallen silent."""
        for stream in self.media:
            if stream is not None and stream.live and self._is_silent(stream, now):
                stream.live = False
                self.changed = True
                if any(other is not None and other.live for other in self.media):
                    stream.keyframes.arrived()

    def _is_silent(self, stream: SourceStream, now: float) -> bool:
        silence = now - stream.last_arrival
        if silence < TURNED_OFF_AFTER or silence >= LIVE_WITHIN:
            return silence >= LIVE_WITHIN
        return any(other is not None and other.is_ahead_of(stream) for other in self.media)

    def target(self, spatial: int, only: int | None, former: SourceStream | None) -> SourceStream | None:
        """The stream for a consumer that wants no higher encoding than ``spatial``, or that one ``only``.

        ``former`` was it until now.
        """
        if spatial < 0:
            return None
        if only is not None:
            return self.media[only] if only < len(self.media) else None
        known = [stream for stream in self.media if stream is not None]
        below = [stream for stream in known if stream.live and stream.encoding <= spatial]
        if below:
            return below[-1]
        live = [stream for stream in known if stream.live]
        if live:
            return live[0]
        return former if former in known else next(iter(known), None)

    def forget_keyframe_requests(self) -> None:
        """Nobody waits for a picture."""
        for stream in self.media:
            if stream is not None:
                stream.keyframes.arrived()

    def hold(self, held: HeldPacket) -> None:
        """Keep a packet, at most the last 64, while a consumer waits for a keyframe."""
        self.held.append(held)

    def take_held(self, stream: SourceStream, after: int) -> list[HeldPacket]:
        """The packets of the stream that follow ``after``, in order; nothing is kept any longer."""
        following = [held for held in self.held if held.stream is stream and held.sequence > after]
        self.held.clear()
        return sorted(following, key=lambda held: held.sequence)

    def note_level(self, packet: RtpPacket) -> None:
        """Remember the loudest RFC 6464 level, in dBov."""
        value = packet.extensions.get(self._level_id)
        if value:
            level = -(value[0] & 0x7F)
            if self.level is None or level > self.level:
                self.level = level

    def _add(self, encoding: int, ssrc: int, *, is_rtx: bool) -> SourceStream:
        stream = SourceStream(self, encoding, ssrc, is_rtx=is_rtx)
        (self.rtx if is_rtx else self.media)[encoding] = stream
        self.changed = self.changed or not is_rtx
        return stream


def mid_of(packet: RtpPacket, extension_id: int) -> str:
    """The MID of a packet, empty if it has none."""
    return packet.extensions.get(extension_id, b"").decode("ascii", "replace")


def mid_id(route: ProducerRoute) -> int:
    """The sender's id of the MID extension, 0 if there is none."""
    return route.extension_ids.get(MID, 0)
