"""Changes of a desired state: as cheap as they are, they lead where the plain way leads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.control.change import Put, Remove, apply, change, combine, difference
from media.control.messages import Delta, applied, delta, encode, parse_hub_message
from media.control.objects import Objects
from media.control.state import AnySpec, RoomState, Spec, check_references, state_hash
from media.errors import DanglingReference, RevisionMismatch
from tests.media.specs import consumer, pipe, producer, transport

names = st.sampled_from("abcd")
apps = st.sampled_from(["x", "y"])
ways = st.builds(str.__add__, st.sampled_from("tl"), names)
puts = st.fixed_dictionaries(
    {},
    optional={
        "transports": st.lists(st.builds(transport, names, apps), max_size=3),
        "pipes": st.lists(st.builds(pipe, names, apps), max_size=2),
        "producers": st.lists(st.builds(producer, names, ways, apps), max_size=3),
        "consumers": st.lists(st.builds(consumer, names, ways, names, apps), max_size=3),
    },
)
removals = st.fixed_dictionaries(
    {},
    optional={
        "transports": st.lists(names.map("t{}".format), max_size=2),
        "pipes": st.lists(names.map("l{}".format), max_size=2),
        "producers": st.lists(names.map("p{}".format), max_size=2),
        "consumers": st.lists(names.map("c{}".format), max_size=2),
    },
)
wishes = st.tuples(st.builds(Put.model_validate, puts), st.builds(Remove.model_validate, removals))


def plainly(state: RoomState, put: Put, remove: Remove, revision: int) -> RoomState:
    """What a change means, at the cost of everything that there is."""

    transports = [one for one in state.transports.values() if one.id not in remove.transports]
    pipes = [one for one in state.pipes.values() if one.id not in remove.pipes]
    ways = {one.id for one in (*transports, *pipes)}
    stay = [one for one in state.producers.values() if one.id not in remove.producers and one.transport_id in ways]
    sources = {one.id for one in stay}
    consumers = [
        one
        for one in state.consumers.values()
        if one.id not in remove.consumers and one.transport_id in ways and one.producer_id in sources
    ]
    result = RoomState(
        revision=revision,
        transports=Objects([*transports, *put.transports]),
        pipes=Objects([*pipes, *put.pipes]),
        producers=Objects([*stay, *put.producers]),
        consumers=Objects([*consumers, *put.consumers]),
    )
    check_references(result)
    return result


@settings(max_examples=25)
@given(st.lists(wishes, max_size=6))
def test_a_change_leads_where_the_plain_way_leads(steps: list[tuple[Put, Remove]]) -> None:
    state = RoomState()
    for revision, (put, remove) in enumerate(steps, 1):
        before = state.model_copy(deep=True)
        try:
            wanted = plainly(state, put, remove, revision)
        except DanglingReference:
            with pytest.raises(DanglingReference):
                combine(state, put, remove, revision)
            assert state == before
            continue
        changed, whole = combine(state, put, remove, revision), difference(state, wanted)
        assert changed.state == wanted
        assert changed.state.digest == wanted.digest
        assert sorted(one.id for one in changed.gone) == sorted(one.id for one in whole.gone)
        assert sorted(one.id for one in changed.put) == sorted(one.id for one in whole.put)
        assert state == before
        state = changed.state


@settings(max_examples=25)
@given(st.lists(wishes, max_size=6))
def test_a_relay_that_applies_every_delta_has_the_state_of_the_hub(steps: list[tuple[Put, Remove]]) -> None:
    hub = relay = RoomState()
    for put, remove in steps:
        specs: list[AnySpec] = [*put.transports, *put.pipes, *put.producers, *put.consumers]
        ids = [*remove.consumers, *remove.producers, *remove.pipes, *remove.transports]
        try:
            step, hub = change(hub, specs, ids)
        except DanglingReference:
            continue
        message = parse_hub_message(encode(delta("room", step)))
        assert isinstance(message, Delta)
        relay = apply(relay, message).state
        assert relay == hub
        assert state_hash(relay) == state_hash(RoomState.model_validate_json(hub.model_dump_json()))
        check_references(relay)


def test_a_change_touches_no_more_than_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    specs: list[AnySpec] = [
        transport("a"),
        producer("a", "ta"),
        *(consumer(str(number), "ta", "a") for number in range(50)),
    ]
    _, state = change(RoomState(), specs)
    looked_at: list[str] = []

    def note(self: Spec, other: object) -> bool:
        looked_at.append(self.id)
        return self is other

    monkeypatch.setattr(Spec, "__eq__", note)
    step, after = change(state, [consumer("7", "ta", "a", "other")], ["c3"])
    apply(state, step)
    assert (len(after.consumers), set(looked_at)) == (49, {"c7"})
    assert after.transports is state.transports and after.producers is state.producers


def test_applying_leaves_the_old_state_alone() -> None:
    empty = RoomState()
    step, state = change(empty, [transport("a")])
    assert empty == RoomState()
    assert state.revision == step.revision == 1
    assert applied("room", state).hash == step.hash


def test_what_stands_on_a_removed_object_goes_with_it_and_before_it() -> None:
    _, state = change(RoomState(), [transport("a"), transport("b"), producer("a", "ta"), consumer("b", "tb", "a")])
    step, without_producer = change(state, remove=["pa"])
    assert (len(without_producer.transports), len(without_producer.consumers)) == (2, 0)
    assert [one.id for one in apply(state, step).gone] == ["cb", "pa"]
    step, without_transport = change(state, remove=["ta"])
    assert not without_transport.producers and not without_transport.consumers
    assert [one.id for one in apply(state, step).gone] == ["cb", "pa", "ta"]
    assert [one.id for one in difference(state, without_transport).gone] == ["cb", "pa", "ta"]


def test_what_stands_on_a_removed_pipe_goes_with_it() -> None:
    _, state = change(
        RoomState(),
        [
            transport("a"),
            pipe("a"),
            producer("a", "la"),
            producer("b", "ta"),
            consumer("a", "ta", "a"),
            consumer("b", "la", "b"),
        ],
    )
    _, without = change(state, remove=["la"])
    assert (list(without.producers), len(without.consumers), len(without.pipes)) == (["pb"], 0, 0)


def test_what_is_removed_and_put_again_unchanged_stays_in_service() -> None:
    _, state = change(RoomState(), [transport("a"), producer("a", "ta")])
    step, after = change(state, [transport("a"), producer("a", "ta")], ["ta"])
    assert apply(state, step) == (after, [], [])


def test_of_an_id_that_is_not_there_nothing_is_said() -> None:
    step, state = change(RoomState(), remove=["ta", "pa"])
    assert (step.remove, state) == (Remove(), RoomState(revision=1))


def test_a_delta_for_another_revision_is_refused() -> None:
    step, state = change(RoomState(), [transport("a")])
    with pytest.raises(RevisionMismatch):
        apply(state, step)


def test_a_delta_with_another_hash_is_refused() -> None:
    step, _ = change(RoomState(), [transport("a")])
    with pytest.raises(RevisionMismatch):
        apply(RoomState(), step.model_copy(update={"hash": "0" * 64}))


@pytest.mark.parametrize(
    "wanted",
    [
        [producer("a", "ta")],
        [transport("a"), consumer("a", "ta", "a")],
        [transport("a"), producer("a", "ta"), consumer("a", "tb", "a")],
    ],
)
def test_references_into_the_void_are_refused(wanted: list[AnySpec]) -> None:
    with pytest.raises(DanglingReference):
        change(RoomState(), wanted)


def test_what_stands_on_something_that_goes_in_the_same_change_is_refused() -> None:
    _, state = change(RoomState(), [transport("a")])
    with pytest.raises(DanglingReference):
        change(state, [producer("a", "ta")], ["ta"])
