"""A hub process of the product, started the way an operator starts it, and sockets to it."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from certs.authority import Authority
from signaling.http.pipeline import COOKIE
from signaling.settings import Settings, to_environment

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
EVENTS_TIMEOUT_S = 30.0


class BenchFailed(Exception):
    """The product did not do what was measured; a figure would be worth nothing."""


def settings_in(folder: Path) -> Settings:
    """Return settings of a deployment in this folder, on ports that are free now."""
    port, control_port = _free_ports(2)
    return Settings(data=folder, port=port, control_port=control_port, presence_grace_s=3600)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in found]


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[aiohttp.ClientSession]:
    """Run ``plenum serve`` and yield a client session that trusts its authority; raises BenchFailed."""
    async with serving(settings) as (client, _):
        yield client


@contextlib.asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[aiohttp.ClientSession, asyncio.subprocess.Process]]:
    """Run ``plenum serve`` and yield a client session and the process, which may be killed; raises BenchFailed."""
    now = datetime.now(UTC)
    authority = Authority.open_or_create(settings.data / "authority", settings.organisation, now)
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    log_file = settings.data / "hub.log"
    with log_file.open("ab") as log:
        hub = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "signaling.cli", "serve"),
            env=os.environ | to_environment(settings),
            stdout=log,
            stderr=log,
        )
    try:
        connector = aiohttp.TCPConnector(limit=0, ssl=context)
        async with aiohttp.ClientSession(settings.origin, connector=connector) as client:
            await _ready(client, hub, log_file)
            yield client, hub
    finally:
        await _end(hub)


async def _ready(client: aiohttp.ClientSession, hub: asyncio.subprocess.Process, log_file: Path) -> None:
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            while hub.returncode is None:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with client.get("/healthz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass
    last_words = (await asyncio.to_thread(log_file.read_text, "utf-8", "replace"))[-2000:]
    raise BenchFailed(f"the hub did not start:\n{last_words}")


async def _end(hub: asyncio.subprocess.Process) -> None:
    if hub.returncode is not None:
        return
    hub.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await hub.wait()
    except TimeoutError:
        hub.kill()
        await hub.wait()


class LiveSocket:
    """One member's WebSocket, read all the time as a page does; events are kept aside."""

    def __init__(self, socket_: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket_
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        self.events: list[dict[str, Any]] = []

    @classmethod
    async def open(cls, client: aiohttp.ClientSession, token: str) -> "LiveSocket":
        """Open a socket with a session cookie."""
        headers = {"Cookie": f"{COOKIE}={token}"}
        return cls(await client.ws_connect("/api/v1/live", headers=headers, max_msg_size=0))

    async def ask(self, type_: str, **fields: object) -> dict[str, Any]:
        """Send one request and wait for its answer. Raises BenchFailed on a refusal or a closed socket."""
        self._last_id += 1
        answer = self._answers[self._last_id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_str(json.dumps({"type": type_, "id": self._last_id, **fields}))
        except aiohttp.ClientConnectionError as error:
            raise BenchFailed(f"{type_}: the hub has closed the socket") from error
        message = await answer
        if message["type"] == "error":
            raise BenchFailed(f"{type_} was refused: {message['error']}")
        result: dict[str, Any] = message["result"]
        return result

    async def until(self, seen: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Wait until the events so far are what is expected. Raises BenchFailed if they do not become so in time."""
        try:
            async with asyncio.timeout(EVENTS_TIMEOUT_S):
                while not seen(self.events):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as error:
            raise BenchFailed(f"{len(self.events)} events came, and not those expected") from error

    async def close(self) -> None:
        """Say goodbye."""
        await self._socket.close()
        await self._reader

    async def _read(self) -> None:
        async for frame in self._socket:
            message: dict[str, Any] = json.loads(frame.data)
            if message["type"] == "event":
                self.events.append(message)
                self._news.set()
            elif (answer := self._answers.pop(message.get("id") or 0, None)) is not None:
                answer.set_result(message)
        for answer in self._answers.values():
            answer.set_exception(BenchFailed("the hub has closed the socket before it answered"))
