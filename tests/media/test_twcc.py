"""transport-cc feedback, read back by an independent reader."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.dataplane.interface import MAX_TOLD
from media.errors import MalformedRtcp
from media.rtcp import TRANSPORT_FEEDBACK, TransportFeedback, parse_rtcp, write_packet
from media.transportwide import read_arrivals
from media.twcc import MAX_RECORDED, ArrivalLog
from tests.media.twcc_reader import read_feedback


def reported(log: ArrivalLog) -> dict[int, float | None]:
    result: dict[int, float | None] = {}
    for packet in log.take(9):
        assert len(packet) <= 1200
        result |= read_feedback(packet)
    return result


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(1, 30), st.floats(-0.02, 12.0)), min_size=1, max_size=120),
)
def test_every_arrival_is_reported_with_its_time(start: int, steps: list[tuple[int, float]]) -> None:
    log, sequence, now = ArrivalLog(), start, 100.0
    expected: dict[int, float] = {}
    for step, delay in steps:
        sequence += step
        now += delay
        log.record(sequence & 0xFFFF, now)
        expected[sequence & 0xFFFF] = now
    got = reported(log)
    for number, at in expected.items():
        time = got[number]
        assert time is not None
        assert abs(time - at) < 0.0006
    assert {number for number, at in got.items() if at is not None} == set(expected)


def test_a_gap_between_two_feedbacks_is_reported_as_lost() -> None:
    log = ArrivalLog()
    log.record(1, 1.0)
    assert reported(log) == {1: 1.0}
    log.record(4, 1.1)
    assert [sequence for sequence, at in reported(log).items() if at is None] == [2, 3]
    assert log.take(9) == []


def test_a_late_packet_is_reported_after_all() -> None:
    log = ArrivalLog()
    for sequence in (1, 3):
        log.record(sequence, 1.0)
    log.take(9)
    log.record(2, 1.2)
    assert reported(log)[2] is not None
    log.record(4, 1.3)
    assert list(reported(log)) == [4]


def test_the_first_of_two_equal_numbers_counts() -> None:
    log = ArrivalLog()
    log.record(1, 1.0)
    log.record(1, 2.0)
    assert reported(log) == {1: 1.0}


def test_long_runs_and_their_neighbours_survive() -> None:
    log = ArrivalLog()
    for sequence in [*range(3), *range(60, 63), *range(100, 160)]:
        log.record(sequence, 5.0 + sequence / 1000)
    got = reported(log)
    assert [sequence for sequence, at in got.items() if at is None] == [*range(3, 60), *range(63, 100)]


def test_packets_that_are_recorded_at_once_count_as_one_by_one() -> None:
    packets = [(1.0 + index / 100, sequence) for index, sequence in enumerate((65_534, 3, 65_535, 3, 1, 65_000))]
    one_by_one, at_once = ArrivalLog(), ArrivalLog()
    for at, sequence in packets:
        one_by_one.record(sequence, at)
    at_once.record_all(packets)
    assert at_once.take(9) == one_by_one.take(9) != []


def test_feedback_counts_its_packets() -> None:
    log = ArrivalLog()
    counts = []
    for sequence in range(3):
        log.record(sequence, 1.0 + sequence)
        counts.append(log.take(9)[0][19])
    assert counts == [0, 1, 2]


def test_a_wild_sender_costs_only_itself() -> None:
    log = ArrivalLog()
    log.record(0, 1.0)
    log.record(20000, 1.1)
    packets = log.take(9)
    assert len(packets) <= MAX_RECORDED // 400 + 1
    for sequence in range(MAX_RECORDED + 100):
        log.record(20001 + sequence, 2.0)
    assert sum(len(read_feedback(packet)) for packet in log.take(9)) == MAX_RECORDED


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(1, 30), st.floats(-0.02, 8.0)), min_size=1, max_size=120),
)
def test_the_relay_reads_what_it_writes_as_the_other_reader_does(start: int, steps: list[tuple[int, float]]) -> None:
    log, sequence, now = ArrivalLog(), start, 100.0
    for step, delay in steps:
        sequence += step
        now += delay
        log.record(sequence & 0xFFFF, now)
    for packet in log.take(9):
        [feedback] = parse_rtcp(packet)
        assert isinstance(feedback, TransportFeedback)
        base, arrivals = read_arrivals(feedback.body)
        assert feedback.count == len(arrivals)
        own = {(base + index) & 0xFFFF: None if ticks is None else ticks / 4000 for index, ticks in enumerate(arrivals)}
        assert own == read_feedback(packet)


def body(count: int, rest: bytes) -> bytes:
    return struct.pack("!IIHHI", 1, 2, 7, count, 256) + rest + bytes(-len(rest) % 4)


def test_vectors_of_single_bits_are_read_too() -> None:
    first, second = 0x8000 | 0b10100000000001, 0x8000 | 1 << 13
    base, arrivals = read_arrivals(body(16, struct.pack("!HHBBBB", first, second, 4, 8, 0, 1)))
    assert base == 7
    assert [index for index, ticks in enumerate(arrivals) if ticks is not None] == [0, 2, 13, 14]
    assert [ticks for ticks in arrivals if ticks is not None] == [260, 268, 268, 269]


def test_a_feedback_over_very_many_packets_is_read_in_part_and_its_times_are_right() -> None:
    runs = struct.pack("!8H", *[8191] * 7, 8190) + struct.pack("!H", 0x2000 | 1) + b"\5"
    first = struct.pack("!9H", 0x2000 | 1, *[8191] * 8) + b"\5"
    assert read_arrivals(body(65_528, first))[1] == [261, *[None] * (MAX_TOLD - 1)]
    assert read_arrivals(body(65_528, runs))[1] == [None] * MAX_TOLD


@pytest.mark.parametrize("rest", [b"", b"\0\0\0\0", b"\x20\x05\1\1", b"\x40\x02\0\1"])
def test_what_is_cut_off_is_malformed(rest: bytes) -> None:
    with pytest.raises(MalformedRtcp):
        read_arrivals(body(5, rest))
    with pytest.raises(MalformedRtcp):
        read_arrivals(body(5, rest)[:15])
    with pytest.raises(MalformedRtcp):
        parse_rtcp(write_packet(15, TRANSPORT_FEEDBACK, bytes(12)))


@given(st.integers(0, 0xFFFF), st.binary(max_size=80))
def test_hostile_feedback_is_read_or_refused(count: int, rest: bytes) -> None:
    with contextlib.suppress(MalformedRtcp):
        assert len(read_arrivals(body(count, rest))[1]) <= MAX_TOLD
