"""Relays on paper: they obey as real ones do, and watch what a real one could not forgive. Time passes when told to."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

import pytest

from media.control import mint
from media.control.change import apply
from media.control.messages import (
    Capabilities,
    Delta,
    Draining,
    Drop,
    Failed,
    LayersWanted,
    Register,
    RelayCounters,
    Snapshot,
    Statistics,
    Welcome,
    applied,
    encode,
    parse_hub_message,
    parse_relay_message,
)
from media.control.state import Candidate, MediaKind, Model, PipeSpec, RoomState, check_references
from media.ortc import ROUTER_CAPABILITIES
from signaling.live.endpoint import Endpoint, EndpointIdentity
from signaling.live.room import CloseReason, Room, new_endpoint_id
from signaling.live.rooms import Rooms
from signaling.live.vouching import Vouching
from signaling.relays.link import RelayLink
from signaling.relays.placement import Placement
from signaling.relays.registry import RelayRegistry
from signaling.wire.media import Source
from tests.media import parameters

T = TypeVar("T")
P = ParamSpec("P")
DIRECTIONS: tuple[Literal["send"], Literal["recv"]] = ("send", "recv")
RIDS = [{"rid": f"r{index}", "scaleResolutionDownBy": by} for index, by in enumerate((4, 2, 1))]


class Clock(asyncio.SelectorEventLoop):
    """An event loop whose time passes only in pass_time()."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._failed: list[BaseException] = []
        super().__init__()
        self.set_exception_handler(lambda _, context: self._failed.append(context["exception"]))

    def time(self) -> float:
        return self._now

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.run_until_complete(work)

    def pass_time(self, seconds: float) -> None:
        async def turn() -> None:
            for _ in range(3):
                await asyncio.sleep(0)

        end = self._now + seconds
        while self._now < end:
            self._now = min(end, self._now + 1.0)
            self.do(turn())
        assert self._failed == []


class Dice(random.Random):
    """In the place of ``secrets`` where ids and keys are minted: the same ones in every run."""

    def token_hex(self, count: int) -> str:
        return self.randbytes(count).hex()

    def token_bytes(self, count: int) -> bytes:
        return self.randbytes(count)

    def randbelow(self, limit: int) -> int:
        return self.randrange(limit)


class Paper:
    """One relay. ``refused`` are pipes that it did not take, ``had`` all keys that it ever opened a link with."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.life = 0
        self.rooms: dict[str, RoomState] = {}
        self.heard: list[Model] = []
        self.refused: set[str] = set()
        self.link: RelayLink | None = None  # while connected
        self.draining = False
        self._unsaid: list[Model] | None = None
        self._had: set[str] = set()
        self._open: dict[str, PipeSpec] = {}  # by link

    def connect(self, registry: RelayRegistry, rooms: Rooms) -> None:
        self._unsaid = []  # answers to what it hears while it registers
        registration = Register(
            relay_id=self.name,
            instance=f"{self.name}-{self.life}",
            fingerprint="sha-256 AB",
            candidates=(Candidate(ip="192.0.2.7", port=7443),),
            capabilities=Capabilities(dataplane="none"),
            rooms=dict(self.rooms),
        )
        self.link = registry.register(registration, self.hear, rooms)
        unsaid, self._unsaid = self._unsaid, None
        for message in unsaid:
            self.say(message)
        if self.draining:
            self.say(Draining(seconds=30))

    def disconnect(self) -> None:
        if self.link is not None:
            link, self.link = self.link, None
            link.disconnect(self.hear)

    def die(self) -> None:
        """Lose everything; the next life knows nothing of it."""
        self.disconnect()
        self.life += 1
        self.rooms, self.refused, self.draining = {}, set(), False
        self._had, self._open = set(), {}

    def say(self, message: Model) -> None:
        if self._unsaid is not None:
            self._unsaid.append(message)
        elif self.link is not None:
            self.link.receive(parse_relay_message(encode(message)))

    def drain(self) -> None:
        self.draining = True
        self.say(Draining(seconds=30))

    def uses(self, cpu_seconds: float) -> None:
        self.say(Statistics(relay=RelayCounters(cpu_seconds=cpu_seconds)))

    def wants(self, room: str, layers: Mapping[str, int]) -> None:
        self.say(LayersWanted(room=room, layers=dict(layers)))

    def hear(self, text: str) -> None:
        message = parse_hub_message(text)
        self.heard.append(message)
        match message:
            case Delta(room=room):
                self._now(room, apply(self.rooms.get(room, RoomState()), message).state)
            case Snapshot(room=room, state=state):
                check_references(state)
                self._now(room, state)
            case Drop(room=room):
                self._now(room, RoomState())
                del self.rooms[room]
            case Welcome():
                pass

    def _now(self, room: str, state: RoomState) -> None:
        before = self.rooms.get(room, RoomState())
        self.rooms[room] = state
        carried = {pipe.link for one in self.rooms.values() for pipe in one.pipes.values()}
        self._open = {link: pipe for link, pipe in self._open.items() if link in carried}
        for pipe in state.pipes.values():
            if pipe.id not in before.pipes:
                self._take(room, pipe, state.revision)
        self.refused &= {pipe for one in self.rooms.values() for pipe in one.pipes}
        self._look_at_ssrcs()
        self.say(applied(room, state))

    def _take(self, room: str, pipe: PipeSpec, revision: int) -> None:
        """Open the link with its first pipe; never again with a key that was there before."""
        opened = self._open.get(pipe.link)
        if opened is None and pipe.send_key in self._had:
            self.refused.add(pipe.id)
            self.say(Failed(room=room, revision=revision, object_id=pipe.id, reason="key_used"))
            return
        assert opened is None or opened.model_copy(update={"id": pipe.id, "app": pipe.app}) == pipe
        self._had.add(pipe.send_key)
        self._open.setdefault(pipe.link, pipe)

    def _look_at_ssrcs(self) -> None:
        """No SSRC twice in what goes by one link."""
        sent: dict[str, list[int]] = defaultdict(list)
        for state in self.rooms.values():
            for one in state.consumers.values():
                if one.transport_id in state.pipes:
                    sent[state.pipes[one.transport_id].link].extend(x for x in (one.ssrc, one.rtx_ssrc) if x)
        assert all(len(set(ssrcs)) == len(ssrcs) for ssrcs in sent.values())


class Announced:
    """What the rooms told clients."""

    def __init__(self) -> None:
        self.closed: list[tuple[str, CloseReason]] = []  # owner, reason
        self.speakers: list[str | None] = []
        self.layers: list[dict[str, int | None]] = []

    def room_changed(self, room: Room) -> None:
        room.wire()

    def endpoint_closed(self, room_id: str, endpoint: Endpoint, reason: CloseReason) -> None:
        self.closed.append((endpoint.identity.owner_id, reason))

    def active_speaker(self, room_id: str, endpoint_id: str | None) -> None:
        self.speakers.append(endpoint_id)

    def layers_wanted(self, room_id: str, endpoint: Endpoint, layers: Mapping[str, int | None]) -> None:
        self.layers.append(dict(layers))


@dataclass(frozen=True, slots=True)
class On(Placement):
    """Everybody comes to the relay of this name."""

    name: str = ""

    def choose(
        self, room: Sequence[RelayLink], relays: Iterable[RelayLink], seated: Mapping[RelayLink, int]
    ) -> RelayLink:
        return next(one for one in relays if one.id == self.name)


class World:
    """A hub's rooms and its relays, of which each takes few transports until it counts as full."""

    def __init__(self, names: str = "ab", full_transports: int = 2) -> None:
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(mint, "secrets", Dice(1))
        self.clock = Clock()
        self.relays = {name: Paper(name) for name in names}
        self.placement = Placement(full_transports=full_transports)
        self.start_hub()

    def start_hub(self) -> None:
        """A hub that knows nothing; no relay has found it yet."""
        for relay in self.relays.values():
            relay.disconnect()
        self.announced = Announced()
        self.registry = RelayRegistry(self.placement)
        self.rooms = Rooms(self.registry, self.announced, Vouching(b"key"))

    def connect(self, *names: str) -> None:
        for name in names or self.relays:
            self.clock.do(self._connect(self.relays[name]))

    async def _connect(self, relay: Paper) -> None:
        relay.connect(self.registry, self.rooms)

    def run(self, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        """Call something on the event loop."""

        async def called() -> T:
            return work(*args, **more)

        return self.clock.do(called())

    def close(self) -> None:
        self.rooms.close()
        self.clock.close()
        self._patch.undo()

    # --- pages

    def join(
        self, owner: str, room: str = "room", *, on: str = "", resume: str | None = None, take_over: bool = True
    ) -> Endpoint:
        """Join, by the rules of placement, or ``on`` this relay, and open both transports."""
        self.registry.placement = On(name=on) if on else self.placement
        identity = EndpointIdentity(new_endpoint_id(), "personal", owner, owner, None, None)
        endpoint, resumed = self.run(self.rooms.join, room, identity, owner, resume=resume, take_over=take_over)
        if not resumed:
            for direction in DIRECTIONS:
                self.run(self.room(room).create_transport, endpoint, direction)
        return endpoint

    def room(self, name: str = "room") -> Room:
        found = self.rooms.get(name)
        assert found is not None
        return found

    def produce(self, endpoint: Endpoint, kind: MediaKind = "video", room: str = "room") -> str:
        given = parameters.opus() if kind == "audio" else parameters.vp8(encodings=RIDS)
        source: Source = "microphone" if kind == "audio" else "camera"
        return self.run(self.room(room).produce, endpoint, _way(endpoint, "send"), kind, source, given, False)

    def consume(self, endpoint: Endpoint, producer: str, room: str = "room") -> str:
        way = _way(endpoint, "recv")
        spec, _ = self.clock.do(self.room(room).consume(endpoint, way, producer, dict(ROUTER_CAPABILITIES)))
        return spec.id

    def state(self, relay: str, room: str = "room") -> RoomState:
        return self.relays[relay].rooms.get(room, RoomState())


def _way(endpoint: Endpoint, direction: str) -> str:
    return next(one for one, way in endpoint.transports.items() if way == direction)
