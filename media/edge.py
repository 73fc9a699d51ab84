"""The network edge of one relay: UDP, and TCP on the same port number where that is free."""

import logging
from collections.abc import Callable
from typing import Final

from media.endpoint import UdpEndpoint
from media.path import Path, TcpPath
from media.tcp import Peers, TcpEndpoint

Receive = Callable[[bytes, Path, float], None]
Serve = Callable[[int, int, Receive], bool]
_TRIES: Final = 8

log = logging.getLogger(__name__)


class Edge:
    """Sends by the path that a datagram came by. Use open_edge(), then listen(), then close()."""

    def __init__(self, udp: UdpEndpoint, tcp: TcpEndpoint | None) -> None:
        self.udp = udp
        self.tcp = tcp

    @property
    def port(self) -> int:
        """The port number of both."""
        return self.udp.port

    def transmit(self, data: bytes | memoryview, path: Path) -> None:
        """Send now or drop."""
        if not isinstance(path, TcpPath):
            self.udp.transmit(data, path)
        elif self.tcp is not None:
            self.tcp.transmit(data, path)

    async def listen(
        self,
        receive: Receive,
        belongs: Callable[[Path], bool],
        lost: Callable[[Path, float], None],
        serve: Serve,
    ) -> None:
        """Hand on every datagram; tell of ends of TCP connections, which are asked now and then whose they are.

        ``serve`` may take over reading UDP, as DataPlane.serve() does.
        """
        if not serve(self.udp.fileno(), self.udp.family, receive):
            self.udp.listen(receive)
        if self.tcp is not None:
            await self.tcp.listen(Peers(receive, belongs, lost))

    def sweep(self, now: float) -> None:
        """To be called about every second."""
        if self.tcp is not None:
            self.tcp.sweep(now)

    def close(self) -> None:
        """Idempotent."""
        self.udp.close()
        if self.tcp is not None:
            self.tcp.close()


def open_edge(ip: str, port: int) -> Edge:
    """Bind both; without TCP, with a warning, where that port is another program's. Raises OSError for UDP.

    Port 0 takes one that is free for both.
    """
    for tries_left in reversed(range(_TRIES if port == 0 else 1)):
        udp = UdpEndpoint(ip, port)
        try:
            return Edge(udp, TcpEndpoint(ip, udp.port))
        except OSError as error:
            if tries_left:
                udp.close()
                continue
            log.warning("TCP port %d is not free (%s): peers without UDP cannot connect", udp.port, error)
            return Edge(udp, None)
    raise AssertionError("unreachable")
