"""A bad network between a page and the hub: a TCP forwarder whose cable can be pulled.

A page reaches the hub through it when its browser is told that the hub's name and port are the proxy's
(``--host-resolver-rules``), so that the page's origin stays the hub's own.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Address = tuple[str, int]
CHUNK = 64 * 1024


class TcpProxy:
    """Connections pass while it is connected. All methods run on the event loop."""

    def __init__(self, target: Address) -> None:
        self.port = 0
        self._target = target
        self._connected = asyncio.Event()
        self._connected.set()
        self._cut = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen for pages on a free port of 127.0.0.1."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop for good, with all connections. Idempotent."""
        if self._server is not None:
            self._server.close()
        self._cut.set()
        self._connected.set()
        await asyncio.gather(*self._running, return_exceptions=True)

    def cut(self) -> None:
        """From now on nothing passes and nobody is told: bytes and new connections wait, as behind a pulled cable.

        Connections that stood do not come back with restore(): what they carried is lost.
        """
        self._connected.clear()
        self._cut.set()

    def restore(self) -> None:
        """Let new connections pass."""
        self._cut = asyncio.Event()
        self._connected.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._running.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._connected.wait()
        cut = self._cut
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            return  # the hub is away
        try:
            both = asyncio.gather(self._pump(reader, far_writer, cut), self._pump(far_reader, writer, cut))
            await both
        finally:
            far_writer.transport.abort()
        if cut.is_set():
            await self._connected.wait()  # the page hears nothing, not even an end, while the cable is out

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while not cut.is_set():
                reading = asyncio.ensure_future(reader.read(CHUNK))
                cutting = asyncio.ensure_future(cut.wait())
                await asyncio.wait((reading, cutting), return_when=asyncio.FIRST_COMPLETED)
                cutting.cancel()
                if cut.is_set():
                    reading.cancel()
                    return
                if not (chunk := reading.result()):
                    writer.write_eof() if writer.can_write_eof() else writer.close()
                    return
                writer.write(chunk)
                await writer.drain()


@asynccontextmanager
async def tcp_proxy(target_port: int) -> AsyncIterator[TcpProxy]:
    """Run a proxy before the hub at 127.0.0.1:``target_port``."""
    proxy = TcpProxy(("127.0.0.1", target_port))
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()
