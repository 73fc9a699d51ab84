"""The speakers' list."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.model import PersonId
from meetings import speakers
from meetings.errors import AlreadyWaiting, BadDetails, FloorTaken, NotPresent, WrongState
from meetings.model import SpeakerId, SpeakerKind, SpeakerState
from meetings.records import SpeakerEntry
from tests.meetings.conftest import ANNA, BINH, NOW, after


def entry(
    number: int = 1, kind: SpeakerKind = SpeakerKind.TURN, person: PersonId = ANNA, waiting: bool = True
) -> SpeakerEntry:
    state = SpeakerState.WAITING if waiting else SpeakerState.FINISHED
    return SpeakerEntry(SpeakerId(f"s{number}"), None, person, kind, state, number, NOW, None, None, None, 0, None)


requests = st.lists(st.tuples(st.sampled_from(SpeakerKind), st.booleans()), max_size=30)


@given(requests)
def test_precedence_comes_before_arrival(kinds: list[tuple[SpeakerKind, bool]]) -> None:
    entries = [entry(number, kind, waiting=waiting) for number, (kind, waiting) in enumerate(kinds)]
    queue = speakers.queue(reversed(entries))
    assert {one.number for one in queue} == {number for number, (_, waiting) in enumerate(kinds) if waiting}
    order = list(SpeakerKind)
    for first, second in itertools.pairwise(queue):
        assert (order.index(first.kind), first.number) < (order.index(second.kind), second.number)


def test_one_waiting_entry_per_person_and_kind() -> None:
    waiting = [entry(1)]
    speakers.check_request(waiting, ANNA, SpeakerKind.POINT_OF_ORDER, True)
    speakers.check_request(waiting, BINH, SpeakerKind.TURN, True)
    speakers.check_request([entry(1, waiting=False)], ANNA, SpeakerKind.TURN, True)
    with pytest.raises(AlreadyWaiting):
        speakers.check_request(waiting, ANNA, SpeakerKind.TURN, True)
    with pytest.raises(NotPresent):
        speakers.check_request([], ANNA, SpeakerKind.TURN, False)


def test_at_most_one_speaks() -> None:
    first = speakers.grant([], entry(1), 60_000, NOW)
    assert first.state is SpeakerState.SPEAKING and first.limit_ms == 60_000
    assert speakers.speaking([entry(2), first]) == first
    with pytest.raises(FloorTaken):
        speakers.grant([first], entry(2), None, NOW)
    with pytest.raises(WrongState):
        speakers.grant([], first, None, NOW)
    with pytest.raises(BadDetails):
        speakers.grant([], entry(2), 0, NOW)


def test_the_clock_stops_while_a_point_of_order_is_heard() -> None:
    first = speakers.grant([], entry(1), None, NOW)
    paused = speakers.pause(first, after(2))
    assert speakers.used_ms(paused, after(9)) == 120_000
    order = speakers.grant([paused], entry(2, SpeakerKind.POINT_OF_ORDER), None, after(2))
    with pytest.raises(FloorTaken):
        speakers.resume([paused, order], paused, after(3))
    resumed = speakers.resume([paused, speakers.end(order, after(3))], paused, after(3))
    assert speakers.used_ms(resumed, after(4)) == 180_000
    ended = speakers.end(resumed, after(5))
    assert (ended.state, ended.used_ms, ended.ended_at) == (SpeakerState.FINISHED, 240_000, after(5))


def test_a_paused_speaker_may_be_ended() -> None:
    paused = speakers.pause(speakers.grant([], entry(1), None, NOW), after(1))
    assert speakers.end(paused, after(7)).used_ms == 60_000


def test_steps_out_of_turn_are_refused() -> None:
    waiting = entry(1)
    speakers.withdraw(waiting)
    speaking = speakers.grant([], waiting, None, NOW)
    with pytest.raises(WrongState):
        speakers.withdraw(speaking)
    with pytest.raises(WrongState):
        speakers.pause(waiting, NOW)
    with pytest.raises(WrongState):
        speakers.resume([], speaking, NOW)
    with pytest.raises(WrongState):
        speakers.end(waiting, NOW)


def test_a_clock_that_goes_back_takes_no_time_away() -> None:
    speaking = replace(speakers.grant([], entry(1), None, NOW), used_ms=7)
    assert speakers.used_ms(speaking, after(-1)) == 7
