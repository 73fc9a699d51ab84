"""Two senders, a relay and a recorder in virtual time. Each sender flashes and beeps at moments that are known."""

import array
import io
import math
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from media.client import RelayAddress
from media.control.mint import connected, mint_consumer, mint_producer, mint_transport
from media.control.state import ConsumerSpec, ProducerSpec, TransportSpec
from media.path import Address, UdpPath
from media.recording.capabilities import RECORDER_CAPABILITIES
from media.recording.matroska import MatroskaFile
from media.recording.recorder import Recorder
from media.recording.source import OpenFile, source_spec
from signaling.bots.packets import Outgoing
from signaling.bots.uplink import Uplink
from tests.media.recording.film import BLACK, FPS, PERIOD, WHITE, film
from tests.media.world import PAGE_CONTEXT, RELAY_CERTIFICATE, World
from tests.signaling.recording.camera import H264Camera

RELAY: Address = ("192.0.2.1", 7443)
WALL = 1_900_000_000.0
TICK = 0.01


@cache
def picture() -> tuple[bytes, ...]:
    """Two seconds: white for the first three frames, then black; a keyframe at the beginning."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = 96, 64, "yuv420p"
    encoder.time_base = Fraction(1, FPS)
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"}
    frames: list[bytes] = []
    for index in range(PERIOD):
        frame = VideoFrame(96, 64, "yuv420p")
        for plane, value in zip(frame.planes, (WHITE if index < 3 else BLACK, 128, 128), strict=True):
            plane.update(bytes((value,)) * plane.buffer_size)
        frame.pts, frame.time_base = index, encoder.time_base
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(frames)


@cache
def sound() -> tuple[bytes, ...]:
    """Two seconds in pieces of 20 ms: a tone for the first 300 ms, then nothing."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    encoder.options = {"application": "lowdelay"}
    pieces: list[bytes] = []
    for index in range(100):
        loud = 12_000 if index < 15 else 0
        samples = (round(loud * math.sin(2 * math.pi * 1000 * (index * 960 + n) / 48_000)) for n in range(960))
        frame = AudioFrame(format="s16", layout="mono", samples=960)
        frame.planes[0].update(array.array("h", samples).tobytes())
        frame.sample_rate, frame.pts = 48_000, index * 960
        pieces += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(pieces[:100])


class Sender:
    """A page with a clock that is wrong by ``skew`` seconds, and a way to the relay that takes its time."""

    def __init__(self, studio: "Studio", port: int, skew: float, h264: bool) -> None:
        self.studio, self.skew = studio, skew
        self.address = UdpPath("192.0.2.9", port)
        self.lose: Callable[[bytes], bool] = lambda _: False
        self.on = True
        self.started: float | None = None
        self._random = random.Random(port)
        self._way: list[tuple[float, bytes]] = []
        self._frames = self._sounds = 0
        world = studio.world
        self.spec = mint_transport()
        world.relay.put_transport(self.spec, world.now)
        self.uplink = Uplink(parameters(self.spec), PAGE_CONTEXT, self._transmit, world.now)
        self.film = picture()
        if h264:
            self.uplink.camera, self.film = H264Camera(self.uplink.camera), film()
        self.spec = connected(self.spec, self.uplink.dtls_parameters)
        world.relay.put_transport(self.spec, world.now)
        self.producers: dict[str, ProducerSpec] = {}
        for source in (self.uplink.microphone, self.uplink.camera):
            self.producers[source.kind] = producer = mint_producer(self.spec.id, source.kind, _parameters(source))
            world.relay.put_producer(producer, world.now)

    def _transmit(self, data: bytes, _: Address) -> None:
        self._way.append((self.studio.world.now + self._random.uniform(0.002, 0.04), data))

    def tick(self, now: float) -> None:
        for due, data in sorted(self._way):
            if due <= now and not self.lose(data):
                self.studio.world.relay.receive(data, self.address, now)
        self._way = [one for one in self._way if one[0] > now]
        self.uplink.tick(now, WALL + now + self.skew)
        for datagram in self.studio.world.take(self.address):
            self.uplink.receive(datagram, RELAY, now)
        if self.uplink.connected:
            self._play(now)

    def _play(self, now: float) -> None:
        self.started = now if self.started is None else self.started
        if self.uplink.keyframe_wanted and self._frames % PERIOD:
            self.uplink.keyframe_wanted = False  # the next comes soon enough
        while self.started + self._sounds * 0.02 <= now:
            if self.on:
                self.uplink.send_sound(sound()[self._sounds % 100], -20, self.started + self._sounds * 0.02)
            self._sounds += 1
        while self.started + self._frames / FPS <= now:
            if self.on:
                self.uplink.send_frame(self.film[self._frames % PERIOD], self.started + self._frames / FPS)
            self._frames += 1


class Studio:
    """``files`` are what was written, by the number of the source."""

    def __init__(self, skews: tuple[float, ...] = (0.0,), *, h264: bool = False) -> None:
        self.world = World()
        self.senders = [Sender(self, port, skew, h264) for port, skew in enumerate(skews, 1)]
        self.pass_time(0.5)
        self.files: dict[int, io.BytesIO] = {}
        self.failed: list[Exception] = []
        self.address = UdpPath("192.0.2.10", 9)
        self.lose: Callable[[bytes], bool] = lambda _: False
        self.began = self.world.now
        self.spec = mint_transport()
        self.world.relay.put_transport(self.spec, self.world.now)
        self.recorder = Recorder(
            relay_address(self.spec), PAGE_CONTEXT, self._transmit, WALL + self.world.now, self.world.now
        )
        dtls = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": PAGE_CONTEXT.fingerprint}]}
        self.spec = connected(self.spec, dtls)
        self.world.relay.put_transport(self.spec, self.world.now)
        self.consumers: list[ConsumerSpec] = []

    def record(self, sender: Sender, kind: str) -> int:
        """Add a sender's source and return its number."""
        producer, number = sender.producers[kind], len(self.consumers)
        spec = mint_consumer(self.spec.id, producer, RECORDER_CAPABILITIES, cname=sender.spec.id)
        source = source_spec(spec.rtp_parameters)
        self.recorder.add(number, source, self._opener(number, source.mime))
        self.world.relay.put_consumer(spec, producer, self.world.now)
        self.consumers.append(spec)
        return number

    def pass_time(self, seconds: float) -> None:
        end = self.world.now + seconds
        while self.world.now < end:
            self.world.now += TICK
            self.world.relay.tick(self.world.now)
            for sender in self.senders:
                sender.tick(self.world.now)
            if hasattr(self, "recorder"):
                self._tick()

    def finish(self) -> None:
        """End all files."""
        for number in range(len(self.consumers)):
            self.recorder.end(number, WALL + self.world.now)

    def flashes(self, sender: Sender) -> list[float]:
        """When the sender flashed and beeped, in seconds of the files."""
        assert sender.started is not None
        first = sender.started - self.began
        return [first + number * 2 for number in range(20) if first + number * 2 < self.world.now - self.began]

    def _tick(self) -> None:
        now, wall = self.world.now, WALL + self.world.now
        for datagram in self.world.take(self.address):
            if not self.lose(datagram):
                self.recorder.receive(datagram, RELAY, now, wall)
        self.recorder.tick(now, wall, lambda _, error: self.failed.append(error))

    def _transmit(self, data: bytes, address: Address) -> None:
        if address == RELAY:
            self.world.relay.receive(data, self.address, self.world.now)

    def _opener(self, number: int, mime: str) -> OpenFile:
        def opened(size: tuple[int, int] | None) -> MatroskaFile:
            self.files[number] = Kept()
            return MatroskaFile(self.files[number], mime, size, "")

        return opened


class Kept(io.BytesIO):
    """A file that can be read after it was closed."""

    def close(self) -> None:
        return


def _parameters(source: Outgoing) -> dict[str, Any]:
    return source.parameters("page")


def parameters(spec: TransportSpec) -> dict[str, Any]:
    """What a page is told of its transport."""
    return {
        "id": spec.id,
        "iceParameters": {"usernameFragment": spec.ufrag, "password": spec.pwd},
        "iceCandidates": [{"ip": RELAY[0], "port": RELAY[1], "protocol": "udp"}],
        "dtlsParameters": {"fingerprints": [{"algorithm": "sha-256", "value": RELAY_CERTIFICATE.fingerprint}]},
    }


def relay_address(spec: TransportSpec) -> RelayAddress:
    """The same for a recorder."""
    fingerprint = ("sha-256", RELAY_CERTIFICATE.fingerprint)
    return RelayAddress(spec.ufrag, spec.pwd, ((RELAY[0], RELAY[1]),), (fingerprint,))


def pictures(data: bytes) -> list[tuple[float, int]]:
    """Decode a video file: time and brightness of each picture."""
    found = []
    with av.open(io.BytesIO(data), "r") as container:
        for frame in container.decode(video=0):
            assert frame.time is not None
            found.append((frame.time, bytes(frame.planes[0])[0]))
    return found


def tones(data: bytes) -> list[float]:
    """Decode an audio file: when a tone begins after silence."""
    found, loud = [], False
    with av.open(io.BytesIO(data), "r") as container:
        for frame in container.decode(audio=0):
            assert frame.time is not None
            samples = array.array("f", bytes(frame.planes[0]))[: frame.samples]
            for start in range(0, len(samples), 240):
                level = max(map(abs, samples[start : start + 240]))
                if level > 0.15 and not loud:
                    found.append(frame.time + start / frame.sample_rate)
                loud = level > 0.15 if level > 0.15 or level < 0.02 else loud
    return found


def rises(seen: list[tuple[float, int]]) -> list[float]:
    """When the picture turns white."""
    return [at for (_, before), (at, value) in pairwise(seen) if before < 120 <= value]
