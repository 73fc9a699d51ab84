"""transport-cc feedback, read back by an independent reader."""

from hypothesis import given
from hypothesis import strategies as st

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
