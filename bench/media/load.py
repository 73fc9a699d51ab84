"""One run of the load generator: who sends, who receives, how hard, and what came of it."""

import asyncio
import ctypes
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from bench.media import compiled
from bench.media.errors import BenchFailed
from media.srtp import InboundSession, OutboundSession

SAMPLE: Final = 997
WINDOW: Final = 32
WARM_S: Final = 0.4
FEEDBACK_MS: Final = 100
PACED_DATAGRAMS_PER_S: Final = 20_000
PACED_PACKETS_PER_S: Final = 1000
_SO_RCVBUFFORCE: Final = 33
_BUFFER_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """One SSRC of the publisher. The extension block has the transport-wide number at this offset, 0 for nowhere.

    It sends ``every`` so many-th packet of the publisher's rate.
    """

    ssrc: int
    payload_type: int
    extension: bytes = b""
    transport_offset: int = 0
    size: tuple[int, int] = (1280, 720)
    every: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured.

    ``cpu_s`` is that of the forwarder; ``share`` says how much of its core the generator had, 1 on a quiet machine.
    """

    sent: int
    received: int
    other: int
    gaps: int
    verified: int
    bad: int
    stalls: int
    cpu_s: float
    wall_s: float
    share: float
    p50_us: float
    p99_us: float

    @property
    def us_per_packet(self) -> float:
        """CPU of the forwarder for each packet that it forwarded."""
        return self.cpu_s * 1e6 / self.received if self.received else float("inf")


class Sender:
    """The publisher's end; the structures live on over all runs, and so do the sequence numbers."""

    def __init__(self, sock: socket.socket, session: OutboundSession, encodings: Sequence[Encoding]) -> None:
        self._keep = (sock, session)
        self.sources = (compiled.Source * len(encodings))()
        for index, (source, encoding) in enumerate(zip(self.sources, encodings, strict=True)):
            fill_source(source, encoding, index)
        self.publisher = compiled.Publisher(
            fd=sock.fileno(),
            session=compiled.address_of(session),
            sources=self.sources,
            count=len(encodings),
        )


def fill_source(source: compiled.Source, encoding: Encoding, index: int = 0) -> None:
    """Set what a source is; its counters stay."""
    source.ssrc, source.payload_type, source.index = encoding.ssrc, encoding.payload_type, index
    (source.width, source.height), source.every = encoding.size, encoding.every
    source.sequence = 1
    source.extension_length, source.transport_offset = len(encoding.extension), encoding.transport_offset
    ctypes.memmove(source.extension, encoding.extension, len(encoding.extension))


@dataclass(frozen=True, slots=True)
class End:
    """One subscriber: what it gets under which SSRC, and how it tells what has come."""

    sock: socket.socket
    inbound: InboundSession
    ssrc: int
    outbound: OutboundSession | None = None
    transport_id: int = 0


class Receivers:
    """The subscribers' ends."""

    def __init__(self, ends: Sequence[End]) -> None:
        self._keep = ends
        self.count = len(ends)
        self.sinks = (compiled.Sink * len(ends))()
        for sink, end in zip(self.sinks, ends, strict=True):
            sink.fd, sink.session, sink.ssrc = end.sock.fileno(), compiled.address_of(end.inbound), end.ssrc
            if end.outbound is not None:
                sink.outbound, sink.transport_id = compiled.address_of(end.outbound), end.transport_id

    def by_source(self, count: int) -> list[int]:
        """How many of them get each source of the publisher; those who got none are in no number."""
        seen = [sink.source for sink in self.sinks if sink.mapped]
        return [seen.count(index) for index in range(count)]


def cpu_s(process: int) -> float:
    """CPU that all threads of a process have used."""
    return time.clock_gettime(~process << 3 | 2)  # as clock_getcpuclockid(3) makes it


def paced_rate(receivers: int) -> float:
    """Packets a second of the publisher in a paced run: what a video of good quality has, fewer for many receivers."""
    return min(PACED_PACKETS_PER_S, PACED_DATAGRAMS_PER_S / receivers)


def specification(load: str, receivers: int, seconds: float, forwarder: int = 0) -> compiled.LoadSpec:
    """A run's parameters; ``load`` is saturated or paced.

    Feedback comes in paced runs alone, as often as from browsers: there is none for the rates of a saturated one.
    """
    return compiled.LoadSpec(
        forwarder=forwarder,
        window=WINDOW if load == "saturated" else 0,
        rate=paced_rate(receivers),
        warm_s=WARM_S,
        measured_s=seconds,
        feedback_ms=0 if load == "saturated" else FEEDBACK_MS,
        sample=SAMPLE,
        point=ctypes.pointer(compiled.MeetingPoint()),
    )


async def run(spec: compiled.LoadSpec, sender: Sender | None, receivers: Receivers) -> Result:
    """Play all peers in a thread of its own on the generator's core. Raises BenchFailed if a socket fails."""
    return await asyncio.to_thread(_run, spec, sender, receivers)


def _run(spec: compiled.LoadSpec, sender: Sender | None, receivers: Receivers) -> Result:
    figures = compiled.Figures()
    with pinned(generator_core()):
        failure = compiled.library().generate(
            ctypes.byref(spec),
            ctypes.byref(compiled.srtp()),
            ctypes.byref(sender.publisher) if sender else None,
            receivers.sinks,
            receivers.count,
            ctypes.byref(figures),
        )
    if failure:
        raise BenchFailed(f"the load generator: {os.strerror(failure)}")
    return Result(*(getattr(figures, name) for name, _ in compiled.Figures._fields_))


def enlarge(sock: socket.socket) -> None:
    """Room for bursts: the figures are about the forwarder, not about a subscriber that was away for a moment."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)


def forwarder_core() -> int:
    """Where what is measured runs."""
    return min(os.sched_getaffinity(os.getpid()))


def generator_core() -> int:
    """Where the peers run: another core if there is one."""
    return max(os.sched_getaffinity(os.getpid()))


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Keep this thread, and the processes it starts, on one core meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
