"""A relay as the hub sees it: its control connection over mutual TLS, and a state that converges, or does not."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from media.control.change import apply
from media.control.messages import (
    Applied,
    AudioLevels,
    Capabilities,
    Delta,
    Drop,
    Failed,
    HubMessage,
    Register,
    Snapshot,
    TransportState,
    TransportStateChanged,
    Welcome,
    applied,
    encode,
    parse_hub_message,
)
from media.control.state import Candidate, Model, RoomState
from signaling.identity_files import relay_files
from tests.signaling.hub import WAIT_S, Hub

FINGERPRINT = "sha-256 " + ":".join(["AB"] * 32)


class FakeRelay:
    """``rooms`` is what it carries. ``silent``: it obeys but never confirms; ``confused``: it asks for snapshots."""

    def __init__(self, rooms: dict[str, RoomState] | None = None, instance: str = "first") -> None:
        self.rooms = dict(rooms or {})
        self.instance = instance
        self.heard: list[HubMessage] = []
        self.silent = False
        self.confused = False
        self._socket: ClientConnection | None = None
        self._news = asyncio.Event()

    async def serve(self, socket: ClientConnection) -> None:
        """Register, and obey until the connection ends."""
        self._socket = socket
        await self.send(self._registration())
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                message = parse_hub_message(data)
                self.heard.append(message)
                await self._obey(message)
                self._news.set()

    def _registration(self) -> Register:
        return Register(
            relay_id="says-what-it-likes",
            fingerprint=FINGERPRINT,
            instance=self.instance,
            candidates=(Candidate(ip="192.0.2.7", port=7443),),
            capabilities=Capabilities(dataplane="none"),
            rooms=self.rooms,
        )

    async def _obey(self, message: HubMessage) -> None:
        match message:
            case Delta(room=room) if self.confused:
                await self.send(Failed(room=room, revision=message.revision, reason="resync"))
            case Delta(room=room):
                await self._now(room, apply(self.rooms.get(room, RoomState()), message).state)
            case Snapshot(room=room, state=state):
                await self._now(room, state)
            case Drop(room=room):
                self.rooms.pop(room, None)

    async def _now(self, room: str, state: RoomState) -> None:
        self.rooms[room] = state
        if not self.silent:
            await self.send(applied(room, state))

    async def send(self, message: Model) -> None:
        """Say something to the hub."""
        assert self._socket is not None
        await self._socket.send(encode(message))

    async def transport_state(self, room: str, transport_id: str, state: TransportState) -> None:
        """Say that a transport's state changed."""
        await self.send(TransportStateChanged(room=room, transport_id=transport_id, state=state))

    async def speaker(self, room: str, producer_id: str | None) -> None:
        """Say who speaks."""
        await self.send(AudioLevels(room=room, levels={}, speaker=producer_id))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once the condition holds."""
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def count(self, kind: type) -> int:
        """Return how many messages of a type were heard."""
        return sum(isinstance(one, kind) for one in self.heard)


def client_context(hub: Hub, *, certificate: bool = True, name: str = "local") -> ssl.SSLContext:
    """Return the relay's end of mutual TLS."""
    context = ssl.create_default_context(cadata=hub.services.authority.root_pem.decode())
    if certificate:
        settings = replace(hub.services.settings, relay_name=name)
        context.load_cert_chain(*relay_files(settings, hub.services.authority, datetime.now(UTC)))
    return context


@contextlib.asynccontextmanager
async def connected(hub: Hub, relay: FakeRelay | None = None, name: str = "local") -> AsyncIterator[FakeRelay]:
    """Connect a relay to the hub while the context lasts."""
    relay = relay or FakeRelay()
    context = await asyncio.to_thread(client_context, hub, name=name)
    async with connect(hub.services.settings.control_url, ssl=context, proxy=None) as socket:
        job = asyncio.create_task(relay.serve(socket))
        await relay.until(lambda: any(isinstance(one, Welcome) for one in relay.heard))
        yield relay
        await socket.close()
        await job


__all__ = ["Applied", "Delta", "Drop", "FakeRelay", "Snapshot", "client_context", "connected"]
