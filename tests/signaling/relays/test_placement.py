"""Which relay an endpoint gets."""

import pytest

from signaling.errors import RelayUnavailable
from signaling.live.endpoint import EndpointIdentity
from signaling.relays.processor import Processor
from tests.signaling.relays.paper import World


@pytest.fixture
def world() -> World:
    return World("ab", full_transports=4)


def home(world: World, owner: str, room: str = "room") -> str:
    endpoint = world.join(owner, room)
    return world.room(room).spread.home(endpoint.identity.id).id


def test_a_room_stays_on_one_relay_until_that_is_full_and_then_takes_the_other(world: World) -> None:
    world.connect()
    first = home(world, "north")
    assert home(world, "delta") == first
    second = home(world, "coast")
    assert second != first
    assert home(world, "hills") == second, "the other has room"
    assert world.room().spread.lead.id == first
    assert home(world, "valley") == first, "all are full: the least loaded of the room's"
    world.close()


def test_many_who_join_at_once_are_spread_before_they_have_transports(world: World) -> None:
    world.connect()

    def all_at_once() -> list[str]:
        people = [EndpointIdentity(f"e{number}", "personal", "", f"p{number}", None, None) for number in range(4)]
        for one in people:
            world.rooms.join("room", one, one.id, resume=None, take_over=False)
        return [world.room().spread.home(one.id).id for one in people]

    first, second, third, fourth = world.run(all_at_once)
    assert first == second != third == fourth
    world.close()


def test_another_room_goes_where_there_is_less_to_do(world: World) -> None:
    world.connect()
    first = home(world, "north")
    assert home(world, "delta", "other") != first
    world.close()


def test_a_relay_is_full_by_what_its_processor_does(world: World) -> None:
    world.connect()
    first = world.relays[home(world, "north")]
    for number in range(5):
        world.run(first.uses, 100 + number * 1.3)
        world.clock.pass_time(2.0)
    assert home(world, "delta") != first.name
    for number in range(5):
        world.run(first.uses, 200 + number * 0.2)
        world.clock.pass_time(2.0)
    assert first.link is not None and first.link.processor.share == pytest.approx(0.1)
    world.close()


def test_nobody_is_placed_on_a_relay_that_is_about_to_end() -> None:
    world = World("ab", full_transports=100)
    world.connect()
    world.run(world.relays["a"].drain)
    assert home(world, "north") == "b"
    assert home(world, "delta", "other") == "b"
    world.run(world.relays["b"].drain)
    assert home(world, "coast") == "b", "both end: the room's is as good as any"
    world.close()


def test_a_room_waits_a_moment_for_its_relay_before_it_looks_for_another(world: World) -> None:
    with pytest.raises(RelayUnavailable):
        home(world, "north")
    world.connect()
    first = world.relays[home(world, "north")]
    world.run(first.disconnect)
    with pytest.raises(RelayUnavailable):
        home(world, "delta")
    world.clock.pass_time(6.0)
    assert home(world, "delta") != first.name
    assert world.announced.closed == [("north", "lost")]
    world.close()


def test_a_share_is_known_from_two_reports_on_and_forgets_what_is_long_past() -> None:
    processor = Processor()
    assert processor.share == 0.0
    processor.note(10.0, 0.0)
    assert processor.share == 0.0
    processor.note(11.0, 2.0)
    assert processor.share == 0.5
    for number in range(4):
        processor.note(20.0 + number, 4.0 + 2 * number)
    assert processor.share == 0.5
    processor.note(0.1, 12.0)
    assert processor.share == 0.0, "another process"
    processor.note(0.1, 12.0)
    assert processor.share == 0.0
