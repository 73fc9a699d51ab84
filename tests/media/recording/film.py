"""A real film in H.264 with a flash every two seconds, and its packets as RFC 6184 wants them."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

FPS = 10
PERIOD = 20  # frames from flash to flash, each of which begins with a keyframe
WHITE, BLACK = 235, 16
START_CODE = b"\0\0\0\1"


@cache
def film(width: int = 96, height: int = 64) -> tuple[bytes, ...]:
    """Two seconds as a byte stream: white for the first three frames, then black; a keyframe at the beginning."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, FPS)
    encoder.options = {
        "profile": "baseline",
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x264-params": f"repeat-headers=1:annexb=1:slices=2:threads=1:scenecut=0:keyint={PERIOD}",
    }
    frames: list[bytes] = []
    for index in range(PERIOD):
        frame = VideoFrame(width, height, "yuv420p")
        for plane, value in zip(frame.planes, (WHITE if index < 3 else BLACK, 128, 128), strict=True):
            plane.update(bytes((value,)) * plane.buffer_size)
        frame.pts, frame.time_base = index, encoder.time_base
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(frames)


def units(frame: bytes) -> list[bytes]:
    """The NAL units of a byte stream."""
    return [unit for unit in frame.replace(START_CODE, START_CODE[1:]).split(START_CODE[1:]) if unit]


def payloads(frame: bytes, size: int = 60) -> list[bytes]:
    """A frame in packets: what is small together (STAP-A), what is large in pieces (FU-A), the rest alone."""
    found: list[bytes] = []
    small: list[bytes] = []
    for unit in units(frame):
        if len(unit) + 2 + sum(len(one) + 2 for one in small) < size:
            small.append(unit)
            continue
        found += [*_aggregated(small), *_fragments(unit, size)]
        small = []
    return found + list(_aggregated(small))


def _aggregated(small: list[bytes]) -> Iterator[bytes]:
    if len(small) == 1:
        yield small[0]
    elif small:
        yield bytes((small[0][0] & 0xE0 | 24,)) + b"".join(len(one).to_bytes(2, "big") + one for one in small)


def _fragments(unit: bytes, size: int) -> Iterator[bytes]:
    if len(unit) <= size:
        yield unit
        return
    for start in range(1, len(unit), size - 2):
        flags = (0x80 if start == 1 else 0) | (0x40 if start + size - 2 >= len(unit) else 0)
        yield bytes((unit[0] & 0xE0 | 28, flags | unit[0] & 0x1F)) + unit[start : start + size - 2]
