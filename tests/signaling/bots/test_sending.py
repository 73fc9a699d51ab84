"""What bots send: film and voice, and their way through a relay without a socket."""

import random
from functools import cache
from typing import Any

from media.client import LOST_AFTER_S
from media.control.mint import connected, mint_consumer, mint_producer, mint_transport
from media.control.state import TransportSpec
from media.ortc import ROUTER_CAPABILITIES
from media.path import Address, UdpPath
from media.rtp import parse_rtp
from media.vp8 import parse_vp8
from signaling.bots.cast import MOST, cast
from signaling.bots.picture import FRAMES_PER_SECOND, Film, Projector, film
from signaling.bots.portrait import HEIGHT, WIDTH, Portrait, poses
from signaling.bots.stage import Stage
from signaling.bots.uplink import Uplink
from signaling.bots.voice import Speech, Spoken, level_dbov, speech
from tests.media.world import PAGE_CONTEXT, RELAY_CERTIFICATE, Page, World

RELAY: Address = ("192.0.2.1", 7443)
BOT = UdpPath("192.0.2.9", 5000)


@cache
def voice() -> Speech:
    return speech(1, 120.0)


@cache
def short_film() -> Film:
    """Frames that say what they are, without drawing."""
    return Film(
        tuple(bytes((number % 24 != 0,)) + b"l" * 1500 for number in range(48)),
        tuple(bytes((number % 24 != 0,)) + b"s" * 10 for number in range(48)),
    )


class Bot:
    """An uplink in a virtual world, and somebody who receives what it sends."""

    def __init__(self) -> None:
        self.world = World()
        self.spec = mint_transport()
        self.world.relay.put_transport(self.spec, self.world.now)
        self.cut = False
        self.uplink = Uplink(self._parameters(), PAGE_CONTEXT, self._transmit, self.world.now)
        self.put(connected(self.spec, self.uplink.dtls_parameters))
        self.stage = Stage(short_film(), voice())
        self.viewer = Page(self.world, 7)

    def put(self, spec: TransportSpec) -> None:
        self.spec = spec
        self.world.relay.put_transport(spec, self.world.now)

    def pass_time(self, seconds: float) -> None:
        end = self.world.now + seconds
        while self.world.now < end:
            self.world.now += 0.02
            self.world.relay.tick(self.world.now)
            self.uplink.tick(self.world.now, 1e9 + self.world.now)
            if self.uplink.connected:
                self.stage.play(self.uplink, self.world.now)
            for datagram in self.world.take(BOT):
                if not self.cut:
                    self.uplink.receive(datagram, RELAY, self.world.now)

    def watch(self) -> None:
        """The viewer gets both sources."""
        self.viewer.connect()
        for source in (self.uplink.microphone, self.uplink.camera):
            producer = mint_producer(self.spec.id, source.kind, source.parameters("bot"))
            consumer = mint_consumer(self.viewer.spec.id, producer, ROUTER_CAPABILITIES, cname="bot")
            self.world.relay.put_producer(producer, self.world.now)
            self.world.relay.put_consumer(consumer, producer, self.world.now)

    def _transmit(self, data: bytes, address: Address) -> None:
        assert address == RELAY
        if not self.cut:
            self.world.relay.receive(data, BOT, self.world.now)

    def _parameters(self) -> dict[str, Any]:
        return {
            "id": self.spec.id,
            "iceParameters": {"usernameFragment": self.spec.ufrag, "password": self.spec.pwd},
            "iceCandidates": [
                {"ip": "2001:db8::1", "port": 7443, "protocol": "udp"},
                {"ip": RELAY[0], "port": RELAY[1], "protocol": "udp"},
                {"ip": RELAY[0], "port": RELAY[1], "protocol": "tcp"},
            ],
            "dtlsParameters": {
                "fingerprints": [{"algorithm": "sha-256", "value": RELAY_CERTIFICATE.fingerprint}],
            },
        }


def test_a_bot_connects_and_its_picture_and_voice_arrive() -> None:
    bot = Bot()
    bot.pass_time(0.5)
    assert bot.uplink.connected
    bot.watch()
    bot.stage.speaking = True
    bot.pass_time(3)
    payloads = bot.viewer.got_rtp()
    voiced = {one.data for one in voice() if one is not None}
    assert sum(payload in voiced for payload in payloads) > 60
    assert sum(payload.endswith(b"ssssssssss") for payload in payloads) > 20
    levels = bot.world.relay.plane.take_levels()
    assert max(levels.values()) > -50


def test_long_frames_are_cut_into_packets_that_belong_together() -> None:
    bot = Bot()
    bot.pass_time(0.5)
    sent: list[bytes] = []
    bot.uplink._transport._transmit = lambda data, _: sent.append(data)
    frame = bytes(2500)
    bot.uplink.send_frame(frame, 1.0)
    session = bot.world.relay.transports[bot.spec.id].keys
    assert session is not None
    assert len(sent) == 3
    headers = [parse_rtp(data[:20]) for data in sent]
    assert len({one.timestamp for one in headers}) == 1
    assert [one.marker for one in headers] == [False, False, True]
    assert [one.sequence - headers[0].sequence for one in headers] == [0, 1, 2]


def test_a_keyframe_is_sent_when_a_viewer_comes() -> None:
    bot = Bot()
    bot.pass_time(1.1)
    bot.watch()
    bot.pass_time(0.7)
    first = bot.viewer.got_rtp()[0]
    assert parse_vp8(first).keyframe


def test_a_bot_whose_relay_is_silent_for_long_is_lost_and_one_that_was_cut_for_ten_seconds_is_not() -> None:
    bot = Bot()
    bot.pass_time(0.5)
    bot.cut = True
    bot.pass_time(10)
    bot.cut = False
    bot.pass_time(3)
    assert not bot.uplink.lost(bot.world.now)
    assert bot.world.relay.state_of(bot.spec.id) == "connected"
    bot.cut = True
    bot.pass_time(LOST_AFTER_S + 1)
    assert bot.uplink.lost(bot.world.now)


def test_a_bot_hears_that_its_transport_was_closed() -> None:
    bot = Bot()
    bot.pass_time(0.5)
    bot.world.relay.remove_transport(bot.spec.id)
    bot.pass_time(0.1)
    assert bot.uplink.lost(bot.world.now)


def test_nothing_is_sent_while_a_bot_is_silent() -> None:
    bot = Bot()
    bot.pass_time(0.5)
    bot.pass_time(2)
    assert bot.uplink.microphone.packets == 0
    assert bot.uplink.camera.packets > 20


def test_after_a_long_pause_the_past_is_not_made_up_for() -> None:
    bot = Bot()
    bot.pass_time(0.5)
    bot.stage.speaking = True
    before = bot.uplink.camera.packets
    bot.world.now += 60
    bot.stage.play(bot.uplink, bot.world.now)
    assert bot.uplink.camera.packets - before <= 2
    assert bot.uplink.microphone.packets <= 1


def test_a_film_goes_on_from_a_keyframe_on_demand_and_when_the_person_begins_to_speak() -> None:
    projector = Projector(short_film())
    frames = [projector.next_frame(speaking=False) for _ in range(30)]
    assert [frame[0] for frame in frames].count(0) == 2
    projector.request_keyframe()
    assert projector.next_frame(speaking=False)[0] == 0
    assert projector.next_frame(speaking=True) == short_film().speaking[0]


def test_a_portrait_moves_and_two_people_look_different() -> None:
    one, other = (part.portrait for part in cast(2))
    still, nodding = poses(random.Random(1), 48, speaking=True)[:2]
    assert one.draw(still).size == (WIDTH, HEIGHT)
    assert one.draw(still).tobytes() == one.draw(still).tobytes()
    assert one.draw(still).tobytes() != one.draw(nodding).tobytes()
    assert one.draw(still).tobytes() != other.draw(still).tobytes()


def test_a_film_is_small_and_has_a_keyframe_every_two_seconds() -> None:
    made = film(Portrait("Minh Tùng", "Điểm cầu Miền Bắc", 0.5, 1, False))
    for loop in (made.listening, made.speaking):
        assert [number for number, frame in enumerate(loop) if not frame[0] & 1] == list(range(0, len(loop), 24))
        assert sum(map(len, loop)) * 8 * FRAMES_PER_SECOND / len(loop) < 250_000


def test_a_voice_has_pauses_and_is_heard_but_not_loud() -> None:
    sounds = [one for one in voice() if isinstance(one, Spoken)]
    assert 0.4 < len(sounds) / len(voice()) < 0.9
    loud = sorted(one.level for one in sounds)[-len(sounds) // 2 :]
    assert all(-50 < level < -20 for level in loud)
    assert max(len(one.data) for one in sounds) < 200


def test_levels_are_in_dbov() -> None:
    assert level_dbov([1.0, -1.0]) == 0
    assert level_dbov([0.1, -0.1]) == -20
    assert level_dbov([0.0]) == -127


def test_everybody_in_the_cast_is_somebody_else() -> None:
    everybody = cast(MOST)
    assert len(everybody) == 12
    assert len({part.username for part in everybody}) == len({part.portrait.hue % 1 for part in everybody}) == 12
