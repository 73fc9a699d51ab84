"""Links to other relays, and the rooms' pipes through them. Pure; time is an argument.

A link is a transport without DTLS: keys come from the hub, which both relays trust. All rooms that two relays have in
common share it, each by a pipe of its own; the first pipe opens it, and the last that goes closes it for ever.
"""

import base64
import hashlib
import ipaddress
import logging
from typing import Final

from media.association import Association, Bounds
from media.checks import ActiveChecks, Credentials
from media.control.messages import TransportState
from media.control.state import Candidate, PipeSpec
from media.dataplane.interface import Transmit
from media.errors import KeyReused, ParametersError
from media.ice import FAILED_AFTER, BindingRequest, IceLite
from media.path import Path, UdpPath
from media.sources import OF_A_RELAY as MEDIA_OF_A_RELAY
from media.sources import SourceBounds
from media.srtp import PROFILES, SrtpKeys

#: Whatever comes from a relay comes for all who are on it.
OF_A_RELAY: Final = Bounds(20_000, 5_000, 4096, MEDIA_OF_A_RELAY, SourceBounds(65_536, MEDIA_OF_A_RELAY.refused))

log = logging.getLogger(__name__)


class Link(Association):
    """The association with one other relay. Raises ParametersError for candidates that are none."""

    KIND = "link"
    ice: ActiveChecks | IceLite

    def __init__(self, spec: PipeSpec, transmit: Transmit, now: float) -> None:
        ice: ActiveChecks | IceLite = IceLite(spec.ufrag, spec.pwd, spec.remote_ufrag)
        if spec.check:
            credentials = Credentials(spec.ufrag, spec.remote_ufrag, spec.remote_pwd)
            ice = ActiveChecks(credentials, [_path(one) for one in spec.check], transmit)
        super().__init__(spec.link, ice, transmit, OF_A_RELAY)
        self._opened = now
        self._agree(SrtpKeys(PROFILES[0], _decoded(spec.receive_key), _decoded(spec.send_key)))

    def state(self, now: float) -> TransportState:
        """As of a transport, but there is no handshake; a link that did not come about within 30 s has failed."""
        match self.ice.liveness(now):
            case "new":
                return "failed" if now - self._opened >= FAILED_AFTER else "new"
            case "failed":
                return "failed"
            case "disconnected":
                return "disconnected"
            case _:
                return "connected"

    def tick(self, now: float) -> None:
        """Send the checks that are due, at the end that checks."""
        if isinstance(self.ice, ActiveChecks):
            self.ice.tick(now)

    def on_check(self, request: BindingRequest, address: Path, now: float) -> bool:
        """A connectivity check of the other relay; whether it was authentic."""
        answer = self.ice.check(request, address, now) if isinstance(self.ice, IceLite) else None
        if answer is None:
            return False
        self._transmit(answer, address)
        return True

    def on_dtls(self, datagram: bytes, address: Path, now: float) -> str:
        """Its keys come from the hub."""
        return "unknown_protocol"

    def may_take(self, address: Path, holder: Association) -> bool:
        """A relay takes its address from a page, and from another link that may have ended at the other end."""
        return True


class Pipes:
    """Which rooms have a pipe through which link."""

    def __init__(self, transmit: Transmit) -> None:
        self.links: dict[str, Link] = {}
        self._transmit = transmit
        self._pipes: dict[str, PipeSpec] = {}
        #: Hashes of all keys that there ever were.
        self._spent: set[bytes] = set()

    def put(self, spec: PipeSpec, now: float) -> Link:
        """Add a pipe, and open its link if it is the first. Raises ParametersError or KeyReused."""
        before = self._pipes.get(spec.id)
        if before is not None and _of_link(before) != _of_link(spec):
            raise ParametersError("a pipe keeps its link")
        others = self.of(spec.link)
        if others and _of_link(self._pipes[others[0]]) != _of_link(spec):
            raise ParametersError("the link has other values")
        if not others:
            self.links[spec.link] = self._open(spec, now)
        self._pipes[spec.id] = spec
        return self.links[spec.link]

    def remove(self, pipe_id: str) -> Link | None:
        """Forget a pipe; the link, if it was the last one through it. Idempotent."""
        gone = self._pipes.pop(pipe_id, None)
        if gone is None or self.of(gone.link):
            return None
        log.info("link %s: closed", gone.link)
        return self.links.pop(gone.link)

    def of(self, link_id: str) -> list[str]:
        """The pipes through a link."""
        return [pipe.id for pipe in self._pipes.values() if pipe.link == link_id]

    def peer_of(self, transport_id: str) -> str:
        """Who sends and receives under the id of a transport or pipe: the link of a pipe."""
        pipe = self._pipes.get(transport_id)
        return transport_id if pipe is None else pipe.link

    @property
    def ids(self) -> tuple[str, ...]:
        """All pipes."""
        return tuple(self._pipes)

    def answered(self, datagram: bytes, path: Path, now: float) -> Link | None:
        """The link whose check this datagram answers, if it is an authentic answer."""
        for link in self.links.values():
            if isinstance(link.ice, ActiveChecks) and link.ice.awaits(datagram):
                return link if link.ice.answered(datagram, path, now) else None
        return None

    def _open(self, spec: PipeSpec, now: float) -> Link:
        hashes = {hashlib.sha256(_decoded(key)).digest() for key in (spec.send_key, spec.receive_key)}
        if len(hashes) < 2 or hashes & self._spent:
            raise KeyReused("every direction of every link has a key of its own")
        link = Link(spec, self._transmit, now)
        self._spent |= hashes
        log.info("link %s: opened, %s", spec.link, "active" if spec.check else "passive")
        return link


def _of_link(spec: PipeSpec) -> PipeSpec:
    """What all pipes of a link have in common."""
    return spec.model_copy(update={"id": spec.link, "app": ""})


def _path(candidate: Candidate) -> UdpPath:
    try:
        address = ipaddress.ip_address(candidate.ip)
    except ValueError as error:
        raise ParametersError("a relay is checked at numeric addresses") from error
    if candidate.protocol != "udp":
        raise ParametersError("a relay is checked by UDP")
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return UdpPath(str(mapped or address), candidate.port)


def _decoded(key: str) -> bytes:
    return base64.b64decode(key, validate=True)
