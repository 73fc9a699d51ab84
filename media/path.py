"""By which way a peer is reached. Opaque to everything but the edge, which sends, and ICE, which tells peers theirs."""

import ipaddress
from dataclasses import dataclass

#: (host, port), or (host, port, flow, scope) for IPv6, exactly as the socket gives it.
Address = tuple[str, int] | tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class TcpPath:
    """One TCP connection; another one from the same host and port would be another path."""

    serial: int
    host: str
    port: int


Path = Address | TcpPath


def remote(path: Path) -> tuple[str, int]:
    """Host and port; an IPv4 address that a dual-stack socket shows as ``::ffff:a.b.c.d`` becomes plain."""
    host, port = (path.host, path.port) if isinstance(path, TcpPath) else path[:2]
    host = host.partition("%")[0]
    parsed = ipaddress.ip_address(host)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        host = str(parsed.ipv4_mapped)
    return host, port
