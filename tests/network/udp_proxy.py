"""A bad network between a page and the relay: a UDP forwarder that cuts, loses, delays, throttles, changes addresses.

The relay listens on one port and announces the proxy's instead (``PLENUM_RELAY_ANNOUNCE=127.0.0.1:PORT``), so every
datagram of a page passes here. Each page is seen by the relay under a source port of the proxy's own.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

Address = tuple[str, int]
QUEUE_S = 0.3  # how much a throttled way holds before it drops
_APART_S = 1e-6  # timers of the same time come in no particular order


class UdpProxy:
    """``loss`` (0 to 1), ``delay_ms`` and ``jitter_ms`` apply to each direction and may be changed at any time.

    Jitter is added to the delay, evenly from nothing to its value; what follows waits, as in a queue, so that the
    order is kept.
    """

    def __init__(self, target: Address, seed: int = 1) -> None:
        self.port = 0
        self.loss = 0.0
        self.delay_ms = 0.0
        self.jitter_ms = 0.0
        #: Datagrams passed on, and datagrams that the network swallowed.
        self.forwarded = self.swallowed = 0
        self._target = target
        self._random = random.Random(seed)
        self._connected = True
        self._front: asyncio.DatagramTransport | None = None
        self._back: dict[Address, asyncio.DatagramTransport] = {}
        self._bits_per_second: dict[Address, float] = {}
        #: When the last datagram of each way arrives, and when a throttled way is free again.
        self._arrival: dict[tuple[Address, bool], float] = {}
        self._free: dict[Address, float] = {}
        self._line: dict[Address, Address] = {}

    @property
    def addresses(self) -> frozenset[Address]:
        """Where pages are; each of a page's transports has an address of its own."""
        return frozenset(self._back)

    @property
    def pages(self) -> int:
        """From how many addresses datagrams have come (since the last rebind())."""
        return len(self._back)

    async def open(self, port: int = 0) -> None:
        """Listen for pages on 127.0.0.1; port 0 takes a free one."""
        self._front, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Receiver(self._from_page), local_addr=("127.0.0.1", port)
        )
        self.port = self._front.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Stop for good. Idempotent."""
        self.rebind()
        if self._front is not None:
            self._front.close()

    def cut(self) -> None:
        """From now on nothing passes, in neither direction, and nobody is told."""
        self._connected = False

    def restore(self) -> None:
        """Undo cut()."""
        self._connected = True

    def rebind(self) -> None:
        """Every page comes from another source port from now on, as after a change of network or of a NAT's mind."""
        for transport in self._back.values():
            transport.close()
        self._back = {}

    def throttle(self, addresses: Iterable[Address], bits_per_second: float) -> None:
        """From now on no more than this reaches these pages, all of them together on one line; 0 frees them."""
        line = tuple(addresses)
        for address in line:
            if bits_per_second:
                self._bits_per_second[address] = bits_per_second
                self._line[address] = line[0]
            else:
                self._bits_per_second.pop(address, None)

    def _from_page(self, data: bytes, page: Address) -> None:
        self._pass(lambda: self._to_relay(data, page), (page, True))

    def _to_relay(self, data: bytes, page: Address) -> None:
        known = self._back.get(page)
        if known is not None:
            _send(known, data)
            return
        opening = asyncio.get_running_loop().create_task(self._open_back(page))
        opening.add_done_callback(lambda task: None if task.cancelled() else _send(task.result(), data))

    async def _open_back(self, page: Address) -> asyncio.DatagramTransport:
        def to_page(data: bytes, _: Address) -> None:
            waiting = self._waiting(page, len(data))
            if waiting is None:
                self.swallowed += 1
            else:
                self._pass(lambda: _send(self._front, data, page), (page, False), waiting)

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Receiver(to_page), remote_addr=self._target
        )
        if page in self._back:  # two datagrams came at once
            transport.close()
        return self._back.setdefault(page, transport)

    def _waiting(self, page: Address, size: int) -> float | None:
        """How long a throttled way keeps a datagram waiting; None if its queue is full."""
        rate = self._bits_per_second.get(page)
        if rate is None:
            return 0.0
        now = asyncio.get_running_loop().time()
        free = max(now, self._free.get(self._line[page], now))
        if free - now > QUEUE_S:
            return None
        self._free[self._line[page]] = free + size * 8 / rate
        return self._free[self._line[page]] - now

    def _pass(self, send: Callable[[], object], way: tuple[Address, bool], waiting: float = 0.0) -> None:
        if not self._connected or self._random.random() < self.loss:
            self.swallowed += 1
            return
        self.forwarded += 1
        loop = asyncio.get_running_loop()
        delay = waiting + (self.delay_ms + self._random.random() * self.jitter_ms) / 1000
        arrival = max(loop.time() + delay, self._arrival.get(way, 0.0) + _APART_S)
        if delay > 0 or arrival > loop.time():
            self._arrival[way] = arrival
            loop.call_at(arrival, send)
        else:
            send()


def _send(transport: asyncio.DatagramTransport | None, data: bytes, address: Address | None = None) -> None:
    if transport is not None and not transport.is_closing():
        transport.sendto(data, address)


class _Receiver(asyncio.DatagramProtocol):
    """Hands datagrams on; a closed port at the other end is no news."""

    def __init__(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self._receive(data, (str(addr[0]), int(str(addr[1]))))

    def error_received(self, exc: Exception) -> None:
        """An ICMP error about an earlier datagram, as when the relay is restarting."""


@asynccontextmanager
async def udp_proxy(target_port: int, *, port: int = 0, seed: int = 1) -> AsyncIterator[UdpProxy]:
    """Run a proxy before the relay at 127.0.0.1:``target_port``, which need not run yet."""
    proxy = UdpProxy(("127.0.0.1", target_port), seed)
    await proxy.open(port)
    try:
        yield proxy
    finally:
        proxy.close()
