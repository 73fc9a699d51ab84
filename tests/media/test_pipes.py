"""A room over two relays: what a page on one sends, and a page on the other receives."""

import random
from collections import Counter

import pytest

from media.control.messages import Capabilities as RelayCapabilities
from media.control.messages import Register, encode, parse_relay_message
from media.rtcp import SenderReport, is_rtcp, write_picture_loss, write_sender_report
from tests.media import planes
from tests.media.pipes import ROOM, Meeting, Network, Site, lay, piped_meeting, two_relays
from tests.media.simulcast import assert_no_gap, frames, in_order

pytestmark = pytest.mark.usefixtures("plane")


def seen(meeting: Meeting, *, far: bool = True) -> list[int]:
    """The encoding of each frame of the picture that an onlooker got."""
    page = meeting.far if far else meeting.near
    return [frame.encoding for frame in frames(in_order(page.of(meeting.camera.picture)))]


def test_sound_and_picture_come_to_the_other_relay_as_to_the_own() -> None:
    meeting = piped_meeting()
    meeting.run(2)
    for page in (meeting.near, meeting.far):
        packets = in_order(page.of(meeting.camera.picture))
        assert_no_gap(packets)
        assert all(frame.is_whole for frame in frames(packets))
        assert len(page.of(meeting.camera.voice)) >= 58
    assert seen(meeting)[-20:] == [2] * 20
    assert (meeting.home.relay.dropped, meeting.away.relay.dropped) == (Counter(), Counter())


def test_relays_with_different_data_planes_understand_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network()
    home = Site(network=network, host="198.51.100.1")
    monkeypatch.setattr(planes, "under_test", next(name for name in planes.PLANES if name != planes.under_test))
    meeting = piped_meeting((network, home, Site(network=network, host="198.51.100.2")))
    chance = random.Random(5)
    network.lose = lambda data: data[0] >= 128 and chance.random() < 0.05
    meeting.run(2)
    network.lose = lambda data: False
    meeting.run(1)
    assert {home.relay.plane.name, meeting.away.relay.plane.name} == set(planes.PLANES)
    assert seen(meeting)[-20:] == [2] * 20
    assert_no_gap(in_order(meeting.far.of(meeting.camera.picture)))


def test_who_is_loud_is_known_on_both_relays() -> None:
    meeting = piped_meeting()
    meeting.run(1)
    voice = meeting.camera.voice.id
    assert meeting.home.relay.plane.take_levels() == {voice: -30}
    assert meeting.away.relay.plane.take_levels() == {voice: -30}


def test_each_encoding_crosses_once_for_however_many() -> None:
    meeting = piped_meeting()
    more = [meeting.away.page(10 + number) for number in range(3)]
    for page in more:
        page.consume(meeting.away.state.producers[meeting.camera.picture.id])
    meeting.run(2)
    before = len(meeting.network.carried)
    meeting.run(1)
    media = [data for data in meeting.network.carried[before:] if data[0] >= 128 and not is_rtcp(data)]
    assert len(media) <= 31 * (1 + 2 + 3 + 1) + 6
    for page in more:
        page.take_in()
        assert len(frames(in_order(page.of(meeting.camera.picture)))) > 60


def test_what_the_link_loses_is_repeated_by_the_relay_that_sent_it() -> None:
    meeting = piped_meeting()
    chance = random.Random(4)
    meeting.run(1)
    meeting.network.lose = lambda data: data[0] >= 128 and chance.random() < 0.1
    meeting.run(3)
    meeting.network.lose = lambda data: False
    meeting.run(0.5)
    packets = in_order(meeting.far.of(meeting.camera.picture))
    assert_no_gap(packets)
    assert all(frame.is_whole for frame in frames(packets))
    voice = {packet.sequence for packet in meeting.far.of(meeting.camera.voice)}
    assert len(voice) == max(voice) - min(voice) + 1
    assert [encoding.rtx for encoding in meeting.camera.encodings] == [0, 0, 0]
    [link] = meeting.home.relay.pipes.links.values()
    assert link.loss_out > 0


def test_a_request_for_a_keyframe_crosses() -> None:
    meeting = piped_meeting()
    meeting.run(3)
    meeting.camera.keyframes_asked.clear()
    meeting.far.send_rtcp(write_picture_loss(meeting.far.consumers[meeting.camera.picture.id].ssrc))
    meeting.run(0.3)
    assert meeting.camera.keyframes_asked == [53]


def test_the_other_relay_chooses_among_the_encodings_without_a_gap() -> None:
    meeting = piped_meeting()
    meeting.run(1.5)
    picture = meeting.camera.picture
    for height, encoding in ((180, 0), (720, 2), (360, 1)):
        meeting.far.view(picture, height)
        meeting.run(3)
        assert seen(meeting)[-20:] == [encoding] * 20
        assert seen(meeting, far=False)[-20:] == [2] * 20
    assert_no_gap(in_order(meeting.far.of(picture)))


def test_an_encoding_that_is_paused_does_not_cross_and_comes_back_at_a_keyframe() -> None:
    meeting = piped_meeting()
    meeting.run(2)
    meeting.keep(0)
    meeting.run(3)
    assert seen(meeting)[-20:] == [0] * 20
    before = len(meeting.network.carried)
    meeting.run(1)
    media = [data for data in meeting.network.carried[before:] if data[0] >= 128 and not is_rtcp(data)]
    assert len(media) <= 31 * 2 + 3
    meeting.keep(0, 1, 2)
    meeting.run(3)
    assert seen(meeting)[-20:] == [2] * 20
    assert_no_gap(in_order(meeting.far.of(meeting.camera.picture)))


def test_a_relay_says_what_is_wanted_there_and_the_home_what_both_want() -> None:
    meeting = piped_meeting()
    picture = meeting.camera.picture
    meeting.run(1)
    meeting.near.view(picture, 180)
    meeting.far.view(picture, 360)
    meeting.run(7)
    assert meeting.away.relay.quality.wanted.take_changes() == {picture.id: 1}
    assert meeting.home.relay.quality.wanted.take_changes() == {}
    meeting.keep(0, 1)
    meeting.run(7)
    assert meeting.home.relay.quality.wanted.take_changes() == {picture.id: 1}
    meeting.keep()
    meeting.run(7)
    assert meeting.home.relay.quality.wanted.take_changes() == {picture.id: 0}
    meeting.near.view(picture, 0)
    meeting.run(7)
    assert meeting.home.relay.quality.wanted.take_changes() == {picture.id: -1}
    meeting.keep(0, 1, 2)
    meeting.run(0.1)
    assert meeting.home.relay.quality.wanted.take_changes() == {picture.id: 2}


def test_a_source_that_is_muted_does_not_cross() -> None:
    meeting = piped_meeting()
    meeting.run(1)
    muted = meeting.camera.voice.model_copy(update={"paused": True})
    assert meeting.home.change(put=[muted]) == []
    meeting.far.got.clear()
    meeting.run(1)
    assert meeting.far.of(meeting.camera.voice) == []


def test_the_senders_clock_crosses() -> None:
    meeting = piped_meeting()
    meeting.run(1)

    voice = meeting.far.of(meeting.camera.voice)[-1]
    report = SenderReport(1111, 77 << 32, 5_000, 1, 1)
    meeting.camera.page.send_rtcp(write_sender_report(report, "alice"))
    meeting.network.deliver()
    [told] = [one for one in meeting.far.take_in() if isinstance(one, SenderReport)]
    assert (told.ssrc, told.ntp) == (meeting.far.consumers[meeting.camera.voice.id].ssrc, 77 << 32)
    assert told.rtp_timestamp == 5_000
    assert voice.timestamp % 1600 == 0
    meeting.run(2)
    [link] = meeting.home.relay.pipes.links.values()
    assert link.rtt is not None


def test_a_pipe_that_goes_takes_what_came_through_it_along_and_a_new_one_brings_it_back() -> None:
    meeting = piped_meeting()
    meeting.run(1)
    for site in (meeting.home, meeting.away):
        assert site.change(remove=[meeting.ends.active.id]) == []
        assert site.relay.pipes.links == {}
    assert not meeting.away.state.producers
    assert set(meeting.home.state.consumers) == {spec.id for spec in meeting.near.consumers.values()}
    meeting.far.got.clear()
    meeting.run(1)
    assert meeting.far.got == []
    meeting.ends = lay(meeting.home, meeting.away)
    meeting.far.consume(meeting.pipe(meeting.camera.picture))
    meeting.run(2)
    assert seen(meeting)[-20:] == [2] * 20
    assert_no_gap(in_order(meeting.far.of(meeting.camera.picture)))


def test_what_came_before_its_pipe_could_be_opened_runs_when_it_can() -> None:
    meeting = piped_meeting()
    meeting.run(1)
    for site in (meeting.home, meeting.away):
        site.change(remove=[meeting.ends.active.id])
    assert meeting.home.change(put=[meeting.ends.active]) == ["key_reused"]
    assert meeting.away.change(put=[meeting.ends.passive]) == ["key_reused"]
    meeting.far.consume(meeting.pipe(meeting.camera.picture))
    meeting.run(1)
    assert meeting.far.of(meeting.camera.picture) == []
    _, fresh_home, fresh_away = two_relays()
    fresh = lay(fresh_home, fresh_away)
    same_id = {"id": meeting.ends.active.id, "check": meeting.ends.active.check}
    assert meeting.home.change(put=[fresh.active.model_copy(update=same_id)]) == []
    assert meeting.away.change(put=[fresh.passive.model_copy(update={"id": same_id["id"]})]) == []
    meeting.run(2)
    assert seen(meeting)[-20:] == [2] * 20


def test_a_restarted_hub_hears_of_pipes_as_they_are() -> None:
    meeting = piped_meeting()
    for site in (meeting.home, meeting.away):
        said = Register(
            relay_id="one",
            fingerprint="AB",
            candidates=(site.candidate,),
            capabilities=RelayCapabilities(dataplane="python"),
            rooms=dict(site.rooms.states),
        )
        heard = parse_relay_message(encode(said))
        assert isinstance(heard, Register)
        assert heard.rooms[ROOM] == site.state
        assert list(heard.rooms[ROOM].pipes) == [meeting.ends.active.id]
