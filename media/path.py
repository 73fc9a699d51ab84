"""By which way a peer is reached. Opaque to everything but the edge, which sends, and ICE, which tells peers theirs."""

import ipaddress
from dataclasses import dataclass
from typing import Final, NamedTuple

#: As a socket gives and takes it: (host, port), or (host, port, flow, scope) for IPv6.
Address = tuple[str, int] | tuple[str, int, int, int]
_MAPPED: Final = "::ffff:"


class UdpPath(NamedTuple):
    """Both ends of a way by UDP: the peer's address, and ours that it sent to (RFC 8445 §2: a pair is both).

    Addresses are numeric, IPv4 always plain; ``local`` is empty where the system may choose what to send from.
    """

    host: str
    port: int
    local: str = ""


@dataclass(frozen=True, slots=True)
class TcpPath:
    """One TCP connection; another one from the same host and port would be another path."""

    serial: int
    host: str
    port: int


Path = UdpPath | TcpPath


def plain(host: str) -> str:
    """An IPv4 address that a dual-stack socket shows as ``::ffff:a.b.c.d``, without that; any other as it is."""
    return host[len(_MAPPED) :] if host.startswith(_MAPPED) and "." in host else host


def remote(path: Path) -> tuple[str, int]:
    """Host and port of the peer, as a message can carry them."""
    host = plain(path.host.partition("%")[0])
    parsed = ipaddress.ip_address(host)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        host = str(parsed.ipv4_mapped)
    return host, path.port
