"""UDP and TCP behind one port number."""

import asyncio
import socket

import pytest

from media.edge import open_edge
from media.framing import frame
from media.path import Path, TcpPath


async def test_datagrams_of_both_are_heard_and_answered_by_their_own_path() -> None:
    edge = open_edge("127.0.0.1", 0)
    heard: asyncio.Queue[tuple[bytes, Path]] = asyncio.Queue()
    await edge.listen(
        lambda data, path, _: heard.put_nowait((data, path)), lambda _: True, lambda path, now: None, lambda *_: False
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as page:
        page.setblocking(False)
        page.sendto(b"udp", ("127.0.0.1", edge.port))
        writer.write(frame(b"tcp"))
        async with asyncio.timeout(5):
            got = dict([await heard.get(), await heard.get()])
            for data, path in got.items():
                edge.transmit(b"to " + data, path)
            assert await loop.sock_recv(page, 100) == b"to udp"
            assert await reader.readexactly(8) == frame(b"to tcp")
    assert isinstance(got[b"tcp"], TcpPath)
    writer.transport.abort()
    edge.close()
    edge.close()
    await asyncio.sleep(0)


async def test_a_relay_whose_tcp_port_is_taken_says_so_and_runs_without(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        edge = open_edge("127.0.0.1", other.getsockname()[1])
        assert edge.tcp is None
        assert "is not free" in caplog.text
        edge.sweep(0.0)
        edge.transmit(b"x", TcpPath(1, "192.0.2.1", 1))
        edge.close()


async def test_a_udp_port_that_is_taken_is_an_error() -> None:
    first = open_edge("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        open_edge("127.0.0.1", first.port)
    first.close()
