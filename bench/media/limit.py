"""The limit: rewriting, AES-GCM and sendmmsg for each subscriber, in a thread on the forwarder's core, and no more."""

import asyncio
import ctypes
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench.media import compiled, load
from bench.media.errors import BenchFailed
from bench.media.load import Encoding, End, Receivers, Result
from media.srtp import PROFILES, InboundSession, OutboundSession

_LOOPBACK: Final = "127.0.0.1"
_FIRST_SSRC: Final = 0x10000
_IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE = 10, 3  # don't fragment: the kernel then draws no IP ids
_BUFFER_BYTES: Final = 8 << 20


@dataclass(slots=True)
class Limit:
    """One socket that sends to so many others; implements forwarders.Forwarder."""

    sock: socket.socket
    receivers: Receivers
    targets: ctypes.Array[compiled.Target]
    source: compiled.Source
    sessions: list[OutboundSession]
    variant: str = "limit"

    def refresh(self) -> None:
        """Nobody's consent is asked."""

    async def run(self, kind: str, seconds: float) -> Result:
        """Measure one run, which is saturated whatever ``kind`` says. Raises BenchFailed."""
        spec = load.specification("saturated", self.receivers.count, seconds)
        sending = asyncio.create_task(asyncio.to_thread(self._send, spec))
        result = await load.run(spec, None, self.receivers)
        await sending
        return result

    def _send(self, spec: compiled.LoadSpec) -> None:
        with load.pinned(load.forwarder_core()):
            failure = compiled.library().run_limit(
                self.sock.fileno(),
                ctypes.byref(compiled.srtp()),
                ctypes.byref(self.source),
                self.targets,
                len(self.targets),
                spec.window,
                spec.point,
            )
        if failure:
            raise BenchFailed(f"the limit: {os.strerror(failure)}")


@asynccontextmanager
async def limit_stage(subscribers: int) -> AsyncIterator[Limit]:
    """Sockets and sessions with fresh keys."""
    sender = _socket()
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
    sender.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE)
    sockets = [_socket() for _ in range(subscribers)]
    targets = (compiled.Target * subscribers)()
    ends, sessions = [], []
    for number, (one, target) in enumerate(zip(sockets, targets, strict=True)):
        one.connect(sender.getsockname())
        key = os.urandom(PROFILES[0].key_length + PROFILES[0].salt_length)
        sessions.append(OutboundSession(PROFILES[0], key))
        ends.append(End(one, InboundSession(PROFILES[0], key), _FIRST_SSRC + number))
        _aim(target, one, _FIRST_SSRC + number, sessions[-1])
    source = compiled.Source()
    load.fill_source(source, Encoding(ssrc=1, payload_type=96))
    try:
        yield Limit(sender, Receivers(ends), targets, source, sessions)
    finally:
        for one in (sender, *sockets):
            one.close()


def _socket() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setblocking(False)
    load.enlarge(one)
    one.bind((_LOOPBACK, 0))
    return one


def _aim(target: compiled.Target, one: socket.socket, ssrc: int, session: OutboundSession) -> None:
    ip, port = one.getsockname()
    target.family = socket.AF_INET
    target.port[:] = port.to_bytes(2, "big")
    target.ip[:] = socket.inet_aton(ip)
    target.ssrc, target.offset, target.session = ssrc, (37 * ssrc) & 0x3FFF, compiled.address_of(session)
