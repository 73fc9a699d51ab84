"""The UDP edge: one socket, read in batches on the event loop."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Final

from media.path import Address

BATCH: Final = 64
_MAX_DATAGRAM: Final = 2048
_BUFFER_BYTES: Final = 4 << 20

log = logging.getLogger(__name__)


class UdpEndpoint:
    """A bound, non-blocking socket. Use open(), then listen(), then close()."""

    def __init__(self, ip: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
            self._socket.bind((ip, port))
        except OSError:
            self._socket.close()
            raise
        #: Datagrams that the system did not take.
        self.unsent = 0

    @property
    def port(self) -> int:
        """The port it is bound to."""
        port: int = self._socket.getsockname()[1]
        return port

    def transmit(self, data: bytes | memoryview, address: Address) -> None:
        """Send now or drop: media waits for nobody."""
        try:
            self._socket.sendto(data, address)
        except OSError as error:
            self.unsent += 1
            if self.unsent == 1:
                log.warning("a datagram was not sent: %s; further ones are only counted", error)

    def listen(self, receive: Callable[[bytes, Address, float], None]) -> None:
        """Hand every datagram to ``receive``, at most 64 for each turn of the event loop."""
        loop = asyncio.get_running_loop()
        clock = loop.time

        def readable() -> None:
            now = clock()
            for _ in range(BATCH):
                try:
                    data, address = self._socket.recvfrom(_MAX_DATAGRAM)
                except (BlockingIOError, InterruptedError):
                    return
                except OSError:
                    continue  # an ICMP error about an earlier datagram
                receive(data, address, now)

        loop.add_reader(self._socket.fileno(), readable)

    def close(self) -> None:
        """Stop listening. Idempotent."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
