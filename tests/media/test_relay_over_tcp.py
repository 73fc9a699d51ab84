"""The whole way of a packet over TCP: connectivity check, DTLS, SRTP in and out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aioice import stun

from media.control.mint import connected, mint_consumer, mint_producer, mint_transport, restarted
from media.control.state import TransportSpec
from media.dataplane.python import PythonDataPlane
from media.dtls import DtlsSession
from media.edge import Edge, open_edge
from media.framing import FrameReader, frame
from media.ortc import ROUTER_CAPABILITIES
from media.path import Path, TcpPath
from media.relay import TICK, Relay
from media.rtcp import is_rtcp
from media.rtp import parse_rtp, write_rtp
from media.srtp import InboundSession, OutboundSession
from tests.media.parameters import vp8
from tests.media.world import DTLS, KEYFRAME, PAGE_CONTEXT, RELAY_CERTIFICATE, RELAY_CONTEXT


def now() -> float:
    return asyncio.get_running_loop().time()


class World:
    """A relay with a real edge and its clock."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.relay = Relay(RELAY_CONTEXT, edge.transmit, PythonDataPlane)

    async def run(self) -> None:
        while True:
            self.relay.tick(now())
            self.edge.sweep(now())
            await asyncio.sleep(TICK)


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    one = World(open_edge("127.0.0.1", 0))
    await one.edge.listen(one.relay.receive, one.relay.belongs, one.relay.lose, one.relay.plane.serve)
    ticking = asyncio.ensure_future(one.run())
    try:
        yield one
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        one.edge.close()


class TcpPage:
    """A page whose UDP is blocked."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.spec = connected(mint_transport(), DTLS)
        self.dtls = DtlsSession(PAGE_CONTEXT, [("sha-256", RELAY_CERTIFICATE.fingerprint)], is_client=True)
        self.media: asyncio.Queue[bytes] = asyncio.Queue()
        self.answers = 0
        self.outbound: OutboundSession | None = None
        self.inbound: InboundSession | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Future[None] | None = None
        self.put(self.spec)

    def put(self, spec: TransportSpec) -> None:
        self.spec = spec
        self.world.relay.put_transport(spec, now())

    async def open(self) -> None:
        """Connect, or connect anew."""
        self.close()
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self.world.edge.port)
        self._reading = asyncio.ensure_future(self._read(reader))

    def check(self) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self.spec.ufrag}:page"
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(self.spec.pwd.encode())
        self.send(bytes(message))

    async def connect(self) -> None:
        await self.open()
        self.check()
        await until(lambda: self.answers > 0)
        self.dtls.start()
        self._flush()
        await until(lambda: self.world.relay.state_of(self.spec.id) == "connected" and self.dtls.keys is not None)
        keys = self.dtls.keys
        assert keys is not None
        self.outbound = OutboundSession(keys.profile, keys.outbound)
        self.inbound = InboundSession(keys.profile, keys.inbound)

    def send(self, datagram: bytes) -> None:
        assert self._writer is not None
        self._writer.write(frame(datagram))

    def send_rtp(self, sequence: int, payload: bytes = KEYFRAME) -> None:
        assert self.outbound is not None
        buffer = memoryview(bytearray(1500))
        size = write_rtp(buffer, True, 96, sequence, 3000 * sequence, 2222, b"", payload)
        self.send(self.outbound.protect_copy(bytes(buffer[:size])))

    async def next_payload(self) -> bytes:
        assert self.inbound is not None
        async with asyncio.timeout(5):
            while True:
                data = await self.media.get()
                if not is_rtcp(data):
                    return bytes(parse_rtp(self.inbound.unprotect(data)).payload)

    def close(self) -> None:
        if self._writer is not None and self._reading is not None:
            self._writer.transport.abort()
            self._reading.cancel()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        frames = FrameReader()
        while data := await reader.read(65536):
            for datagram in frames.feed(data):
                self._take(datagram)

    def _take(self, datagram: bytes) -> None:
        if datagram[0] < 4:
            self.answers += 1
        elif datagram[0] < 64:
            self.dtls.receive(datagram)
            self._flush()
        else:
            self.media.put_nowait(datagram)

    def _flush(self) -> None:
        for datagram in self.dtls.take_datagrams():
            self.send(datagram)


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 — a socket is in between
            await asyncio.sleep(0.005)


@asynccontextmanager
async def meeting(one: World) -> AsyncIterator[tuple[TcpPage, TcpPage]]:
    """Alice sends video to Bob, both over TCP."""
    alice, bob = TcpPage(one), TcpPage(one)
    try:
        await alice.connect()
        await bob.connect()
        producer = mint_producer(alice.spec.id, "video", vp8())
        one.relay.put_producer(producer, now())
        consumer = mint_consumer(bob.spec.id, producer, ROUTER_CAPABILITIES, cname="alice")
        one.relay.put_consumer(consumer, producer, now())
        yield alice, bob
    finally:
        alice.close()
        bob.close()
        await asyncio.sleep(0)


def selected(page: TcpPage) -> Path | None:
    return page.world.relay.transports[page.spec.id].ice.selected


async def test_media_flows_over_tcp_alone() -> None:
    async with world() as one, meeting(one) as (alice, bob):
        for sequence in range(1, 4):
            alice.send_rtp(sequence)
        assert all([(await bob.next_payload()).endswith(b"key") for _ in range(3)])
        assert isinstance(selected(alice), TcpPath)
        assert not one.relay.dropped


async def test_a_connection_that_breaks_is_replaced_without_a_new_handshake() -> None:
    """RFC 8445 §9: the page restarts ICE over a new connection; DTLS and SRTP go on."""
    async with world() as one, meeting(one) as (alice, bob):
        alice.send_rtp(1)
        await bob.next_payload()
        former = selected(bob)
        bob.close()
        await until(lambda: selected(bob) is None)
        bob.put(restarted(bob.spec))
        await bob.open()
        bob.check()
        await until(lambda: selected(bob) is not None)
        assert selected(bob) != former
        alice.send_rtp(2)
        assert await bob.next_payload()


async def test_nothing_but_checks_is_taken_from_a_connection_that_proved_nothing() -> None:
    async with world() as one:
        page = TcpPage(one)
        await page.open()
        page.send(bytes((22,)) + bytes(40))  # looks like DTLS
        page.send(bytes((128,)) + bytes(40))  # looks like RTP
        await until(lambda: one.relay.dropped["unvalidated_address"] == 2)
        page.close()
        await asyncio.sleep(0)
