"""What a receiver is sent, from its views to the packets, over a link that changes."""

from dataclasses import dataclass, field

from media.control.mint import mint_transport
from media.control.state import ConsumerSpec, ProducerSpec, View
from media.forwarded import Consumers, Incoming, Outgoing, Producers
from media.parameters import TRANSPORT_CC
from media.quality import Quality
from media.rtcp import TransportFeedback, parse_rtcp
from media.rtp import parse_rtp
from media.transport import Transport
from media.twcc import ArrivalLog
from tests.media.link import ROUTER_IDS, Link, audio, link_with, to
from tests.media.simulcast import Sender, frames, in_order, simulcast
from tests.media.world import RELAY_CONTEXT

FILLINGS = (450, 900, 1200)  # 120, 470 and 930 kbit/s
DELAY = 0.02


@dataclass
class Receiver:
    """Bob behind a bottleneck, looking at Alice's camera; the sender obeys what it is told of its encodings."""

    capacity: float = 50e6
    numbered: bool = True
    link: Link = field(default_factory=link_with)
    lost_sound: int = 0
    told: list[int] = field(default_factory=list)
    arrivals: ArrivalLog = field(default_factory=ArrivalLog)
    arriving: list[tuple[float, int]] = field(default_factory=list)
    free_at: float = 0.0
    next_feedback: float = 0.0
    hangs: bool = False
    sound: int = 0

    def __post_init__(self) -> None:
        self.producers, self.consumers = Producers(), Consumers()
        self.quality = Quality(self.producers, self.consumers, self.link.plane)
        spec = mint_transport().model_copy(update={"id": "bob"})
        self.transport = Transport(spec, RELAY_CONTEXT, lambda data, path: None, lambda now: True)
        self.link.lose = self.carry
        ids = ROUTER_IDS | ({TRANSPORT_CC: 5} if self.numbered else {})
        for route in (simulcast(), audio()):
            sent = ProducerSpec(id=route.id, transport_id="alice", kind=route.kind, rtp_parameters={})
            self.producers.put(route.id, Incoming(sent, route))
            consumer = to("bob", route, extension_ids=ids)
            received = ConsumerSpec(
                id=consumer.id,
                transport_id="bob",
                producer_id=route.id,
                ssrc=consumer.ssrc,
                mid="m1",
                rtp_parameters={},
            )
            self.consumers.put(consumer.id, Outgoing(received, consumer, "alice"))
            self.link.plane.add_producer(route, self.link.now)
            self.link.plane.route(consumer, self.link.now)
            self.quality.source_changed(route.id)
            self.quality.changed(consumer)
        self.sender = Sender(self.link, 9)
        for encoding, filling in zip(self.sender.encodings, FILLINGS, strict=True):
            encoding.filling = filling

    def look(self, view: View | None) -> None:
        before = self.consumers["video-bob"]
        self.consumers.put("video-bob", before._replace(spec=before.spec.model_copy(update={"view": view})))
        self.quality.changed(before.route)

    def carry(self, data: bytes) -> bool:
        """Whether the bottleneck loses a datagram."""
        now = self.link.now
        packet = parse_rtp(bytes((data[0] & ~0x20,)) + data[1:])  # the length of the padding is encrypted
        if self.free_at - now > 0.3:
            self.lost_sound += packet.ssrc == 9002
            return True
        self.free_at = max(now, self.free_at) + len(data) * 8 / self.capacity
        if self.numbered:
            self.arriving.append((self.free_at + DELAY, int.from_bytes(packet.extensions[5])))
        return False

    def run(self, seconds: float) -> None:
        end = self.link.now + seconds
        while self.link.now < end:
            self.sender.frame()
            for _ in range(2):
                self.sound += 1
                self.link.send("alice", self.sound, bytes(40), payload_type=111, ssrc=1111)
            now = self.link.now
            self.feed_back(now)
            self.quality.begin(now)
            self.quality.serve(self.transport, now)
            for highest in self.quality.wanted.take_changes().values():
                self.told.append(highest)
                for encoding in self.sender.encodings:
                    encoding.silent = encoding.index > highest

    def feed_back(self, now: float) -> None:
        for at, number in [entry for entry in self.arriving if entry[0] <= now]:
            self.arrivals.record(number, at)
        self.arriving = [entry for entry in self.arriving if entry[0] > now]
        if now >= self.next_feedback and not self.hangs:
            self.next_feedback = now + 0.1
            for data in self.arrivals.take(1):
                [packet] = parse_rtcp(data)
                assert isinstance(packet, TransportFeedback)
                outcome = self.link.plane.acknowledge("bob", packet.body, *self.transport.estimator.probed)
                assert outcome is not None
                self.transport.estimator.acknowledged(outcome, 2 * DELAY, now)

    @property
    def forwarded(self) -> tuple[int, int]:
        """The last temporal layer is 2, whatever is aimed at beyond."""
        spatial, temporal = self.link.plane.forwarding("video-bob")
        return spatial, min(temporal, 2)


def test_a_good_link_gets_the_best_picture() -> None:
    bob = Receiver()
    bob.run(5)
    assert bob.forwarded == (2, 2)
    assert bob.told == []


def test_a_collapse_costs_layers_but_no_sound_and_they_come_back() -> None:
    bob = Receiver(2e6)
    bob.run(5)
    assert bob.forwarded == (2, 2)
    bob.capacity = 300_000
    bob.run(3)
    assert bob.forwarded[0] == 0
    bob.lost_sound = 0
    bob.run(3)
    assert bob.forwarded[0] == 0
    assert bob.lost_sound == 0
    bob.capacity = 2e6
    bob.run(15)
    assert bob.forwarded == (2, 2)
    assert bob.lost_sound == 0


def test_a_page_that_hung_for_some_seconds_and_lost_nothing_has_its_picture_back_at_once() -> None:
    bob = Receiver(4e6)
    bob.run(5)
    assert bob.forwarded == (2, 2)
    bob.hangs = True
    bob.run(5)
    assert bob.forwarded[0] < 2
    bob.hangs = False
    bob.run(1)
    assert bob.forwarded == (2, 2)


def test_where_no_picture_fits_the_sound_goes_on_alone() -> None:
    bob = Receiver(1e6)
    bob.run(3)
    bob.capacity = 60_000
    bob.run(3)
    bob.lost_sound = 0
    silent = 0
    for _ in range(20):
        bob.run(1)
        silent += bob.forwarded == (-1, -1)
    assert silent >= 15  # it is tried again, ever more rarely
    assert bob.lost_sound <= 30  # of 1,570: it is tried again
    bob.capacity = 2e6
    bob.run(20)
    assert bob.forwarded[0] > 0


def test_a_picture_that_takes_more_than_the_first_estimate_is_found_room_for() -> None:
    bob = Receiver()
    for encoding, filling in zip(bob.sender.encodings, (4 * 700, 1200, 1300), strict=True):
        encoding.filling = min(1300, filling)
    bob.sender.encodings[0].silent = bob.sender.encodings[1].silent = True
    bob.run(6)
    assert bob.forwarded == (2, 2)


def test_a_small_tile_gets_a_small_picture_and_the_sender_pauses_the_others() -> None:
    bob = Receiver()
    bob.look(View(width=320, height=180))
    bob.run(4)
    assert bob.forwarded == (0, 2)
    bob.run(3)
    assert bob.told == [0]
    assert bob.sender.encodings[2].silent
    bob.look(View(width=1280, height=720))
    bob.run(6)
    assert bob.forwarded == (2, 2)
    assert (bob.told[0], bob.told[-1]) == (0, 2)


def test_what_is_not_drawn_is_not_sent_and_after_a_while_not_wanted() -> None:
    bob = Receiver()
    bob.run(2)
    bob.look(View(width=0, height=0))
    bob.run(7)
    assert bob.forwarded == (-1, -1)
    assert bob.told == [-1]
    bob.look(View(width=640, height=360))
    bob.run(2)
    assert bob.forwarded == (1, 2)
    assert bob.quality.wanted.all() == {"video": 1}


def test_an_encoding_that_the_sender_does_not_have_is_wanted_but_not_waited_for() -> None:
    bob = Receiver()
    bob.sender.encodings[2].silent = True
    bob.run(15)
    assert bob.forwarded == (1, 2)
    assert bob.told == []
    seen = frames(in_order(bob.link.peers["bob"].got))
    assert {frame.encoding for frame in seen[-60:]} == {1}


def test_without_feedback_everything_is_sent() -> None:
    bob = Receiver(numbered=False)
    bob.run(2)
    assert bob.transport.available_bps is None
    assert bob.forwarded == (2, 2)


def test_a_paused_consumer_wants_nothing() -> None:
    bob = Receiver()
    before = bob.consumers["video-bob"]
    paused = to("bob", simulcast(), paused=True)
    bob.consumers.put("video-bob", Outgoing(before.spec.model_copy(update={"paused": True}), paused, "alice"))
    bob.link.plane.pause("video-bob", True, bob.link.now)
    bob.quality.changed(paused)
    bob.run(7)
    assert bob.told == [-1]


def test_who_is_gone_is_forgotten() -> None:
    bob = Receiver()
    bob.run(1)
    for consumer_id in list(bob.consumers):
        gone = bob.consumers.pop(consumer_id)
        assert gone is not None
        bob.quality.rerouted(gone.route)
        bob.producers.pop(gone.route.producer)
        bob.quality.source_changed(gone.route.producer)
    bob.quality.forget("bob")
    bob.run(1)
    assert bob.quality.wanted.all() == {}
