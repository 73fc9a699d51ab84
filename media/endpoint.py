"""The UDP edge: one socket for every address of the machine, read in batches on the event loop.

Each datagram says to which of our addresses it came, and what answers it is sent from there (RFC 3542 §6.2, and
IP_PKTINFO of ip(7)): a page takes nothing from another address than the one it checked. Addresses may come and go
meanwhile.
"""

import asyncio
import errno
import logging
import socket
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from media.path import UdpPath, plain

BATCH: Final = 64
_MAX_DATAGRAM: Final = 2048
_BUFFER_BYTES: Final = 4 << 20
_ANCILLARY: Final = socket.CMSG_SPACE(20)
#: What is remembered is of our own addresses alone: of peers nothing is, since ever new ones come.
_OWN_ADDRESSES: Final = 256
_IPV6_INFORMATION: Final = 20
_IP_PKTINFO: Final = 8  # linux/in.h; the socket module names it from Python 3.12 on

log = logging.getLogger(__name__)
Ancillary = tuple[tuple[int, int, bytes], ...]


def open_socket(ip: str, port: int, kind: socket.SocketKind = socket.SOCK_DGRAM) -> socket.socket:
    """Make, configure and bind a non-blocking socket. Raises OSError.

    ``::`` takes IPv4 too; an empty ``ip`` does so as well, and means ``0.0.0.0`` on a machine without IPv6.
    """
    if not ip:
        try:
            return open_socket("::", port, kind)
        except OSError as error:
            if error.errno not in {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}:
                raise
            ip = "0.0.0.0"  # noqa: S104 - peers come from anywhere
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    opened = socket.socket(family, kind)
    try:
        opened.setblocking(False)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if kind == socket.SOCK_STREAM:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((ip, port))
    except OSError:
        opened.close()
        raise
    return opened


class UdpEndpoint:
    """A bound, non-blocking socket. Use open(), then listen(), then close()."""

    def __init__(self, ip: str, port: int) -> None:
        self._socket = open_socket(ip, port)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        if self.family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        else:
            self._socket.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        #: Datagrams that the system did not take.
        self.unsent = 0
        self._takes_both = self.family == socket.AF_INET6

    @property
    def family(self) -> socket.AddressFamily:
        """AF_INET6 for a socket that takes both, or AF_INET."""
        return socket.AddressFamily(self._socket.family)

    @property
    def port(self) -> int:
        """The port it is bound to."""
        port: int = self._socket.getsockname()[1]
        return port

    def fileno(self) -> int:
        """The descriptor, for who reads and writes in place of listen() and transmit(); -1 when closed."""
        return self._socket.fileno()

    def transmit(self, data: bytes | memoryview, path: UdpPath) -> None:
        """Send now or drop: media waits for nobody."""
        host, port, local = path
        if self._takes_both and ":" not in host:
            host = f"::ffff:{host}"
        try:
            self._socket.sendmsg((data,), _sent_from(local, self._takes_both), 0, (host, port))
        except OSError as error:
            self.unsent += 1
            if self.unsent == 1:
                log.warning("a datagram was not sent: %s; further ones are only counted", error)

    def listen(self, receive: Callable[[bytes, UdpPath, float], None]) -> None:
        """Hand every datagram to ``receive``, at most 64 for each turn of the event loop."""
        loop = asyncio.get_running_loop()
        clock = loop.time

        def readable() -> None:
            now = clock()
            for _ in range(BATCH):
                try:
                    data, ancillary, _, address = self._socket.recvmsg(_MAX_DATAGRAM, _ANCILLARY)
                except (BlockingIOError, InterruptedError):
                    return
                except OSError:
                    continue  # an ICMP error about an earlier datagram
                local = _came_to(ancillary[0][2]) if ancillary else ""
                receive(data, UdpPath(plain(address[0]), address[1], local), now)

        loop.add_reader(self._socket.fileno(), readable)

    def close(self) -> None:
        """Stop listening. Idempotent."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()


@lru_cache(maxsize=_OWN_ADDRESSES)
def _came_to(information: bytes) -> str:
    """Our address in struct in6_pktinfo, or the destination in the header in struct in_pktinfo."""
    if len(information) == _IPV6_INFORMATION:
        return plain(socket.inet_ntop(socket.AF_INET6, information[:16]))
    return socket.inet_ntop(socket.AF_INET, information[8:12])


@lru_cache(maxsize=_OWN_ADDRESSES)
def _sent_from(local: str, takes_both: bool) -> Ancillary:
    """What the system has to be told to send from an address; the interface is the routing table's choice.

    Raises OSError for what is no address.
    """
    if not local:
        return ()
    if takes_both:
        source = socket.inet_pton(socket.AF_INET6, local if ":" in local else f"::ffff:{local}")
        return ((socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, struct.pack("=16sI", source, 0)),)
    source = socket.inet_pton(socket.AF_INET, local)
    return ((socket.IPPROTO_IP, _IP_PKTINFO, struct.pack("=I4s4x", 0, source)),)
