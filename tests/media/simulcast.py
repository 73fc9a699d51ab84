"""A sender of three encodings with three temporal layers each, and what a decoder would see of what it is sent."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from media.dataplane.interface import ProducerRoute, StreamSpec
from media.rtp import RtpPacket, sequence_distance, timestamp_distance
from media.vp8 import Vp8Descriptor, parse_vp8
from tests.media.link import Link, video

RIDS = ("q", "h", "f")
#: TID and layer synchronization of the frames of one cycle, as libvpx has them.
CYCLE = ((0, False), (2, True), (1, True), (2, False))
FRAME = 1 / 30


def simulcast() -> ProducerRoute:
    return video(streams=tuple(StreamSpec(51 + index, rid, 61 + index) for index, rid in enumerate(RIDS)))


@dataclass
class Encoding:
    """One RTP stream with numbers of its own."""

    index: int
    sequence: int
    timestamp: int
    picture: int
    tl0: int
    rtx: int = 0
    frames: int = 0
    silent: bool = False
    filling: int = 20
    sent: dict[int, tuple[bytes, int]] = field(default_factory=dict)

    def frame(self, *, keyframe: bool) -> Iterator[tuple[int, int, bool, bytes]]:
        """The packets of the next frame: sequence number, timestamp, marker, payload."""
        if keyframe:
            self.frames = 0
        tid, sync = CYCLE[self.frames % 4]
        self.frames += 1
        self.picture = (self.picture + 1) & 0x7FFF
        self.timestamp = (self.timestamp + 3000) & 0xFFFFFFFF
        if tid == 0:
            self.tl0 = (self.tl0 + 1) & 0xFF
        packets = 1 + self.index + (2 if keyframe else 0)
        for number in range(packets):
            descriptor = bytes(
                (
                    0x90 if number == 0 else 0x80,
                    0xE0,
                    0x80 | self.picture >> 8,
                    self.picture & 0xFF,
                    self.tl0,
                    tid << 6 | sync << 5,
                )
            )
            header = b"\x00\x00\x00\x9d\x01\x2a" if keyframe else b"\x01\x00\x00\0\0\0"
            size = (320 << self.index).to_bytes(2, "little") + (180 << self.index).to_bytes(2, "little")
            self.sequence = (self.sequence + 1) & 0xFFFF
            yield self.sequence, self.timestamp, number == packets - 1, descriptor + header + size + bytes(self.filling)


class Sender:
    """Sends frames over a link; ``lose`` decides about each packet, and what it lost is repeated when asked for."""

    def __init__(self, link: Link, seed: int, lose: Callable[[], bool] = lambda: False) -> None:
        chance = random.Random(seed)
        self.link = link
        self.lose = lose
        self.keyframe = True
        self.encodings = [
            Encoding(
                index,
                chance.randrange(1 << 16),
                chance.randrange(1 << 32),
                chance.randrange(1 << 15),
                chance.randrange(1 << 8),
            )
            for index in range(3)
        ]

    def frame(self, shuffle: Callable[[list[tuple[int, int, bool, bytes]]], None] = lambda packets: None) -> None:
        """One frame of each encoding, then what the relay asked for."""
        self.link.now += FRAME
        keyframe, self.keyframe = self.keyframe, False
        for encoding in self.encodings:
            if encoding.silent:
                encoding.timestamp = (encoding.timestamp + 3000) & 0xFFFFFFFF
                continue
            packets = list(encoding.frame(keyframe=keyframe))
            shuffle(packets)
            for sequence, timestamp, marker, payload in packets:
                encoding.sent[sequence] = payload, timestamp
                if not self.lose():
                    self._send(encoding, sequence, timestamp, marker, payload)
        self.serve()

    def serve(self) -> None:
        """Answer retransmission and keyframe requests."""
        for ssrc, sequences in self.link.plane.take_losses("alice", self.link.now):
            encoding = self.encodings[ssrc - 51]
            for sequence in sequences:
                payload, timestamp = encoding.sent[sequence]
                encoding.rtx += 1
                self.link.send(
                    "alice",
                    encoding.rtx,
                    sequence.to_bytes(2, "big") + payload,
                    payload_type=97,
                    ssrc=61 + encoding.index,
                    timestamp=timestamp,
                )
        self.keyframe = bool(self.link.plane.take_keyframe_requests(self.link.now)) or self.keyframe

    def _send(self, encoding: Encoding, sequence: int, timestamp: int, marker: bool, payload: bytes) -> None:
        self.link.send(
            "alice", sequence, payload, ssrc=51 + encoding.index, timestamp=timestamp, marker=marker, payload_type=96
        )


@dataclass
class Frame:
    """A frame as it was received."""

    timestamp: int
    packets: list[RtpPacket]
    vp8: list[Vp8Descriptor]

    @property
    def tid(self) -> int:
        return self.vp8[0].tid

    @property
    def is_whole(self) -> bool:
        return self.vp8[0].starts_frame and self.packets[-1].marker

    @property
    def encoding(self) -> int:
        """By its number of packets."""
        return len(self.packets) - (3 if self.vp8[0].keyframe else 1)


def in_order(packets: list[RtpPacket]) -> list[RtpPacket]:
    """Media packets by sequence number, over its circle."""
    media = [packet for packet in packets if packet.payload_type == 101]
    first = media[0].sequence
    extended: dict[int, RtpPacket] = {}
    highest = 0
    for packet in media:
        number = highest + sequence_distance(packet.sequence, (first + highest) & 0xFFFF)
        highest = max(highest, number)
        assert number not in extended
        extended[number] = packet
    return [extended[number] for number in sorted(extended)]


def frames(packets: list[RtpPacket]) -> list[Frame]:
    """The frames that a decoder would put together; fillers are left out."""
    result: list[Frame] = []
    for packet in packets:
        if not len(packet.payload):
            continue
        if not result or result[-1].timestamp != packet.timestamp:
            result.append(Frame(packet.timestamp, [], []))
        result[-1].packets.append(packet)
        result[-1].vp8.append(parse_vp8(packet.payload))
    return result


def assert_no_gap(packets: list[RtpPacket]) -> None:
    """Every number follows the one before: of packets, of pictures, of layer 0 pictures; and time goes on."""
    for before, after in pairwise(packets):
        assert sequence_distance(after.sequence, before.sequence) == 1
    seen = frames(packets)
    for earlier, later in pairwise(seen):
        assert timestamp_distance(later.timestamp, earlier.timestamp) > 0
        assert (later.vp8[0].picture_id - earlier.vp8[0].picture_id) & 0x7FFF == 1
        step = (later.vp8[0].tl0 - earlier.vp8[0].tl0) & 0xFF
        assert step == (1 if later.tid == 0 else 0)
    for frame in seen:
        assert len({vp8.picture_id for vp8 in frame.vp8}) == 1
