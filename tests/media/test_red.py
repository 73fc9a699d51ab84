"""Redundant sound: what is lost on the way to the relay comes with the next packet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.parameters import AUDIO_LEVEL
from media.red import MAX_BLOCKS, read_red
from tests.media.link import SENDER_IDS, Link, audio, link_with

OPUS, RED = 111, 63
TICK = 960


def redundant(primary: bytes, *earlier: tuple[int, bytes], payload_type: int = OPUS, own: int = OPUS) -> bytes:
    """Earlier payloads with their distance in time, the oldest first."""
    headers = [
        (1 << 31 | payload_type << 24 | offset << 10 | len(payload)).to_bytes(4, "big") for offset, payload in earlier
    ]
    return b"".join([*headers, bytes([own]), *(payload for _, payload in earlier), primary])


def test_a_packet_is_its_own_payload_and_earlier_ones() -> None:
    red = read_red(memoryview(redundant(b"c", (2 * TICK, b"aa"), (TICK, b"b"))), OPUS)
    assert red is not None
    assert bytes(red.primary) == b"c"
    found = [(one.back, one.timestamp_offset, bytes(one.payload)) for one in red.repeated]
    assert found == [(2, 2 * TICK, b"aa"), (1, TICK, b"b")]


def test_a_block_that_is_empty_or_of_another_codec_repeats_nothing() -> None:
    red = read_red(memoryview(redundant(b"c", (TICK, b""))), OPUS)
    assert red is not None
    assert red.repeated == ()
    red = read_red(memoryview(redundant(b"c", (TICK, b"b"), payload_type=9)), OPUS)
    assert red is not None
    assert (bytes(red.primary), red.repeated) == (b"c", ())


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x80",
        redundant(b"", (TICK, b"b")),
        redundant(b"c", own=9),
        redundant(b"c", (TICK, b"b" * 50))[:40],
        redundant(b"c", *[(TICK, b"b")] * (MAX_BLOCKS + 1)),
    ],
)
def test_a_malformed_packet_is_nothing(payload: bytes) -> None:
    assert read_red(memoryview(payload), OPUS) is None


@given(st.binary(max_size=60))
def test_nothing_that_is_sent_does_harm(payload: bytes) -> None:
    red = read_red(memoryview(payload), OPUS)
    if red is not None:
        assert sum(len(one.payload) for one in red.repeated) + len(red.primary) < len(payload)


def sound() -> Link:
    return link_with(audio(red_payload_type=RED))


def say(link: Link, sequence: int, payload: bytes, payload_type: int = RED) -> None:
    levels = {SENDER_IDS[AUDIO_LEVEL]: b"\x8a"}
    link.send(
        "alice", sequence, payload, payload_type=payload_type, ssrc=1111, timestamp=sequence * TICK, extensions=levels
    )


def heard(link: Link) -> list[tuple[int, int, bytes]]:
    """Places and times relative to the first, and what is heard."""
    got = link.peers["bob"].got
    return [
        (one.sequence - got[0].sequence, (one.timestamp - got[0].timestamp) // TICK, bytes(one.payload)) for one in got
    ]


@pytest.mark.usefixtures("plane")
def test_receivers_get_each_piece_once_and_in_its_place() -> None:
    link = sound()
    say(link, 0, b"a", OPUS)
    say(link, 1, redundant(b"b", (TICK, b"a")))
    say(link, 4, redundant(b"e", (3 * TICK, b"b"), (2 * TICK, b"c"), (TICK, b"d")))
    say(link, 3, redundant(b"d", (TICK, b"c")))
    assert heard(link) == [(0, 0, b"a"), (1, 1, b"b"), (2, 2, b"c"), (3, 3, b"d"), (4, 4, b"e")]
    assert {one.payload_type for one in link.peers["bob"].got} == {100}
    assert link.plane.stats()["alice"].recovered_in == 2
    assert link.plane.producer_stats()["audio"].received == 3
    assert link.plane.take_losses("alice", link.now) == []
    [source] = link.plane.sources()
    assert (source.packets, source.octets) == (5, 5)


@pytest.mark.usefixtures("plane")
def test_what_is_repeated_has_no_level_and_no_marker() -> None:
    link = sound()
    say(link, 0, redundant(b"a"))
    say(link, 2, redundant(b"c", (TICK, b"b")))
    first, repeated, last = link.peers["bob"].got
    assert [one.marker for one in (first, repeated, last)] == [True, False, True]
    assert [10 in one.extensions for one in (first, repeated, last)] == [True, False, True]


@pytest.mark.usefixtures("plane")
def test_a_malformed_packet_is_not_passed_on_and_not_asked_for() -> None:
    link = sound()
    say(link, 0, redundant(b"a"))
    say(link, 1, redundant(b"b", own=9))
    say(link, 2, b"c", 64)
    say(link, 3, redundant(b"d"))
    assert heard(link) == [(0, 0, b"a"), (3, 3, b"d")]
    assert link.plane.take_losses("alice", link.now) == []


@pytest.mark.usefixtures("plane")
def test_a_muted_source_repeats_nothing() -> None:
    link = sound()
    say(link, 0, redundant(b"a"))
    link.plane.pause("audio", True, link.now)
    say(link, 2, redundant(b"c", (TICK, b"b")))
    link.plane.pause("audio", False, link.now)
    say(link, 3, redundant(b"d", (TICK, b"c")))
    assert [payload for _, _, payload in heard(link)] == [b"a", b"d"]
