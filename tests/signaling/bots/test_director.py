"""Who does what when, on a clock that is an argument."""

import itertools
import random
from dataclasses import replace

import pytest

from signaling.bots import director
from signaling.bots.director import Acknowledge, Act, Answer, Ask, Director, EndTurn, Scene, Seat, Vote, Withdraw

PEOPLE = ("a", "b", "c")
ROOM = Scene("in_session", tuple(Seat(person, in_room=True) for person in PEOPLE))


def run(scene: Scene, seconds: float, *, start: float = 0.0, by: Director | None = None) -> list[tuple[float, Act]]:
    """What happens in a scene that does not change."""
    leader = by or Director(random.Random(1))
    steps = [start + number / 5 for number in range(round(seconds * 5))]
    return [(now, act) for now in steps for act in leader.decide(scene, now)]


def with_seat(scene: Scene, person: str, **changes: object) -> Scene:
    seats = tuple(replace(seat, **changes) if seat.person == person else seat for seat in scene.seats)  # type: ignore[arg-type]
    return replace(scene, seats=seats)


def speakers(scene: Scene, seconds: float, by: Director, *, start: float = 0.0) -> list[str | None]:
    """Who is heard, without repetitions."""
    heard: list[str | None] = []
    for number in range(round(seconds * 5)):
        by.decide(scene, start + number / 5)
        if not heard or heard[-1] != by.speaker:
            heard.append(by.speaker)
    return heard


def test_everybody_speaks_in_turn_with_pauses_between() -> None:
    heard = speakers(ROOM, 120, Director(random.Random(1)))
    assert set(heard) == {*PEOPLE, None}
    assert all(a is None or b is None for a, b in itertools.pairwise(heard))
    turns = [one for one in heard if one is not None]
    assert all(a != b for a, b in itertools.pairwise(turns))


def test_nobody_speaks_who_is_not_in_the_room() -> None:
    empty = replace(ROOM, seats=tuple(Seat(person, in_room=False) for person in PEOPLE))
    assert speakers(empty, 60, Director(random.Random(1))) == [None]
    leader = Director(random.Random(1))
    leader.decide(ROOM, 0.0)
    spoke = leader.speaker
    assert spoke is not None
    leader.decide(with_seat(ROOM, spoke, in_room=False), 0.2)
    assert leader.speaker != spoke


def test_bots_give_way_to_a_person_but_not_to_an_open_microphone() -> None:
    leader = Director(random.Random(1))
    assert speakers(replace(ROOM, stranger_heard=True), director.NOISE_S - 0.4, leader) == [None]
    later = speakers(replace(ROOM, stranger_heard=True), 30, leader, start=director.NOISE_S)
    assert set(later) > {None}


def test_bots_are_silent_as_long_as_a_person_has_the_floor() -> None:
    assert speakers(replace(ROOM, stranger_has_floor=True), 120, Director(random.Random(1))) == [None]


def test_who_has_the_floor_speaks_and_gives_it_back_once() -> None:
    scene, leader = with_seat(ROOM, "b", floor="e1"), Director(random.Random(1))
    acts = [(now, act) for now, act in run(scene, director.SPEECH_S[1] + 1, by=leader) if isinstance(act, EndTurn)]
    assert [act for _, act in acts] == [EndTurn("b", "e1")]
    assert director.SPEECH_S[0] <= acts[0][0] <= director.SPEECH_S[1] + 0.5
    assert speakers(scene, 5, Director(random.Random(2))) == ["b"]


def test_now_and_then_somebody_asks_for_the_floor_in_session_only() -> None:
    asked = [act for _, act in run(ROOM, 120) if isinstance(act, Ask)]
    assert 3 <= len(asked) <= 12
    assert {act.person for act in asked} <= set(PEOPLE)
    assert not [act for _, act in run(replace(ROOM, state="convened"), 120) if isinstance(act, Ask)]


def test_nobody_asks_while_enough_are_waiting() -> None:
    assert not [act for _, act in run(replace(ROOM, waiting=director.MAX_WAITING), 120) if isinstance(act, Ask)]


def test_who_waits_for_too_long_withdraws() -> None:
    acts = [(now, act) for now, act in run(with_seat(ROOM, "c", waiting="e1"), 190) if isinstance(act, Withdraw)]
    assert acts[0][1] == Withdraw("c", "e1")
    assert acts[0][0] >= director.PATIENCE_S


def test_each_votes_after_a_while_and_again_only_if_the_ballot_did_not_arrive() -> None:
    scene = replace(ROOM, seats=tuple(Seat(one, True, ballots=(("p1", ("yes", "no", "abstain")),)) for one in PEOPLE))
    votes = [(now, act) for now, act in run(scene, director.REACTION_S[1] + 1) if isinstance(act, Vote)]
    assert sorted(act.person for _, act in votes) == list(PEOPLE)
    assert all(act.poll == "p1" and act.option in {"yes", "no", "abstain"} for _, act in votes)
    assert len({now for now, _ in votes}) > 1
    again = [act for _, act in run(scene, director.REACTION_S[1] + director.RETRY_S + 1) if isinstance(act, Vote)]
    assert len(again) == 2 * len(PEOPLE)


def test_opinions_differ_but_most_agree() -> None:
    leader, options = Director(random.Random(1)), ("yes", "no", "abstain")
    scene = Scene("in_session", tuple(Seat(str(n), True, ballots=(("p", options),)) for n in range(300)))
    chosen = [act.option for _, act in run(scene, 7, by=leader) if isinstance(act, Vote)]
    assert len(chosen) == 300
    assert chosen.count("yes") > 200
    assert {"no", "abstain"} < set(chosen)


def test_invitations_are_answered_and_agendas_acknowledged() -> None:
    scene = with_seat(with_seat(ROOM, "a", invited=True), "b", agenda=2)
    acts = [act for _, act in run(scene, director.REACTION_S[1] + 1) if isinstance(act, Answer | Acknowledge)]
    assert sorted(acts, key=str) == sorted([Answer("a"), Acknowledge("b", 2)], key=str)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_meeting(seed: int) -> None:
    assert run(ROOM, 60, by=Director(random.Random(seed))) == run(ROOM, 60, by=Director(random.Random(seed)))
