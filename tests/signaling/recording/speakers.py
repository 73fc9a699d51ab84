"""Members with a microphone and a camera who flash and beep in the same moments, over a real relay."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

from media.path import Address
from media.service import RelaySettings, run_relay
from signaling.bots.uplink import Uplink
from signaling.cli.relay import relay_settings
from tests.media.recording.film import FPS, PERIOD, film
from tests.media.world import PAGE_CONTEXT
from tests.signaling.hub import Hub, Live
from tests.signaling.recording.camera import H264Camera
from tests.signaling.recording.studio import picture, sound


@contextlib.asynccontextmanager
async def real_relay(hub: Hub) -> AsyncIterator[None]:
    """A relay beside the hub while the context lasts."""
    made = await asyncio.to_thread(relay_settings, hub.services.settings)
    settings = RelaySettings(
        relay_id=made.relay_id,
        control_url=made.control_url,
        ca_file=made.ca_file,
        cert_file=made.cert_file,
        key_file=made.key_file,
        listen_ip="127.0.0.1",
        port=0,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(run_relay(settings, stop))
    try:
        async with asyncio.timeout(20):
            while not hub.services.registry.connected:  # noqa: ASYNC110 — it tells nobody
                await asyncio.sleep(0.02)
        yield
    finally:
        stop.set()
        await running


class Speaker:
    """``skew``: by how much the own clock is wrong. Use speaking()."""

    def __init__(self, live: Live, meeting: str, skew: float, h264: bool) -> None:
        self.live, self.meeting, self.skew = live, meeting, skew
        self.muted = False
        self.h264 = h264
        self._uplink: Uplink | None = None
        self._socket: asyncio.DatagramTransport | None = None

    async def enter(self) -> None:
        loop = asyncio.get_running_loop()
        self._socket, _ = await loop.create_datagram_endpoint(lambda: _Ear(self), ("127.0.0.1", 0))
        await self.live.request("subscribe", meetingId=self.meeting)
        await self.live.request("media.join", meetingId=self.meeting)
        made = await self.live.request("media.create_transport", meetingId=self.meeting, direction="send")
        uplink = Uplink(made, PAGE_CONTEXT, self._transmit, loop.time())
        if self.h264:
            uplink.camera = H264Camera(uplink.camera)
        fields: dict[str, Any] = {"meetingId": self.meeting, "transportId": uplink.id}
        await self.live.request("media.connect_transport", **fields, dtlsParameters=uplink.dtls_parameters)
        for source, name in ((uplink.microphone, "microphone"), (uplink.camera, "camera")):
            parameters = source.parameters(secrets.token_hex(4))
            await self.live.request("media.produce", **fields, kind=source.kind, source=name, rtpParameters=parameters)
        self._uplink = uplink

    async def play(self) -> None:
        """Until cancelled. A flash and a beep begin in every even second of the loop's clock."""
        loop, uplink = asyncio.get_running_loop(), self._uplink
        assert uplink is not None
        shots, _ = film() if self.h264 else picture(), sound()
        shown, heard = int(loop.time() * FPS), int(loop.time() * 50)
        while True:
            now = loop.time()
            uplink.tick(now, time.time() + self.skew)
            uplink.keyframe_wanted = False  # there is one every two seconds
            for number in range(shown + 1, int(now * FPS) + 1):
                uplink.send_frame(shots[number % PERIOD], number / FPS)
            for number in range(heard + 1, int(now * 50) + 1):
                if not self.muted:
                    uplink.send_sound(sound()[number % 100], -20, number / 50)
            shown, heard = int(now * FPS), int(now * 50)
            await asyncio.sleep(0.01)

    def hear(self, data: bytes, address: Address) -> None:
        if self._uplink is not None:
            self._uplink.receive(data, address, asyncio.get_running_loop().time())

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def _transmit(self, data: bytes, address: Address) -> None:
        if self._socket is not None:
            self._socket.sendto(data, address)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._speaker.hear(data, (addr[0], addr[1]))


@contextlib.asynccontextmanager
async def speaking(hub: Hub, *, h264: str = "", **skews: float) -> AsyncIterator[dict[str, Speaker]]:
    """These members send while the context lasts, one of them in H.264."""
    meeting = hub.seed.ours.meeting
    speakers = {name: Speaker(await hub.live(name), meeting, skew, name == h264) for name, skew in skews.items()}
    tasks: list[asyncio.Task[None]] = []
    try:
        for speaker in speakers.values():
            await speaker.enter()
            tasks.append(asyncio.create_task(speaker.play()))
        yield speakers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for speaker in speakers.values():
            speaker.close()
