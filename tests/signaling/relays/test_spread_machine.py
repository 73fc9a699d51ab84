"""Rooms over several relays under any sequence of events: people come, send and go; relays die, drain and come back."""

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from media.control.messages import TransportState
from media.control.state import MediaKind
from signaling.errors import EndpointElsewhere, NoSuchMediaObject, RelayUnavailable
from signaling.live.endpoint import Endpoint
from tests.signaling.relays import laws
from tests.signaling.relays.paper import World

PEOPLE = st.sampled_from(["north", "delta", "coast", "hills"])
ROOMS = st.sampled_from(["room", "room", "room", "other"])
RELAYS = st.sampled_from(["a", "b", "c"])


class Meetings(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World("abc")
        self.world.connect()
        for owner in ("north", "delta", "coast"):  # two find room on the first relay
            self.world.produce(self.world.join(owner), "audio" if owner == "coast" else "video")
        for owner in ("north", "delta", "coast"):
            self.receives_everything("room", owner)

    def endpoint(self, room: str, owner: str) -> Endpoint | None:
        found = self.world.rooms.get(room)
        return found.of_owner(owner) if found is not None else None

    @rule(room=ROOMS, owner=PEOPLE, resumes=st.booleans())
    def joins(self, room: str, owner: str, resumes: bool) -> None:
        before = self.endpoint(room, owner)
        with contextlib.suppress(RelayUnavailable, EndpointElsewhere):
            self.world.join(owner, room, resume=before.identity.id if before and resumes else None)

    @rule(room=ROOMS, owner=PEOPLE)
    def leaves(self, room: str, owner: str) -> None:
        self.world.run(self.world.rooms.leave, room, owner)

    @rule(owner=PEOPLE)
    def closes_the_laptop(self, owner: str) -> None:
        self.world.run(self.world.rooms.holder_lost, owner)

    @rule(room=ROOMS, owner=PEOPLE, kind=st.sampled_from(["audio", "video"]))
    def sends(self, room: str, owner: str, kind: MediaKind) -> None:
        self.attempt(room, owner, lambda one: self.world.produce(one, kind, room))

    @rule(room=ROOMS, owner=PEOPLE)
    def receives_everything(self, room: str, owner: str) -> None:
        def receive(one: Endpoint) -> None:
            for source in self.sources(room, but=owner):
                self.world.consume(one, source, room)

        self.attempt(room, owner, receive)

    @rule(room=ROOMS, owner=PEOPLE)
    def mutes(self, room: str, owner: str) -> None:
        def toggle(one: Endpoint) -> None:
            for producer_id in list(one.producers):
                paused = not self.world.room(room).state.producers[producer_id].paused
                self.world.run(self.world.room(room).set_producer, producer_id, paused)

        self.attempt(room, owner, toggle)

    @rule(room=ROOMS, owner=PEOPLE)
    def ends_a_source(self, room: str, owner: str) -> None:
        def end(one: Endpoint) -> None:
            for producer_id in list(one.producers)[:1]:
                self.world.run(self.world.room(room).close_producer, one, producer_id)

        self.attempt(room, owner, end)

    @rule(room=ROOMS, owner=PEOPLE)
    def receives_no_longer(self, room: str, owner: str) -> None:
        def end(one: Endpoint) -> None:
            for consumer_id in sorted(one.consumers)[:1]:
                self.world.run(self.world.room(room).close_consumer, one, consumer_id)

        self.attempt(room, owner, end)

    @rule(room=ROOMS, relay=RELAYS, highest=st.integers(-1, 2), data=st.data())
    def looks_at_it_in_another_size(self, room: str, relay: str, highest: int, data: Any) -> None:
        carried = sorted(self.world.state(relay, room).producers)
        if carried:
            wanted = {data.draw(st.sampled_from(carried)): highest}
            self.world.run(self.world.relays[relay].wants, room, wanted)

    # --- relays and hub

    @rule(relay=RELAYS)
    def a_relay_loses_the_hub(self, relay: str) -> None:
        self.world.run(self.world.relays[relay].disconnect)

    @rule(relay=RELAYS)
    def a_relay_dies(self, relay: str) -> None:
        self.world.run(self.world.relays[relay].die)

    @rule(relay=RELAYS)
    def a_relay_comes_back(self, relay: str) -> None:
        if self.world.relays[relay].link is None:
            self.world.connect(relay)

    @rule(relay=RELAYS)
    def a_relay_drains(self, relay: str) -> None:
        def drain() -> None:
            self.world.relays[relay].drain()
            link = self.world.relays[relay].link
            if link is not None and self.world.registry.has_other(link):
                for room in link.rooms:
                    self.world.rooms.room_draining(link, room)

        self.world.run(drain)

    @rule(relay=RELAYS, state=st.sampled_from(["connected", "disconnected", "failed"]), room=ROOMS)
    def ways_between_relays_work_or_not(self, relay: str, state: TransportState, room: str) -> None:
        link = self.world.relays[relay].link
        if link is not None:
            for pipe in list(self.world.state(relay, room).pipes):
                self.world.run(self.world.rooms.transport_changed, link, room, pipe, state)
            self.world.clock.pass_time(3.0)

    @rule(relay=RELAYS, room=ROOMS, which=st.integers(0, 20))
    def an_object_is_refused(self, relay: str, room: str, which: int) -> None:
        link, state = self.world.relays[relay].link, self.world.state(relay, room)
        objects = [*state.pipes, *state.consumers]
        if link is not None and objects:
            self.world.run(self.world.rooms.object_failed, link, room, objects[which % len(objects)])

    @rule(order=st.permutations(["a", "b", "c"]), count=st.integers(1, 3))
    def the_hub_starts_anew(self, order: list[str], count: int) -> None:
        self.world.rooms.close()
        self.world.run(self.world.start_hub)
        for relay in order[:count]:
            self.world.connect(relay)

    @rule(seconds=st.sampled_from([1.0, 6.0, 31.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.pass_time(seconds)

    @precondition(lambda self: all(one.link for one in self.world.relays.values()))
    @rule()
    def nothing_happens_for_a_while(self) -> None:
        self.world.clock.pass_time(20.0)
        laws.settled(self.world)

    @invariant()
    def the_laws_hold(self) -> None:
        laws.check(self.world)

    def teardown(self) -> None:
        self.world.close()

    # ---

    def sources(self, room: str, but: str) -> list[str]:
        found = self.world.rooms.get(room)
        endpoints = found.endpoints.values() if found is not None else ()
        return sorted(one for other in endpoints if other.identity.owner_id != but for one in other.producers)

    def attempt(self, room: str, owner: str, what: Callable[[Endpoint], object]) -> None:
        endpoint = self.endpoint(room, owner)
        if endpoint is not None and len(endpoint.transports) == 2:
            with contextlib.suppress(RelayUnavailable, NoSuchMediaObject):
                what(endpoint)


TestMeetings = Meetings.TestCase
TestMeetings.settings = settings(
    max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
