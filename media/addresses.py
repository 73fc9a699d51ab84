"""Under which addresses this relay is reached now: what the settings say, or what the machine has at the moment."""

import ipaddress
from collections.abc import Callable
from typing import Final

import ifaddr

from media.announce import Announcement, parse_announcement

LOOK_EVERY: Final = 5.0


def own_addresses(listen_ip: str) -> tuple[str, ...]:
    """Addresses under which a socket bound to ``listen_ip`` can be reached, others before 127.0.0.1.

    Empty means all, as in media.endpoint.open_socket(). Link-local addresses are not among them.
    """
    bound = ipaddress.ip_address(listen_ip or "::")
    if not bound.is_unspecified:
        return (listen_ip,)
    found = [
        ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else entry.ip[0])
        for adapter in ifaddr.get_adapters()
        for entry in adapter.ips
    ]
    usable = [ip for ip in found if not ip.is_loopback and not ip.is_link_local and bound.version >= ip.version]
    usable.sort(key=lambda ip: ip.version)
    return (*dict.fromkeys(str(ip) for ip in usable), "127.0.0.1")


class Announced:
    """The addresses to announce; own ones are looked up again every 5 s, since networks come and go."""

    def __init__(
        self, configured: tuple[str, ...], listen_ip: str, read: Callable[[str], tuple[str, ...]] = own_addresses
    ) -> None:
        """Raises AnnouncementError for a configured one that cannot be read."""
        self._read = None if configured else read
        self._listen_ip = listen_ip
        self._next_look = 0.0
        self.addresses = tuple(map(parse_announcement, configured)) or self._own()

    def changed(self, now: float) -> bool:
        """Whether ``addresses`` are others than at the last call."""
        if self._read is None or now < self._next_look:
            return False
        self._next_look = now + LOOK_EVERY
        former, self.addresses = self.addresses, self._own()
        return set(former) != set(self.addresses)

    def _own(self) -> tuple[Announcement, ...]:
        return tuple(Announcement(ip) for ip in self._read(self._listen_ip)) if self._read is not None else ()
