"""What a bad network does to a transport that stands, and that nothing has to be agreed anew afterwards."""

from media.path import UdpPath
from media.rtcp import KeyFrameRequest
from tests.media.world import KEYFRAME, Page, World, meeting

ELSEWHERE = UdpPath("198.51.100.7", 4711)
DELTA_FRAME = b"\x90\x80\x86\x11\x10more"  # the inverse key frame bit is set (RFC 6386 §9.1)
CHECK_EVERY_S = 2.5


def live(world: World, seconds: float, *pages: Page) -> None:
    """Time passes, in which these pages check as browsers do."""
    end = world.now + seconds
    while world.now < end:
        for page in pages:
            page.check()
        world.pass_time(min(CHECK_EVERY_S, end - world.now))


def test_a_cut_of_ten_seconds_is_survived_without_a_word_to_the_hub() -> None:
    world, alice, bob, _, _ = meeting()
    alice.send_rtp(1)
    assert len(bob.got_rtp()) == 1
    world.relay.take_changes()
    live(world, 10.5)  # nobody is heard
    assert (alice.state, bob.state) == ("disconnected", "disconnected")
    keys = (alice.dtls.keys, bob.dtls.keys)
    world.take(alice.address), world.take(bob.address)
    alice.check()
    bob.check()
    assert (alice.state, bob.state) == ("connected", "connected")
    alice.send_rtp(151, KEYFRAME)  # ten seconds of frames are missing
    alice.send_rtp(152, DELTA_FRAME)
    assert [payload[-3:] for payload in bob.got_rtp()] == [b"key", b"ore"]
    assert (alice.dtls.keys, bob.dtls.keys) == keys
    assert [state for _, state in world.relay.take_changes()] == ["disconnected"] * 2 + ["connected"] * 2


def test_after_a_cut_the_relay_asks_for_a_keyframe_if_none_came() -> None:
    world, alice, bob, _, _ = meeting()
    alice.send_rtp(1)
    live(world, 10.5)
    world.take(alice.address)
    alice.check()
    bob.check()
    alice.send_rtp(900, DELTA_FRAME)  # more than can be asked for again
    world.pass_time(1.5)
    assert any(isinstance(packet, KeyFrameRequest) for packet in alice.got_rtcp())


def test_a_receiver_that_changes_its_address_gets_media_there_after_one_check() -> None:
    world, alice, bob, _, _ = meeting()
    alice.send_rtp(1)
    former = bob.address
    bob.check(address=ELSEWHERE)
    world.take(former)
    alice.send_rtp(2)
    assert not [data for data in world.take(former) if data[0] >= 128]
    bob.address = ELSEWHERE
    assert len(bob.got_rtp()) == 1
    assert bob.state == "connected"


def test_a_sender_that_changes_its_address_is_heard_from_there_after_one_check() -> None:
    world, alice, bob, _, _ = meeting()
    alice.address = ELSEWHERE
    alice.send_rtp(1)
    assert not bob.got_rtp()
    assert world.relay.dropped["unvalidated_address"] == 1
    alice.check()
    alice.send_rtp(2)
    assert len(bob.got_rtp()) == 1


def test_a_check_that_does_not_nominate_moves_nothing() -> None:
    """A browser tries several ways; media follows the one it chose."""
    world, alice, bob, _, _ = meeting()
    bob.check(address=ELSEWHERE, nominate=False)
    world.take(ELSEWHERE)
    alice.send_rtp(1)
    assert len(bob.got_rtp()) == 1
    assert not world.take(ELSEWHERE)


def test_a_path_that_ended_gets_nothing_until_a_check_names_another() -> None:
    world, alice, bob, _, _ = meeting()
    world.relay.lose(bob.address, world.now)
    world.relay.lose(bob.address, world.now)
    assert not world.relay.belongs(bob.address)
    world.take(bob.address)
    alice.send_rtp(1)
    assert not bob.got_rtp()
    assert bob.state == "connected"
    bob.check(address=ELSEWHERE, nominate=False)
    bob.address = ELSEWHERE
    world.take(ELSEWHERE)
    alice.send_rtp(2)
    assert len(bob.got_rtp()) == 1
