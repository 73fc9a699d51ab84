"""What the hub mints for rooms over several relays."""

import pytest
from pydantic import ValidationError

from media.control.change import change
from media.control.mint import mint_link, mint_pipe, mint_pipe_consumers, mint_piped_producer, mint_producer, ssrcs
from media.control.state import Candidate, PipeSpec, RoomState
from media.ortc import validate_producer
from media.parameters import parse_parameters
from media.routes import consumer_route, producer_route
from tests.media.parameters import opus, vp8

UDP, TCP = Candidate(ip="192.0.2.1", port=7443), Candidate(ip="192.0.2.1", port=443, protocol="tcp")
THREE = vp8(encodings=[{"rid": "q"}, {"rid": "h"}, {"rid": "f"}])


def test_what_one_end_sends_with_is_what_the_other_receives_with() -> None:
    ends = mint_link([UDP, TCP])
    one, other = ends.active, ends.passive
    assert (one.id, one.link) == (other.id, other.link)
    assert (one.send_key, one.receive_key) == (other.receive_key, other.send_key)
    assert (one.ufrag, one.pwd, one.remote_ufrag, one.remote_pwd) == (
        other.remote_ufrag,
        other.remote_pwd,
        other.ufrag,
        other.pwd,
    )
    assert one.send_key != one.receive_key
    assert (one.check, other.check) == ((UDP,), ())


def test_another_room_has_a_pipe_of_its_own_through_the_same_link() -> None:
    first = mint_link([UDP])
    second = mint_pipe(first, app="x")
    assert second.active.id == second.passive.id != first.active.id
    assert second.active.model_copy(update={"id": first.active.id, "app": ""}) == first.active
    assert second.passive.model_copy(update={"id": first.active.id, "app": ""}) == first.passive


def test_no_two_links_have_anything_in_common() -> None:
    one, other = mint_link([]).active, mint_link([]).active
    values = [{spec.id, spec.link, spec.ufrag, spec.pwd, spec.send_key, spec.receive_key} for spec in (one, other)]
    assert not values[0] & values[1]


def test_secrets_are_not_in_the_text_of_a_pipe() -> None:
    spec = mint_link([UDP]).active
    assert spec.link in repr(spec)
    assert not any(secret in repr(spec) for secret in (spec.pwd, spec.remote_pwd, spec.send_key, spec.receive_key))


@pytest.mark.parametrize("key", ["", "A" * 40, "A" * 38 + "=", "A" * 37 + "B==", "*" * 38 + "=="])
def test_a_key_is_28_bytes(key: str) -> None:
    fields = mint_link([UDP]).active.model_dump() | {"send_key": key}
    with pytest.raises(ValidationError):
        PipeSpec.model_validate(fields)


def test_every_encoding_goes_through_the_pipe_as_a_stream_of_its_own() -> None:
    camera = mint_producer("t", "video", THREE, paused=True, app="hers")
    consumers = mint_pipe_consumers("pipe", camera, cname="alice", app="ours")
    assert [spec.encoding for spec in consumers] == [0, 1, 2]
    assert {(spec.transport_id, spec.producer_id, spec.app) for spec in consumers} == {("pipe", camera.id, "ours")}
    piped = mint_piped_producer("pipe", camera, consumers)
    assert (piped.id, piped.transport_id, piped.paused, piped.app) == (camera.id, "pipe", True, "hers")
    route = producer_route(piped)
    assert [(one.ssrc, one.rtx_ssrc) for one in route.streams] == [(one.ssrc, one.rtx_ssrc) for one in consumers]
    assert (route.payload_type, route.rtx_payload_type, route.nack, route.transport_cc) == (101, 102, True, False)
    assert [consumer_route(spec, camera).encoding for spec in consumers] == [0, 1, 2]


def test_sound_goes_through_the_pipe_with_its_levels_and_is_asked_for_again() -> None:
    voice = mint_producer("t", "audio", opus())
    (consumer,) = mint_pipe_consumers("pipe", voice, cname="alice", paused=True)
    assert (consumer.encoding, consumer.rtx_ssrc, consumer.paused) == (0, None, True)
    route = producer_route(mint_piped_producer("pipe", voice, [consumer]))
    assert route.nack
    assert "urn:ietf:params:rtp-hdrext:ssrc-audio-level" in route.extension_ids
    assert dict(parse_parameters(consumer.rtp_parameters).codec.parameters)["useinbandfec"] == 1


def test_a_piped_source_can_be_piped_on_and_consumed() -> None:
    camera = mint_producer("t", "video", THREE)
    piped = mint_piped_producer("pipe", camera, mint_pipe_consumers("pipe", camera, cname="alice"))
    further = mint_pipe_consumers("next", piped, cname="alice")
    assert len(validate_producer("video", mint_piped_producer("next", piped, further).rtp_parameters).encodings) == 3


def test_no_ssrc_is_given_twice() -> None:
    camera = mint_producer("pipe", "video", THREE)
    link = mint_link([UDP])
    _, state = change(RoomState(), [link.active.model_copy(update={"id": "pipe"}), camera])
    for _ in range(3):
        made = mint_pipe_consumers("pipe", camera, cname="alice", taken=ssrcs(state.consumers.values()))
        _, state = change(state, put=made)
    assert len(ssrcs(state.consumers.values())) == 18
