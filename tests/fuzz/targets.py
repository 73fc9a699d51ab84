"""What is fuzzed: each target takes any bytes and raises only where the relay is wrong.

Targets that need keys give the fuzzer the place of somebody who has them: a page that took part in the handshake.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from media.errors import MalformedFrame, MalformedPacket, MalformedRtp, SrtpError
from media.framing import FrameReader
from media.ice import IceLite, parse_binding_request, requested_ufrag
from media.path import UdpPath
from media.rtcp import TransportFeedback, parse_rtcp
from media.rtp import parse_extensions, parse_rtp
from media.transportwide import read_arrivals
from media.vp8 import parse_vp8
from tests.media.link import audio, link_with, video
from tests.media.world import Page, World, meeting

Target = Callable[[bytes], None]
T = TypeVar("T")
UFRAG, PWD = "relayufrag", "relaypassword-of-22-chars"
_STRANGER = UdpPath("203.0.113.66", 666)
_RENEW_AFTER = 200


class TargetFailed(Exception):
    """The relay survived, but did what it must not do."""


def stun(data: bytes) -> None:
    """A connectivity check: nothing is learned without the password."""
    ice = IceLite(UFRAG, PWD)
    with contextlib.suppress(MalformedPacket):
        requested_ufrag(data)
        request = parse_binding_request(data)
        answer = ice.check(request, _STRANGER, 0.0)
        if (answer is None) == ice.is_validated(_STRANGER):
            raise TargetFailed("an address was learned without an answer, or answered without being learned")


def rtp(data: bytes) -> None:
    """An RTP packet that has been decrypted, its extensions and its VP8 descriptor."""
    with contextlib.suppress(MalformedPacket):
        packet = parse_rtp(data)
        if len(packet.payload) > len(data) - 12:
            raise TargetFailed("a payload longer than what the packet holds")
        parse_vp8(packet.payload)
    with contextlib.suppress(MalformedRtp):
        parse_extensions(0xBEDE, data)
    with contextlib.suppress(MalformedRtp):
        parse_extensions(0x1000, data)


def rtcp(data: bytes) -> None:
    """An RTCP compound that has been decrypted, transport-wide feedback included."""
    with contextlib.suppress(MalformedPacket):
        for packet in parse_rtcp(data):
            if isinstance(packet, TransportFeedback):
                read_arrivals(packet.body)


def frames(data: bytes) -> None:
    """A TCP stream: cut anywhere, the same datagrams come out."""
    at_once, cut = _read(data), _read(*_pieces(data))
    if at_once != cut:
        raise TargetFailed("the datagrams depend on how the stream was cut")


def media(data: bytes) -> None:
    """Packets of a sender who has keys, through a data plane, with a receiver who asks for them again."""
    link = _fresh("media", lambda: link_with(video(), audio()))
    for packet in _split(data):
        with contextlib.suppress(SrtpError):
            link.plane.receive("alice", link.peers["alice"].outbound.protect_copy(packet), link.now)
        link.now += 0.01
        link.plane.resend("bob", int.from_bytes(packet[:4], "big"), [len(packet)], link.now)
    link.plane.take_losses("alice", link.now)
    link.plane.take_arrivals("alice")
    link.plane.receptions("alice", link.now)
    link.plane.take_keyframe_requests(link.now)


def reports(data: bytes) -> None:
    """RTCP of a page that has keys, and what the relay makes of it."""
    world, page = _meeting("reports")
    for packet in _split(data):
        with contextlib.suppress(SrtpError):
            page.send_rtcp(packet)
    _still_well(world, page)


def datagrams(data: bytes) -> None:
    """Whatever comes from a page's address and from a stranger's: demultiplexing, DTLS records, SRTP without keys."""
    world, page = _meeting("datagrams")
    for datagram in _split(data):
        page.send(datagram)
        page.send(b"\x16\xfe\xfd" + datagram)
        page.send(datagram, _STRANGER)
    _still_well(world, page)
    if world.take(_STRANGER):
        raise TargetFailed("a stranger was answered")


TARGETS: dict[str, Target] = {one.__name__: one for one in (stun, rtp, rtcp, frames, media, reports, datagrams)}


def mixed(data: bytes) -> None:
    """All of them, by the first byte: for a short look at everything."""
    if data:
        tuple(TARGETS.values())[data[0] % len(TARGETS)](data[1:])


_kept: dict[str, tuple[int, object]] = {}


def _fresh(name: str, make: Callable[[], T]) -> T:
    """What a target works on; made anew now and then, since a handshake takes longer than thousands of packets."""
    count, kept = _kept.get(name, (_RENEW_AFTER, None))
    if count >= _RENEW_AFTER or kept is None:
        count, kept = 0, make()
    _kept[name] = (count + 1, kept)
    return cast("T", kept)


def _meeting(name: str) -> tuple[World, Page]:
    world, alice, *_ = _fresh(name, meeting)
    return world, alice


def _still_well(world: World, page: Page) -> None:
    world.now += 1.0
    world.relay.tick(world.now)
    page.check()
    if world.relay.dropped["internal"]:
        raise TargetFailed("a fault of the relay's own")
    world.sent.clear()


def _split(data: bytes) -> Iterator[bytes]:
    """Up to 16 datagrams, each after its length in one byte."""
    position = 0
    for _ in range(16):
        if position >= len(data):
            return
        size = data[position]
        yield data[position + 1 : position + 1 + size]
        position += 1 + size


def _pieces(data: bytes) -> list[bytes]:
    step = 1 + (data[0] % 7 if data else 0)
    return [data[start : start + step] for start in range(0, len(data), step)]


def _read(*pieces: bytes) -> tuple[list[bytes], bool]:
    reader = FrameReader()
    found: list[bytes] = []
    try:
        for piece in pieces:
            found += reader.feed(piece)
    except MalformedFrame:
        return [], False
    return found, True
