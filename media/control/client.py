"""The relay's end of the control channel: a WebSocket to the hub, opened again for ever. Losing it touches no media."""

import asyncio
import logging
import random
import ssl
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.frames import CloseCode

from media.control.messages import (
    MAX_MESSAGE_BYTES,
    PROTOCOL_VERSION,
    AudioLevels,
    Failed,
    HubMessage,
    Register,
    RelayMessage,
    Snapshot,
    Statistics,
    Welcome,
    encode,
    parse_hub_message,
    room_named_in,
)
from media.errors import ControlError, RevisionMismatch

FIRST_DELAY: Final = 0.2
LONGEST_DELAY: Final = 2.0
WELCOME_TIMEOUT: Final = 10.0
CLOSE_TIMEOUT: Final = 1.0
PING_INTERVAL: Final = 5.0
MAX_QUEUED: Final = 1000
MAX_RESYNCS: Final = 3
FIRST_RESYNC_DELAY: Final = 1.0

log = logging.getLogger(__name__)


class Handler(Protocol):
    """The relay behind the channel."""

    def register(self) -> Register:
        """Who it is, and its actual state."""

    def welcomed(self) -> Iterable[RelayMessage]:
        """What a hub that has just answered must know beyond the registration."""

    def handle(self, message: HubMessage) -> Iterable[RelayMessage]:
        """Obey, and answer."""


class ControlClient:
    """Keeps one connection to the hub. ``make_ssl`` is called for each attempt, so that renewed files are read."""

    def __init__(self, url: str, make_ssl: Callable[[], ssl.SSLContext] | None, handler: Handler) -> None:
        self._url = url
        self._make_ssl = make_ssl
        self._handler = handler
        self._queue: asyncio.Queue[RelayMessage] | None = None
        self._over = asyncio.Event()
        self._why = ""
        #: How often each room was asked for again since its last readable snapshot.
        self._resyncs: dict[str, int] = {}

    def send(self, message: RelayMessage) -> None:
        """Queue a message; dropped when there is no hub, which learns the state when it comes back.

        When the hub does not read, levels and statistics are dropped, and anything else ends the connection.
        """
        if self._queue is None:
            return
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            if not isinstance(message, AudioLevels | Statistics):
                self.renew("the hub does not read")

    def renew(self, why: str) -> None:
        """End the connection and open another, so that the hub gets a new registration. Touches no media."""
        self._why = why
        self._over.set()

    async def run(self) -> None:
        """Connect, and connect again 0.2 to 2 s after each loss, until cancelled."""
        delay = FIRST_DELAY
        while True:
            try:
                if await self._connect_once():
                    delay = FIRST_DELAY
            except (OSError, WebSocketException, ControlError, TimeoutError) as error:
                log.warning("hub not reached: %s", error or type(error).__name__)
            finally:
                self._queue = None
            await asyncio.sleep(delay * random.uniform(0.8, 1.2))  # noqa: S311 - spreads reconnections, not a secret
            delay = min(LONGEST_DELAY, delay * 2)

    async def _connect_once(self) -> bool:
        """One connection from registration to its end; whether the hub had welcomed the relay."""
        context = await asyncio.to_thread(self._make_ssl) if self._make_ssl is not None else None
        async with connect(
            self._url,
            ssl=context,
            max_size=MAX_MESSAGE_BYTES,
            proxy=None,
            compression=None,
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_INTERVAL,
            close_timeout=CLOSE_TIMEOUT,
        ) as socket:
            try:
                await self._register(socket)
                queue = self._queue = asyncio.Queue(MAX_QUEUED)
                self._over.clear()
                self._resyncs.clear()
                for message in self._handler.welcomed():
                    self.send(message)
                await self._serve(socket, queue)
            finally:
                await socket.close(CloseCode.GOING_AWAY)
        return True

    async def _register(self, socket: ClientConnection) -> None:
        await socket.send(encode(self._handler.register()))
        async with asyncio.timeout(WELCOME_TIMEOUT):
            welcome = parse_hub_message(await socket.recv())
        if not isinstance(welcome, Welcome) or welcome.version != PROTOCOL_VERSION:
            raise ControlError("the hub did not welcome this version of the protocol")
        log.info("registered with the hub")

    async def _serve(self, socket: ClientConnection, queue: asyncio.Queue[RelayMessage]) -> None:
        """Until one side ends the connection."""
        jobs = [asyncio.ensure_future(job) for job in (self._read(socket), self._write(socket, queue), self._watch())]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
        for job in done:
            error = job.exception()
            log.warning("hub lost: %s", error or "it closed the connection")
            if error is not None and not isinstance(error, OSError | WebSocketException | ControlError):
                raise error

    async def _read(self, socket: ClientConnection) -> None:
        async for data in socket:
            try:
                message = parse_hub_message(data)
            except ControlError as error:
                self._ask_again(data, error)
                continue
            if isinstance(message, Snapshot):
                self._resyncs.pop(message.room, None)
            try:
                for answer in self._handler.handle(message):
                    self.send(answer)
            except Exception:
                log.exception("a control message could not be handled")

    def _ask_again(self, data: str | bytes, error: ControlError) -> None:
        """A message that cannot be read: ask for the room's state, three times at most, after 1, 2 and 4 s."""
        room = room_named_in(data)
        asked = self._resyncs.get(room, 0) if room is not None else 0
        if not asked:
            log.warning("a control message was ignored: %s", error)
        if room is not None and asked < MAX_RESYNCS:
            self._resyncs[room] = asked + 1
            request = Failed(room=room, revision=0, reason=RevisionMismatch.code)
            asyncio.get_running_loop().call_later(FIRST_RESYNC_DELAY * 2**asked, self.send, request)

    async def _write(self, socket: ClientConnection, queue: asyncio.Queue[RelayMessage]) -> None:
        while True:
            await socket.send(encode(await queue.get()))

    async def _watch(self) -> None:
        await self._over.wait()
        raise ControlError(self._why)
