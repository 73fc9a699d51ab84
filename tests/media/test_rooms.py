"""Desired state of rooms: applied, refused, healed."""

import pytest

from media.control.change import change
from media.control.messages import Applied, Delta, Failed, Snapshot, delta
from media.control.mint import (
    connected,
    mint_consumer,
    mint_producer,
    mint_transport,
)
from media.control.objects import Objects
from media.control.state import Fingerprint, RoomState, state_hash
from media.ortc import ROUTER_CAPABILITIES
from tests.media.parameters import vp8
from tests.media.world import DTLS, PAGE_CERTIFICATE, World


def room_with_two() -> tuple[World, Delta, RoomState]:
    world = World()
    one, two = mint_transport(), mint_transport()
    producer = mint_producer(one.id, "video", vp8())
    consumer = mint_consumer(two.id, producer, ROUTER_CAPABILITIES, cname="one")
    step, state = change(RoomState(), [one, two, producer, consumer])
    return world, delta("hall", step), state


def test_a_delta_is_applied_and_confirmed() -> None:
    world, message, state = room_with_two()
    assert world.rooms.delta(message, world.now) == [Applied(room="hall", revision=1, hash=state_hash(state))]
    assert set(world.relay.transports) == set(state.transports)
    assert {world.rooms.room_of(key) for key in (*state.transports, *state.producers, *state.consumers)} == {"hall"}


def test_a_delta_that_does_not_fit_asks_for_a_snapshot() -> None:
    world, message, state = room_with_two()
    late = message.model_copy(update={"base_revision": 7})
    assert world.rooms.delta(late, world.now) == [Failed(room="hall", revision=1, reason="resync")]
    assert world.relay.transports == {}
    [answer] = world.rooms.snapshot(Snapshot(room="hall", state=state), world.now)
    assert isinstance(answer, Applied)
    assert set(world.relay.transports) == set(state.transports)


def test_a_snapshot_that_contradicts_itself_changes_nothing() -> None:
    world, message, state = room_with_two()
    world.rooms.delta(message, world.now)
    broken = state.model_copy(update={"transports": Objects()})
    [answer] = world.rooms.snapshot(Snapshot(room="hall", state=broken), world.now)
    assert isinstance(answer, Failed)
    assert answer.reason == "dangling_reference"
    assert len(world.relay.transports) == 2


def test_a_dropped_room_closes_everything() -> None:
    world, message, _ = room_with_two()
    world.rooms.delta(message, world.now)
    for _ in range(2):
        world.rooms.drop("hall", world.now)
    assert world.relay.transports == {}
    assert world.rooms.states == {}
    assert world.rooms.room_of("anything") is None


def test_one_broken_object_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world, message, state = room_with_two()
    [producer] = message.put.producers
    bad = producer.model_copy(update={"rtp_parameters": {}})
    answers = world.rooms.snapshot(
        Snapshot(room="hall", state=state.model_copy(update={"producers": Objects([bad])})), world.now
    )
    assert [(answer.object_id, answer.reason) for answer in answers if isinstance(answer, Failed)] == [
        (bad.id, "invalid_parameters")
    ]
    assert isinstance(answers[-1], Applied)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(world.relay, "put_producer", broken)
    answers = world.rooms.snapshot(Snapshot(room="hall", state=state), world.now)
    assert [answer.reason for answer in answers if isinstance(answer, Failed)] == ["media"]


def test_a_room_cannot_touch_what_belongs_to_another() -> None:
    world, message, state = room_with_two()
    world.rooms.delta(message, world.now)
    thief = Snapshot(room="cellar", state=RoomState(revision=1, transports=state.transports))
    answers = world.rooms.snapshot(thief, world.now)
    assert [answer.reason for answer in answers if isinstance(answer, Failed)] == ["invalid_state"] * 2
    world.rooms.drop("cellar", world.now)
    assert set(world.relay.transports) == set(state.transports)


def test_fingerprints_travel_in_the_specification() -> None:
    spec = connected(mint_transport(), DTLS)
    assert spec.dtls is not None
    assert spec.dtls.fingerprints == (Fingerprint(algorithm="sha-256", value=PAGE_CERTIFICATE.fingerprint),)
