"""Who asks, when a reverse proxy stands between: the address from ``X-Forwarded-For``, believed of trusted peers only.

Pure.
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MAX_HOPS: Final = 32


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a comma separated list; a bare address is one of its own. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the address of the client.

    ``peer`` is who opened the connection, empty for a Unix socket, which only a proxy on this machine can open.
    ``forwarded`` are the header's lines as they came. Each proxy appends whom it saw, so they are read from the right,
    for as long as who wrote is trusted; what a client wrote itself stands further left and counts for nothing.
    """
    hops = [hop.strip() for line in forwarded for hop in line.split(",")][-MAX_HOPS:]
    nearest = peer
    while hops and (not nearest or _trusted(nearest, trusted)):
        found = _address(hops.pop())
        if found is None:
            break
        nearest = str(found)
    return nearest


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches what is bound to ``host``."""
    found = _address(host)
    return host == "localhost" or (found is not None and found.is_loopback)


def _trusted(address: str, trusted: Sequence[Network]) -> bool:
    found = _address(address)
    return found is not None and any(found in network for network in trusted)


def _address(text: str) -> Address | None:
    """Read an address as proxies write them: with a port or without, an IPv6 address in brackets or not."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
