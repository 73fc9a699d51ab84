"""A portrait as two endless VP8 streams, encoded once: listening and speaking."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from signaling.bots.portrait import HEIGHT, WIDTH, Portrait, Pose, poses

FRAMES_PER_SECOND: Final = 12
_KEYFRAME_EVERY: Final = 2 * FRAMES_PER_SECOND
_LISTENING: Final = 4 * FRAMES_PER_SECOND
_SPEAKING: Final = 2 * FRAMES_PER_SECOND
_BIT_RATE: Final = 260_000
_OPTIONS: Final = {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0", "auto-alt-ref": "0", "crf": "14"}


@dataclass(frozen=True, slots=True)
class Film:
    """Encoded frames; every 2 s, and at the start, there is one that needs no other."""

    listening: tuple[bytes, ...]
    speaking: tuple[bytes, ...]


class Projector:
    """Plays a film frame by frame; a keyframe on demand, and whenever the person begins or ends to speak."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self._speaking = False
        self._next = 0

    def request_keyframe(self) -> None:
        """Somebody has no picture yet: go on at the nearest frame that stands alone."""
        if self._next % _KEYFRAME_EVERY:
            self._next -= self._next % _KEYFRAME_EVERY

    def next_frame(self, *, speaking: bool) -> bytes:
        """Return the frame of this moment."""
        if speaking != self._speaking:
            self._speaking, self._next = speaking, 0
        frames = self._film.speaking if speaking else self._film.listening
        frame = frames[self._next % len(frames)]
        self._next = (self._next + 1) % len(frames)
        return frame


def film(portrait: Portrait) -> Film:
    """Draw and encode; takes more than half a second of one core."""
    rng = random.Random(portrait.seed)  # noqa: S311 — looks, not secrets
    return Film(
        _encode(portrait, poses(rng, _LISTENING, speaking=False)),
        _encode(portrait, poses(rng, _SPEAKING, speaking=True)),
    )


def _encode(portrait: Portrait, moments: Iterable[Pose]) -> tuple[bytes, ...]:
    encoder = av.CodecContext.create("libvpx", "w")
    if not isinstance(encoder, VideoCodecContext):
        raise TypeError("libvpx is a video codec")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base = Fraction(1, FRAMES_PER_SECOND)
    encoder.bit_rate = _BIT_RATE
    encoder.options = _OPTIONS
    encoded: list[bytes] = []
    for index, pose in enumerate(moments):
        drawn = VideoFrame(WIDTH, HEIGHT, "rgb24")
        drawn.planes[0].update(portrait.draw(pose).tobytes())
        frame = drawn.reformat(format="yuv420p")
        frame.pts, frame.time_base = index, encoder.time_base
        frame.pict_type = PictureType.NONE if index % _KEYFRAME_EVERY else PictureType.I
        encoded += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(encoded + [bytes(packet) for packet in encoder.encode(None)])
