"""Under one SSRC no index is used twice, whoever uses it; what is given up never returns."""

import secrets
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.control.mint import mint_consumer
from media.control.state import ConsumerSpec, ProducerSpec
from media.dataplane import numbers
from media.dataplane.interface import ConsumerRoute, ProducerRoute, StreamSpec
from media.dataplane.numbers import MAX_RETURNING, UsedNumbers
from media.errors import SrtpError, SsrcGivenUp
from media.ortc import ROUTER_CAPABILITIES
from media.parameters import TRANSPORT_CC
from media.rtcp import SenderReport, write_sender_report
from tests.media.link import KEYFRAME, ROUTER_IDS, Link, audio, to, video
from tests.media.world import Page, World, meeting

CAMERA, VOICE = video(), audio()
SCREEN = video(id="screen", mime="video/h264", mid="2", payload_type=98, rtx_payload_type=99, streams=(StreamSpec(77),))
PRODUCERS = (CAMERA, VOICE, SCREEN)
H264_KEYFRAME = b"\x67key"


class Meeting:
    """Bob gets what alice sends; SRTP refuses other bytes under an index at both ends. The same may come again."""

    def __init__(self) -> None:
        self.link = Link()
        self.link.add("alice")
        self.bob = self.link.add("bob")
        for producer in PRODUCERS:
            self.link.plane.add_producer(producer, self.link.now)
        self._sequences = {producer.id: 0 for producer in PRODUCERS}
        self._seen: set[bytes] = set()
        self.link.lose = self._is_repeated

    def send(self, producer: ProducerRoute, step: int = 1) -> None:
        self.link.now += 0.01
        sequence = self._sequences[producer.id] = self._sequences[producer.id] + step
        payload = H264_KEYFRAME if producer is SCREEN else KEYFRAME
        ssrc = producer.streams[0].ssrc or 0
        self.link.send("alice", sequence, payload, ssrc=ssrc, payload_type=producer.payload_type)

    def route(self, producer: ProducerRoute, ssrc: int, *, with_rtx: bool = True) -> ConsumerRoute:
        rtx = ssrc + 1 if with_rtx and producer.kind == "video" else None
        ids = ROUTER_IDS | {TRANSPORT_CC: 12}
        route = replace(to("bob", producer, ssrc=ssrc, rtx_ssrc=rtx, extension_ids=ids), id=f"{producer.id}-{ssrc}")
        self.link.plane.route(route, self.link.now)
        return route

    def _is_repeated(self, datagram: bytes) -> bool:
        repeated = datagram in self._seen
        self._seen.add(datagram)
        return repeated

    def got(self, ssrc: int) -> list[int]:
        return [packet.sequence for packet in self.bob.got if packet.ssrc == ssrc]


@pytest.mark.parametrize("later", PRODUCERS, ids=lambda route: route.mime)
@pytest.mark.parametrize("sooner", PRODUCERS, ids=lambda route: route.mime)
def test_another_source_goes_on_under_the_numbers_of_the_one_before(
    plane: str, sooner: ProducerRoute, later: ProducerRoute
) -> None:
    meeting = Meeting()
    meeting.link.plane.unroute(_used(meeting, sooner, 3).id)
    _used(meeting, later, 2)
    sequences = meeting.got(9000)
    assert sequences == list(range(sequences[0], sequences[0] + 5))
    repeated = meeting.got(9001)
    assert repeated == list(range(repeated[0], repeated[0] + len(repeated))) if repeated else True


def _used(meeting: Meeting, producer: ProducerRoute, packets: int) -> ConsumerRoute:
    route = meeting.route(producer, 9000)
    for _ in range(packets):
        meeting.send(producer)
    meeting.link.plane.resend("bob", 9000, meeting.got(9000)[-1:] if route.rtx_ssrc else [], meeting.link.now)
    meeting.link.plane.pad("bob", 1, meeting.link.now)
    return route


def test_who_returns_after_the_numbers_went_round_is_understood(plane: str) -> None:
    meeting = Meeting()
    route = meeting.route(CAMERA, 9000)
    for _ in range(180):
        meeting.send(CAMERA, step=400)
    before = meeting.got(9000)
    assert before != sorted(before)
    meeting.link.plane.unroute(route.id)
    meeting.route(VOICE, 9000)
    meeting.send(VOICE)
    assert meeting.got(9000)[-1] == (before[-1] + 1) & 0xFFFF


SSRCS = st.sampled_from((9000, 9010))
HAPPENS = st.one_of(
    st.tuples(st.just("comes"), st.sampled_from(PRODUCERS), SSRCS),
    st.tuples(st.just("goes"), st.none(), SSRCS),
    st.tuples(st.just("sends"), st.sampled_from(PRODUCERS), st.sampled_from((1, 2, 300, 499))),
    st.tuples(st.just("asks"), st.none(), SSRCS),
)


@given(st.lists(HAPPENS, min_size=20, max_size=60))
@settings(max_examples=40)
def test_no_index_is_used_twice_whatever_happens(
    plane: str, monkeypatch: pytest.MonkeyPatch, happens: list[tuple[str, ProducerRoute | None, int]]
) -> None:
    monkeypatch.setattr(numbers, "MAX_RETURNING", 2)
    monkeypatch.setattr(secrets, "randbelow", lambda limit: limit - 1)
    meeting, routes, given_up = Meeting(), dict[int, ConsumerRoute](), set[int]()
    for what, producer, number in happens:
        if what == "sends" and producer:
            meeting.send(producer, number)
        elif what == "asks":
            meeting.link.plane.resend("bob", number, meeting.got(number)[-2:], meeting.link.now)
            meeting.link.plane.pad("bob", 300, meeting.link.now)
        elif what == "goes" and number in routes:
            given_up.update(meeting.link.plane.unroute(routes.pop(number).id))
        elif what == "comes" and producer and number not in routes:
            try:
                routes[number] = meeting.route(producer, number)
            except SsrcGivenUp:
                assert given_up & {number, number + 1}
            else:
                assert number not in given_up
    assert meeting.link.plane.stats()["bob"].rejected == 0


def test_srtp_forgets_what_is_given_up(plane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "MAX_RETURNING", 0)
    meeting = Meeting()
    peer = meeting.link.plane._peers["bob"]  # type: ignore[attr-defined]
    session = peer.outbound if plane == "python" else peer.sessions[1]
    route = meeting.route(VOICE, 9000)
    meeting.send(VOICE)
    used = struct.pack("!BBHII", 0x80, 100, meeting.got(9000)[0], 0, 9000) + b"other"
    with pytest.raises(SrtpError):
        session.protect_copy(used)
    assert list(meeting.link.plane.unroute(route.id)) == [9000]
    assert session.protect_copy(used), "it is not known any more, and must never be asked for again"


# ---- what is kept of them


def test_numbers_begin_in_the_lower_half_and_go_on_after_the_last() -> None:
    used = UsedNumbers()
    first, other = used.begin(7, 8)
    assert max(first, other) < 0x8000
    assert used.end(7, first + 9) == ()
    assert used.begin(7) == [first + 10]
    assert used.end(7, first + 9) == ()  # without having sent anything this time
    assert used.begin(7) == [first + 10]


def test_the_oldest_are_given_up_for_good() -> None:
    used = UsedNumbers()
    ends = [list(used.end(ssrc, used.begin(ssrc)[0])) for ssrc in range(MAX_RETURNING + 2)]
    assert ends == [[]] * MAX_RETURNING + [[0], [1]]
    with pytest.raises(SsrcGivenUp):
        used.begin(500, 1)
    used.begin(500)
    used.begin(2)


def test_one_that_is_in_use_is_not_given_up() -> None:
    used = UsedNumbers()
    used.end(0, used.begin(0)[0])
    used.begin(0)
    ends = [list(used.end(ssrc, used.begin(ssrc)[0])) for ssrc in range(1, MAX_RETURNING + 2)]
    assert ends[-1] == [1]


def test_what_was_never_used_is_not_kept() -> None:
    used = UsedNumbers()
    for ssrc in range(2 * MAX_RETURNING):
        assert used.end(ssrc, used.begin(ssrc)[0] - 1) == ()
    used.begin(0)


# ---- in the relay


def test_reports_forget_what_media_forgets_and_the_hub_is_told_of_one_that_returns(
    plane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "MAX_RETURNING", 1)
    world, alice, bob, producer, first = meeting()
    forgotten: list[int] = []
    monkeypatch.setattr(world.relay.transports[bob.spec.id], "forget", forgotten.append)
    _use(world, alice, 1)
    world.relay.remove_consumer(first.id)
    second = _consumer(world, bob, producer)
    _use(world, alice, 2)
    world.relay.remove_consumer(second.id)
    assert forgotten == [first.ssrc]
    with pytest.raises(SsrcGivenUp):
        world.relay.put_consumer(first, producer, world.now)
    world.relay.remove_consumer(first.id)
    world.relay.put_consumer(second, producer, world.now)
    _use(world, alice, 3)
    assert bob.got_rtp()


def test_a_forgotten_ssrc_of_reports_costs_nothing(plane: str) -> None:
    world, alice, bob, _producer, consumer = meeting()
    _use(world, alice, 1)
    world.relay.transports[bob.spec.id].forget(consumer.ssrc)
    world.relay.transports[bob.spec.id].forget(consumer.ssrc)


def _consumer(world: World, bob: Page, producer: ProducerSpec) -> ConsumerSpec:
    spec = mint_consumer(bob.spec.id, producer, ROUTER_CAPABILITIES, cname="alice")
    world.relay.put_consumer(spec, producer, world.now)
    return spec


def _use(world: World, alice: Page, sequence: int) -> None:
    alice.send_rtp(sequence)
    alice.send_rtcp(write_sender_report(SenderReport(2222, sequence << 32, 0, 1, 1), "alice"))
    world.pass_time(0.1)
