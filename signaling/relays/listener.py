"""The relays' own listener: mutual TLS, one WebSocket per relay."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection

from aiohttp import WSCloseCode, WSMsgType, web

from certs.errors import AuthorityDamaged, CertificateError, PeerRejected
from certs.tls import peer_relay_id
from media.control.messages import (
    MAX_MESSAGE_BYTES,
    PROTOCOL_VERSION,
    Register,
    Welcome,
    encode,
    parse_relay_message,
)
from media.errors import MediaError
from signaling.relays.drain import move_away
from signaling.relays.link import RelayLink, RoomListener
from signaling.relays.registry import RelayRegistry

logger = logging.getLogger(__name__)
REGISTER_TIMEOUT_S = 10.0
HEARTBEAT_S = 5.0
RECHECK_S = 30.0
QUEUE_LIMIT = 10_000
Revoked = Callable[[], Collection[int]]
Check = Callable[[], object]


def control_app(registry: RelayRegistry, listener: RoomListener, revoked: Revoked) -> web.Application:
    """Return the application that serves ``/control`` to relays; ``revoked`` gives the serials that are refused."""
    connections: set[RelayConnection] = set()

    async def control(request: web.Request) -> web.WebSocketResponse:
        certificate = _certificate(request)
        try:
            relay_id = peer_relay_id(certificate, await asyncio.to_thread(revoked))
        except CertificateError as error:
            raise web.HTTPForbidden(text="a relay's certificate is needed") from error
        check: Check = lambda: peer_relay_id(certificate, revoked())  # noqa: E731
        connections.add(connection := RelayConnection(registry, listener, check))
        try:
            return await connection.serve(request, relay_id)
        finally:
            connections.discard(connection)

    async def close(_: web.Application) -> None:
        """A hub that ends does not wait for its relays to notice."""
        await asyncio.gather(*(one.close() for one in list(connections)))

    app = web.Application()
    app.on_shutdown.append(close)
    app.router.add_get("/control", control)
    return app


class RelayConnection:
    """One control connection, from its handshake to its end.

    ``check`` raises PeerRejected once the relay's certificate is revoked; it may block.
    """

    def __init__(self, registry: RelayRegistry, listener: RoomListener, check: Check) -> None:
        self._registry = registry
        self._listener = listener
        self._check = check
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(QUEUE_LIMIT)
        self._socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES, compress=False)

    async def serve(self, request: web.Request, relay_id: str) -> web.WebSocketResponse:
        """Register the relay and pass messages both ways until either side ends."""
        await self._socket.prepare(request)
        try:
            registration = await self._registration(relay_id)
        except (MediaError, TimeoutError, TypeError) as error:
            logger.warning("relay %s did not register: %s", relay_id, error)
            await self._socket.close(code=1002, message=b"register first")
            return self._socket
        self._outgoing.put_nowait(encode(Welcome(version=PROTOCOL_VERSION)))
        link = self._registry.register(registration, self._put, self._listener)
        try:
            async with asyncio.TaskGroup() as tasks:
                work = (self._write(), self._recheck(link), move_away(link, self._registry, self._listener))
                jobs = [tasks.create_task(one) for one in work]
                await self._read(link)
                for job in jobs:
                    job.cancel()
        finally:
            link.disconnect(self._put)
            logger.info("relay %s: connection ended", link.id)
        return self._socket

    async def close(self) -> None:
        """End the connection; the relay opens another one."""
        if self._socket.prepared:
            await self._socket.close(code=WSCloseCode.GOING_AWAY)

    async def _registration(self, relay_id: str) -> Register:
        async with asyncio.timeout(REGISTER_TIMEOUT_S):
            message = parse_relay_message(await self._socket.receive_str())
        if not isinstance(message, Register) or PROTOCOL_VERSION not in message.protocol_versions:
            raise TypeError("a relay registers first, in a version that both speak")
        return message.model_copy(update={"relay_id": relay_id})

    async def _read(self, link: RelayLink) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                link.receive(parse_relay_message(message.data))
            except MediaError as error:
                logger.warning("relay %s: %s", link.id, error)

    async def _recheck(self, link: RelayLink) -> None:
        """A certificate that is revoked while its connection is open ends the connection."""
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                await asyncio.to_thread(self._check)
            except AuthorityDamaged as error:  # what was revoked before still is; no new connection is let in
                logger.error("relay %s: revocations not checked: %s", link.id, error)
            except PeerRejected as error:
                logger.warning("relay %s: %s", link.id, error)
                await self._socket.close(code=1008, message=b"certificate rejected")
                return

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._socket.send_str(await self._outgoing.get())

    def _put(self, text: str) -> None:
        try:
            self._outgoing.put_nowait(text)
        except asyncio.QueueFull:  # it does not read; the gap in the revisions will make it ask for a snapshot
            logger.warning("a relay does not read its messages")


def _certificate(request: web.Request) -> bytes:
    """Return the client certificate whose chain the handshake has proved, empty if there is none."""
    tls = request.transport.get_extra_info("ssl_object") if request.transport else None
    return (tls.getpeercert(binary_form=True) or b"") if tls else b""
