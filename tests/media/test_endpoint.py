"""The UDP edge."""

import asyncio
import socket

import pytest

from media.endpoint import UdpEndpoint
from media.path import Address


async def test_a_dual_stack_endpoint_hears_and_answers_ipv4() -> None:
    endpoint = UdpEndpoint("::", 0)
    heard: asyncio.Queue[tuple[bytes, Address, float]] = asyncio.Queue()
    endpoint.listen(lambda data, address, now: heard.put_nowait((data, address, now)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as page:
        page.setblocking(False)
        for number in range(100):  # more than one batch
            page.sendto(bytes((number,)), ("127.0.0.1", endpoint.port))
        async with asyncio.timeout(5):
            got = [await heard.get() for _ in range(100)]
            assert [data for data, _, _ in got] == [bytes((number,)) for number in range(100)]
            endpoint.transmit(memoryview(b"answer"), got[0][1])
            assert await asyncio.get_running_loop().sock_recv(page, 100) == b"answer"
    endpoint.close()
    endpoint.close()


async def test_a_port_that_is_taken_is_an_error() -> None:
    first = UdpEndpoint("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        UdpEndpoint("127.0.0.1", first.port)
    first.close()


async def test_what_cannot_be_sent_is_counted() -> None:
    endpoint = UdpEndpoint("127.0.0.1", 0)
    for _ in range(2):
        endpoint.transmit(b"x", ("127.0.0.1", 0))
    assert endpoint.unsent == 2
    endpoint.close()
