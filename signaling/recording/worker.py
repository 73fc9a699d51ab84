"""The process that writes one part of a recording: ``python -m signaling.recording.worker``.

It gets packets as a page would, and keys over its standard input; what it writes is sealed before it leaves its memory.
"""

import asyncio
import logging
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from auth.model import Label
from certs.files import PRIVATE_FILE
from documents.sealed_stream import SealedWriter, StreamContext
from media.client import RelayAddress
from media.control.state import Model
from media.dtls import DtlsContext, generate_certificate
from media.path import Address
from media.recording.matroska import MatroskaFile
from media.recording.recorder import Recorder
from media.recording.source import Written, source_spec
from signaling.recording import messages

TICK_S: Final = 0.02
FLUSH_S: Final = 1.0
LINE_LIMIT: Final = 1 << 20
log = logging.getLogger(__name__)


class Worker:
    """One part: a transport, and a file for each source."""

    def __init__(self, context: DtlsContext, say: Callable[[Model], None]) -> None:
        self._context = context
        self._say = say
        self._sockets: dict[bool, asyncio.DatagramTransport] = {}
        self._recorder: Recorder | None = None
        self._outputs: dict[int, SealedWriter] = {}
        self._numbers: set[int] = set()
        self._began = 0.0
        self._connected = False

    async def run(self, lines: asyncio.StreamReader) -> None:
        """Until the input ends or the transport is lost; the files are finished in any case."""
        ticking = asyncio.create_task(self._tick_for_ever())
        reading = asyncio.create_task(self._read(lines))
        try:
            done, _ = await asyncio.wait({ticking, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (ticking, reading):
                task.cancel()
            self._finish()

    async def _read(self, lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            match messages.parse_for_worker(line):
                case messages.Open() as opened:
                    await self._open(opened)
                case messages.Add() as added:
                    self._add(added)
                case messages.End(number=number):
                    self._end(number)

    async def _open(self, opened: messages.Open) -> None:
        loop = asyncio.get_running_loop()
        for six in {":" in host for host, _ in opened.addresses}:
            local = ("::", 0) if six else ("0.0.0.0", 0)  # noqa: S104 — a client's socket
            transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(self._receive), local)
            self._sockets[six] = transport
        relay = RelayAddress(opened.ufrag, opened.pwd, opened.addresses, opened.fingerprints)
        self._began = opened.began_at
        self._recorder = Recorder(relay, self._context, self._transmit, opened.began_at, time.monotonic())

    def _add(self, added: messages.Add) -> None:
        if self._recorder is None:
            return
        spec = source_spec(added.rtp_parameters)
        context = StreamContext(added.owner, added.number, Label(added.label), added.key_id)

        def open_file(size: tuple[int, int] | None) -> MatroskaFile:
            path = Path(added.path)
            path.touch(PRIVATE_FILE, exist_ok=False)
            output = SealedWriter(path.open("wb"), bytes.fromhex(added.key), context)
            self._outputs[added.number] = output
            return MatroskaFile(output, spec.mime, size, added.title)

        self._recorder.add(added.number, spec, open_file)
        self._numbers.add(added.number)

    def _end(self, number: int, error: str | None = None) -> None:
        if self._recorder is None or number not in self._numbers:
            return
        self._numbers.discard(number)
        written = Written()
        try:
            written = self._recorder.end(number, time.time())
        except Exception as failure:
            error = error or repr(failure)
        self._outputs.pop(number, None)
        self._say(
            messages.Done(
                number=number,
                first_ms=self._milliseconds(written.first),
                last_ms=self._milliseconds(written.last),
                losses=written.losses,
                error=error,
            )
        )

    def _milliseconds(self, wall: float | None) -> int | None:
        return None if wall is None else round((wall - self._began) * 1000)

    async def _tick_for_ever(self) -> None:
        flush_at = time.monotonic() + FLUSH_S
        while True:
            await asyncio.sleep(TICK_S)
            recorder, now = self._recorder, time.monotonic()
            if recorder is None:
                continue
            recorder.tick(now, time.time(), lambda number, error: self._end(number, repr(error)))
            if recorder.connected and not self._connected:
                self._connected = True
                self._say(messages.Connected())
            if recorder.lost(now):
                self._say(messages.Lost())
                return
            if now >= flush_at:
                flush_at = now + FLUSH_S
                self._flush()

    def _flush(self) -> None:
        for number, output in list(self._outputs.items()):
            try:
                output.flush()
            except OSError as error:
                self._end(number, repr(error))

    def _finish(self) -> None:
        for number in sorted(self._numbers):
            self._end(number)
        if self._recorder is not None:
            self._recorder.close()
        for socket in self._sockets.values():
            socket.close()

    def _receive(self, data: bytes, address: Address) -> None:
        if self._recorder is not None:
            self._recorder.receive(data, address, time.monotonic(), time.time())

    def _transmit(self, data: bytes, address: Address) -> None:
        socket = self._sockets.get(":" in address[0])
        if socket is not None and not socket.is_closing():
            socket.sendto(data, address)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._receive(data, (addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """An ICMP error, as when the relay is restarting; the checks will tell."""


async def _run() -> None:
    loop = asyncio.get_running_loop()
    certificate = generate_certificate(datetime.now(UTC))
    lines = asyncio.StreamReader(LINE_LIMIT)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)

    def say(message: Model) -> None:
        try:
            sys.stdout.buffer.write(messages.encode(message))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            return  # the hub is gone; it will look at the files when it is back

    say(messages.Hello(fingerprint=certificate.fingerprint))
    await Worker(DtlsContext(certificate), say).run(lines)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold keys and sound in the clear
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    asyncio.run(_run())
