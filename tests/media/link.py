"""A data plane on a virtual link: real SRTP, a clock that is an argument, and a loss pattern."""

from collections.abc import Callable

from media.dataplane.interface import ConsumerRoute, DataPlane, ProducerRoute, StreamSpec
from media.parameters import ABS_SEND_TIME, AUDIO_LEVEL, MID, REPAIRED_RID, RID, TRANSPORT_CC, VIDEO_ORIENTATION
from media.path import Path, UdpPath
from media.rtp import RtpPacket, extension_block, one_byte_element, parse_rtp, write_rtp
from media.srtp import PROFILES, InboundSession, OutboundSession, SrtpKeys
from tests.media.planes import make_plane

SENDER_IDS = {MID: 4, ABS_SEND_TIME: 2, TRANSPORT_CC: 3, AUDIO_LEVEL: 1, VIDEO_ORIENTATION: 5, RID: 6, REPAIRED_RID: 7}
ROUTER_IDS = {MID: 1, ABS_SEND_TIME: 4, AUDIO_LEVEL: 10, VIDEO_ORIENTATION: 11}
KEYFRAME, DELTA = b"\x90\x80\x85\x01\x10", b"\x90\x80\x85\x01\x11"


class Peer:
    """The far end of one transport."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.address: Path = UdpPath("192.0.2.1", port)
        seed = name.encode().ljust(28, b".")
        self.keys = SrtpKeys(PROFILES[0], seed, seed[::-1])
        self.outbound = OutboundSession(PROFILES[0], self.keys.inbound)
        self.inbound = InboundSession(PROFILES[0], self.keys.outbound)
        self.raw: list[bytes] = []
        self.got: list[RtpPacket] = []


class Link:
    """A data plane with its peers; ``lose`` decides about each outgoing datagram."""

    def __init__(self) -> None:
        self.now = 10.0
        self.peers: dict[str, Peer] = {}
        self.lose: Callable[[bytes], bool] = lambda data: False
        self.plane: DataPlane = make_plane(self._transmit)
        self._by_address: dict[Path, Peer] = {}

    def _transmit(self, data: bytes | memoryview, address: Path) -> None:
        peer = self._by_address[address]
        raw = bytes(data)
        peer.raw.append(raw)
        if not self.lose(raw):
            peer.got.append(parse_rtp(peer.inbound.unprotect(raw)))

    def add(self, name: str) -> Peer:
        peer = self.peers[name] = Peer(name, 1000 + len(self.peers))
        self._by_address[peer.address] = peer
        self.plane.add_peer(name, peer.keys, peer.address)
        return peer

    def send(
        self,
        peer: str,
        sequence: int,
        payload: bytes = DELTA,
        *,
        payload_type: int = 96,
        ssrc: int = 2222,
        timestamp: int | None = None,
        extensions: dict[int, bytes] | None = None,
        marker: bool = True,
    ) -> None:
        buffer = memoryview(bytearray(1500))
        block = extension_block(one_byte_element(key, value) for key, value in (extensions or {}).items())
        stamp = sequence * 3000 if timestamp is None else timestamp
        size = write_rtp(buffer, marker, payload_type, sequence & 0xFFFF, stamp & 0xFFFFFFFF, ssrc, block, payload)
        sender = self.peers[peer]
        self.plane.receive(peer, sender.outbound.protect_copy(bytes(buffer[:size])), self.now)


def video(**changes: object) -> ProducerRoute:
    values: dict[str, object] = {
        "id": "video",
        "peer": "alice",
        "kind": "video",
        "mime": "video/vp8",
        "clock_rate": 90000,
        "payload_type": 96,
        "rtx_payload_type": 97,
        "mid": "0",
        "streams": (StreamSpec(2222, None, 2223),),
        "extension_ids": SENDER_IDS,
        "transport_cc": True,
    }
    return ProducerRoute(**(values | changes))  # type: ignore[arg-type]


def audio(**changes: object) -> ProducerRoute:
    values: dict[str, object] = {
        "id": "audio",
        "kind": "audio",
        "mime": "audio/opus",
        "clock_rate": 48000,
        "payload_type": 111,
        "rtx_payload_type": None,
        "mid": "1",
        "streams": (StreamSpec(1111),),
    }
    return video(**(values | changes))


def to(peer: str, route: ProducerRoute, **changes: object) -> ConsumerRoute:
    is_video = route.kind == "video"
    values: dict[str, object] = {
        "id": f"{route.id}-{peer}",
        "peer": peer,
        "producer": route.id,
        "kind": route.kind,
        "clock_rate": route.clock_rate,
        "ssrc": 9000 if is_video else 9002,
        "payload_type": 101 if is_video else 100,
        "mid": "m1",
        "rtx_ssrc": 9001 if is_video else None,
        "rtx_payload_type": 102 if is_video else None,
        "extension_ids": ROUTER_IDS,
    }
    return ConsumerRoute(**(values | changes))  # type: ignore[arg-type]


def link_with(*routes: ProducerRoute, receivers: tuple[str, ...] = ("bob",)) -> Link:
    link = Link()
    link.add("alice")
    for receiver in receivers:
        link.add(receiver)
    for route in routes:
        link.plane.add_producer(route, link.now)
        for receiver in receivers:
            link.plane.route(to(receiver, route), link.now)
    return link
