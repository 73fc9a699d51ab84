"""Sound is given up for nothing, and so it must have a limit: what one page sends of it comes from everybody's line."""

import secrets

import pytest

from media.dataplane.interface import SOUND_OCTETS, SOUND_OVERHEAD
from tests.media.link import Link, audio, link_with, video
from tests.media.test_twins import CONSUMERS, NAMES, VOICE, Chance, Twins
from tests.media.twcc_reader import read_feedback

pytestmark = pytest.mark.usefixtures("plane")
SIZE = 1000


def flood(link: Link, packets: int, first: int = 0, size: int = SIZE) -> None:
    for sequence in range(first, first + packets):
        number = {3: sequence.to_bytes(2, "big")}
        link.send("alice", sequence, bytes(size), payload_type=111, ssrc=1111, extensions=number)


def heard(link: Link) -> int:
    return sum(len(packet.payload) for packet in link.peers["bob"].got if packet.payload_type == 100)


def test_of_a_flood_of_sound_so_much_goes_on_as_a_voice_may_take() -> None:
    link = link_with(audio())
    for second in range(10):
        flood(link, 1000, 1000 * second)
        link.now += 1.0
    assert 0.9 * SOUND_OCTETS * 10 < heard(link) < SOUND_OCTETS * 11
    assert link.plane.stats()["alice"].rejected > 9000


def test_what_does_not_go_on_is_told_lost() -> None:
    link = link_with(audio())
    flood(link, 200)
    passed = len(link.peers["bob"].got)
    assert passed < 70
    link.now += 1.0
    flood(link, 1, 200)
    (block,) = link.plane.receptions("alice", link.now)
    assert block.total_lost == 200 - passed
    (feedback,) = link.plane.take_arrivals("alice")
    came = [number for number, at in read_feedback(feedback).items() if at is not None]
    assert len(came) == passed + 1, "what is dropped is not acknowledged"


def test_small_packets_are_not_free() -> None:
    link = link_with(audio())
    flood(link, 3000, size=1)
    assert len(link.peers["bob"].got) < SOUND_OCTETS / SOUND_OVERHEAD / 1.5


def test_a_voice_that_is_repeated_three_times_over_stays_below_it() -> None:
    """As a stereo voice of 64 kbit/s with two repetitions in each packet."""
    link = link_with(audio())
    for sequence in range(500):
        flood(link, 1, sequence, size=500)
        link.now += 0.02
    assert len(link.peers["bob"].got) == 500


def test_pictures_have_no_such_limit() -> None:
    link = link_with(video())
    link.send("alice", 0, b"\x90\x80\x85\x01\x10" + bytes(SIZE))
    for sequence in range(1, 200):
        link.send("alice", sequence, b"\x90\x80\x85\x01\x11" + bytes(SIZE))
    assert len(link.peers["bob"].got) == 200


def test_both_planes_stop_at_the_same_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda limit: limit // 2)
    twins = Twins()
    twins.both("add_producer", VOICE, twins.now)
    for consumer in CONSUMERS.values():
        if consumer.producer == VOICE.id:
            twins.both("route", consumer, twins.now)
    chance = Chance(twins, 5)
    for number in range(400):
        twins.now += chance.random.choice((0.0, 0.0, 0.0001, 0.004))
        sequence = 3 * number + chance.random.choice((0, 0, -1))
        payload = chance.redundant(bytes(700)) if number % 3 else bytes(900)
        chance.deliver(chance.write(81, sequence & 0xFFFF, 63 if number % 3 else 111, payload))
    twins.both("stats")
    assert twins.planes[0].stats()["alice"].rejected > 100
    for name in NAMES:
        twins.both("sent", name)
