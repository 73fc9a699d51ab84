"""Desired state: the law that a delta and a snapshot lead to the same place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.control.messages import Delta, applied, delta, encode, parse_hub_message
from media.control.mint import mint_link, mint_transport
from media.control.state import (
    Candidate,
    ConsumerSpec,
    PipeSpec,
    ProducerSpec,
    RoomState,
    TransportSpec,
    apply,
    change,
    check_references,
    state_hash,
)
from media.errors import DanglingReference, RevisionMismatch

names = st.sampled_from(["a", "b", "c", "d"])
ways = st.sampled_from(["t", "l"])


def transport(name: str) -> TransportSpec:
    return TransportSpec(id=f"t{name}", ufrag="ufrag" + name, pwd="p" * 22, app=f"Nguyễn {name}")


LINK = mint_link([Candidate(ip="192.0.2.1", port=7443)])


def pipe(name: str) -> PipeSpec:
    return LINK.active.model_copy(update={"id": f"l{name}"})


def producer(name: str, on: str, way: str = "t") -> ProducerSpec:
    return ProducerSpec(id=f"p{name}", transport_id=way + on, kind="audio", rtp_parameters={"mid": name, "x": [1, 2.5]})


def consumer(name: str, on: str, of: str, way: str = "t") -> ConsumerSpec:
    return ConsumerSpec(
        id=f"c{name}", transport_id=way + on, producer_id=f"p{of}", ssrc=7, mid="0", rtp_parameters={"n": None}
    )


changes = st.fixed_dictionaries(
    {},
    optional={
        "put_transports": st.lists(names.map(transport), max_size=3),
        "put_pipes": st.lists(names.map(pipe), max_size=2),
        "put_producers": st.lists(st.builds(producer, names, names, ways), max_size=3),
        "put_consumers": st.lists(st.builds(consumer, names, names, names, ways), max_size=3),
        "remove_transports": st.lists(names.map(lambda name: "t" + name), max_size=2),
        "remove_pipes": st.lists(names.map(lambda name: "l" + name), max_size=2),
        "remove_producers": st.lists(names.map(lambda name: "p" + name), max_size=2),
        "remove_consumers": st.lists(names.map(lambda name: "c" + name), max_size=2),
    },
)


@given(st.lists(changes, max_size=12))
def test_a_relay_that_applies_every_delta_has_the_state_of_the_hub(steps: list[dict[str, Any]]) -> None:
    hub = relay = RoomState()
    for wanted in steps:
        try:
            step, hub = change(hub, **wanted)
        except DanglingReference:
            continue
        message = parse_hub_message(encode(delta("room", step)))
        assert isinstance(message, Delta)
        relay = apply(relay, message)
        assert relay == hub
        assert state_hash(relay) == state_hash(RoomState.model_validate_json(hub.model_dump_json()))
        check_references(relay)


def test_applying_leaves_the_old_state_alone() -> None:
    empty = RoomState()
    step, state = change(empty, put_transports=[transport("a")])
    assert empty == RoomState()
    assert state.revision == step.revision == 1
    assert applied("room", state).hash == step.hash


def test_what_stands_on_a_removed_object_goes_with_it() -> None:
    _, state = change(
        RoomState(),
        put_transports=[transport("a"), transport("b")],
        put_producers=[producer("a", "a")],
        put_consumers=[consumer("b", "b", "a")],
    )
    _, without_producer = change(state, remove_producers=["pa"])
    assert (len(without_producer.transports), without_producer.consumers) == (2, {})
    _, without_transport = change(state, remove_transports=["ta"])
    assert (without_transport.producers, without_transport.consumers) == ({}, {})


def test_what_stands_on_a_removed_pipe_goes_with_it() -> None:
    _, state = change(
        RoomState(),
        put_transports=[transport("a")],
        put_pipes=[pipe("a")],
        put_producers=[producer("a", "a", "l"), producer("b", "a")],
        put_consumers=[consumer("a", "a", "a"), consumer("b", "a", "b", "l")],
    )
    _, without = change(state, remove_pipes=["la"])
    assert (list(without.producers), without.consumers, without.pipes) == (["pb"], {}, {})


def test_a_delta_for_another_revision_is_refused() -> None:
    step, state = change(RoomState(), put_transports=[transport("a")])
    with pytest.raises(RevisionMismatch):
        apply(state, step)


def test_a_delta_with_another_hash_is_refused() -> None:
    step, _ = change(RoomState(), put_transports=[transport("a")])
    with pytest.raises(RevisionMismatch):
        apply(RoomState(), step.model_copy(update={"hash": "0" * 64}))


@pytest.mark.parametrize(
    "wanted",
    [
        {"put_producers": [producer("a", "a")]},
        {"put_transports": [transport("a")], "put_consumers": [consumer("a", "a", "a")]},
        {
            "put_transports": [transport("a")],
            "put_producers": [producer("a", "a")],
            "put_consumers": [consumer("a", "b", "a")],
        },
    ],
)
def test_references_into_the_void_are_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(DanglingReference):
        change(RoomState(), **wanted)


def test_the_hash_sees_every_field() -> None:
    spec = mint_transport()
    _, one = change(RoomState(), put_transports=[spec])
    _, other = change(RoomState(), put_transports=[spec.model_copy(update={"app": "x"})])
    assert state_hash(one) != state_hash(other)


def test_a_changed_copy_has_a_digest_of_its_own() -> None:
    spec = mint_transport()
    before = spec.digest
    changed = spec.model_copy(update={"app": "x"})
    assert changed.digest != before
    assert spec.model_copy(update={"app": "x"}, deep=True).digest == changed.digest
    assert spec == TransportSpec.model_validate_json(spec.model_dump_json())
