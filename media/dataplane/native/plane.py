"""The data plane in C as a DataPlane: the names of things are kept here, everything that happens to packets there."""

import asyncio
import contextlib
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from media.dataplane.interface import UNLIMITED, Transmit
from media.dataplane.native.counters import NativeCounters
from media.dataplane.native.paths import unpacked
from media.dataplane.native.reports import NativeReports
from media.path import Path, UdpPath
from media.rtcp import SenderReport

_RECEIVED, _OUTPUT = 1, 2
_HEADER: Final = struct.Struct("=IIQ16s16sH6x")
_TAKEN_BYTES: Final = 256 * 1024


class NativeDataPlane(NativeReports, NativeCounters):
    """Implements media.dataplane.interface.DataPlane. Raises DataPlaneUnavailable when made where there is none."""

    name = "native"

    def __init__(self, transmit: Transmit) -> None:
        super().__init__()
        self._transmit = transmit
        self._taken = self._ffi.new("uint8_t[]", _TAKEN_BYTES)

    # ---- the socket

    def serve(self, fileno: int, family: int, receive: Callable[[bytes, Path, float], None]) -> bool:
        """Read the socket in a thread of its own from now on; what is not media comes to ``receive``."""
        failure = self._lib.plane_start(self._plane, fileno, family)
        if failure:
            raise OSError(failure, "the data plane's thread did not start")
        loop = asyncio.get_running_loop()
        clock = loop.time

        def readable() -> None:
            now = clock()
            for data, path in self._sort(self._handed()):
                receive(data, path, now)

        self._serving = True
        loop.add_reader(self._lib.plane_event(self._plane), readable)
        return True

    def close(self) -> None:
        """Stop the thread, and forget everything. Idempotent."""
        if self._plane is None:
            return
        if self._serving:
            with contextlib.suppress(RuntimeError):  # the loop may be gone
                asyncio.get_running_loop().remove_reader(self._lib.plane_event(self._plane))
        self._lib.plane_free(self._plane)
        self._plane = None

    def __del__(self) -> None:
        if getattr(self, "_plane", None) is not None:
            self._lib.plane_free(self._plane)

    def _handed(self) -> bytes:
        """What is queued; of much the first part, so that a flood leaves the event loop time for other things."""
        size = self._lib.plane_take(self._plane, self._taken, _TAKEN_BYTES)
        return bytes(self._ffi.buffer(self._taken, size))

    def _sort(self, data: bytes) -> list[tuple[bytes, UdpPath]]:
        """Send what leaves by Python, and give what came and is not media."""
        received: list[tuple[bytes, UdpPath]] = []
        position = 0
        while position < len(data):
            kind, length, token, host, local, port = _HEADER.unpack_from(data, position)
            position += _HEADER.size
            datagram = data[position : position + length]
            position += length
            if kind == _RECEIVED:
                received.append((datagram, unpacked(host, port, local)))
            elif token in self._by_token and (address := self._by_token[token].address) is not None:
                self._transmit(datagram, address)
        return received

    def _send_handed(self) -> None:
        """Without a thread nobody else empties the queue."""
        while not self._serving and (data := self._handed()):
            self._sort(data)

    # ---- what peers send and ask

    def receive(self, peer: str, datagram: bytes, now: float) -> None:
        if peer in self._peers:
            self._lib.plane_receive(self._plane, self._peers[peer].handle, datagram, len(datagram), now)
            self._send_handed()

    def resend(
        self, peer: str, ssrc: int, sequences: Iterable[int], now: float, most: int = UNLIMITED
    ) -> tuple[int, int]:
        if peer not in self._peers:
            return 0, 0
        asked = list(sequences)
        octets = self._ffi.new("int *")
        receiver = self._peers[peer].handle
        handled: int = self._lib.plane_resend(self._plane, receiver, ssrc, asked, len(asked), most, now, octets)
        self._send_handed()
        return handled, octets[0]

    def request_keyframe(self, peer: str, ssrc: int, now: float) -> None:
        if peer in self._peers:
            self._lib.plane_request_keyframe(self._plane, self._peers[peer].handle, ssrc, now)

    def pad(self, peer: str, size: int, now: float) -> int:
        if peer not in self._peers:
            return 0
        sent = int(self._lib.plane_pad(self._plane, self._peers[peer].handle, size, now))
        self._send_handed()
        return sent

    def sender_reports(self, peer: str, report: SenderReport, now: float) -> Sequence[tuple[str, str, SenderReport]]:
        if peer not in self._peers:
            return []
        most = sum(len(self._outputs.get(producer, ())) for producer in self._peers[peer].producers)
        into = self._ffi.new("struct forwarded_report[]", most)
        count = self._lib.plane_sender_report(
            self._plane, self._peers[peer].handle, report.ssrc, report.ntp, report.rtp_timestamp, now, into, len(into)
        )
        return [
            (
                self._names[one.peer],
                self._names[one.consumer],
                SenderReport(one.ssrc, report.ntp, one.rtp_timestamp, one.packets, one.octets),
            )
            for one in into[0:count]
        ]
