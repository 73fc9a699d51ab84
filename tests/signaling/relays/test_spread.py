"""A room over two or three relays: what each is told, and what happens when one is lost."""

from collections.abc import Iterator

import pytest

from media.control.messages import AudioLevels, Delta, Failed
from media.control.mint import mint_link
from media.control.objects import Objects
from media.control.state import View
from signaling.errors import NoSuchMediaObject, RelayUnavailable
from signaling.live.endpoint import Endpoint
from signaling.live.views import set_views, speak
from signaling.recording.tap import Tap
from signaling.wire.media_view import ConsumerView
from tests.signaling.relays import laws
from tests.signaling.relays.paper import World


@pytest.fixture
def world() -> Iterator[World]:
    world = World("ab")
    world.connect()
    yield world
    laws.check(world)
    world.close()


def pair(world: World) -> tuple[Endpoint, Endpoint]:
    """Two people, each on a relay of their own; the first one's leads."""
    return world.join("north", on="a"), world.join("delta", on="b")


def test_while_a_room_has_one_relay_nothing_goes_between_relays() -> None:
    world = World("ab", full_transports=100)
    world.connect()
    north, delta = world.join("north"), world.join("delta")
    producer = world.produce(north)
    world.consume(delta, producer)
    assert world.state("a").pipes == {}
    assert world.room().state is world.room().spread.lead.room("room")
    assert world.relays["b"].heard == []
    changes = [one for one in world.relays["a"].heard if isinstance(one, Delta)]
    assert [len(one.put.transports) for one in changes] == [1, 1, 1, 1, 0, 0]
    world.close()


def test_a_picture_comes_from_the_other_relay_each_encoding_once(world: World) -> None:
    north, delta = pair(world)
    producer = world.produce(north)
    assert world.state("a").pipes == {}, "nobody wants it yet"
    consumer = world.consume(delta, producer)
    [pipe] = world.state("a").pipes.values()
    sent = [one for one in world.state("a").consumers.values() if one.transport_id == pipe.id]
    assert sorted(one.encoding or 0 for one in sent) == [0, 1, 2]
    arriving = world.state("b").producers[producer]
    assert arriving.transport_id == pipe.id
    assert world.state("b").consumers[consumer].producer_id == producer
    assert world.room().state.producers[producer].transport_id in north.transports
    assert set(world.room().state.consumers) == {consumer}
    third = world.join("coast")
    world.consume(third, producer)
    assert len([one for one in world.state("a").consumers.values() if one.transport_id == pipe.id]) == 3


def test_what_arrives_is_there_before_its_consumer(world: World) -> None:
    north, delta = pair(world)
    world.consume(delta, world.produce(north))
    puts = [one.put for one in world.relays["b"].heard if isinstance(one, Delta)]
    assert [(len(one.pipes), len(one.producers), len(one.consumers)) for one in puts[-2:]] == [(1, 1, 0), (0, 0, 1)]


def test_sound_goes_to_the_lead_whoever_wants_it_and_its_speaker_counts(world: World) -> None:
    north, delta = pair(world)
    voice = world.produce(delta, "audio")
    world.produce(north, "audio")
    assert voice in world.state("a").producers
    assert len(world.state("b").producers) == 1, "the other hears only what is wanted there"

    def says(relay: str, speaker: str | None) -> None:
        world.run(world.relays[relay].say, AudioLevels(room="room", levels={}, speaker=speaker))

    says("b", next(iter(north.producers)))
    says("a", voice)
    assert world.announced.speakers == [delta.identity.id]


def test_a_source_that_nobody_there_wants_any_more_comes_no_longer(world: World) -> None:
    north, delta = pair(world)
    producer = world.produce(north)
    consumer = world.consume(delta, producer)
    world.run(world.room().close_consumer, delta, consumer)
    assert world.state("a").pipes == {} and world.state("b").pipes == {}
    assert world.state("b").producers == {}
    first = world.relays["a"].heard
    world.consume(delta, producer)
    links = {pipe.link for one in first if isinstance(one, Delta) for pipe in one.put.pipes}
    assert len(links) == 2, "a link that was closed is never opened again"


def test_two_rooms_share_a_link(world: World) -> None:
    north, delta = pair(world)
    coast, hills = world.join("coast", "other", on="b"), world.join("hills", "other", on="a")
    world.consume(delta, world.produce(north))
    world.consume(coast, world.produce(hills, room="other"), "other")
    [one], [other] = world.state("a").pipes.values(), world.state("a", "other").pipes.values()
    assert one.link == other.link and one.id != other.id
    assert one.model_copy(update={"id": other.id}) == other


def test_who_is_muted_is_muted_at_both_ends(world: World) -> None:
    north, delta = pair(world)
    voice = world.produce(north, "audio")
    world.consume(delta, voice)
    world.run(world.room().set_producer, voice, True)
    assert world.state("a").producers[voice].paused and world.state("b").producers[voice].paused
    world.run(world.room().set_producer, voice, False)
    assert not world.state("b").producers[voice].paused


def test_encodings_that_the_other_relay_does_not_want_do_not_go_there(world: World) -> None:
    north, delta = pair(world)
    picture = world.produce(north)
    world.consume(delta, picture)

    def passing() -> list[bool]:
        sent = [one for one in world.state("a").consumers.values() if one.transport_id in world.state("a").pipes]
        return [not one.paused for one in sorted(sent, key=lambda one: one.encoding or 0)]

    assert passing() == [True, True, True]
    for highest, wanted in ((1, [True, True, False]), (-1, [False] * 3), (2, [True] * 3)):
        world.run(world.relays["b"].wants, "room", {picture: highest})
        assert passing() == wanted
    assert world.announced.layers == [], "that is for the relay of the sender to say"
    world.run(world.relays["a"].wants, "room", {picture: 0})
    assert world.announced.layers == [{picture: 0}]


def test_sizes_go_to_the_relay_of_whoever_looks(world: World) -> None:
    north, delta = pair(world)
    picture = world.produce(north)
    consumer = world.consume(delta, picture)
    wanted = [ConsumerView(consumer_id=consumer, width=320, height=180)]
    world.run(set_views, world.room(), delta, wanted, most=25)
    assert world.state("b").consumers[consumer].view == View(width=320, height=180, rank=100)
    world.run(world.relays["b"].disconnect)
    world.run(speak, world.room(), north.identity.id)
    assert world.state("b").consumers[consumer].view == View(width=320, height=180, rank=100)
    world.connect("b")
    assert world.state("b").consumers[consumer].view == View(width=320, height=180, rank=0), (
        "it learns it when it is back"
    )


def test_a_relay_that_died_takes_only_its_own_endpoints_with_it(world: World) -> None:
    north, delta = pair(world)
    sound, picture = world.produce(north, "audio"), world.produce(delta)
    world.consume(delta, sound)
    world.consume(north, picture)
    world.run(world.relays["b"].die)
    assert world.announced.closed == []
    world.connect("b")
    assert world.announced.closed == [("delta", "lost")]
    assert world.state("a").pipes == {}
    assert set(world.state("a").producers) == {sound}
    assert north.consumers == set()
    back = world.join("delta")
    world.consume(back, sound)
    assert len(world.state("b").pipes) == 1


def test_when_the_lead_died_another_one_leads(world: World) -> None:
    north, delta = pair(world)
    voice = world.produce(delta, "audio")
    assert voice in world.state("a").producers
    world.run(world.relays["a"].die)
    world.connect("a")
    assert world.announced.closed == [("north", "lost")]
    assert world.room().spread.lead.id == "b"
    world.produce(world.join("north"), "audio")
    assert len(world.state("b").producers) == 2
    assert north.identity.id not in world.room().endpoints


def test_a_relay_that_hub_and_neighbour_have_lost_is_given_up(world: World) -> None:
    north, delta = pair(world)
    world.consume(north, world.produce(delta))
    [pipe] = world.state("a").pipes
    link = world.relays["a"].link
    assert link is not None

    def falls_silent() -> None:
        world.run(world.rooms.transport_changed, link, "room", pipe, "disconnected")

    world.run(world.relays["b"].disconnect)
    falls_silent()
    assert world.announced.closed == [], "the hub has lost it only just now"
    world.clock.pass_time(6.0)
    falls_silent()
    assert world.announced.closed == [("delta", "lost")]
    assert world.state("a").pipes == {}
    world.connect("b")
    assert world.state("b").transports == {}


def test_a_draining_relay_hands_over_only_its_own_endpoints(world: World) -> None:
    north, delta = pair(world)
    world.produce(delta, "audio")
    world.consume(delta, world.produce(north))
    world.run(world.relays["a"].drain)
    link = world.relays["a"].link
    assert link is not None
    assert world.run(world.rooms.room_draining, link, "room") == 1
    assert world.announced.closed == [("north", "moved")]
    assert world.room().spread.lead.id == "b"
    assert "room" not in world.relays["a"].rooms
    back = world.join("north")
    assert world.room().spread.home(back.identity.id).id == "b"
    assert world.run(world.rooms.room_draining, link, "room") == 0


def test_a_way_that_has_failed_is_made_anew_with_another_link(world: World) -> None:
    north, delta = pair(world)
    picture = world.produce(north)
    consumer = world.consume(delta, picture)
    [before] = world.state("a").pipes.values()
    link = world.relays["b"].link
    assert link is not None
    world.run(world.rooms.transport_changed, link, "room", before.id, "failed")
    assert world.room().spread.pipe_states() == {"failed": 1}
    world.clock.pass_time(3.0)
    [after] = world.state("a").pipes.values()
    assert after.link != before.link and after.send_key != before.send_key
    assert consumer in world.state("b").consumers and consumer in delta.consumers, "the page notices nothing"
    assert world.room().spread.pipe_states() == {"new": 1}


def test_a_pipe_that_a_relay_refuses_is_made_anew(world: World) -> None:
    north, delta = pair(world)
    world.consume(delta, world.produce(north))
    [before] = world.state("a").pipes.values()
    world.run(world.relays["a"].say, Failed(room="room", revision=1, object_id=before.id, reason="x"))
    world.run(world.relays["a"].say, Failed(room="room", revision=1, object_id="c", reason="x"))
    world.run(world.relays["a"].say, Failed(room="nowhere", revision=1, object_id=before.id, reason="x"))
    world.clock.pass_time(3.0)
    [after] = world.state("b").pipes.values()
    assert after.link != before.link


def test_what_a_relay_cannot_send_under_its_ssrcs_it_sends_under_others(world: World) -> None:
    north, delta = pair(world)
    picture = world.produce(north)
    consumer = world.consume(delta, picture)
    before = [one for one in world.state("a").consumers.values() if one.encoding == 1]
    failed = Failed(room="room", revision=1, object_id=before[0].id, reason="ssrc_given_up")
    world.run(world.relays["a"].say, failed)
    world.clock.pass_time(3.0)
    after = [one for one in world.state("a").consumers.values() if one.encoding == 1]
    assert len(after) == 1 and after[0].ssrc != before[0].ssrc
    assert after[0].transport_id == before[0].transport_id, "the pipe stays"
    assert consumer in world.state("b").consumers


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_new_hub_takes_a_room_back_from_its_relays_in_any_order(world: World, order: str) -> None:
    north, delta = pair(world)
    picture, voice = world.produce(north), world.produce(delta, "audio")
    consumer = world.consume(delta, picture)
    before = dict(world.relays["a"].rooms), dict(world.relays["b"].rooms)
    world.rooms.close()
    world.run(world.start_hub)
    world.connect(order[0])
    assert world.room().spread.awaited == {order[1]}
    world.connect(order[1])
    assert not world.room().spread.awaited
    found = {endpoint.identity.owner_id: endpoint for endpoint in world.room().endpoints.values()}
    assert (set(found["north"].producers), set(found["delta"].producers)) == ({picture}, {voice})
    assert found["delta"].consumers == {consumer}
    if order == "ab":  # the lead is the same, and nothing has to change
        assert before == (world.relays["a"].rooms, world.relays["b"].rooms)
    world.clock.pass_time(11.0)
    laws.settled(world)


def test_what_led_to_a_relay_that_does_not_come_back_goes_after_a_while(world: World) -> None:
    north, delta = pair(world)
    world.consume(north, world.produce(delta))
    world.run(world.start_hub)
    world.connect("a")
    assert len(world.state("a").pipes) == 1, "it may yet come"
    world.clock.pass_time(11.0)
    assert world.state("a").pipes == {}
    world.connect("b")
    assert {one.identity.owner_id for one in world.room().endpoints.values()} == {"north", "delta"}


def test_a_pipe_of_which_the_other_end_is_gone_is_made_anew_by_a_new_hub(world: World) -> None:
    north, delta = pair(world)
    consumer = world.consume(delta, world.produce(north))
    [before] = world.state("a").pipes.values()
    strange = mint_link([]).passive.model_copy(update={"id": before.id, "app": "a"})
    half = world.state("b").model_copy(update={"pipes": Objects([strange])})
    world.run(world.start_hub)
    world.relays["b"].rooms["room"] = half
    world.connect()
    [after] = world.state("a").pipes.values()
    assert after.link != before.link
    assert consumer in world.state("b").consumers


def test_who_has_joined_anew_before_the_old_relay_came_back_is_there_once(world: World) -> None:
    pair(world)
    world.run(world.start_hub)
    world.connect("a")
    world.join("delta", on="a")
    world.connect("b")
    assert "room" not in world.relays["b"].rooms
    assert len(world.room().endpoints) == 2


def test_a_recording_is_made_where_everybody_is_heard(world: World) -> None:
    _, delta = pair(world)
    picture = world.produce(delta)
    tap = Tap(world.room())
    world.run(tap.open, "AB:CD", 0.0)
    world.clock.do(tap.consume(picture))
    assert picture in world.state("a").producers
    assert tap.stands
    world.run(world.rooms.leave, "room", "north")
    assert tap.stands, "the lead stays while it records, also without people"
    assert world.room().spread.lead.id == "a"
    world.run(tap.close)
    assert world.room().spread.lead.id == "b"
    assert world.room().spread.homes == [world.relays["b"].link]
    assert "room" not in world.relays["a"].rooms


def test_a_recording_goes_on_elsewhere_when_its_relay_drains(world: World) -> None:
    pair(world)
    tap = Tap(world.room())
    world.run(tap.open, "AB:CD", 0.0)
    world.run(world.relays["a"].drain)
    link = world.relays["a"].link
    assert link is not None
    world.run(world.rooms.room_draining, link, "room")
    assert not tap.stands
    world.run(tap.close)
    world.run(tap.open, "AB:CD", 0.0)
    assert len(world.state("b").transports) == 3


def test_what_is_wanted_of_a_relay_that_is_away_comes_when_it_is_back(world: World) -> None:
    north, delta = pair(world)
    picture = world.produce(delta)
    world.run(world.relays["b"].disconnect)
    world.consume(north, picture)
    assert picture in world.state("a").producers, "its own relay knows already whence it will come"
    with pytest.raises(RelayUnavailable):
        world.produce(delta, "audio")
    world.connect("b")
    assert len(world.state("b").pipes) == 1


def test_a_link_whose_key_a_relay_has_had_is_replaced(world: World) -> None:
    """While it was away one room's pipe came by a link and another's went: it learns first what went, and closes it."""
    north, delta = pair(world)
    hills, coast = world.join("hills", "other", on="b"), world.join("coast", "other", on="a")
    consumer, picture = world.consume(delta, world.produce(north)), world.produce(hills, room="other")
    world.run(world.relays["b"].disconnect)
    world.consume(coast, picture, "other")
    world.run(world.room().close_consumer, delta, consumer)
    [before] = world.state("a", "other").pipes.values()
    world.connect("b")
    assert world.relays["b"].refused == {before.id}
    world.clock.pass_time(3.0)
    laws.settled(world)
    [after] = world.state("b", "other").pipes.values()
    assert after.link != before.link


def test_nothing_hangs_on_what_is_not_there(world: World) -> None:
    north, delta = pair(world)
    picture = world.produce(north)
    with pytest.raises(NoSuchMediaObject):
        world.consume(delta, "gone")
    world.run(world.room().close_producer, north, picture)
    with pytest.raises(NoSuchMediaObject):
        world.consume(delta, picture)
