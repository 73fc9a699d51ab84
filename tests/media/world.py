"""Pages on a virtual network with a clock, around a relay without a socket."""

import datetime
import struct
from dataclasses import dataclass, field

from aioice import stun

from media.control.mint import (
    connected,
    mint_consumer,
    mint_producer,
    mint_transport,
)
from media.control.state import (
    ConsumerSpec,
    ProducerSpec,
    TransportSpec,
)
from media.dtls import DtlsContext, DtlsSession, generate_certificate
from media.ortc import ROUTER_CAPABILITIES
from media.path import Path, UdpPath
from media.relay import Relay
from media.rooms import Rooms
from media.rtcp import (
    RtcpPacket,
    is_rtcp,
    parse_rtcp,
)
from media.rtp import parse_rtp
from media.srtp import InboundSession, OutboundSession
from tests.media.parameters import vp8
from tests.media.planes import make_plane

NOW = datetime.datetime.now(datetime.UTC)
RELAY_CERTIFICATE, PAGE_CERTIFICATE = generate_certificate(NOW), generate_certificate(NOW)
RELAY_CONTEXT, PAGE_CONTEXT = DtlsContext(RELAY_CERTIFICATE), DtlsContext(PAGE_CERTIFICATE)
KEYFRAME = b"\x90\x80\x85\x01\x10key"
DTLS = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": PAGE_CERTIFICATE.fingerprint}]}
OTHER_DTLS = {"fingerprints": [{"algorithm": "sha-256", "value": RELAY_CERTIFICATE.fingerprint}]}


@dataclass
class World:
    """A relay and everything it sent, by address."""

    now: float = 100.0
    sent: dict[Path, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.relay = Relay(RELAY_CONTEXT, self._transmit, make_plane)
        self.rooms = Rooms(self.relay)

    def _transmit(self, data: bytes | memoryview, address: Path) -> None:
        self.sent.setdefault(address, []).append(bytes(data))

    def take(self, address: Path) -> list[bytes]:
        return self.sent.pop(address, [])

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += 0.05
            self.relay.tick(self.now)


class Page:
    """A browser's transport."""

    def __init__(self, world: World, port: int, *, is_client: bool = True) -> None:
        self.world = world
        self.address: Path = UdpPath("192.0.2.9", port)
        self.spec = mint_transport()
        self.dtls = DtlsSession(PAGE_CONTEXT, [("sha-256", RELAY_CERTIFICATE.fingerprint)], is_client=is_client)
        self.inbound: InboundSession | None = None
        self.outbound: OutboundSession | None = None
        world.relay.put_transport(self.spec, world.now)

    def check(self, *, nominate: bool = True, pwd: str | None = None, address: Path | None = None) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self.spec.ufrag}:page"
        if nominate:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((pwd or self.spec.pwd).encode())
        self.world.relay.receive(bytes(message), address or self.address, self.world.now)

    def put(self, spec: TransportSpec) -> None:
        self.spec = spec
        self.world.relay.put_transport(spec, self.world.now)

    def send(self, datagram: bytes, address: Path | None = None) -> None:
        self.world.relay.receive(datagram, address or self.address, self.world.now)

    def exchange(self) -> None:
        """Carry DTLS datagrams to and fro until both are quiet."""
        for _ in range(8):
            for datagram in self.world.take(self.address):
                if 20 <= datagram[0] <= 63:
                    self.dtls.receive(datagram)
            for datagram in self.dtls.take_datagrams():
                self.send(datagram)
        if self.dtls.keys is not None and self.inbound is None:
            keys = self.dtls.keys
            self.inbound = InboundSession(keys.profile, keys.inbound)
            self.outbound = OutboundSession(keys.profile, keys.outbound)

    def connect(self) -> None:
        self.put(connected(self.spec, DTLS))
        self.check()
        self.dtls.start()
        self.exchange()

    def send_rtp(self, sequence: int, payload: bytes = KEYFRAME, ssrc: int = 2222, payload_type: int = 96) -> None:
        assert self.outbound is not None
        header = struct.pack("!BBHII", 0x80, payload_type, sequence, 0, ssrc)
        self.send(self.outbound.protect_copy(header + payload))

    def send_rtcp(self, packet: bytes) -> None:
        assert self.outbound is not None
        self.send(self.outbound.protect_rtcp(packet))

    def got_rtcp(self) -> list[RtcpPacket]:
        assert self.inbound is not None
        protected = [data for data in self.world.take(self.address) if data[0] >= 128 and is_rtcp(data)]
        return [packet for data in protected for packet in parse_rtcp(self.inbound.unprotect_rtcp(data))]

    def got_rtp(self) -> list[bytes]:
        assert self.inbound is not None
        protected = [data for data in self.world.take(self.address) if data[0] >= 128 and not is_rtcp(data)]
        return [bytes(parse_rtp(self.inbound.unprotect(data)).payload) for data in protected]

    @property
    def state(self) -> str:
        return self.world.relay.state_of(self.spec.id)


def meeting() -> tuple[World, Page, Page, ProducerSpec, ConsumerSpec]:
    """Alice sends video, Bob receives it."""
    world = World()
    alice, bob = Page(world, 1), Page(world, 2)
    alice.connect()
    bob.connect()
    producer = mint_producer(alice.spec.id, "video", vp8())
    consumer = mint_consumer(bob.spec.id, producer, ROUTER_CAPABILITIES, cname="alice")
    world.relay.put_producer(producer, world.now)
    world.relay.put_consumer(consumer, producer, world.now)
    return world, alice, bob, producer, consumer
