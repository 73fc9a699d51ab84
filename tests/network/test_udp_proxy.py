"""The bad network does what the tests that stand on it believe."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from tests.network.udp_proxy import Address, udp_proxy


class Echo(asyncio.DatagramProtocol):
    """Answers every datagram with itself and remembers from where it came."""

    def __init__(self) -> None:
        self.sources: list[Address] = []
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self.sources.append((str(addr[0]), int(str(addr[1]))))
        assert self.transport is not None
        self.transport.sendto(data, addr)


class Page:
    """A socket that asks and waits for the echo."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.connect(("127.0.0.1", port))

    async def ask(self, data: bytes, timeout_s: float = 2.0) -> bytes | None:
        self._socket.send(data)
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.get_running_loop().sock_recv(self._socket, 2048)
        except TimeoutError:
            return None

    async def ask_all(self, datagrams: list[bytes], timeout_s: float = 2.0) -> list[bytes]:
        """Send all at once and collect as many answers, or what comes in time."""
        answers: list[bytes] = []
        for data in datagrams:
            self._socket.send(data)
        try:
            async with asyncio.timeout(timeout_s):
                while len(answers) < len(datagrams):
                    answers.append(await asyncio.get_running_loop().sock_recv(self._socket, 2048))
        except TimeoutError:
            pass
        return answers

    def close(self) -> None:
        self._socket.close()


@asynccontextmanager
async def echo() -> AsyncIterator[tuple[Echo, int]]:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    try:
        yield protocol, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


@asynccontextmanager
async def page(port: int) -> AsyncIterator[Page]:
    one = Page(port)
    try:
        yield one
    finally:
        one.close()


async def test_two_pages_get_their_own_answers_and_differ_for_the_relay() -> None:
    async with echo() as (relay, port), udp_proxy(port) as proxy, page(proxy.port) as a, page(proxy.port) as b:
        answers = tuple(await asyncio.gather(a.ask(b"from a"), b.ask(b"from b")))
        assert answers == (b"from a", b"from b")
        assert len(set(relay.sources)) == 2
        assert proxy.pages == 2


async def test_a_cut_swallows_everything_until_it_is_restored() -> None:
    async with echo() as (_, port), udp_proxy(port) as proxy, page(proxy.port) as one:
        assert await one.ask(b"1") == b"1"
        proxy.cut()
        assert await one.ask(b"2", timeout_s=0.1) is None
        proxy.restore()
        assert await one.ask(b"3") == b"3"
        assert proxy.swallowed == 1


async def test_rebinding_changes_the_address_that_the_relay_sees() -> None:
    async with echo() as (relay, port), udp_proxy(port) as proxy, page(proxy.port) as one:
        await one.ask(b"before")
        proxy.rebind()
        assert await one.ask(b"after") == b"after"
        assert len(set(relay.sources)) == 2


async def test_loss_is_drawn_for_each_datagram_and_direction() -> None:
    async with echo() as (relay, port), udp_proxy(port) as proxy, page(proxy.port) as one:
        proxy.loss = 1.0
        assert await one.ask(b"lost", timeout_s=0.1) is None
        assert relay.sources == []


async def test_delay_is_added_in_both_directions() -> None:
    async with echo() as (_, port), udp_proxy(port) as proxy, page(proxy.port) as one:
        proxy.delay_ms = 60
        began = asyncio.get_running_loop().time()
        assert await one.ask(b"slow") == b"slow"
        assert asyncio.get_running_loop().time() - began >= 0.12


async def test_jitter_delays_but_keeps_the_order() -> None:
    async with echo() as (relay, port), udp_proxy(port) as proxy, page(proxy.port) as one:
        assert await one.ask(b"first") == b"first"
        proxy.jitter_ms = 40
        began = asyncio.get_running_loop().time()
        answers = await one.ask_all([bytes([number]) for number in range(20)])
        assert answers == [bytes([number]) for number in range(20)]
        assert asyncio.get_running_loop().time() - began > 0.02
        assert len(relay.sources) == 21


async def test_a_throttled_page_gets_no_more_than_its_rate_and_others_are_not_touched() -> None:
    async with echo() as (_, port), udp_proxy(port) as proxy, page(proxy.port) as slow, page(proxy.port) as fast:
        await slow.ask(b"here")
        throttled = proxy.addresses
        await fast.ask(b"here")
        proxy.throttle(throttled, 80_000)
        answers = await slow.ask_all([bytes(1000)] * 20, timeout_s=0.8)
        assert 3 <= len(answers) <= 5, "0.3 s are queued at 100 ms for each datagram, the rest is dropped"
        assert len(await fast.ask_all([bytes(1000)] * 20)) == 20
        proxy.throttle(throttled, 0)
        assert len(await slow.ask_all([bytes(1000)] * 20)) == 20


async def test_a_relay_that_starts_later_is_reached() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with udp_proxy(port) as proxy, page(proxy.port) as one:
        assert await one.ask(b"nobody", timeout_s=0.1) is None
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", port))
        assert await one.ask(b"somebody") == b"somebody"
        transport.close()
