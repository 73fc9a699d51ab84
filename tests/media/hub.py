"""The hub's end of the control channel, as small as a test needs it: keeps the state of one room, mints and waits."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve

from media.control.change import change
from media.control.messages import (
    PROTOCOL_VERSION,
    Applied,
    AudioLevels,
    Failed,
    Register,
    RelayMessage,
    Statistics,
    TransportStateChanged,
    Welcome,
    delta,
    encode,
    parse_relay_message,
)
from media.control.mint import connected, mint_consumer, mint_producer, mint_transport, restarted, ssrcs
from media.control.state import RoomState, state_hash
from media.ortc import transport_parameters
from media.service import RelaySettings, run_relay
from tests.media import planes

ROOM = "hall"


class Hub:
    """One relay, one room. A new Hub on the same port is a restarted one that has forgotten everything."""

    def __init__(self) -> None:
        self.state = RoomState()
        self.registration: Register | None = None
        self.registered = asyncio.Event()
        self.messages: list[RelayMessage] = []
        self.transport_states: dict[str, str] = {}
        self.news = asyncio.Condition()
        self._socket: ServerConnection | None = None
        self._server: Server | None = None

    async def start(self, port: int = 0, context: ssl.SSLContext | None = None) -> int:
        self._server = await serve(self._connection, "127.0.0.1", port, ssl=context)
        bound: int = next(iter(self._server.sockets)).getsockname()[1]
        return bound

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def until(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds), self.news:
            await self.news.wait_for(condition)

    def of_type(self, kind: type) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]

    async def _connection(self, socket: ServerConnection) -> None:
        self._socket = socket
        async for data in socket:
            message = parse_relay_message(data)
            async with self.news:
                await self._on_message(socket, message)
                self.news.notify_all()

    async def _on_message(self, socket: ServerConnection, message: RelayMessage) -> None:
        if isinstance(message, Register):
            self.registration = message
            self.state = message.rooms.get(ROOM, self.state)
            await socket.send(encode(Welcome(version=PROTOCOL_VERSION)))
            self.registered.set()
        elif isinstance(message, TransportStateChanged):
            self.transport_states[message.transport_id] = message.state
        self.messages.append(message)

    async def apply(self, **changes: Any) -> None:
        """Change the room and wait until the relay has applied it."""
        step, self.state = change(self.state, **changes)
        assert self._socket is not None
        await self._socket.send(encode(delta(ROOM, step)))
        wanted = (step.revision, state_hash(self.state))
        await self.until(lambda: any((m.revision, m.hash) == wanted for m in self.of_type(Applied)))

    async def send(self, text: str) -> None:
        assert self._socket is not None
        await self._socket.send(text)

    # ---- what a page asks

    async def create_transport(self) -> dict[str, Any]:
        spec = mint_transport(app="page")
        await self.apply(put=[spec])
        assert self.registration is not None
        return dict(transport_parameters(spec, self.registration))

    async def connect_transport(self, transport_id: str, dtls: Mapping[str, Any]) -> None:
        await self.apply(put=[connected(self.state.transports[transport_id], dtls)])

    async def restart_ice(self, transport_id: str) -> dict[str, Any]:
        spec = restarted(self.state.transports[transport_id])
        await self.apply(put=[spec])
        return {"usernameFragment": spec.ufrag, "password": spec.pwd, "iceLite": True}

    async def produce(self, transport_id: str, kind: Any, parameters: Mapping[str, Any]) -> str:
        spec = mint_producer(transport_id, kind, parameters)
        await self.apply(put=[spec])
        return spec.id

    async def consume(self, transport_id: str, producer_id: str, capabilities: Mapping[str, Any]) -> dict[str, Any]:
        producer = self.state.producers[producer_id]
        spec = mint_consumer(
            transport_id, producer, capabilities, cname="somebody", taken=ssrcs(self.state.consumers.values())
        )
        await self.apply(put=[spec])
        return {
            "id": spec.id,
            "producerId": producer_id,
            "kind": producer.kind,
            "rtpParameters": spec.rtp_parameters,
        }

    async def pause_producer(self, producer_id: str, paused: bool) -> None:
        spec = self.state.producers[producer_id].model_copy(update={"paused": paused})
        await self.apply(put=[spec])


@asynccontextmanager
async def running_hub(port: int = 0, context: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Hub, int]]:
    hub = Hub()
    bound = await hub.start(port, context)
    try:
        yield hub, bound
    finally:
        await hub.stop()


@asynccontextmanager
async def relay(
    port: int,
    scheme: str = "ws",
    *,
    ca_file: Path | None = None,
    cert_file: Path | None = None,
    key_file: Path | None = None,
    state_dir: Path | None = None,
) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(
        run_relay(
            RelaySettings(
                relay_id="relay-1",
                control_url=f"{scheme}://127.0.0.1:{port}",
                listen_ip="127.0.0.1",
                port=0,
                ca_file=ca_file,
                cert_file=cert_file,
                key_file=key_file,
                state_dir=state_dir,
                dataplane=planes.under_test,
            ),
            stop,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await running


__all__ = ["ROOM", "AudioLevels", "Failed", "Hub", "Statistics", "relay", "running_hub"]
