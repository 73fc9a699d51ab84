"""Paths as the compiled data plane knows them: 16 bytes each, IPv4 as ``::ffff:a.b.c.d``. Pure."""

import socket
from functools import lru_cache
from typing import Final

from media.path import UdpPath, plain

_ANY: Final = bytes(16)


def packed(host: str) -> bytes | None:
    """A numeric address; zeros for an empty one, None for one with a scope, which has no place here."""
    if not host:
        return _ANY
    try:
        return socket.inet_pton(socket.AF_INET6, host if ":" in host else f"::ffff:{host}")
    except OSError:
        return None


def unpacked(host: bytes, port: int, local: bytes) -> UdpPath:
    """The path that a datagram came by."""
    return UdpPath(_text(host), port, "" if local == _ANY else _text(local))


@lru_cache(maxsize=1024)  # of hosts alone: ports are ever new, as people come and go
def _text(address: bytes) -> str:
    return plain(socket.inet_ntop(socket.AF_INET6, address))
