"""One WebSocket: reads requests, answers them in order, and drops a client that does not keep up."""

import asyncio
import contextlib
import json
import logging
import sys
import time
from collections.abc import Awaitable, Callable

from aiohttp import WSMsgType, web
from pydantic import TypeAdapter, ValidationError

from auth.model import Subject
from meetings.model import MeetingId
from signaling.errors import BadRequest, TooManyRequests, describe
from signaling.live.pace import Pace
from signaling.live.subscription import Subscription
from signaling.wire.base import ErrorBody, Wire
from signaling.wire.live import ClientMessage, Done, Error, HubMessage, Reply, SessionEnded

logger = logging.getLogger(__name__)
MAX_MESSAGE_BYTES = 64 * 1024
HEARTBEAT_S = 20.0
QUEUE_LIMIT = 4096
QUEUE_BYTES = 4 * 1024 * 1024  # beside one message, which may be a large snapshot
SUBSCRIBE_WAIT_S = 5.0
RATE_PER_S = 50.0
BURST = 400.0
CONCURRENT = 64
MEDIA_PER_S, MEDIA_BURST = 5.0, 60.0

# Requests that wait for a relay or for nobody: they may overtake others, which are answered one after the other.
OVERTAKING = frozenset({"media.consume", "media.probe", "ping"})

_MESSAGES: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)

Handle = Callable[["Connection", ClientMessage], Awaitable[Wire | None]]


class Connection:
    """One signed-in socket. ``subscriptions`` and ``attending`` are by meeting."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.subscriptions: dict[MeetingId, Subscription] = {}
        self.attending: set[MeetingId] = set()
        #: Of what makes other pages do something: each source that begins is received anew by all of them.
        self.media_pace = Pace(MEDIA_PER_S, MEDIA_BURST)
        self._socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES, compress=False)
        self._outgoing: asyncio.Queue[str | Callable[[], None] | None] = asyncio.Queue(QUEUE_LIMIT)
        self._queued_bytes = 0
        self._transport: asyncio.Transport | None = None
        self._subscribing: dict[MeetingId, asyncio.Event] = {}  # set when the answer has left
        self._tokens = BURST
        self._refilled = time.monotonic()
        self._slots = asyncio.Semaphore(CONCURRENT)
        self._reader: asyncio.Task[None] | None = None
        self._after_reply: list[Callable[[], None]] = []
        self.ended = False  # the session is over, as opposed to a connection that was lost

    # --- outgoing ---

    def send(self, message: HubMessage) -> None:
        """Queue a message."""
        self.send_text(message.model_dump_json(by_alias=True))

    def send_text(self, text: str) -> None:
        """Queue an encoded message; a client thousands or megabytes behind is cut off and will resume by revision."""
        size = sys.getsizeof(text)
        if self._queued_bytes and self._queued_bytes + size > QUEUE_BYTES:
            self._cut_off()
            return
        self._queued_bytes += size
        self._put(text)

    def _put(self, item: str | Callable[[], None]) -> None:
        try:
            self._outgoing.put_nowait(item)
        except asyncio.QueueFull:
            self._cut_off()

    def _cut_off(self) -> None:
        """Drop a client that does not keep up, and what lies ready for it: a farewell would wait for it as well."""
        logger.info("a socket of %s does not keep up and is dropped", self.subject.person_id)
        if self._transport is not None:
            self._transport.abort()
        self.drop()

    def after_reply(self, callback: Callable[[], None]) -> None:
        """Call back once the answer to the request at hand is queued."""
        self._after_reply.append(callback)

    async def begin_subscribing(self, meeting_id: MeetingId) -> None:
        """Wait until the answer to an earlier subscription to the meeting has left: one snapshot lies ready, not many.

        Raises TooManyRequests when the client does not take it.
        """
        if (earlier := self._subscribing.get(meeting_id)) is not None:
            try:
                async with asyncio.timeout(SUBSCRIBE_WAIT_S):
                    await earlier.wait()
            except TimeoutError as error:
                raise TooManyRequests("read the answer to the earlier subscription first") from error
        self._subscribing[meeting_id] = asyncio.Event()

    def end_subscribing(self, meeting_id: MeetingId, *, answered: bool) -> None:
        """Let the next subscription follow: once the queued answer has left, or now if there is none."""
        if (done := self._subscribing.get(meeting_id)) is None:
            return

        def left() -> None:
            done.set()
            if self._subscribing.get(meeting_id) is done:
                del self._subscribing[meeting_id]

        if answered:
            self._put(left)
        else:
            left()

    def drop(self) -> None:
        """End the connection without further words."""
        if self._reader is not None:
            self._reader.cancel()

    def end(self, reason: str) -> None:
        """Tell the client that its session is over, then close; nothing that it sent before is done any more."""
        if not self.ended:
            self.ended = True
            self.send(SessionEnded(reason=reason))
            self._finish()

    def _finish(self) -> None:
        """Close once what is queued has left."""
        try:
            self._outgoing.put_nowait(None)
        except asyncio.QueueFull:
            self.drop()

    # --- incoming ---

    async def serve(self, request: web.Request, handle: Handle) -> web.WebSocketResponse:
        """Run until either side ends; ``handle`` answers one parsed request."""
        await self._socket.prepare(request)
        self._transport = request.transport
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.TaskGroup() as tasks:
                writer = tasks.create_task(self._write())
                self._reader = tasks.create_task(self._read(handle, tasks))
                await self._reader
                writer.cancel()
        await self._socket.close()
        return self._socket

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while (item := await self._outgoing.get()) is not None:
                if isinstance(item, str):
                    await self._socket.send_str(item)
                    self._queued_bytes -= sys.getsizeof(item)
                else:
                    item()
                self._outgoing.task_done()
            self._outgoing.task_done()
        await self._socket.close()

    async def _read(self, handle: Handle, tasks: asyncio.TaskGroup) -> None:
        async for frame in self._socket:
            if frame.type is not WSMsgType.TEXT:
                self.send(_unreadable("only text messages are understood"))
                break
            if self.ended:
                break
            message = self._parse(frame.data)
            if message is None:
                continue
            if message.type in OVERTAKING:
                await self._slots.acquire()
                tasks.create_task(self._answer_aside(message, handle))
            else:
                await self._answer(message, handle)
        await self._flush()

    async def _flush(self) -> None:
        """Give the last words a moment to leave."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._outgoing.join()

    def _parse(self, text: str) -> ClientMessage | None:
        """Return the message, or None after having answered what is wrong with it."""
        if not self._allowed():
            self._refuse(_id_of(text), TooManyRequests("slow down"))
            return None
        try:
            message = _MESSAGES.validate_json(text)
        except ValidationError as error:
            request_id = _id_of(text)
            first = error.errors(include_url=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            self._refuse(request_id, BadRequest(field or "message", first["msg"]))
            return None
        return message

    def _allowed(self) -> bool:
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._refilled) * RATE_PER_S)
        self._refilled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    async def _answer_aside(self, message: ClientMessage, handle: Handle) -> None:
        try:
            await self._answer(message, handle)
        finally:
            self._slots.release()

    async def _answer(self, message: ClientMessage, handle: Handle) -> None:
        try:
            result = await handle(self, message)
            self.send(Reply(id=message.id, result=result or Done()))
            callbacks, self._after_reply = self._after_reply, []
            for callback in callbacks:
                callback()
        except Exception as error:
            self._after_reply.clear()
            self._refuse(message.id, error)

    def _refuse(self, request_id: int | None, error: Exception) -> None:
        _, body = describe(error)
        self.send(Error(id=request_id, error=body))
        if request_id is None:
            self._finish()


def _id_of(text: str) -> int | None:
    """Return the id of a message that does not fit its model, None if not even that can be read."""
    try:
        found = json.loads(text)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if type(found) is int and 0 < found <= 2**53 else None


def _unreadable(problem: str) -> Error:
    return Error(id=None, error=ErrorBody(code="invalid", message=problem))
