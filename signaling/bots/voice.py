"""A voice that says nothing: syllables of three formants over a gliding pitch, quiet, with pauses. Pure.

It only has to sound like somebody speaking in another room, and to be seen by whoever ranks speakers.
"""

import array
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

SAMPLE_RATE: Final = 16_000
FRAME_MS: Final = 20
_FRAME: Final = SAMPLE_RATE * FRAME_MS // 1000
_SECONDS: Final = 7.0
_LOUDNESS: Final = 0.035  # about −32 dBov: well heard by the relay, discreet in a room
_VOWELS: Final = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (390, 1990, 2550),
    (570, 840, 2410),
    (300, 870, 2240),
    (520, 1190, 2390),
)
_WIDTHS: Final = (80.0, 110.0, 160.0)
_STRENGTHS: Final = (1.0, 0.6, 0.3)


@dataclass(frozen=True, slots=True)
class Spoken:
    """20 ms of Opus and how loud they are in dBov (RFC 6464)."""

    data: bytes
    level: int


Speech = tuple[Spoken | None, ...]


def speech(seed: int, pitch_hz: float) -> Speech:
    """Return some seconds of voice to be repeated; None where the person breathes and nothing needs to be sent."""
    rng = random.Random(seed)  # noqa: S311 — sounds, not secrets
    samples: list[float] = []
    while len(samples) < _SECONDS * SAMPLE_RATE:
        for _ in range(rng.randint(3, 7)):
            samples += _syllable(rng, pitch_hz)
            samples += [0.0] * int(rng.uniform(0.02, 0.07) * SAMPLE_RATE)
        samples += [0.0] * int(rng.uniform(0.25, 0.55) * SAMPLE_RATE)
    return tuple(_encode(samples))


def _syllable(rng: random.Random, pitch_hz: float) -> list[float]:
    """One vowel with a tone that rises or falls, swelling and fading."""
    length = int(rng.uniform(0.13, 0.24) * SAMPLE_RATE)
    start, end = (pitch_hz * rng.uniform(0.85, 1.25) for _ in range(2))
    phase, pulses = 0.0, []
    for index in range(length):
        part = index / length
        phase += (start + (end - start) * part) / SAMPLE_RATE
        phase -= int(phase)
        pulses.append((1 - 2 * phase) * math.sin(math.pi * part) ** 0.7)
    voiced = [0.0] * length
    for formant, width, strength in zip(rng.choice(_VOWELS), _WIDTHS, _STRENGTHS, strict=True):
        for index, value in enumerate(_resonate(pulses, formant, width)):
            voiced[index] += strength * value
    loudest = max(map(abs, voiced)) or 1.0
    emphasis = rng.uniform(0.6, 1.0) * _LOUDNESS * 2.5 / loudest
    return [value * emphasis for value in voiced]


def _resonate(pulses: list[float], frequency_hz: float, width_hz: float) -> Iterator[float]:
    """A resonator with two poles."""
    radius = math.exp(-math.pi * width_hz / SAMPLE_RATE)
    first = 2 * radius * math.cos(2 * math.pi * frequency_hz / SAMPLE_RATE)
    second, gain = -radius * radius, 1 - radius
    before = earlier = 0.0
    for pulse in pulses:
        before, earlier = gain * pulse + first * before + second * earlier, before
        yield before


def _encode(samples: list[float]) -> Iterator[Spoken | None]:
    encoder = av.CodecContext.create("libopus", "w")
    if not isinstance(encoder, AudioCodecContext):
        raise TypeError("libopus is an audio codec")
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE, "mono", "s16"
    encoder.bit_rate = 24_000
    encoder.options = {"application": "voip", "frame_duration": str(FRAME_MS)}
    for start in range(0, len(samples) - _FRAME + 1, _FRAME):
        piece = samples[start : start + _FRAME]
        frame = AudioFrame(format="s16", layout="mono", samples=_FRAME)
        frame.planes[0].update(array.array("h", (round(32767 * value) for value in piece)).tobytes())
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        level = level_dbov(piece)
        for packet in encoder.encode(frame):
            yield Spoken(bytes(packet), level) if level > -75 else None


def level_dbov(samples: list[float]) -> int:
    """Return the loudness of samples from −1 to 1 in dBov, from −127 to 0."""
    power = sum(value * value for value in samples) / max(1, len(samples))
    return max(-127, min(0, round(10 * math.log10(power)))) if power > 0 else -127
