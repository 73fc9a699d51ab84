"""What a room's relays have to pass on to each other, and the changes that bring it about. Pure but for what is minted.

A producer lives on the relay of its endpoint's transport, its origin. Every other relay with a consumer of it gets each
of its encodings once, by the pipe between the two; the room's lead, whose speaker counts, gets everybody's sound.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from media.control.mint import mint_pipe_consumers, mint_piped_producer, ssrcs
from media.control.state import AnySpec, ConsumerSpec, PipeSpec, ProducerSpec, RoomState
from media.errors import ParametersError

logger = logging.getLogger(__name__)
Way = tuple[str, str]  # from the relay of this id to that one


@dataclass(frozen=True, slots=True)
class Layout:
    """A room over several relays, by their ids.

    ``extra``: producers that a relay is about to get a consumer of. ``layers``: the highest encoding that a relay wants
    of what is piped to it, where it has said so. ``awaited``: relays that pipes lead to and that may yet come back, as
    after a restart of the hub. ``broken``: pipes, and consumers in pipes, that do not work.
    """

    states: Mapping[str, RoomState]
    lead: str
    extra: Mapping[str, Collection[str]] = field(default_factory=dict)
    layers: Mapping[Way, int] = field(default_factory=dict)  # by relay and producer
    awaited: Collection[str] = ()
    broken: Collection[str] = ()


@dataclass(slots=True)
class Step:
    """What one relay has to do: objects that are put, and ids of what goes."""

    put: list[AnySpec] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)


class PipeMint(Protocol):
    """Where new pipes come from."""

    def pipe(self, one: str, other: str) -> tuple[PipeSpec, PipeSpec]:
        """Return the two ends of a new pipe."""

    def used(self, relay: str) -> Collection[int]:
        """Return the SSRCs that the relay uses in pipes."""


def plan(room: Layout, mint: PipeMint) -> dict[str, Step]:
    """Return what each relay has to change, by its id; nothing where all is as it should be.

    To be done in two changes: what is put first, so that a source whose pipe is replaced keeps its consumers.
    """
    return {relay: step for relay, step in _Planner(room, mint).plan().items() if step.put or step.remove}


def origins(states: Mapping[str, RoomState]) -> dict[str, str]:
    """Return the relay of each producer that an endpoint sends."""
    return {
        producer.id: relay
        for relay, state in states.items()
        for producer in state.producers.values()
        if producer.transport_id in state.transports
    }


def needs(room: Layout) -> dict[Way, set[str]]:
    """Return the producers that have to come from one relay to another."""
    homes = origins(room.states)
    found: dict[Way, set[str]] = defaultdict(set)
    for relay, state in room.states.items():
        wanted = {one.producer_id for one in state.consumers.values() if one.transport_id in state.transports}
        if relay == room.lead:
            wanted |= {one for one, home in homes.items() if room.states[home].producers[one].kind == "audio"}
        for producer_id in wanted.union(room.extra.get(relay, ())):
            if homes.get(producer_id, relay) != relay:
                found[homes[producer_id], relay].add(producer_id)
    return found


def matches(one: PipeSpec, other: PipeSpec) -> bool:
    """Whether these are the two ends of one pipe."""
    return (
        (one.id, one.link) == (other.id, other.link)
        and (one.ufrag, one.pwd, one.send_key) == (other.remote_ufrag, other.remote_pwd, other.receive_key)
        and (other.ufrag, other.pwd, other.send_key) == (one.remote_ufrag, one.remote_pwd, one.receive_key)
    )


class _Planner:
    def __init__(self, room: Layout, mint: PipeMint) -> None:
        self._room = room
        self._mint = mint
        self._needs = needs(room)
        self._steps: dict[str, Step] = {relay: Step() for relay in room.states}
        self._pipes: dict[frozenset[str], str] = {}  # by the two relays
        self._sent = {relay: _sent(state) for relay, state in room.states.items()}

    def plan(self) -> dict[str, Step]:
        self._keep_pipes()
        for way in sorted(self._needs):
            for producer_id in sorted(self._needs[way]):
                try:
                    self._serve(way, producer_id)
                except ParametersError as error:
                    logger.error("producer %s cannot go from relay to relay: %s", producer_id, error)
        for relay in self._room.states:
            self._clear(relay)
        return self._steps

    # --- pipes

    def _keep_pipes(self) -> None:
        """Keep one whole pipe for each two relays that need it; what leads to an awaited relay is not touched."""
        wanted = {frozenset(way) for way in self._needs}
        for relay, state in self._room.states.items():
            for pipe in sorted(state.pipes.values(), key=lambda one: one.id):
                pair = frozenset((relay, pipe.app))
                if pipe.app in self._room.awaited or (
                    pair in wanted and self._is_whole(relay, pipe) and self._pipes.setdefault(pair, pipe.id) == pipe.id
                ):
                    continue
                self._steps[relay].remove.append(pipe.id)

    def _is_whole(self, relay: str, pipe: PipeSpec) -> bool:
        other = self._room.states[pipe.app].pipes.get(pipe.id) if pipe.app in self._room.states else None
        return pipe.id not in self._room.broken and other is not None and other.app == relay and matches(pipe, other)

    def _pipe(self, way: Way) -> str:
        pair = frozenset(way)
        if pair not in self._pipes:
            ends = self._mint.pipe(*way)
            for relay, end in zip(way, ends, strict=True):
                self._steps[relay].put.append(end)
            self._pipes[pair] = ends[0].id
        return self._pipes[pair]

    # --- what goes by them

    def _serve(self, way: Way, producer_id: str) -> None:
        """Have a producer sent at one end of its pipe and received at the other."""
        origin, target = way
        producer, pipe = self._room.states[origin].producers[producer_id], self._pipe(way)
        found = self._sent[origin].get((pipe, producer_id), [])
        works = not any(one.id in self._room.broken for one in found)
        whole = works and [one.encoding for one in found] == list(range(encodings(producer)))
        consumers = found if whole else self._made(origin, pipe, producer)
        if not whole:
            self._steps[origin].remove += [one.id for one in found]
        highest = self._room.layers.get((target, producer_id))
        wanted = consumers if highest is None or len(consumers) == 1 else [_up_to(one, highest) for one in consumers]
        self._steps[origin].put += [
            one for one, old in zip(wanted, consumers, strict=True) if one is not old or not whole
        ]
        if not _arrives(self._room.states[target].producers.get(producer_id), pipe, producer, consumers):
            self._steps[target].put.append(mint_piped_producer(pipe, producer, consumers))

    def _made(self, origin: str, pipe: str, producer: ProducerSpec) -> list[ConsumerSpec]:
        new = ssrcs(one for one in self._steps[origin].put if isinstance(one, ConsumerSpec))
        return mint_pipe_consumers(pipe, producer, cname=origin, taken=new.union(self._mint.used(origin)))

    # --- what is not needed

    def _clear(self, relay: str) -> None:
        """Remove what comes or goes by a pipe that stays, and is not needed; the rest goes with its pipe."""
        state, step = self._room.states[relay], self._steps[relay]
        for pair, pipe in self._pipes.items():
            if relay not in pair:
                continue
            peer = next(iter(pair - {relay}))
            here, there = self._needs.get((peer, relay), set()), self._needs.get((relay, peer), set())
            step.remove += [
                one.id for one in state.producers.values() if one.transport_id == pipe and one.id not in here
            ]
            for (way, producer_id), consumers in self._sent[relay].items():
                if way == pipe and producer_id not in there:
                    step.remove += [one.id for one in consumers]


def encodings(producer: ProducerSpec) -> int:
    """Return how many encodings a producer has."""
    return len(_encodings(producer)) or 1


def _encodings(producer: ProducerSpec) -> list[Any]:
    found = producer.rtp_parameters.get("encodings")
    return found if isinstance(found, list) else []


def _sent(state: RoomState) -> dict[tuple[str, str], list[ConsumerSpec]]:
    """Return what goes out by pipes, lowest encoding first, by pipe and producer."""
    found: dict[tuple[str, str], list[ConsumerSpec]] = defaultdict(list)
    for one in state.consumers.values() if state.pipes else ():
        if one.transport_id in state.pipes:
            found[one.transport_id, one.producer_id].append(one)
    return {key: sorted(value, key=lambda one: (one.encoding or 0, one.id)) for key, value in found.items()}


def _up_to(consumer: ConsumerSpec, highest: int) -> ConsumerSpec:
    paused = (consumer.encoding or 0) > highest
    return consumer if consumer.paused == paused else consumer.model_copy(update={"paused": paused})


def _arrives(
    arriving: ProducerSpec | None, pipe: str, producer: ProducerSpec, consumers: Sequence[ConsumerSpec]
) -> bool:
    """Whether a relay receives a producer as these consumers send it."""
    if arriving is None:
        return False
    ssrcs = [(one.get("ssrc"), (one.get("rtx") or {}).get("ssrc")) for one in _encodings(arriving)]
    as_sent = [(one.ssrc, one.rtx_ssrc) for one in consumers]
    found = (arriving.transport_id, arriving.paused, arriving.app, ssrcs)
    return found == (pipe, producer.paused, producer.app, as_sent)
