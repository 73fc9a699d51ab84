"""Two relays on a virtual network, with a camera on one and pages that look at it on both."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from media.control.change import change
from media.control.messages import Applied, Failed, delta
from media.control.mint import (
    PipeEnds,
    mint_consumer,
    mint_link,
    mint_pipe_consumers,
    mint_piped_producer,
    mint_producer,
    ssrcs,
)
from media.control.state import Candidate, ConsumerSpec, ProducerSpec, RoomState, View
from media.ortc import PIPE_CAPABILITIES
from media.path import Path, UdpPath
from media.rtcp import KeyFrameRequest, Nack, is_rtcp, parse_rtcp
from media.rtp import RtpPacket, extension_block, one_byte_element, parse_rtp, write_rtp
from tests.media.parameters import opus, vp8
from tests.media.simulcast import FRAME, Encoding
from tests.media.world import Page, World

ROOM = "hall"
PORT = 7443


class Network:
    """Carries datagrams between relays; ``lose`` decides about each."""

    def __init__(self) -> None:
        self.now = 100.0
        self.lose: Callable[[bytes], bool] = lambda data: False
        self.sites: dict[str, Site] = {}
        self.carried: list[bytes] = []
        self._under_way: list[tuple[Site, bytes, UdpPath]] = []
        self.every_frame: list[Callable[[], None]] = []

    def carry(self, data: bytes, sender: str, path: UdpPath) -> bool:
        """Take a datagram that is for a relay."""
        site = self.sites.get(path.host)
        if site is None or path.port != PORT:
            return False
        self.carried.append(data)
        if not self.lose(data):
            self._under_way.append((site, data, UdpPath(sender, PORT, path.host)))
        return True

    def deliver(self) -> None:
        while self._under_way:
            under_way, self._under_way = self._under_way, []
            for site, data, path in under_way:
                if site.is_up:
                    site.relay.receive(data, path, self.now)

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += FRAME
            for site in self.sites.values():
                site.now = self.now
            for step in self.every_frame:
                step()
            for site in self.sites.values():
                if site.is_up:
                    site.relay.tick(self.now)
            self.deliver()


@dataclass
class Site(World):
    """A relay with an address of its own, and its part of the room."""

    network: Network = field(default_factory=Network)
    host: str = "198.51.100.1"
    is_up: bool = True
    state: RoomState = field(default_factory=RoomState)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.now = self.network.now
        self.network.sites[self.host] = self

    def _transmit(self, data: bytes | memoryview, address: Path) -> None:
        assert isinstance(address, UdpPath)
        own = address.local if self.network.sites.get(address.local) is self else self.host
        if not self.network.carry(bytes(data), own, address):
            super()._transmit(data, address)

    @property
    def candidate(self) -> Candidate:
        return Candidate(ip=self.host, port=PORT)

    def change(self, **wanted: Any) -> list[str]:
        """Let the relay do something for the room; the reasons of what failed."""
        step, self.state = change(self.state, **wanted)
        answers = self.rooms.delta(delta(ROOM, step), self.now)
        assert isinstance(answers[-1], Applied)
        return [answer.reason for answer in answers if isinstance(answer, Failed)]

    def page(self, port: int) -> "Onlooker":
        page = Onlooker(self, port)
        page.connect()
        self.change(put=[page.spec])
        self.network.every_frame.append(page.stay)
        return page


class Onlooker(Page):
    """A page that keeps what it receives."""

    def __init__(self, site: Site, port: int) -> None:
        super().__init__(site, port)
        self.site = site
        self.got: list[RtpPacket] = []
        self.next_check = 0.0
        self.consumers: dict[str, ConsumerSpec] = {}

    def stay(self) -> None:
        if self.world.now >= self.next_check and self.site.is_up:
            self.next_check = self.world.now + 5
            self.check()

    def consume(self, producer: ProducerSpec) -> ConsumerSpec:
        """Receive a source without telling how much of it arrives: whatever there is comes."""
        spec = mint_consumer(
            self.spec.id, producer, PIPE_CAPABILITIES, cname="x", taken=ssrcs(self.site.state.consumers.values())
        )
        self.consumers[producer.id] = spec
        assert self.site.change(put=[spec]) == []
        return spec

    def view(self, producer: ProducerSpec, height: int) -> None:
        """Look at a picture in a tile of this height."""
        view = View(width=2 * height, height=height)
        spec = self.consumers[producer.id] = self.consumers[producer.id].model_copy(update={"view": view})
        assert self.site.change(put=[spec]) == []

    def take_in(self) -> list[Any]:
        """Take in what came; the RTCP of it."""
        assert self.inbound is not None
        reports = []
        for data in self.world.take(self.address):
            if data[0] >= 128 and is_rtcp(data):
                reports += parse_rtcp(self.inbound.unprotect_rtcp(data))
            elif data[0] >= 128:
                self.got.append(parse_rtp(self.inbound.unprotect(data)))
        return reports

    def of(self, producer: ProducerSpec) -> list[RtpPacket]:
        ssrc = self.consumers[producer.id].ssrc
        return [packet for packet in self.got if packet.ssrc == ssrc]


class Camera:
    """A page that sends three encodings and a voice, and does what it is asked for."""

    def __init__(self, site: Site, port: int) -> None:
        self.page = site.page(port)
        encodings = [{"ssrc": 51 + index, "rtx": {"ssrc": 61 + index}} for index in range(3)]
        self.picture = mint_producer(self.page.spec.id, "video", vp8(encodings=encodings))
        self.voice = mint_producer(self.page.spec.id, "audio", opus())
        self.encodings = [Encoding(index, 100 * index, 5000 * index, 7 * index, index) for index in range(3)]
        self.keyframe = True
        self.keyframes_asked: list[int] = []
        self._sound = 0
        assert site.change(put=[self.picture, self.voice]) == []

    def frame(self) -> None:
        """One frame of each encoding and the sound that belongs to it, after what was asked for."""
        self._serve()
        keyframe, self.keyframe = self.keyframe, False
        for encoding in self.encodings:
            if encoding.silent:
                encoding.timestamp += 3000
                continue
            for sequence, timestamp, marker, payload in encoding.frame(keyframe=keyframe):
                encoding.sent[sequence] = payload, timestamp
                self._send(96, 51 + encoding.index, sequence, timestamp, payload, marker=marker)
        self._sound += 1
        self._send(111, 1111, self._sound, 1600 * self._sound, bytes(40), level=30)

    def _serve(self) -> None:
        for report in self.page.take_in():
            if isinstance(report, KeyFrameRequest):
                self.keyframe = True
                self.keyframes_asked += report.media_ssrcs
            if isinstance(report, Nack):
                for sequence in report.sequences:
                    encoding = self.encodings[report.media_ssrc - 51]
                    payload, timestamp = encoding.sent[sequence]
                    encoding.rtx += 1
                    repeated = sequence.to_bytes(2, "big") + payload
                    self._send(97, 61 + encoding.index, encoding.rtx, timestamp, repeated, marker=False)

    def _send(
        self,
        kind: int,
        ssrc: int,
        sequence: int,
        timestamp: int,
        payload: bytes,
        *,
        marker: bool = True,
        level: int = 0,
    ) -> None:
        assert self.page.outbound is not None
        into = memoryview(bytearray(1500))
        block = extension_block([one_byte_element(1, bytes((level,)))]) if level else b""
        size = write_rtp(into, marker, kind, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc, block, payload)
        self.page.send(self.page.outbound.protect_copy(bytes(into[:size])))


@dataclass
class Meeting:
    """A camera at home, and an onlooker at each relay."""

    network: Network
    home: Site
    away: Site
    camera: Camera
    near: Onlooker
    far: Onlooker
    ends: PipeEnds
    #: What goes through the pipe, by producer.
    piped: dict[str, list[ConsumerSpec]] = field(default_factory=dict)

    def pipe(self, producer: ProducerSpec) -> ProducerSpec:
        """Send a source to the other relay."""
        consumers = mint_pipe_consumers(
            self.ends.active.id, producer, cname="alice", taken=ssrcs(self.home.state.consumers.values())
        )
        self.piped[producer.id] = consumers
        there = mint_piped_producer(self.ends.active.id, producer, consumers)
        assert self.away.change(put=[there]) == []
        assert self.home.change(put=consumers) == []
        return there

    def keep(self, *encodings: int) -> None:
        """Send these encodings of the picture through the pipe, and pause the others."""
        specs = self.piped[self.camera.picture.id]
        changed = [spec.model_copy(update={"paused": spec.encoding not in encodings}) for spec in specs]
        assert self.home.change(put=changed) == []
        self.piped[self.camera.picture.id] = changed

    def run(self, seconds: float) -> None:
        self.network.run(seconds)
        self.near.take_in()
        self.far.take_in()


def two_relays() -> tuple[Network, Site, Site]:
    network = Network()
    return network, Site(network=network, host="198.51.100.1"), Site(network=network, host="198.51.100.2")


def lay(home: Site, away: Site, ends: PipeEnds | None = None) -> PipeEnds:
    """A pipe between two relays, whose home checks."""
    ends = ends or mint_link([away.candidate])
    assert home.change(put=[ends.active]) == []
    assert away.change(put=[ends.passive]) == []
    return ends


def piped_meeting(relays: tuple[Network, Site, Site] | None = None) -> Meeting:
    """Everything is piped, and everybody receives everything."""
    network, home, away = relays or two_relays()
    camera, near, far = Camera(home, 1), home.page(2), away.page(3)
    network.every_frame.append(camera.frame)
    meeting = Meeting(network, home, away, camera, near, far, lay(home, away))
    network.run(0.3)
    for producer in (camera.picture, camera.voice):
        there = meeting.pipe(producer)
        near.consume(producer)
        far.consume(there)
    return meeting
