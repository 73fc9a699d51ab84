"""One source of a room on its way into one file: ordered, made whole, put on the one clock, written. No I/O of its own.

Times called ``now`` are monotonic; ``arrival`` and ``wall`` are on the recorder's wall clock. Both are seconds.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from media.errors import ParametersError
from media.keyframe import KeyFrameRequests
from media.ortc import H264
from media.parameters import parse_parameters
from media.recording.access_units import H264Frames
from media.recording.clock import SenderClock, StreamClock
from media.recording.formats import OPUS, VP8, format_of
from media.recording.frames import Depacketiser, Frame, OpusFrames, Vp8Frames
from media.recording.matroska import MatroskaFile
from media.recording.ordering import Lost, Ordering, Piece
from media.rtcp import ReportBlock, SenderReport, write_nack, write_picture_loss
from media.rtp import RtpPacket

SETTLE_S: Final = 2.0  # how long the fastest packet is looked for before the first frame gets its time
GIVE_UP_S: Final = 5.0  # how long a sender report is waited for
NACKS_IN_PACKET: Final = 250
DEPACKETISERS: Final[Mapping[str, Callable[[], Depacketiser]]] = {OPUS: OpusFrames, VP8: Vp8Frames, H264: H264Frames}
OpenFile = Callable[[tuple[int, int] | None], MatroskaFile]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """How a source is received: a consumer's parameters."""

    mime: str
    ssrc: int
    payload_type: int
    clock_rate: int
    cname: str
    rtx_ssrc: int | None = None
    rtx_payload_type: int | None = None


def source_spec(rtp_parameters: Mapping[str, object]) -> SourceSpec:
    """Read a consumer's ``rtpParameters``. Raises ParametersError and NotRecordable."""
    parameters = parse_parameters(rtp_parameters)
    codec, rtx = parameters.codec, parameters.rtx_codec
    format_of(codec.mime)
    if not parameters.encodings or parameters.encodings[0].ssrc is None:
        raise ParametersError("a consumer without SSRC")
    encoding = parameters.encodings[0]
    return SourceSpec(
        codec.mime,
        parameters.encodings[0].ssrc,
        codec.payload_type,
        codec.clock_rate,
        (parameters.rtcp.cname if parameters.rtcp else None) or "",
        encoding.rtx.ssrc if encoding.rtx and rtx else None,
        rtx.payload_type if rtx else None,
    )


@dataclass(slots=True)
class Written:
    """What came of a source: when its first and last frame were, how often something was missing."""

    first: float | None = None
    last: float | None = None
    frames: int = 0
    losses: int = 0


class Source:
    """``began`` is the wall time that the file calls 0. ``open_file`` is called with the first frame's picture size."""

    def __init__(self, spec: SourceSpec, sender: SenderClock, began: float, open_file: OpenFile) -> None:
        self.spec = spec
        self.written = Written()
        self._began = began
        self._open = open_file
        self._file: MatroskaFile | None = None
        self._ordering = Ordering()
        self._frames = DEPACKETISERS[spec.mime]()
        self._clock = StreamClock(spec.clock_rate, sender)
        self._keyframes = KeyFrameRequests()
        self._held: deque[Frame] = deque()
        self._first_arrival: float | None = None
        self._settled = False
        self._report: tuple[int, float] | None = None
        self._prior = (0, 0)

    def receive(self, packet: RtpPacket, now: float, arrival: float) -> None:
        """A packet of the source, or one that repeats it (RFC 4588 §4)."""
        payload, sequence = bytes(packet.payload), packet.sequence
        if packet.ssrc == self.spec.rtx_ssrc:
            if len(payload) <= 2 or packet.payload_type != self.spec.rtx_payload_type:
                return
            payload, sequence = payload[2:], payload[0] << 8 | payload[1]
        elif packet.payload_type != self.spec.payload_type:
            return
        else:
            self._clock.arrived(packet.timestamp, arrival)
        if self._first_arrival is None:
            self._first_arrival = arrival
        self._ordering.push(sequence, Piece(packet.timestamp, packet.marker, payload, arrival), now)

    def report(self, report: SenderReport, now: float) -> None:
        """What the sender says of its clock."""
        self._clock.report(report.ntp, report.rtp_timestamp)
        self._report = (report.ntp >> 16 & 0xFFFF_FFFF, now)

    def tick(self, now: float, wall: float) -> None:
        """Write what is due. Raises RecordingError."""
        for one in self._ordering.take(now):
            if isinstance(one, Lost):
                self.written.losses += 1
                self._frames.lose()
            elif (frame := self._frames.push(one)) is not None:
                self._held.append(frame)
        self._write_held(wall)

    def feedback(self, now: float) -> list[bytes]:
        """Requests for what is missing, to be sent at once."""
        out: list[bytes] = []
        wanted = self._ordering.wanted(now)
        for start in range(0, len(wanted), NACKS_IN_PACKET):
            out.append(write_nack(self.spec.ssrc, wanted[start : start + NACKS_IN_PACKET]))
        if not self._frames.keyframe_wanted:
            self._keyframes.arrived()
        else:
            self._keyframes.remind(now)
        if self._keyframes.take(now):
            out.append(write_picture_loss(self.spec.ssrc))
        return out

    def block(self, now: float) -> ReportBlock | None:
        """Report block since the last one (RFC 3550 §6.4.1), None before the first packet."""
        ordering = self._ordering
        if ordering.highest is None:
            return None
        expected, received = ordering.expected, ordering.received
        lost = max(0, expected - self._prior[0] - (received - self._prior[1]))
        span = max(1, expected - self._prior[0])
        self._prior = (expected, received)
        last, delay = (self._report[0], int((now - self._report[1]) * 65536)) if self._report else (0, 0)
        return ReportBlock(
            self.spec.ssrc,
            min(255, lost * 256 // span),
            max(0, expected - received),
            ordering.highest,
            last_sender_report=last,
            delay=delay,
        )

    def close(self, wall: float) -> None:
        """Write what is held and finish the file. Raises RecordingError."""
        self._settled = True
        self._write_held(wall)
        if self._file is not None:
            self._file.close()

    def _write_held(self, wall: float) -> None:
        if not self._settled and self._first_arrival is not None:
            waited = wall - self._first_arrival
            self._settled = waited >= GIVE_UP_S or (waited >= SETTLE_S and self._clock.reported)
        while self._settled and self._held:
            self._write(self._held.popleft())

    def _write(self, frame: Frame) -> None:
        if self._file is None:
            self._file = self._open(frame.size)
        at = max(self._began, self._clock.wall(frame.timestamp))
        self._file.write(frame, round((at - self._began) * 1000))
        if self.written.first is None:
            self.written.first = at
        self.written.last = at
        self.written.frames += 1
