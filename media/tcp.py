"""The TCP edge, for peers whose UDP is blocked: passive candidates (RFC 6544), bounded in every direction.

A connection that belongs to no transport is closed after 10 s, whether it never proved anything or its transport has
left it. Whoever does not read loses packets, as on a bad network; nothing waits for it.
"""

import asyncio
import ipaddress
import itertools
import logging
import resource
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from media.endpoint import open_socket
from media.errors import MalformedFrame
from media.framing import FrameReader, frame
from media.path import TcpPath, plain

MAX_CONNECTIONS: Final = 4096
MAX_FROM_ONE_HOST: Final = 1024  # a site may be behind one address, and each page has two transports
MAX_STRANGERS: Final = 512
MAX_STRANGERS_FROM_ONE_HOST: Final = 64
STRANGER_BYTES: Final = 65_536
STRANGER_SECONDS: Final = 10.0
MAX_UNSENT_BYTES: Final = 65_536
_KERNEL_BUFFER: Final = 131_072
_READ_BYTES: Final = 16_384
_BACKLOG: Final = 128
_OTHER_FILES: Final = 64  # that the process needs beside connections

log = logging.getLogger(__name__)
Receive = Callable[[bytes, TcpPath, float], None]
Lost = Callable[[TcpPath, float], None]


@dataclass(frozen=True, slots=True)
class Peers:
    """The relay, as connections see it: what takes datagrams, whose they are, and what hears of an end."""

    receive: Receive
    belongs: Callable[[TcpPath], bool]
    lost: Lost


class TcpEndpoint:
    """A bound socket. Use open(), then listen() and sweep() about every second, then close()."""

    def __init__(self, ip: str, port: int) -> None:
        self._socket = open_socket(ip, port, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BUFFER)  # connections inherit it
        #: Packets that were not sent, because their peer did not read or was gone.
        self.unsent = 0
        #: Connections that were ended or refused, by reason.
        self.refused: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._peers: Peers | None = None
        self._most = min(MAX_CONNECTIONS, _allow_files(MAX_CONNECTIONS + _OTHER_FILES) - _OTHER_FILES)
        self._serials = itertools.count(1)
        self._connections: dict[TcpPath, _Connection] = {}
        self._hosts: Counter[str] = Counter()
        self._strangers: dict[TcpPath, float] = {}
        self._buffer = bytearray(_READ_BYTES)  # one for all: what is read is handed on at once

    @property
    def port(self) -> int:
        """The port it is bound to."""
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    async def listen(self, peers: Peers) -> None:
        """Accept connections from now on."""
        self._peers = peers
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), sock=self._socket, backlog=_BACKLOG)

    def transmit(self, data: bytes | memoryview, path: TcpPath) -> None:
        """Send now, or let the system send soon; beyond 64 KiB that a peer did not take, drop."""
        connection = self._connections.get(path)
        if connection is None or not connection.send(data):
            self.unsent += 1

    def sweep(self, now: float) -> None:
        """End connections that belonged to nobody for 10 s."""
        if self._peers is None:
            return
        for path, connection in list(self._connections.items()):
            if self._peers.belongs(path):
                self._strangers.pop(path, None)
            elif now - self._strangers.setdefault(path, now) >= STRANGER_SECONDS:
                self._end(connection, "stranger")

    def close(self) -> None:
        """Stop listening and end every connection. Idempotent."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._socket.close()
        for connection in list(self._connections.values()):
            connection.end()

    # ---- what connections report

    def opened(self, connection: "_Connection", host: str, port: int) -> TcpPath | None:
        """The path of a new connection; None where there are too many."""
        path, source = TcpPath(next(self._serials), host, port), _source(host)
        if len(self._connections) >= self._most or self._hosts[source] >= MAX_FROM_ONE_HOST:
            self.refused["too_many"] += 1
            return None
        if sum(_source(known.host) == source for known in self._strangers) >= MAX_STRANGERS_FROM_ONE_HOST:
            self.refused["too_many_strangers"] += 1
            return None
        if len(self._strangers) >= MAX_STRANGERS:  # the newest has not had its chance yet, the oldest has
            self._end(self._connections[next(iter(self._strangers))], "too_many_strangers")
        self._connections[path] = connection
        self._hosts[source] += 1
        self._strangers[path] = _now()
        return path

    def arrived(self, connection: "_Connection", size: int) -> None:
        """Bytes are in the buffer. What makes no sense, or says too much without proving anything, is ended."""
        path, now = connection.path, _now()
        if path is None or self._peers is None or path not in self._connections:
            return
        connection.received += size
        try:
            datagrams = connection.reader.feed(memoryview(self._buffer)[:size])
        except MalformedFrame:
            self._end(connection, "malformed")
            return
        for datagram in datagrams:
            self._peers.receive(datagram, path, now)
        if path in self._strangers and self._peers.belongs(path):
            del self._strangers[path]
            connection.received = 0
        elif path in self._strangers and connection.received > STRANGER_BYTES:
            self._end(connection, "stranger")

    def closed(self, path: TcpPath) -> None:
        """The connection is gone, by whomever."""
        if self._connections.pop(path, None) is None:
            return
        self._strangers.pop(path, None)
        source = _source(path.host)
        self._hosts[source] -= 1
        if not self._hosts[source]:
            del self._hosts[source]
        if self._peers is not None:
            self._peers.lost(path, _now())

    @property
    def buffer(self) -> bytearray:
        """Where connections read into."""
        return self._buffer

    def _end(self, connection: "_Connection", reason: str) -> None:
        self.refused[reason] += 1
        if connection.path is not None:
            self.closed(connection.path)
        connection.end()


class _Connection(asyncio.BufferedProtocol):
    """One accepted connection."""

    def __init__(self, endpoint: TcpEndpoint) -> None:
        self.path: TcpPath | None = None
        self.reader = FrameReader()
        #: Bytes since it last belonged to nobody.
        self.received = 0
        self._endpoint = endpoint
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        host, port = transport.get_extra_info("peername")[:2]
        self.path = self._endpoint.opened(self, plain(host.partition("%")[0]), port)
        if self.path is None:
            self._transport.abort()

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._endpoint.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._endpoint.arrived(self, nbytes)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.path is not None:
            self._endpoint.closed(self.path)

    def send(self, data: bytes | memoryview) -> bool:
        """Whether it was taken; a frame goes whole or not at all."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return False
        if transport.get_write_buffer_size() + len(data) > MAX_UNSENT_BYTES:
            return False
        transport.write(frame(data))
        return True

    def end(self) -> None:
        """Close at once; what was not sent is lost."""
        if self._transport is not None:
            self._transport.abort()


@lru_cache(maxsize=MAX_CONNECTIONS)  # asked of every stranger at each new connection
def _source(host: str) -> str:
    """What counts as one host: an IPv4 address, or the /64 of an IPv6 address, of which one owner has all."""
    address = ipaddress.ip_address(host)
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.IPv6Address(int(address) >> 64 << 64))


def _allow_files(wanted: int) -> int:
    """Let this process open that many files, as far as it may; how many it may open now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft


def _now() -> float:
    return asyncio.get_running_loop().time()
