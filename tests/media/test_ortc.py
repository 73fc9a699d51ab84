"""ORTC: what is accepted, and what mediasoup clients make of the answers."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymediasoup import ortc as client
from pymediasoup.models.transport import DtlsParameters, IceCandidate, IceParameters
from pymediasoup.rtp_parameters import RtpCapabilities, RtpParameters

from media.control.change import change
from media.control.messages import Capabilities, Register
from media.control.mint import (
    connected,
    mint_consumer,
    mint_mid,
    mint_producer,
    mint_pwd,
    mint_ssrc,
    mint_transport,
    restarted,
    ssrcs,
)
from media.control.state import Candidate, RoomState
from media.errors import ParametersError, UnsupportedCodec
from media.ortc import (
    ROUTER_CAPABILITIES,
    can_consume,
    consumer_parameters,
    transport_parameters,
    validate_producer,
)
from media.parameters import ABS_SEND_TIME, AUDIO_LEVEL, MID, TRANSPORT_CC, parse_capabilities, parse_parameters
from media.routes import producer_route
from tests.media.parameters import h264, opus, vp8

ROUTER: dict[str, Any] = copy.deepcopy(dict(ROUTER_CAPABILITIES))
TCP = Candidate(ip="192.0.2.1", port=443, protocol="tcp")
FINGERPRINTS = [{"algorithm": "sha-256", "value": "AA"}]


def without(*mimes: str) -> dict[str, Any]:
    codecs = [codec for codec in ROUTER["codecs"] if codec["mimeType"] not in mimes]
    return {**ROUTER, "codecs": codecs}


def test_the_router_offers_opus_and_vp8_before_h264_with_rtx() -> None:
    parsed = parse_capabilities(ROUTER)
    media = [codec for codec in parsed.codecs if not codec.is_rtx]
    assert [codec.mime for codec in media] == ["audio/opus", "audio/red", "video/vp8", "video/h264"]
    repaired = [codec.preferred_payload_type for codec in media if codec.kind == "video"]
    assert [codec.apt for codec in parsed.codecs if codec.is_rtx] == repaired
    RtpCapabilities(**ROUTER)


@pytest.mark.parametrize(
    ("kind", "parameters", "mime"),
    [("audio", opus(), "audio/opus"), ("video", vp8(), "video/vp8"), ("video", h264(), "video/h264")],
)
def test_what_browsers_send_is_accepted(kind: Any, parameters: dict[str, Any], mime: str) -> None:
    assert validate_producer(kind, parameters).codec.mime == mime


@pytest.mark.parametrize("parameters", [h264("42001f"), h264("42e028"), h264("640c1f"), h264(mode=0), h264("zz")])
def test_h264_is_taken_in_the_offered_profile_and_mode_alone(parameters: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedCodec, match="h264"):
        validate_producer("video", parameters)


def test_h264_reaches_who_decodes_it_as_it_was_sent() -> None:
    source = mint_producer("t1", "video", h264("42E01F")).rtp_parameters
    answer: Any = consumer_parameters(source, ROUTER, ssrc=9, rtx_ssrc=10, mid="x", cname="a")
    assert [codec["payloadType"] for codec in answer["codecs"]] == [103, 104]
    assert answer["codecs"][0]["parameters"] == h264()["codecs"][0]["parameters"]
    assert answer["codecs"][1]["parameters"] == {"apt": 103}
    assert {"type": "nack", "parameter": "pli"} in answer["codecs"][0]["rtcpFeedback"]


@pytest.mark.parametrize(("has", "takes"), [("42e01f", True), ("42e034", True), ("42e00d", False), ("42001f", False)])
def test_h264_needs_a_receiver_of_its_profile_and_level(has: str, takes: bool) -> None:
    receiver: Any = copy.deepcopy(without("video/VP8"))
    [codec] = [codec for codec in receiver["codecs"] if codec["mimeType"] == "video/H264"]
    codec["parameters"]["profile-level-id"] = has
    assert can_consume(h264(), receiver) is takes
    assert not can_consume(h264(), without("video/H264"))


def test_sound_that_is_sent_redundantly_is_received_plainly() -> None:
    red = {"mimeType": "audio/red", "payloadType": 63, "clockRate": 48000, "channels": 2, "parameters": {"111/111": ""}}
    source = mint_producer("t1", "audio", opus(codecs=[red, *opus()["codecs"]]))
    parsed = validate_producer("audio", source.rtp_parameters)
    assert parsed.codec.mime == "audio/opus"
    assert producer_route(source).red_payload_type == 63
    assert producer_route(mint_producer("t1", "audio", opus())).red_payload_type is None
    answer: Any = consumer_parameters(source.rtp_parameters, ROUTER, ssrc=9, rtx_ssrc=None, mid="x", cname="a")
    assert [codec["mimeType"] for codec in answer["codecs"]] == ["audio/opus"]
    with pytest.raises(ParametersError, match="no media codec"):
        validate_producer("audio", opus(codecs=[red]))


def test_a_profile_that_a_client_took_for_a_number_is_read() -> None:
    codec = {**h264()["codecs"][0], "parameters": {"profile-level-id": 420029, "packetization-mode": -1}}
    assert parse_parameters({"codecs": [codec]}).codec.parameters == {"profile-level-id": "420029"}


def test_simulcast_is_known_by_rids() -> None:
    encodings = [{"rid": rid, "maxBitrate": 1} for rid in ("q", "h", "f")]
    assert len(validate_producer("video", vp8(encodings=encodings)).encodings) == 3


def test_a_codec_that_the_relay_lacks_is_named_as_the_reason() -> None:
    codec = {"mimeType": "video/AV1", "payloadType": 45, "clockRate": 90000}
    with pytest.raises(UnsupportedCodec, match="av1"):
        validate_producer("video", vp8(codecs=[codec]))


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("audio", vp8()),
        ("video", vp8(codecs=[])),
        ("video", vp8(codecs=vp8()["codecs"][1:])),
        ("video", vp8(codecs=vp8()["codecs"] * 2)),
        ("video", vp8(encodings=[])),
        ("video", vp8(encodings=[{"ssrc": 5}, {"ssrc": 5}])),
        ("video", vp8(encodings=[{"ssrc": 1234}])),
        ("video", vp8(encodings=[{"ssrc": 5, "rtx": {"ssrc": 5}}])),
        ("video", vp8(encodings=[{}], mid=None)),
        ("video", vp8(encodings=[{"rid": "a"}, {}])),
        ("video", vp8(encodings=[{"rid": "a"}, {"rid": "a"}])),
        ("video", vp8(encodings=[{"ssrc": -1}])),
        ("audio", opus(encodings=[{"ssrc": 5}, {"ssrc": 6}])),
        ("video", vp8(mid="probator")),
        ("video", vp8(headerExtensions=[{"uri": MID, "id": 1}, {"uri": ABS_SEND_TIME, "id": 1}])),
        ("video", vp8(headerExtensions=[{"uri": MID, "id": 1, "encrypt": True}])),
        ("video", {}),
        ("video", {"codecs": "none"}),
    ],
)
def test_what_cannot_be_served_is_refused(kind: Any, parameters: dict[str, Any]) -> None:
    with pytest.raises(ParametersError):
        validate_producer(kind, parameters)


plain_values = st.none() | st.booleans() | st.integers(-5, 300) | st.text("ab/", max_size=4)
json_values = plain_values | st.lists(plain_values, max_size=3) | st.dictionaries(st.sampled_from("ab"), plain_values)


@given(st.fixed_dictionaries({}, optional={key: json_values for key in vp8()}))
def test_arbitrary_parameters_are_accepted_or_refused(changes: dict[str, Any]) -> None:
    try:
        validate_producer("video", {**vp8(), **changes})
    except ParametersError:
        return


def test_the_clients_accept_consumer_parameters() -> None:
    capabilities = RtpCapabilities(**copy.deepcopy(ROUTER))
    extended = client.getExtendedRtpCapabilities(capabilities, RtpCapabilities(**copy.deepcopy(ROUTER)))
    for parameters in (opus(), vp8(), h264()):
        answer = consumer_parameters(parameters, ROUTER, ssrc=9, rtx_ssrc=10, mid="x", cname="alice")
        assert client.canReceive(RtpParameters(**answer), extended)


def test_consumers_get_the_routers_numbers() -> None:
    answer: Any = consumer_parameters(vp8(), ROUTER, ssrc=9, rtx_ssrc=10, mid="x", cname="alice")
    assert [codec["payloadType"] for codec in answer["codecs"]] == [101, 102]
    assert answer["encodings"] == [{"ssrc": 9, "rtx": {"ssrc": 10}}]
    assert {extension["uri"]: extension["id"] for extension in answer["headerExtensions"]}[ABS_SEND_TIME] == 4
    assert answer["rtcp"] == {"cname": "alice", "reducedSize": True, "mux": True}
    kinds = {(entry["type"], entry["parameter"]) for entry in answer["codecs"][0]["rtcpFeedback"]}
    assert kinds == {("nack", ""), ("nack", "pli"), ("ccm", "fir"), ("transport-cc", "")}
    assert TRANSPORT_CC in {extension["uri"] for extension in answer["headerExtensions"]}


@pytest.mark.parametrize("lacks", ["extension", "feedback"])
def test_who_cannot_acknowledge_packets_sends_an_estimate(lacks: str) -> None:
    receiver: Any = copy.deepcopy(ROUTER)
    if lacks == "extension":
        receiver["headerExtensions"] = [one for one in receiver["headerExtensions"] if one["uri"] != TRANSPORT_CC]
    else:
        for codec in receiver["codecs"]:
            codec["rtcpFeedback"] = [one for one in codec["rtcpFeedback"] if one["type"] != "transport-cc"]
    for kind, source in (("video", vp8()), ("audio", opus())):
        answer: Any = consumer_parameters(source, receiver, ssrc=9, rtx_ssrc=10, mid="x", cname="alice")
        feedback = {entry["type"] for entry in answer["codecs"][0]["rtcpFeedback"]}
        assert "transport-cc" not in feedback
        assert ("goog-remb" in feedback) == (kind == "video")
        assert TRANSPORT_CC not in {extension["uri"] for extension in answer["headerExtensions"]}


def test_consumers_keep_the_senders_codec_parameters() -> None:
    answer: Any = consumer_parameters(opus(), ROUTER, ssrc=9, rtx_ssrc=None, mid="x", cname="alice")
    assert answer["codecs"][0]["parameters"] == {"minptime": 10, "useinbandfec": 1}
    assert answer["codecs"][0]["channels"] == 2


def test_a_receiver_without_rtx_gets_none() -> None:
    answer: Any = consumer_parameters(vp8(), without("video/rtx"), ssrc=9, rtx_ssrc=10, mid="x", cname="a")
    assert len(answer["codecs"]) == 1
    assert answer["encodings"] == [{"ssrc": 9}]


def test_only_extensions_that_the_receiver_knows_are_used() -> None:
    few = {**ROUTER, "headerExtensions": [{"kind": "audio", "uri": AUDIO_LEVEL, "preferredId": 1}]}
    answer: Any = consumer_parameters(opus(), few, ssrc=9, rtx_ssrc=None, mid="x", cname="a")
    assert [extension["uri"] for extension in answer["headerExtensions"]] == [AUDIO_LEVEL]


def test_a_receiver_without_the_codec_cannot_consume() -> None:
    assert can_consume(vp8(), ROUTER)
    assert not can_consume(vp8(), without("video/VP8"))
    with pytest.raises(UnsupportedCodec):
        consumer_parameters(vp8(), without("video/VP8"), ssrc=9, rtx_ssrc=10, mid="x", cname="a")
    with pytest.raises(ParametersError):
        can_consume(vp8(), {"codecs": 5})


def test_transport_parameters_are_what_the_clients_take() -> None:
    registration = Register(
        relay_id="r",
        fingerprint="AA:BB",
        candidates=(Candidate(ip="192.0.2.1", port=7443), Candidate(ip="2001:db8::1", port=7443), TCP),
        capabilities=Capabilities(dataplane="python"),
    )
    spec = mint_transport()
    answer: Any = transport_parameters(spec, registration)
    IceParameters(**answer["iceParameters"])
    DtlsParameters(**answer["dtlsParameters"])
    candidates = [IceCandidate(**candidate) for candidate in answer["iceCandidates"]]
    assert candidates[0].priority > candidates[1].priority > candidates[2].priority
    assert [candidate.tcpType for candidate in candidates] == [None, None, "passive"]
    assert answer["iceParameters"] == {"usernameFragment": spec.ufrag, "password": spec.pwd, "iceLite": True}


def test_minting_a_consumer_avoids_ssrcs_in_use() -> None:
    source = mint_producer("t1", "video", vp8())
    spec = mint_consumer("t2", source, ROUTER, cname="alice")
    _, state = change(
        RoomState(),
        [
            *(mint_transport().model_copy(update={"id": name}) for name in ("t1", "t2")),
            source,
            spec,
            mint_consumer("t2", mint_producer("t1", "audio", opus()), ROUTER, cname="a").model_copy(
                update={"producer_id": source.id}
            ),
        ],
    )
    assert {spec.ssrc, spec.rtx_ssrc} <= ssrcs(state.consumers.values())
    assert len(ssrcs(state.consumers.values())) == 3


class _AllBut:
    """Every number is taken, but for a few that come later."""

    def __init__(self) -> None:
        self.asked = 0

    def __contains__(self, value: object) -> bool:
        self.asked += 1
        return self.asked < 3


def test_minting_tries_until_an_ssrc_is_free() -> None:
    taken = _AllBut()
    assert mint_ssrc(taken) > 0xFFFF
    assert taken.asked == 3


def test_mids_fit_the_extension_and_are_never_numbers() -> None:
    mids = {mint_mid() for _ in range(100)}
    assert len(mids) > 90
    assert all(len(mid) <= 16 and mid[0].isalpha() for mid in mids)


def test_a_connected_and_a_restarted_transport_keep_their_id() -> None:
    spec = mint_transport(app="x")
    done = connected(spec, {"role": "client", "fingerprints": FINGERPRINTS})
    assert done.dtls is not None
    again = restarted(done)
    assert (again.id, again.dtls) == (spec.id, done.dtls)
    assert again.ufrag != spec.ufrag
    assert len(mint_pwd()) >= 22


@pytest.mark.parametrize("dtls", [{}, {"role": "actor", "fingerprints": FINGERPRINTS}, {"fingerprints": []}])
def test_broken_dtls_parameters_are_refused(dtls: dict[str, Any]) -> None:
    with pytest.raises(ParametersError):
        connected(mint_transport(), dtls)


INJECTIONS = ["a\r\na=candidate:1", "a\nb", "\x00", "a b", "ä", "\ud800", "x" * 300]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(
    "place",
    [
        lambda text: {"mid": text},
        lambda text: {"encodings": [{"rid": text}]},
        lambda text: {"rtcp": {"cname": text}},
        lambda text: {"headerExtensions": [{"uri": text, "id": 1}]},
        lambda text: {"codecs": [{**vp8()["codecs"][0], "mimeType": f"video/VP8{text}"}]},
        lambda text: {"codecs": [{**vp8()["codecs"][0], "rtcpFeedback": [{"type": text}]}]},
    ],
)
def test_no_text_that_would_mean_something_in_sdp_is_accepted(place: Any, text: str) -> None:
    with pytest.raises(ParametersError):
        mint_producer("t1", "video", vp8(**place(text)))


@pytest.mark.parametrize("number", [96.0, 96.5, float("nan"), float("inf"), True, "96"])
def test_numbers_are_integers(number: Any) -> None:
    with pytest.raises(ParametersError):
        mint_producer("t1", "video", vp8(codecs=[{**vp8()["codecs"][0], "payloadType": number}]))


def test_only_what_was_understood_of_a_producer_is_kept() -> None:
    deep: Any = 1
    for _ in range(300):
        deep = [deep]
    codec = opus()["codecs"][0]
    codec["parameters"] = {
        "useinbandfec": "1\r\na=candidate:1",
        "stereo": True,
        "usedtx": float("nan"),
        "maxaveragebitrate": 10**9,
        "deep": deep,
        "minptime": 10,
    }
    spec = mint_producer("t1", "audio", opus(codecs=[codec], poison=deep))
    assert spec.rtp_parameters == {
        "mid": "1",
        "codecs": [{**codec, "parameters": {"minptime": 10}}],
        "headerExtensions": [
            {"uri": uri, "id": number, "encrypt": False}
            for uri, number in ((MID, 4), (AUDIO_LEVEL, 1), (TRANSPORT_CC, 3))
        ],
        "encodings": [{"ssrc": 1111}],
        "rtcp": {"cname": "alice"},
    }
    assert spec.digest == type(spec).model_validate_json(spec.model_dump_json()).digest
    answer: Any = consumer_parameters(spec.rtp_parameters, ROUTER, ssrc=9, rtx_ssrc=None, mid="x", cname="a")
    assert answer["codecs"][0]["parameters"] == {"minptime": 10}


def test_the_senders_vp8_parameters_do_not_reach_receivers() -> None:
    codec = {**vp8()["codecs"][0], "parameters": {"x-google-start-bitrate": 1, "useinbandfec": 1, "apt": 5}}
    spec = mint_producer("t1", "video", vp8(codecs=[codec, vp8()["codecs"][1]]))
    answer: Any = consumer_parameters(spec.rtp_parameters, ROUTER, ssrc=9, rtx_ssrc=10, mid="x", cname="a")
    assert [entry["parameters"] for entry in answer["codecs"]] == [{}, {"apt": 101}]


def test_the_largest_producer_is_small() -> None:
    codecs = [
        {**vp8()["codecs"][0], "payloadType": 96 + n, "rtcpFeedback": [{"type": "t" * 32, "parameter": "p" * 32}] * 16}
        for n in range(8)
    ]
    extensions = [{"uri": f"u{n}" + "x" * 120, "id": n + 1} for n in range(32)]
    spec = mint_producer("t1", "video", vp8(codecs=codecs, headerExtensions=extensions))
    assert len(spec.model_dump_json()) < 25_000
    with pytest.raises(ParametersError):
        mint_producer("t1", "video", vp8(codecs=[{**codecs[0], "payloadType": n} for n in range(9)]))


@pytest.mark.parametrize("text", ["a\r\nb", "\x00", "ä"])
def test_capabilities_and_fingerprints_hold_no_control_characters(text: str) -> None:
    codec = {**ROUTER["codecs"][0], "parameters": {"deep": [[1]], text: text}}
    assert parse_capabilities({"codecs": [codec]}).codecs[0].parameters == {}
    with pytest.raises(ParametersError):
        parse_capabilities({"headerExtensions": [{"uri": text, "preferredId": 1}]})
    for fingerprint in ({"algorithm": "sha-256", "value": text}, {"algorithm": text, "value": "AA"}):
        with pytest.raises(ParametersError):
            connected(mint_transport(), {"fingerprints": [fingerprint]})
