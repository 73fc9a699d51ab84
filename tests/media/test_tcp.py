"""The TCP edge: bounded connections, bounded buffers, and nobody who waits for a slow peer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from media import tcp
from media.framing import FrameReader, frame
from media.path import Path, TcpPath
from media.tcp import Peers, TcpEndpoint


@dataclass
class Relay:
    """What the edge talks to: remembers everything; ``known`` are the paths of peers that proved themselves."""

    heard: list[tuple[bytes, TcpPath]] = field(default_factory=list)
    known: set[Path] = field(default_factory=set)
    gone: list[TcpPath] = field(default_factory=list)

    def receive(self, data: bytes, path: TcpPath, now: float) -> None:
        self.heard.append((data, path))
        if data == b"proof":
            self.known.add(path)

    def lost(self, path: TcpPath, now: float) -> None:
        self.gone.append(path)

    async def until_heard(self, count: int) -> None:
        await until(lambda: len(self.heard) >= count)


class Peer:
    """The other end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *datagrams: bytes) -> None:
        self.writer.write(b"".join(map(frame, datagrams)))

    async def receive(self, count: int) -> list[bytes]:
        frames = FrameReader()
        found: list[bytes] = []
        while len(found) < count:
            found += frames.feed(await self.reader.read(65536))
        return found

    async def is_closed(self) -> bool:
        try:
            async with asyncio.timeout(3):
                return await self.reader.read() == b""
        except ConnectionError:
            return True


async def until(condition: "object") -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 — a socket is in between
            await asyncio.sleep(0.005)


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[TcpEndpoint, Relay]]:
    endpoint, relay = TcpEndpoint("127.0.0.1", 0), Relay()
    await endpoint.listen(Peers(relay.receive, relay.known.__contains__, relay.lost))
    try:
        yield endpoint, relay
    finally:
        endpoint.close()
        endpoint.close()


@asynccontextmanager
async def connected(endpoint: TcpEndpoint) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    try:
        yield Peer(reader, writer)
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


async def test_datagrams_go_both_ways_by_the_path_they_came_from() -> None:
    async with listening() as (endpoint, relay), connected(endpoint) as one, connected(endpoint) as other:
        one.send(b"a", b"b")
        await relay.until_heard(2)
        other.send(b"c")
        await relay.until_heard(3)
        assert [data for data, _ in relay.heard] == [b"a", b"b", b"c"]
        assert relay.heard[0][1] == relay.heard[1][1] != relay.heard[2][1]
        for data, path in relay.heard[1:]:
            endpoint.transmit(memoryview(b"to " + data), path)
        assert await one.receive(1) == [b"to b"]
        assert await other.receive(1) == [b"to c"]


async def test_what_is_no_framing_ends_that_connection_alone() -> None:
    async with listening() as (endpoint, relay), connected(endpoint) as good, connected(endpoint) as bad:
        good.send(b"proof")
        await relay.until_heard(1)
        bad.writer.write(b"GET / HTTP/1.1\r\nHost: relay\r\n\r\n")
        assert await bad.is_closed()
        good.send(b"still here")
        await relay.until_heard(2)
        assert endpoint.refused == {"malformed": 1}
        assert endpoint.connections == 1


async def test_a_connection_that_proves_nothing_is_closed_after_ten_seconds() -> None:
    async with listening() as (endpoint, relay), connected(endpoint) as friend, connected(endpoint) as stranger:
        friend.send(b"proof")
        stranger.send(b"x")
        await relay.until_heard(2)
        now = asyncio.get_running_loop().time()
        endpoint.sweep(now + 9)
        assert endpoint.connections == 2
        endpoint.sweep(now + 11)
        assert await stranger.is_closed()
        assert endpoint.connections == 1


async def test_a_connection_that_its_transport_has_left_is_closed_too() -> None:
    async with listening() as (endpoint, relay), connected(endpoint) as peer:
        peer.send(b"proof")
        await relay.until_heard(1)
        relay.known.clear()
        now = asyncio.get_running_loop().time()
        endpoint.sweep(now)
        endpoint.sweep(now + 9)
        assert endpoint.connections == 1
        endpoint.sweep(now + 11)
        assert await peer.is_closed()


async def test_who_says_much_without_proving_anything_is_cut_off() -> None:
    async with listening() as (endpoint, _), connected(endpoint) as stranger:
        for _ in range(40):
            stranger.send(bytes(2000))
        assert await stranger.is_closed()
        assert endpoint.refused == {"stranger": 1}


async def test_a_flood_of_connections_from_one_host_leaves_friends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "MAX_STRANGERS_FROM_ONE_HOST", 3)
    async with listening() as (endpoint, relay), connected(endpoint) as friend:
        friend.send(b"proof")
        await relay.until_heard(1)
        flood = [await asyncio.open_connection("127.0.0.1", endpoint.port) for _ in range(8)]
        await until(lambda: endpoint.refused["too_many_strangers"] == 5)
        assert endpoint.connections == 4
        friend.send(b"still here")
        await relay.until_heard(2)
        for _, writer in flood:
            writer.transport.abort()


async def test_the_oldest_stranger_makes_room_for_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "MAX_STRANGERS", 2)
    async with (
        listening() as (endpoint, relay),
        connected(endpoint) as oldest,
        connected(endpoint) as second,
        connected(endpoint) as newest,
    ):
        assert await oldest.is_closed()
        second.send(b"1")
        newest.send(b"2")
        await relay.until_heard(2)
        assert endpoint.connections == 2


async def test_connections_of_one_host_are_limited_even_if_they_are_friends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "MAX_FROM_ONE_HOST", 1)
    async with listening() as (endpoint, relay), connected(endpoint) as friend:
        friend.send(b"proof")
        await relay.until_heard(1)
        async with connected(endpoint) as late:
            assert await late.is_closed()


async def test_a_peer_that_does_not_read_loses_whole_packets_and_costs_little_memory() -> None:
    async with listening() as (endpoint, relay), connected(endpoint) as peer:
        peer.send(b"proof")
        await relay.until_heard(1)
        path = relay.heard[0][1]
        peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
        sent = [number.to_bytes(4, "big") + bytes(1196) for number in range(8000)]
        for data in sent:
            endpoint.transmit(data, path)
        assert endpoint.unsent > 1000
        peer.writer.transport.resume_reading()  # type: ignore[attr-defined]
        arrived = await peer.receive(len(sent) - endpoint.unsent)
        assert arrived == sent[: len(arrived)]


async def test_the_relay_hears_of_a_connection_that_ends() -> None:
    async with listening() as (endpoint, relay):
        async with connected(endpoint) as peer:
            peer.send(b"proof")
            await relay.until_heard(1)
        path = relay.heard[0][1]
        await until(lambda: relay.gone == [path])
        endpoint.transmit(b"into the void", path)
        assert endpoint.unsent == 1


def test_one_owner_of_an_ipv6_network_counts_once() -> None:
    assert tcp._source("192.0.2.1") == "192.0.2.1"
    assert tcp._source("2001:db8::1") == tcp._source("2001:db8::ffff:1")
    assert tcp._source("2001:db8::1") != tcp._source("2001:db8:0:1::1")
