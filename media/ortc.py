"""What the relay can forward, and the ORTC JSON that mediasoup-client and pymediasoup exchange with the hub. Pure.

Producers keep the sender's own payload types and extension ids; consumers get those of ``ROUTER_CAPABILITIES``.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from media import h264_profile
from media.control.messages import Register
from media.control.state import Candidate, MediaKind, RtpParametersJson, TransportSpec
from media.errors import ParametersError, UnsupportedCodec
from media.parameters import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
    REPAIRED_RID,
    RID,
    TRANSPORT_CC,
    VIDEO_ORIENTATION,
    Codec,
    CodecCapability,
    HeaderExtensionCapability,
    RtpCapabilities,
    RtpParameters,
    parse_capabilities,
    parse_parameters,
)

H264: Final = "video/h264"
RESERVED_SSRC = 1234  # mediasoup-client probes with this SSRC, PT 127 and mid "probator"
RESERVED_PAYLOAD_TYPE = 127
RESERVED_MID = "probator"


def rtcp_feedback(*names: str) -> list[JsonValue]:
    """``rtcpFeedback``: a type, and its parameter behind a space."""
    return [{"type": name.split()[0], "parameter": " ".join(name.split()[1:])} for name in names]


def video_codec(
    name: str, payload_type: int, told: list[JsonValue], parameters: dict[str, JsonValue] | None = None
) -> list[JsonValue]:
    """A codec of ``rtpCapabilities``, and under the next payload type what is sent again of it (RFC 4588)."""
    return [
        _video(name, payload_type, told, parameters or {}),
        _video("rtx", payload_type + 1, [], {"apt": payload_type}),
    ]


def _video(name: str, payload_type: int, told: list[JsonValue], parameters: dict[str, JsonValue]) -> JsonValue:
    return {
        "kind": "video",
        "mimeType": f"video/{name}",
        "preferredPayloadType": payload_type,
        "clockRate": 90000,
        "parameters": parameters,
        "rtcpFeedback": told,
    }


def _extension(kind: str, uri: str, preferred_id: int, direction: str = "sendrecv") -> dict[str, JsonValue]:
    return {
        "kind": kind,
        "uri": uri,
        "preferredId": preferred_id,
        "preferredEncrypt": False,
        "direction": direction,
    }


_VIDEO_FEEDBACK: Final = rtcp_feedback("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc")
_H264: Final[dict[str, JsonValue]] = {
    "packetization-mode": 1,
    "level-asymmetry-allowed": 1,
    "profile-level-id": "42e01f",
}

#: ``routerRtpCapabilities`` of mediasoup, what is preferred first. Of RED the relay takes what is sent beside Opus; it
#: sends none. ``recvonly``: the relay reads the extension and sends none.
ROUTER_CAPABILITIES: Final[dict[str, JsonValue]] = {
    "codecs": [
        {
            "kind": "audio",
            "mimeType": "audio/opus",
            "preferredPayloadType": 100,
            "clockRate": 48000,
            "channels": 2,
            "parameters": {"useinbandfec": 1},
            "rtcpFeedback": rtcp_feedback("nack", "transport-cc"),
        },
        {
            "kind": "audio",
            "mimeType": "audio/red",
            "preferredPayloadType": 105,
            "clockRate": 48000,
            "channels": 2,
            "parameters": {},
            "rtcpFeedback": [],
        },
        *video_codec("VP8", 101, _VIDEO_FEEDBACK),
        *video_codec("H264", 103, _VIDEO_FEEDBACK, _H264),
    ],
    "headerExtensions": [
        _extension("audio", MID, 1),
        _extension("video", MID, 1),
        _extension("video", RID, 2, "recvonly"),
        _extension("video", REPAIRED_RID, 3, "recvonly"),
        _extension("audio", ABS_SEND_TIME, 4),
        _extension("video", ABS_SEND_TIME, 4),
        _extension("audio", TRANSPORT_CC, 5),
        _extension("video", TRANSPORT_CC, 5),
        _extension("audio", AUDIO_LEVEL, 10),
        _extension("video", VIDEO_ORIENTATION, 11),
    ],
}

_ROUTER = parse_capabilities(ROUTER_CAPABILITIES)
#: Feedback that a receiver may send to the relay, of which it estimates the bandwidth by one kind alone.
_RECEIVER_FEEDBACK = frozenset({("nack", ""), ("nack", "pli"), ("ccm", "fir")})
_BY_PACKET, _BY_ESTIMATE = ("transport-cc", ""), ("goog-remb", "")


def _between_relays() -> dict[str, JsonValue]:
    """What is of use between relays, where nothing estimates the bandwidth."""

    def reduced(codec: CodecCapability) -> CodecCapability:
        feedback = tuple(one for one in codec.rtcp_feedback if one.key in _RECEIVER_FEEDBACK)
        return codec.model_copy(update={"rtcp_feedback": feedback})

    extensions = tuple(one for one in _ROUTER.header_extensions if one.uri in (AUDIO_LEVEL, VIDEO_ORIENTATION))
    return RtpCapabilities(codecs=tuple(map(reduced, _ROUTER.codecs)), header_extensions=extensions).to_json()


#: What a relay takes from another one.
PIPE_CAPABILITIES: Final = _between_relays()


def validate_producer(kind: MediaKind, rtp_parameters: Mapping[str, object]) -> RtpParameters:
    """The parsed parameters of a producer the relay can serve.

    Raises ParametersError, or UnsupportedCodec when the relay has no such codec.
    """
    parameters = parse_parameters(rtp_parameters)
    if not parameters.codec.mime.startswith(kind + "/"):
        raise ParametersError(f"codec {parameters.codec.mime} for {kind}")
    _router_codec(parameters.codec)
    _check_identifiers(parameters)
    _check_encodings(kind, parameters)
    return parameters


def can_consume(producer_parameters: Mapping[str, object], rtp_capabilities: Mapping[str, object]) -> bool:
    """Whether a receiver with these capabilities can decode the producer. Raises ParametersError on nonsense."""
    codec = parse_parameters(producer_parameters).codec
    return _matching_capability(codec, parse_capabilities(rtp_capabilities)) is not None


def consumer_parameters(
    producer_parameters: Mapping[str, object],
    rtp_capabilities: Mapping[str, object] | RtpCapabilities,
    *,
    ssrc: int,
    rtx_ssrc: int | None,
    mid: str,
    cname: str,
) -> RtpParametersJson:
    """``rtpParameters`` of a consumer: the router's payload types and ids, as far as the receiver can use them.

    Without ``rtx_ssrc``, or when the receiver has no RTX, lost packets are repeated as they were.
    Raises UnsupportedCodec where can_consume() is false, and ParametersError.
    """
    codec = parse_parameters(producer_parameters).codec
    capabilities = parse_capabilities(rtp_capabilities)
    receiver = _matching_capability(codec, capabilities)
    if receiver is None:
        raise UnsupportedCodec(f"the receiver cannot decode {codec.mime}")
    router = _router_codec(codec)
    rtx = _router_rtx(router) if rtx_ssrc is not None and _has_rtx(receiver, capabilities) else None
    feedback = _common_feedback(router, receiver, capabilities)
    codecs: list[JsonValue] = [_codec_json(router, dict(codec.parameters), feedback)]
    encoding: dict[str, JsonValue] = {"ssrc": ssrc}
    if rtx is not None:
        codecs.append(_codec_json(rtx, dict(rtx.parameters), []))
        encoding["rtx"] = {"ssrc": rtx_ssrc}
    return {
        "mid": mid,
        "codecs": codecs,
        "headerExtensions": _common_extensions(router.kind, capabilities, receiver),
        "encodings": [encoding],
        "rtcp": {"cname": cname, "reducedSize": True, "mux": True},
    }


def transport_parameters(spec: TransportSpec, registration: Register) -> dict[str, JsonValue]:
    """What ``createSendTransport`` and ``createRecvTransport`` of mediasoup-client take."""
    return {
        "id": spec.id,
        "iceParameters": {"usernameFragment": spec.ufrag, "password": spec.pwd, "iceLite": True},
        "iceCandidates": [_candidate_json(index, candidate) for index, candidate in enumerate(registration.candidates)],
        "dtlsParameters": {
            "role": "auto",
            "fingerprints": [{"algorithm": "sha-256", "value": registration.fingerprint}],
        },
    }


def _candidate_json(index: int, candidate: Candidate) -> dict[str, JsonValue]:
    """RFC 8445 §5.1.2.1: type preference 126 for host, earlier addresses preferred, component 1.

    Over TCP the preference is lower than of anything over UDP, and the relay is passive (RFC 6544 §4.2, §4.5).
    """
    preference = 126 if candidate.protocol == "udp" else 90
    passive: dict[str, JsonValue] = {"tcpType": "passive"} if candidate.protocol == "tcp" else {}
    return {
        "foundation": f"{candidate.protocol}{index}",
        "priority": (preference << 24) + (max(0, 65535 - index) << 8) + 255,
        "ip": candidate.ip,
        "address": candidate.ip,
        "protocol": candidate.protocol,
        "port": candidate.port,
        "type": "host",
        **passive,
    }


def _check_identifiers(parameters: RtpParameters) -> None:
    payload_types = [codec.payload_type for codec in parameters.codecs]
    extension_ids = [extension.id for extension in parameters.header_extensions]
    ssrcs = [encoding.ssrc for encoding in parameters.encodings if encoding.ssrc is not None]
    ssrcs += [encoding.rtx.ssrc for encoding in parameters.encodings if encoding.rtx is not None]
    for name, values in (("payload type", payload_types), ("extension id", extension_ids), ("SSRC", ssrcs)):
        if len(set(values)) != len(values):
            raise ParametersError(f"{name} used twice")
    if RESERVED_SSRC in ssrcs or parameters.mid == RESERVED_MID:
        raise ParametersError("reserved for bandwidth probing")
    if any(extension.encrypt for extension in parameters.header_extensions):
        raise ParametersError("encrypted header extensions")


def _check_encodings(kind: MediaKind, parameters: RtpParameters) -> None:
    """A stream must be findable: by its SSRC, or by MID and, where there are several, RID (RFC 8851)."""
    encodings = parameters.encodings
    if not encodings:
        raise ParametersError("no encoding")
    if len(encodings) > 1 and kind == "audio":
        raise ParametersError("audio with several encodings")
    for encoding in encodings:
        if encoding.ssrc is None and parameters.mid is None:
            raise ParametersError("an encoding without SSRC needs a mid")
        if len(encodings) > 1 and encoding.ssrc is None and encoding.rid is None:
            raise ParametersError("an encoding without SSRC and rid")
    rids = [encoding.rid for encoding in encodings if encoding.rid is not None]
    if len(set(rids)) != len(rids):
        raise ParametersError("rid used twice")


def _decodes(capability: CodecCapability, codec: Codec) -> bool:
    if (capability.mime, capability.clock_rate) != (codec.mime, codec.clock_rate):
        return False
    if codec.mime == H264:
        return h264_profile.decodes(capability.parameters, codec.parameters)
    return (capability.channels or 1) == (codec.channels or 1)


def _router_codec(codec: Codec) -> CodecCapability:
    for capability in _ROUTER.codecs:
        if _decodes(capability, codec):
            return capability
    raise UnsupportedCodec(f"the relay does not forward {codec.mime}")


def _router_rtx(router: CodecCapability) -> CodecCapability | None:
    return next((c for c in _ROUTER.codecs if c.is_rtx and c.apt == router.preferred_payload_type), None)


def _matching_capability(codec: Codec, capabilities: RtpCapabilities) -> CodecCapability | None:
    return next((c for c in capabilities.codecs if not c.is_rtx and _decodes(c, codec)), None)


def _has_rtx(receiver: CodecCapability, capabilities: RtpCapabilities) -> bool:
    return any(c.is_rtx and c.apt == receiver.preferred_payload_type for c in capabilities.codecs)


def _common_feedback(
    router: CodecCapability, receiver: CodecCapability, capabilities: RtpCapabilities
) -> list[JsonValue]:
    numbered = _acknowledges(router.kind, receiver, capabilities)
    wanted = _RECEIVER_FEEDBACK | {_BY_PACKET if numbered else _BY_ESTIMATE}
    return [
        {"type": feedback.type, "parameter": feedback.parameter or ""}
        for feedback in router.rtcp_feedback
        if feedback.key in wanted and receiver.has_feedback(*feedback.key)
    ]


def _acknowledges(kind: str, receiver: CodecCapability, capabilities: RtpCapabilities) -> bool:
    """Whether the receiver tells of each packet when it came; else it may send its own estimate."""
    return receiver.has_feedback(*_BY_PACKET) and _receives(kind, TRANSPORT_CC, capabilities)


def _common_extensions(kind: str, capabilities: RtpCapabilities, receiver: CodecCapability) -> list[JsonValue]:
    numbered = _acknowledges(kind, receiver, capabilities)
    return [
        {"uri": extension.uri, "id": extension.preferred_id, "encrypt": False, "parameters": {}}
        for extension in _ROUTER.header_extensions
        if extension.kind == kind
        and extension.direction == "sendrecv"
        and _receives(kind, extension.uri, capabilities)
        and (extension.uri != TRANSPORT_CC or numbered)
    ]


def _receives(kind: str, uri: str, capabilities: RtpCapabilities) -> bool:
    def offers(extension: HeaderExtensionCapability) -> bool:
        return extension.uri == uri and extension.kind in (kind, "", None)

    return any(offers(extension) for extension in capabilities.header_extensions)


def _codec_json(
    capability: CodecCapability, parameters: Mapping[str, JsonValue], feedback: list[JsonValue]
) -> dict[str, JsonValue]:
    result: dict[str, JsonValue] = {
        "mimeType": capability.mime_type,
        "payloadType": capability.preferred_payload_type,
        "clockRate": capability.clock_rate,
        "parameters": dict(parameters),
        "rtcpFeedback": feedback,
    }
    if capability.channels is not None:
        result["channels"] = capability.channels
    return result
