"""The TCP proxy passes bytes, swallows them silently while it is cut, and lets pages come back."""

import asyncio

import pytest

from tests.network.tcp_proxy import tcp_proxy


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(1024):
        writer.write(chunk)
    writer.close()


async def test_a_cut_connection_is_silent_and_a_new_one_passes_after_the_repair() -> None:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with server, tcp_proxy(server.sockets[0].getsockname()[1]) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"
        proxy.cut()
        writer.write(b"two")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        late_reader, late_writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        late_writer.write(b"three")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(late_reader.readexactly(5), 0.2)
        proxy.restore()
        assert await asyncio.wait_for(late_reader.readexactly(5), 2) == b"three"
        assert await asyncio.wait_for(reader.read(), 2) == b"", "what stood before the cut is over"
        for one in (writer, late_writer):
            one.close()
            await one.wait_closed()
