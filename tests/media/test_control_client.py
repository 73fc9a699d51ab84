"""The relay's end of the control channel, against hubs that misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from media.control import client
from media.control.client import ControlClient
from media.control.messages import (
    Applied,
    AudioLevels,
    Capabilities,
    HubMessage,
    Register,
    RelayMessage,
    Snapshot,
    Welcome,
    encode,
    room_named_in,
)
from media.control.state import RoomState
from media.errors import MediaError


class Handler:
    """Counts."""

    def __init__(self) -> None:
        self.registrations = 0
        self.news = asyncio.Event()
        self.handled: list[HubMessage] = []

    def register(self) -> Register:
        self.registrations += 1
        self.news.set()
        return Register(relay_id="r", fingerprint="AA", candidates=(), capabilities=Capabilities(dataplane="python"))

    def welcomed(self) -> Iterable[RelayMessage]:
        return [Applied(room="r", revision=0, hash="welcomed")]

    def handle(self, message: HubMessage) -> Iterable[RelayMessage]:
        self.handled.append(message)
        self.news.set()
        if len(self.handled) == 2:
            raise MediaError("a bug")
        return ()

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self.news.clear()
            await self.news.wait()


class ServerSide:
    """A hub made of a list of first answers, one for each connection; the last one is repeated."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.connections: asyncio.Queue[ServerConnection] = asyncio.Queue()
        self.received: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.reads = True

    async def serve(self, socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        self.connections.put_nowait(socket)
        if not self.reads:
            await socket.wait_closed()
        async for data in socket:
            self.received.put_nowait(data)


@asynccontextmanager
async def connected(server: ServerSide) -> AsyncIterator[tuple[ControlClient, Handler]]:
    handler = Handler()
    async with serve(server.serve, "127.0.0.1", 0) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        control = ControlClient(f"ws://127.0.0.1:{port}", None, handler)
        running = asyncio.create_task(control.run())
        try:
            yield control, handler
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


WELCOME = encode(Welcome(version=1))


async def test_it_comes_back_after_refusals_and_losses() -> None:
    server = ServerSide("nonsense", encode(Welcome(version=9)), WELCOME)
    async with asyncio.timeout(15), connected(server) as (_, handler):
        for _ in range(3):
            socket = await server.connections.get()
        await server.received.get()
        await socket.close()
        socket = await server.connections.get()
        socket.transport.abort()
        await server.connections.get()
        assert handler.registrations == 5


async def test_messages_without_a_hub_are_dropped_and_those_with_one_arrive() -> None:
    server = ServerSide(WELCOME)
    control = ControlClient("ws://127.0.0.1:1", None, Handler())
    control.send(Applied(room="r", revision=1, hash="x"))
    async with asyncio.timeout(15), connected(server) as (control, _):
        await server.received.get()
        control.send(Applied(room="r", revision=1, hash="x"))
        assert "revision" in str(await server.received.get())


async def test_a_handler_that_fails_costs_one_message() -> None:
    server = ServerSide(WELCOME)
    async with asyncio.timeout(15), connected(server) as (control, handler):
        socket = await server.connections.get()
        await server.received.get()
        for _ in range(3):
            await socket.send(WELCOME)
        await handler.until(lambda: len(handler.handled) == 3)
        control.send(Applied(room="r", revision=1, hash="x"))
        await server.received.get()
        assert handler.registrations == 1


async def test_a_state_that_cannot_be_read_is_asked_for_again_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_RESYNC_DELAY", 0.001)
    server = ServerSide(WELCOME)
    async with asyncio.timeout(15), connected(server) as (_, handler):
        socket = await server.connections.get()
        await server.received.get()
        for _ in range(client.MAX_RESYNCS + 3):
            await socket.send('{"type": "snapshot", "room": "r", "state": {"revision": "broken"}}')
        asked = [json.loads(await server.received.get()) for _ in range(client.MAX_RESYNCS)]
        assert {(one["type"], one["room"], one["reason"]) for one in asked} == {("failed", "r", "resync")}
        await asyncio.sleep(0.05)
        assert server.received.empty()
        await socket.send(encode(Snapshot(room="r", state=RoomState())))
        await handler.until(lambda: len(handler.handled) == 1)
        await socket.send('{"type": "delta", "room": "r", "put": ' + "[" * 500 + "]" * 500 + "}")
        assert json.loads(await server.received.get())["reason"] == "resync"


@pytest.mark.parametrize(
    "data", ["", "[]", '{"type": "drop", "room": "r"}', '{"type": "delta", "room": ""}', "[" * 99999]
)
def test_what_names_no_room_is_not_asked_for_again(data: str) -> None:
    assert room_named_in(data) is None


async def test_a_hub_that_does_not_read_is_left() -> None:
    server = ServerSide(WELCOME)
    async with asyncio.timeout(15), connected(server) as (control, handler):
        await server.received.get()
        levels = AudioLevels(room="r", levels={}, speaker=None)
        for _ in range(client.MAX_QUEUED + 10):
            control.send(levels)
        await asyncio.sleep(0)
        assert handler.registrations == 1
        for _ in range(client.MAX_QUEUED + 10):
            control.send(Applied(room="r", revision=1, hash="x"))
        await handler.until(lambda: handler.registrations == 2)
