"""Under which addresses pages are told to reach the relay. Pure."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from media.control.state import Candidate
from media.errors import AnnouncementError

Protocol = Literal["udp", "tcp"]
_FORM: Final = re.compile(
    r"(?:\[(?P<bracketed>[^\]]+)\](?::(?P<port6>\d{1,5}))?|(?P<bare>[^\[\]/]+?)(?::(?P<port4>\d{1,5}))?)"
    r"(?:/(?P<protocol>udp|tcp))?"
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One address; without a port it is the relay's own, without a protocol it is for both."""

    ip: str
    port: int | None = None
    protocol: Protocol | None = None


def parse_announcement(text: str) -> Announcement:
    """Read ``192.0.2.1``, ``192.0.2.1:443``, ``2001:db8::1`` or ``[2001:db8::1]:443``, each with ``/udp`` or ``/tcp``.

    Raises AnnouncementError: a name is no address, since pages would have to look it up.
    """
    whole, _, protocol = text.partition("/")
    if _is_ip(whole) and protocol in {"", "udp", "tcp"}:  # an IPv6 address without brackets would look like a port
        return Announcement(whole, None, _protocol(protocol))
    found = _FORM.fullmatch(text)
    if found is None:
        raise AnnouncementError(text)
    ip, port = found["bracketed"] or found["bare"], found["port6"] or found["port4"]
    if not _is_ip(ip) or (port is not None and not 1 <= int(port) <= 65535):
        raise AnnouncementError(text)
    return Announcement(ip, int(port) if port is not None else None, _protocol(found["protocol"] or ""))


def candidates(announced: Iterable[Announcement], port: int, *, with_tcp: bool) -> tuple[Candidate, ...]:
    """Return all candidates, UDP before TCP; ``port`` is the relay's own, ``with_tcp`` whether it listens there too."""
    every = tuple(announced)
    protocols: tuple[Protocol, ...] = ("udp", "tcp") if with_tcp else ("udp",)
    return tuple(
        Candidate(ip=one.ip, port=one.port or port, protocol=protocol)
        for protocol in protocols
        for one in every
        if one.protocol in {None, protocol}
    )


def _protocol(text: str) -> Protocol | None:
    match text:
        case "udp" | "tcp":
            return text
        case _:
            return None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
