"""What must hold of rooms over several relays, whatever happened."""

from media.control.state import RoomState
from signaling.live.room import Room
from signaling.relays.link import RelayLink
from signaling.relays.reconcile import encodings, matches, origins
from tests.signaling.relays.paper import Paper, World


def check(world: World) -> None:
    for room_id in {one for link in world.registry.links for one in link.rooms}:
        room = world.rooms.get(room_id)
        assert room is not None, "a relay carries a room that is over"
        _room(room)
    for relay in world.relays.values():
        if relay.link is not None:
            _converged(relay, relay.link)


def settled(world: World) -> None:
    """Some time after the last change: nothing is awaited, and no pipe is out of service."""
    for relay in world.relays.values():
        assert relay.link is None or not relay.refused
    for link in world.registry.links:
        for room_id in link.rooms:
            room = world.rooms.get(room_id)
            assert room is not None and not room.spread.awaited


def _converged(relay: Paper, link: RelayLink) -> None:
    assert relay.rooms == {room_id: link.room(room_id) for room_id in link.rooms}


def _room(room: Room) -> None:
    states = {link.id: link.room(room.id) for link in room.spread.links}
    assert room.spread.lead in room.spread.links
    assert room.endpoints
    for endpoint in room.endpoints.values():
        home = states[room.spread.home(endpoint.identity.id).id]
        assert endpoint.transports.keys() <= home.transports.keys()
        assert all(home.producers[one].transport_id in endpoint.transports for one in endpoint.producers)
        assert all(home.consumers[one].transport_id in endpoint.transports for one in endpoint.consumers)
    if not room.spread.awaited:
        _pipes(states)
        _consumers(states, room.spread.lead.id)


def _pipes(states: dict[str, RoomState]) -> None:
    """Each has both its ends and carries something, and two relays have one at most."""
    for relay, state in states.items():
        for pipe in state.pipes.values():
            other = states[pipe.app].pipes[pipe.id]
            assert other.app == relay and matches(pipe, other)
            assert bool(pipe.check) != bool(other.check)
            ends = (state, states[pipe.app])
            assert any(one.transport_id == pipe.id for end in ends for one in end.producers.values())
        peers = [pipe.app for pipe in state.pipes.values()]
        assert len(set(peers)) == len(peers)


def _consumers(states: dict[str, RoomState], lead: str) -> None:
    """Everything that is consumed comes, the lead hears everybody, and nothing else is passed on."""
    homes, wanted, sent = origins(states), set[tuple[str, str]](), set[tuple[str, str]]()
    for relay, state in states.items():
        own = [one for one in state.consumers.values() if one.transport_id in state.transports]
        wanted |= {(relay, one.producer_id) for one in own}
        sent |= {
            (state.pipes[one.transport_id].app, one.producer_id)
            for one in state.consumers.values()
            if one.transport_id in state.pipes
        }
    wanted |= {(lead, one) for one, home in homes.items() if states[home].producers[one].kind == "audio"}
    foreign = {(relay, one) for relay, one in wanted if homes[one] != relay}
    arriving = {
        (relay, one.id) for relay, state in states.items() for one in state.producers.values()
        if one.transport_id in state.pipes
    }  # fmt: skip
    assert foreign == sent == arriving
    for relay, producer in foreign:
        _comes(states[homes[producer]], states[relay], producer)


def _comes(origin: RoomState, target: RoomState, producer_id: str) -> None:
    """Each encoding is sent once, and received under the SSRCs that it is sent with."""
    producer, arriving = origin.producers[producer_id], target.producers[producer_id]
    assert (arriving.paused, arriving.app, arriving.kind) == (producer.paused, producer.app, producer.kind)
    sent = [
        one
        for one in origin.consumers.values()
        if one.producer_id == producer_id and one.transport_id == arriving.transport_id
    ]
    assert [one.encoding for one in sorted(sent, key=lambda one: one.encoding or 0)] == list(range(encodings(producer)))
    received = arriving.rtp_parameters["encodings"]
    assert isinstance(received, list)
    assert [one["ssrc"] for one in received if isinstance(one, dict)] == [
        one.ssrc for one in sorted(sent, key=lambda one: one.encoding or 0)
    ]
