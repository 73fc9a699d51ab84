"""How the desired state of a room changes. Pure; hub and relay run the same functions.

A change costs what it changes: what stays is shared, digests are added and taken off, references checked of what is
put. Only what goes is looked for among all, if something can stand on it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from pydantic import Field

from media.control.objects import Objects
from media.control.state import (
    DIGESTS,
    AnySpec,
    ConsumerSpec,
    Model,
    ObjectId,
    PipeSpec,
    ProducerSpec,
    RoomState,
    Spec,
    TransportSpec,
    state_hash,
)
from media.errors import RevisionMismatch

SpecT = TypeVar("SpecT", bound=Spec)


class Put(Model):
    """Objects to add, or to replace when their id exists."""

    transports: tuple[TransportSpec, ...] = ()
    pipes: tuple[PipeSpec, ...] = ()
    producers: tuple[ProducerSpec, ...] = ()
    consumers: tuple[ConsumerSpec, ...] = ()


class Remove(Model):
    """Ids to remove; unknown ones are ignored. What stands on a removed object goes with it."""

    transports: tuple[ObjectId, ...] = ()
    pipes: tuple[ObjectId, ...] = ()
    producers: tuple[ObjectId, ...] = ()
    consumers: tuple[ObjectId, ...] = ()


class StateChange(Model):
    """From ``base_revision`` to ``revision``; ``hash`` is that of the result. Removals come first."""

    revision: int = Field(ge=1)
    base_revision: int = Field(ge=0)
    put: Put = Put()
    remove: Remove = Remove()
    hash: str = Field(min_length=64, max_length=64)


class Changed(NamedTuple):
    """The state after a change, what it has no more, and what is new in it or not what it was.

    Of what is gone that comes first which stands on the rest, of what was put that comes last.
    """

    state: RoomState
    gone: Sequence[AnySpec]
    put: Sequence[AnySpec]


def change(state: RoomState, put: Iterable[AnySpec] = (), remove: Iterable[str] = ()) -> tuple[StateChange, RoomState]:
    """The next change of ``state`` and its result; for the hub. Raises DanglingReference.

    ``put`` are objects of any kind, ``remove`` ids; of what is not there nothing is said.
    """
    specs, ids = tuple(put), tuple(remove)
    wanted = Put(
        transports=tuple(one for one in specs if isinstance(one, TransportSpec)),
        pipes=tuple(one for one in specs if isinstance(one, PipeSpec)),
        producers=tuple(one for one in specs if isinstance(one, ProducerSpec)),
        consumers=tuple(one for one in specs if isinstance(one, ConsumerSpec)),
    )
    unwanted = Remove(
        transports=_known(ids, state.transports),
        pipes=_known(ids, state.pipes),
        producers=_known(ids, state.producers),
        consumers=_known(ids, state.consumers),
    )
    result = combine(state, wanted, unwanted, state.revision + 1).state
    step = StateChange(
        revision=result.revision,
        base_revision=state.revision,
        put=wanted,
        remove=unwanted,
        hash=state_hash(result),
    )
    return step, result


def apply(state: RoomState, step: StateChange) -> Changed:
    """What ``step`` makes of ``state``, which is not touched.

    Raises RevisionMismatch if it is for another revision or its hash differs from the result's, and DanglingReference
    if something would be put that names what does not exist.
    """
    if step.base_revision != state.revision:
        raise RevisionMismatch(f"have revision {state.revision}, change is for {step.base_revision}")
    changed = combine(state, step.put, step.remove, step.revision)
    if state_hash(changed.state) != step.hash:
        raise RevisionMismatch(f"hash differs at revision {step.revision}")
    return changed


def combine(state: RoomState, put: Put, remove: Remove, revision: int) -> Changed:
    """Remove with everything that stands on it, then put, then check what was put (DanglingReference)."""
    falling = _falling(state, remove)
    transports = _replaced(state.transports, falling.transports, put.transports)
    pipes = _replaced(state.pipes, falling.pipes, put.pipes)
    producers = _replaced(state.producers, falling.producers, put.producers)
    consumers = _replaced(state.consumers, falling.consumers, put.consumers)
    result = RoomState.model_construct(
        revision=revision,
        transports=transports.objects,
        pipes=pipes.objects,
        producers=producers.objects,
        consumers=consumers.objects,
    )
    result.require_ways((*producers.wanted, *consumers.wanted))
    more = transports.digest + pipes.digest + producers.digest + consumers.digest
    result.__dict__["digest"] = (state.digest + more) % DIGESTS
    gone: list[AnySpec] = [*consumers.gone, *producers.gone, *pipes.gone, *transports.gone]
    new: list[AnySpec] = [*transports.put, *pipes.put, *producers.put, *consumers.put]
    return Changed(result, gone, new)


def difference(old: RoomState, new: RoomState) -> Changed:
    """The same from one state to any other, which costs as much as both have."""
    before, after = ({spec.id: spec for spec in state.specs()} for state in (old, new))
    gone = [spec for key, spec in before.items() if key not in after]
    return Changed(new, gone[::-1], [spec for key, spec in after.items() if _differ(before.get(key), spec)])


class _Falling(NamedTuple):
    """Ids of what is removed or stands on it."""

    transports: Collection[str]
    pipes: Collection[str]
    producers: Collection[str]
    consumers: Collection[str]


def _falling(state: RoomState, remove: Remove) -> _Falling:
    transports, pipes = _known(remove.transports, state.transports), _known(remove.pipes, state.pipes)
    ways = {*transports, *pipes}
    producers = set(_known(remove.producers, state.producers))
    if ways:
        producers.update(one.id for one in state.producers.values() if one.transport_id in ways)
    consumers = set(_known(remove.consumers, state.consumers))
    if ways or producers:
        consumers.update(
            one.id for one in state.consumers.values() if one.transport_id in ways or one.producer_id in producers
        )
    return _Falling(transports, pipes, producers, consumers)


@dataclass(frozen=True, slots=True)
class _Replaced(Generic[SpecT]):
    """Objects of one kind after a change, by how much the sum of their digests differs, what went, what is new.

    ``wanted`` is what was put, new or not.
    """

    objects: Objects[SpecT]
    wanted: Collection[SpecT] = ()
    digest: int = 0
    gone: Sequence[SpecT] = ()
    put: Sequence[SpecT] = ()


def _replaced(objects: Objects[SpecT], falling: Collection[str], put: Iterable[SpecT]) -> _Replaced[SpecT]:
    wanted = {spec.id: spec for spec in put}
    if not falling and not wanted:
        return _Replaced(objects)
    result = objects.replaced(falling, wanted.values())
    before = [objects[key] for key in {*falling, *wanted} if key in objects]
    return _Replaced(
        result,
        wanted.values(),
        sum(spec.digest for spec in wanted.values()) - sum(spec.digest for spec in before),
        [spec for spec in before if spec.id not in result],
        [spec for key, spec in wanted.items() if _differ(objects.get(key), spec)],
    )


def _differ(before: Spec | None, after: Spec) -> bool:
    return before is not after and before != after


def _known(ids: Iterable[str], objects: Mapping[str, Spec]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in ids if one in objects))
