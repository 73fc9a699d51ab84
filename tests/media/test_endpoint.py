"""The UDP edge, over real sockets."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from media import endpoint as edge
from media.endpoint import UdpEndpoint, open_socket
from media.path import UdpPath

Heard = asyncio.Queue[tuple[bytes, UdpPath, float]]


@asynccontextmanager
async def listening(ip: str) -> AsyncIterator[tuple[UdpEndpoint, Heard]]:
    endpoint = UdpEndpoint(ip, 0)
    heard: Heard = asyncio.Queue()
    endpoint.listen(lambda data, path, now: heard.put_nowait((data, path, now)))
    try:
        async with asyncio.timeout(5):
            yield endpoint, heard
    finally:
        endpoint.close()
        endpoint.close()


def page(to: str, port: int) -> socket.socket:
    """A socket that, as a browser's candidate pair, takes nothing but answers from where it sends to."""
    opened = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_DGRAM)
    opened.setblocking(False)
    opened.connect((to, port))
    return opened


@pytest.mark.parametrize(
    ("ip", "to"),
    [
        ("", "127.0.0.1"),
        ("", "127.0.0.2"),  # a second address of the machine: the answer must come from it
        ("", "::1"),
        ("::", "127.0.0.2"),
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.2"),
        ("127.0.0.2", "127.0.0.2"),
        ("::1", "::1"),
    ],
)
async def test_an_answer_comes_from_the_address_that_was_asked(ip: str, to: str) -> None:
    async with listening(ip) as (endpoint, heard):
        with page(to, endpoint.port) as asking:
            asking.send(b"check")
            data, path, _ = await heard.get()
            assert (data, path) == (b"check", UdpPath(asking.getsockname()[0], asking.getsockname()[1], to))
            endpoint.transmit(memoryview(b"answer"), path)
            assert await asyncio.get_running_loop().sock_recv(asking, 100) == b"answer"
        assert endpoint.unsent == 0


async def test_two_ways_to_one_page_are_two_paths() -> None:
    async with listening("") as (endpoint, heard):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as both:
            both.bind(("127.0.0.1", 0))
            for to in ("127.0.0.1", "127.0.0.2"):
                both.sendto(b"check", (to, endpoint.port))
            paths = [(await heard.get())[1] for _ in range(2)]
    assert [path.local for path in paths] == ["127.0.0.1", "127.0.0.2"]
    assert paths[0] != paths[1]


async def test_where_no_own_address_is_named_the_system_chooses() -> None:
    for ip in ("", "127.0.0.1"):
        async with listening(ip) as (endpoint, _):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.bind(("127.0.0.1", 0))
                endpoint.transmit(b"hello", UdpPath(*other.getsockname()))
                assert other.recv(100) == b"hello"


async def test_more_than_one_batch_arrives_in_order() -> None:
    async with listening("") as (endpoint, heard):
        with page("127.0.0.1", endpoint.port) as sending:
            for number in range(edge.BATCH + 36):
                sending.send(bytes((number,)))
            got = [await heard.get() for _ in range(edge.BATCH + 36)]
    assert [data for data, _, _ in got] == [bytes((number,)) for number in range(edge.BATCH + 36)]


async def test_a_port_that_is_taken_is_an_error() -> None:
    first = UdpEndpoint("", 0)
    for ip in ("", "127.0.0.1"):
        with pytest.raises(OSError, match="in use"):
            UdpEndpoint(ip, first.port)
    first.close()
    assert first.fileno() == -1


@pytest.mark.parametrize("lacking", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
async def test_a_machine_without_ipv6_is_served_by_ipv4(lacking: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket

    def without_ipv6(family: int, kind: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(lacking, "no such thing here")
        return real(family, kind)

    monkeypatch.setattr(socket, "socket", without_ipv6)
    with open_socket("", 0) as opened:
        assert opened.family == socket.AF_INET
    with pytest.raises(OSError, match="no such thing"):
        open_socket("::1", 0)


@pytest.mark.parametrize("path", [UdpPath("127.0.0.1", 0), UdpPath("127.0.0.1", 9, "192.0.2.77")])
async def test_what_cannot_be_sent_is_counted(path: UdpPath) -> None:
    async with listening("") as (endpoint, _):
        for _ in range(2):
            endpoint.transmit(b"x", path)
        assert endpoint.unsent == 2
