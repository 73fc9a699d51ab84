"""Desired state: its digest, and what may name what."""

import pytest

from media.control.mint import mint_transport
from media.control.objects import Objects
from media.control.state import (
    AnySpec,
    ConsumerSpec,
    ProducerSpec,
    RoomState,
    TransportSpec,
    check_references,
    state_hash,
)
from media.errors import DanglingReference
from tests.media.specs import consumer, pipe, producer, transport


def room(*transports: TransportSpec) -> RoomState:
    return RoomState(revision=1, transports=Objects(transports))


def test_the_hash_sees_every_field() -> None:
    spec = transport("a")
    assert state_hash(room(spec)) != state_hash(room(spec.model_copy(update={"app": "x"})))


def test_the_hash_sees_the_revision() -> None:
    assert state_hash(RoomState(revision=1)) != state_hash(RoomState(revision=2))


def test_the_hash_does_not_see_the_order() -> None:
    assert state_hash(room(transport("a"), transport("b"))) == state_hash(room(transport("b"), transport("a")))


def test_the_hash_sees_what_is_missing_and_what_is_there_twice() -> None:
    rooms = [room(), room(transport("a")), room(transport("b")), room(transport("a"), transport("b"))]
    assert len({state_hash(one) for one in rooms}) == 4


def test_objects_of_two_kinds_with_the_same_values_have_different_digests() -> None:
    class Other(TransportSpec):
        KIND = "other"

    spec = transport("a")
    assert Other.model_validate(spec.model_dump()).digest != spec.digest


def test_the_hash_is_the_same_after_a_journey() -> None:
    state = RoomState(
        revision=3,
        transports=Objects([transport("a")]),
        pipes=Objects([pipe("a")]),
        producers=Objects([producer("a", "ta")]),
        consumers=Objects([consumer("a", "la", "a")]),
    )
    assert state_hash(RoomState.model_validate_json(state.model_dump_json())) == state_hash(state)


def test_a_changed_copy_has_a_digest_of_its_own() -> None:
    spec = mint_transport()
    before = spec.digest
    changed = spec.model_copy(update={"app": "x"})
    assert changed.digest != before
    assert spec.model_copy(update={"app": "x"}, deep=True).digest == changed.digest
    assert spec == TransportSpec.model_validate_json(spec.model_dump_json())


def test_a_changed_copy_of_a_state_has_a_digest_of_its_own() -> None:
    state = room(transport("a"))
    assert state.digest == transport("a").digest
    assert state.model_copy(update={"transports": Objects()}).digest == 0


@pytest.mark.parametrize(
    "specs",
    [
        [producer("a", "ta")],
        [transport("a"), consumer("a", "ta", "a")],
        [transport("a"), producer("a", "ta"), consumer("a", "tb", "a")],
    ],
)
def test_a_state_in_which_something_names_nothing_contradicts_itself(specs: list[AnySpec]) -> None:
    state = RoomState(
        transports=Objects([one for one in specs if isinstance(one, TransportSpec)]),
        producers=Objects([one for one in specs if isinstance(one, ProducerSpec)]),
        consumers=Objects([one for one in specs if isinstance(one, ConsumerSpec)]),
    )
    with pytest.raises(DanglingReference):
        check_references(state)
