"""A page without a browser: pymediasoup on aiortc, sending a moving picture and a tone, counting what it decodes."""

import asyncio
import fractions
import math
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiortc import MediaStreamTrack, VideoStreamTrack
from av import AudioFrame, VideoFrame
from pymediasoup import AiortcHandler, Device
from pymediasoup.models.transport import DtlsParameters, IceCandidate, IceParameters
from pymediasoup.rtp_parameters import RtpCapabilities, RtpParameters

from media.ortc import ROUTER_CAPABILITIES
from tests.media.hub import Hub


class Picture(VideoStreamTrack):
    """A bright bar on dark ground that moves with every frame."""

    count = 0

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        self.count += 1
        left = self.count * 4 % 144
        row = bytes([40] * left + [220] * 16 + [40] * (160 - 16 - left))
        frame = VideoFrame(160, 120, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([128]) * plane.buffer_size)
        luma = frame.planes[0]
        luma.update(b"".join(row.ljust(luma.line_size, b"\0") for _ in range(120)))
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(MediaStreamTrack):
    """440 Hz, 20 ms at a time."""

    kind = "audio"
    _samples = 0
    _start: float | None = None

    async def recv(self) -> AudioFrame:
        if self._start is None:
            self._start = time.monotonic()
        await asyncio.sleep(max(0.0, self._start + self._samples / 48000 - time.monotonic()))
        wave = [int(8000 * math.sin(2 * math.pi * 440 * (self._samples + n) / 48000)) for n in range(960)]
        frame = AudioFrame(format="s16", layout="mono", samples=960)
        frame.planes[0].update(struct.pack("<960h", *wave))
        frame.sample_rate, frame.pts, frame.time_base = 48000, self._samples, fractions.Fraction(1, 48000)
        self._samples += 960
        return frame


def plain(value: Any) -> Any:
    """A pydantic model of pymediasoup as JSON."""
    return value.model_dump(mode="json", exclude_none=True) if hasattr(value, "model_dump") else value


class Bot:
    """One page with a send and a receive transport."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.picture, self.tone = Picture(), Tone()
        self.device = Device(handlerFactory=AiortcHandler.createFactory(tracks=[self.picture, self.tone]))
        self.frames: dict[str, int] = {}
        self.producers: dict[str, str] = {}
        self.loudness: dict[str, float] = {}
        self._decoded = asyncio.Condition()
        self._pumps: list[asyncio.Task[None]] = []
        self.sending: Any = None
        self.receiving: Any = None
        self.picture_moves = False

    async def start(self) -> None:
        await self.device.load(RtpCapabilities(**ROUTER_CAPABILITIES))
        self.sending = await self._transport("send")
        self.receiving = await self._transport("recv")

    async def _transport(self, direction: str) -> Any:
        parameters = await self.hub.create_transport()
        create = self.device.createSendTransport if direction == "send" else self.device.createRecvTransport
        transport = create(
            id=parameters["id"],
            iceParameters=IceParameters(**parameters["iceParameters"]),
            iceCandidates=[IceCandidate(**candidate) for candidate in parameters["iceCandidates"]],
            dtlsParameters=DtlsParameters(**parameters["dtlsParameters"]),
            sctpParameters=None,
        )

        async def on_connect(dtls: Any) -> None:
            await self.hub.connect_transport(parameters["id"], plain(dtls))

        async def on_produce(kind: str, rtpParameters: Any, appData: Any) -> str:
            return await self.hub.produce(parameters["id"], kind, plain(rtpParameters))

        transport.on("connect", on_connect)
        if direction == "send":
            transport.on("produce", on_produce)
        return transport

    async def produce(self) -> None:
        for track in (self.picture, self.tone):
            producer = await self.sending.produce(track=track, stopTracks=False)
            self.producers[track.kind] = producer.id

    async def consume(self, producer_id: str) -> None:
        answer = await self.hub.consume(self.receiving.id, producer_id, plain(self.device.rtpCapabilities))
        answer["rtpParameters"] = RtpParameters(**answer["rtpParameters"])
        consumer = await self.receiving.consume(**answer)
        self.frames[producer_id] = 0
        self._pumps.append(asyncio.ensure_future(self._pump(producer_id, consumer.track)))

    async def _pump(self, producer_id: str, track: MediaStreamTrack) -> None:
        previous = b""
        while True:
            frame: Any = await track.recv()
            async with self._decoded:
                self.frames[producer_id] += 1
                self._decoded.notify_all()
            if isinstance(frame, AudioFrame):
                samples = struct.iter_unpack("<h", bytes(frame.planes[0]))
                self.loudness[producer_id] = max(abs(sample) for (sample,) in samples)
            else:
                pixels = bytes(frame.planes[0])
                if previous and any(abs(a - b) > 50 for a, b in zip(pixels, previous, strict=True)):
                    self.picture_moves = True
                previous = pixels

    async def receives(self, producer_id: str, more: int, seconds: float = 15) -> None:
        """Wait until this many more frames were decoded."""
        goal = self.frames[producer_id] + more
        async with asyncio.timeout(seconds), self._decoded:
            await self._decoded.wait_for(lambda: self.frames[producer_id] >= goal)

    async def close(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        for transport in (self.sending, self.receiving):
            if transport is not None:
                await transport.close()
        self.picture.stop()
        self.tone.stop()


@asynccontextmanager
async def bot(hub: Hub) -> AsyncIterator[Bot]:
    page = Bot(hub)
    await page.start()
    try:
        yield page
    finally:
        await page.close()
